/** Every page with a phone whose answers the test writes; the shapes are those of the product's schemas. */
const fs = require("node:fs");
const path = require("node:path");

const { Phone, problem } = require("./support/phone");
const { Drawn, SOURCE } = require("./support/renderer");

let phone;
let page;

function open(name, query = {}) {
  page = Drawn.open(name, query);
  return page;
}

beforeEach(() => {
  phone = new Phone();
});

afterEach(() => page && page.close());

const NATIVE = ["web-view", "checkbox-group"];

describe("the frame", () => {
  const app = JSON.parse(fs.readFileSync(path.join(SOURCE, "app.json"), "utf8"));
  const names = fs.readdirSync(SOURCE, { recursive: true });
  const read = (name) => fs.readFileSync(path.join(SOURCE, name), "utf8");

  test("lists exactly the pages there are", () => {
    const there = names.filter((name) => /^pages\/.*index\.js$/.test(name)).map((name) => name.replace(".js", ""));
    expect([...app.pages].sort()).toEqual(there.sort());
  });

  test.each(names.filter((name) => name.endsWith(".wxml")))("%s uses exactly the components that it names", (name) => {
    const used = new Set(Array.from(read(name).matchAll(/<([a-z]+-[a-z-]+)/g), ([, tag]) => tag).filter((tag) => !NATIVE.includes(tag)));
    const named = Object.entries(JSON.parse(read(name.replace("wxml", "json"))).usingComponents || {});
    expect(named.map(([tag]) => tag).sort()).toEqual([...used].sort());
    named.forEach(([, place]) => expect(names).toContain(`${place.slice(1)}.js`));
  });

  test.each(names.filter((name) => name.endsWith(".wxml")))("%s binds methods that exist, and links to pages that exist", (name) => {
    const code = read(name.replace("wxml", "js"));
    Array.from(read(name).matchAll(/bind:\w+="(\w+)"/g), ([, method]) => expect(code).toMatch(new RegExp(`  (async )?${method}\\(`)));
    Array.from((read(name) + code).matchAll(/["`](\/pages\/[\w/-]+)/g), ([, url]) => expect(app.pages).toContain(url.slice(1)));
  });
});

describe("home", () => {
  const today = { title: "", plan: "班次：白班 09:00–18:00。", is_working: true, next: "in", first_in: null, last_out: null };
  const home = {
    name: "李华",
    is_manager: true,
    waiting: 2,
    unread: 1,
    today,
    balances: [
      { kind: "annual", kind_name: "年假", granted: 4800, available: 2880, held: 480, length: "6天", held_length: "1天" },
      { kind: "marriage", kind_name: "婚假", granted: 0, available: 0, held: 0, length: "0天", held_length: "0天" },
    ],
    payslip: { id: "P", month: "2026-02-01", title: "工资", opened_at: null },
    notices: [{ id: "N", title: "清明放假", sent_at: "2026-03-01T02:00:00Z", is_unread: true, needs_confirmation: true }],
  };

  test("shows what waits, the balances in the server's words, the day, the payslip without amounts", async () => {
    phone.answers["GET /me/home"] = home;
    open("home");
    await page.sees("等您审批2 件");
    expect(page.text).toContain("李华 · 3月2日 周一");
    expect(page.text).toContain("今天要上班班次：白班 09:00–18:00。还没有上班卡");
    expect(page.text).toContain("年假审批中 1天6天");
    expect(page.text).not.toContain("婚假");
    expect(page.text).toContain("2026年2月 工资未看");
    expect(page.text).toContain("清明放假3月1日 10:00待确认");
    expect(page.text).toContain("今天谁在");
    page.dump("home");
  });

  test("of somebody without reports has no team, and says what is not there", async () => {
    phone.answers["GET /me/home"] = { ...home, is_manager: false, payslip: null, balances: [], notices: [] };
    open("home");
    await page.sees("还没有工资条");
    expect(page.text).toContain("还没有发放假期");
    expect(page.text).not.toContain("今天谁在");
  });

  test("without a network says so and tries again", async () => {
    open("home");
    await page.sees("网络连接不上");
    phone.answers["GET /me/home"] = home;
    await page.instance.refresh();
    await page.sees("李华");
  });

  test("keeps what it shows when a later look fails", async () => {
    phone.answers["GET /me/home"] = home;
    open("home");
    await page.sees("李华");
    phone.answers["GET /me/home"] = problem(500, "internal", "系统开小差了，请稍后再试");
    await page.instance.onPullDownRefresh();
    expect(page.text).toContain("李华");
    expect(phone.toasts).toEqual(["系统开小差了，请稍后再试"]);
  });
});

describe("asking for leave", () => {
  const kind = (code, name, unit, proof = null) => ({
    code, name, unit, needs_balance: true, proof_after_days: proof, proof_name: "病历或诊断证明", source: "",
  });
  const preview = {
    kind: "annual", kind_name: "年假", minutes: 480, days: "1.00", length: "1天", balance_after: "4天", notes: [], refusal: null,
    portions: [{ day: "2026-03-02", minutes: 480 }],
  };

  beforeEach(async () => {
    phone.answers["GET /leave/kinds"] = [
      kind("annual", "年假", "half_day"), kind("compensatory", "调休", "hour"), kind("marriage", "婚假", "day"), kind("sick", "病假", "half_day", 1),
    ];
    phone.answers["GET /leave/preview"] = preview;
    open("leave/new");
    await page.sees("请完后还剩 4天");
  });

  test("shows at once what the server says today would cost", () => {
    expect(phone.last("GET /leave/preview").query).toEqual({
      kind: "annual", first_day: "2026-03-02", last_day: "2026-03-02", from_half: "am", to_half: "pm",
    });
    expect(page.text).toContain("本次请假1天3月2日 周一");
    page.dump("leave-new");
  });

  test("asks anew when the dates change, once for several changes", async () => {
    const before = phone.all("GET /leave/preview").length;
    phone.answers["GET /leave/preview"] = { ...preview, length: "4.5天", refusal: "年假余额不足：还差0.5天", balance_after: null };
    await page.enter(".first-day", "2026-03-09");
    expect(page.text).toContain("结束*3月9日 周一");
    await page.enter(".last-day", "2026-03-13");
    await page.enter(".to-half", "0");
    await page.sees("年假余额不足：还差0.5天");
    expect(phone.all("GET /leave/preview")).toHaveLength(before + 1);
    expect(phone.last("GET /leave/preview").query).toMatchObject({ first_day: "2026-03-09", last_day: "2026-03-13", to_half: "am" });
    page.dump("leave-new-refused");
  });

  test("does not show a preview that was overtaken by a newer one", async () => {
    let answerLate;
    phone.answers["GET /leave/preview"] = () => new Promise((resolve) => {
      answerLate = () => resolve({ ...preview, length: "9天" });
    });
    page.instance.preview();
    await page.until(() => answerLate);
    phone.answers["GET /leave/preview"] = { ...preview, length: "2天" };
    await page.instance.preview();
    answerLate();
    await page.sees("2天");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(page.text).not.toContain("9天");
  });

  test("by the hour asks for one day and two times", async () => {
    await page.enter(".kind", "1");
    await page.enter(".by-hour", true);
    await page.enter(".from-time", "14:00");
    await page.enter(".to-time", "16:30");
    await page.until(() => phone.last("GET /leave/preview").query.to_time === "16:30");
    expect(phone.last("GET /leave/preview").query).toEqual({
      kind: "compensatory", first_day: "2026-03-02", last_day: "2026-03-02", from_time: "14:00", to_time: "16:30",
    });
    expect(page.count(".last-day")).toBe(0);
  });

  test("asks what the occasion needs and sends only what was told", async () => {
    const asks = [
      { name: "event_on", title: "亲属去世日期", control: "date", is_required: true, options: [] },
      { name: "relative", title: "与您的关系", control: "choice", is_required: true, options: [["spouse", "配偶"], ["parent", "父母"]] },
      { name: "is_checked", title: "做过婚前医学检查", control: "check", is_required: false, options: [] },
    ];
    phone.answers["GET /leave/kinds"] = [{ ...kind("bereavement", "丧假", "day"), asks }];
    await page.instance.refresh();
    await page.enter(".tell-event_on", "2026-03-01");
    await page.enter(".tell-relative", "1");
    await page.enter(".tell-is_checked", true);
    await page.enter(".tell-is_checked", false);
    await page.until(() => phone.last("GET /leave/preview").query.relative === "parent");
    expect(page.text).toContain("与您的关系*父母");
    expect(phone.last("GET /leave/preview").query).toEqual({
      kind: "bereavement", first_day: "2026-03-02", last_day: "2026-03-02", from_half: "am", to_half: "pm",
      event_on: "2026-03-01", relative: "parent",
    });
  });

  test("of a kind by whole days offers no halves", async () => {
    expect(page.count(".from-half")).toBe(1);
    await page.enter(".kind", "2");
    expect(page.count(".from-half")).toBe(0);
  });

  test("sends what was filled in and goes to the request", async () => {
    phone.answers["POST /leave/requests"] = { status: 201, body: { id: "L1" } };
    await page.type(".area", "回家");
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    expect(phone.last("POST /leave/requests").body).toEqual({
      kind: "annual", first_day: "2026-03-02", last_day: "2026-03-02", from_half: "am", to_half: "pm", reason: "回家",
    });
    expect(phone.went).toEqual(["instead /pages/leave/request/index?id=L1"]);
    expect(phone.toasts).toEqual(["已提交"]);
  });

  test("shows what the server does not accept beside its field", async () => {
    phone.answers["POST /leave/requests"] = problem(422, "invalid", "填写的内容有误，请检查后再提交", [
      { field: "reason", message: "最多 500 个字", label: "事由" },
    ]);
    await page.tap(".submit");
    await page.sees("最多 500 个字");
    expect(phone.toasts).toEqual(["事由最多 500 个字"]);
    expect(phone.went).toEqual([]);
  });

  test("twice at once is one request", async () => {
    phone.answers["POST /leave/requests"] = { status: 201, body: { id: "L1" } };
    page.instance.submit();
    page.instance.submit();
    await page.until(() => phone.went.length);
    expect(phone.all("POST /leave/requests")).toHaveLength(1);
  });

  test("that needs a proof sends the picture along", async () => {
    phone.answers["POST /leave/requests"] = { status: 201, body: { id: "L2" } };
    phone.picture = "wxfile://tmp/sick.jpg";
    expect(page.count(".proof")).toBe(0);
    await page.enter(".kind", "3");
    await page.tap(".proof");
    await page.sees("已选择 1 张图片");
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    expect(phone.last("POST /leave/requests").file).toEqual({ name: "proof", filePath: "wxfile://tmp/sick.jpg" });
  });
});

describe("my leave", () => {
  const line = (id, state) => ({
    id, kind: "annual", kind_name: "年假", state, span: "3月4日", length: "1天", reason: "", created_at: "2026-03-01T02:00:00Z",
  });

  test("is listed with its state, page by page", async () => {
    phone.answers["GET /leave/requests"] = ({ query }) =>
      query.cursor ? { items: [line("B", "approved")], next_cursor: null } : { items: [line("A", "pending")], next_cursor: "c1" };
    open("leave/requests");
    await page.sees("审批中");
    await page.sees("上拉查看更多");
    await page.instance.onReachBottom();
    await page.sees("没有更多了");
    expect(page.count(".request")).toBe(2);
    await page.instance.onReachBottom();
    expect(phone.all("GET /leave/requests")).toHaveLength(2);
    page.dump("leave-requests");
  });

  test("is filtered by the server", async () => {
    phone.answers["GET /leave/requests"] = ({ query }) => ({ items: query.state ? [] : [line("A", "pending")], next_cursor: null });
    open("leave/requests");
    await page.sees("3月4日");
    await page.instance.filter({ currentTarget: { dataset: { state: "rejected" } } });
    await page.sees("没有这样的请假");
    expect(phone.last("GET /leave/requests").query).toEqual({ state: "rejected" });
  });

  const detail = {
    ...line("A", "pending"), is_confirmed: false, has_proof: true, portions: [{ day: "2026-03-04", minutes: 480 }], cancelling: false,
    may_withdraw: true, may_cancel: false,
  };
  const history = [{ at: "2026-03-01T02:00:00Z", title: "李华提交申请", note: "", tone: "mute" }];

  beforeEach(() => {
    phone.answers["GET /leave/requests/A"] = detail;
    phone.answers["GET /leave/requests/A/timeline"] = history;
  });

  test("in full tells its days, its history and what was not known then", async () => {
    open("leave/request", { id: "A" });
    await page.sees("3月4日 周三");
    expect(page.text).toContain("放假安排当时尚未公布");
    expect(page.text).toContain("已上传证明材料");
    await page.sees("李华提交申请");
    page.dump("leave-request");
  });

  test("is withdrawn after a question", async () => {
    phone.answers["POST /leave/requests/A/withdraw"] = { status: 204, body: "" };
    open("leave/request", { id: "A" });
    await page.sees("撤回申请");
    phone.agrees = false;
    await page.tap(".withdraw");
    expect(phone.all("POST /leave/requests/A/withdraw")).toHaveLength(0);
    phone.agrees = true;
    phone.answers["GET /leave/requests/A"] = { ...detail, state: "withdrawn", may_withdraw: false };
    await page.tap(".withdraw");
    await page.sees("已撤回");
    expect(page.count(".withdraw")).toBe(0);
  });

  test("once approved is given back with a reason", async () => {
    phone.answers["GET /leave/requests/A"] = { ...detail, state: "approved", may_withdraw: false, may_cancel: true };
    phone.answers["POST /leave/requests/A/cancel"] = ({ body }) =>
      body.reason ? {} : problem(422, "invalid", "填写的内容有误", [{ field: "reason", message: "至少 1 个字" }]);
    open("leave/request", { id: "A" });
    await page.sees("销假");
    await page.tap(".ask-why");
    await page.tap(".cancel");
    await page.sees("至少 1 个字");
    await page.type(".area", "行程取消");
    await page.tap(".cancel");
    await page.until(() => page.count(".ask-why"));
    expect(phone.last("POST /leave/requests/A/cancel").body).toEqual({ reason: "行程取消" });
  });

  test("that is somebody else's says no more than the server", async () => {
    phone.answers["GET /leave/requests/X"] = problem(404, "not_found", "没有找到，或您无权查看");
    phone.answers["GET /leave/requests/X/timeline"] = problem(404, "not_found", "没有找到，或您无权查看");
    open("leave/request", { id: "X" });
    await page.sees("没有找到，或您无权查看");
  });
});

describe("punching", () => {
  const today = {
    day: "2026-03-02", title: "", plan: "班次：白班 09:00–18:00。", next: "in", is_working: true, is_on_leave: false,
    places: ["总部大楼"], punches: [], sentences: [], first_in: null, last_out: null,
  };
  const punched = { ...today, next: "out", punches: [{ at: "2026-03-02T01:30:00Z", direction: "in", source: "api", how: "小程序定位（总部大楼）" }] };

  beforeEach(async () => {
    phone.answers["GET /attendance/today"] = today;
    phone.answers["POST /attendance/punches"] = { status: 201, body: { sentence: "上班：09:30，迟到 30 分钟。" } };
    open("attendance");
    await page.sees("上班打卡");
  });

  const sent = () => phone.last("POST /attendance/punches").body;

  test("sends where the phone is in GCJ-02, and shows what the server makes of it", async () => {
    phone.answers["GET /attendance/today"] = punched;
    await page.tap(".punch-next");
    await page.sees("上班 09:30小程序定位（总部大楼）");
    expect(sent()).toEqual({
      direction: "in", latitude: 31.175304, longitude: 121.531542, accuracy: 20, datum: "gcj02", nonce: expect.stringMatching(/^in-[a-z0-9]{24}$/),
    });
    expect(page.text).toContain("上班：09:30，迟到 30 分钟。");
    expect(page.text).toContain("下班打卡");
    page.dump("attendance");
  });

  test("tells why it is not accepted", async () => {
    phone.answers["POST /attendance/punches"] = problem(409, "attendance.not_here", "不在打卡范围内：距最近的“总部大楼”约 1.2 公里");
    await page.tap(".punch-next");
    await page.until(() => phone.toasts.length);
    expect(phone.toasts[0]).toContain("不在打卡范围内");
  });

  test("without leave to know the place says how to give it, and sends nothing", async () => {
    phone.place = null;
    await page.tap(".punch-next");
    await page.sees("去允许定位");
    expect(phone.all("POST /attendance/punches")).toHaveLength(0);
    phone.place = { latitude: 1, longitude: 2, accuracy: 3 };
    await page.tap(".punch-next");
    await page.until(() => phone.all("POST /attendance/punches").length);
    expect(page.text).not.toContain("去允许定位");
  });

  test("whose answer was lost stays the same punch; after the day was seen it is a new one", async () => {
    const nonces = () => phone.all("POST /attendance/punches").map(({ body }) => body.nonce);
    phone.answers["POST /attendance/punches"] = undefined;
    await page.tap(".punch-next");
    phone.place = { ...phone.place, accuracy: 35 };
    await page.tap(".punch-next");
    await page.until(() => nonces().length === 2);
    expect(nonces()[1]).toBe(nonces()[0]);
    await page.instance.refresh();
    await page.tap(".punch-next");
    await page.until(() => nonces().length === 3);
    expect(nonces()[2]).not.toBe(nonces()[0]);
  });

  test("by the code on the screen at the door", async () => {
    phone.code = "https://hr.example.com/h5/attendance/scan?code=01ABC.xyz%2D9&x=1";
    await page.tap(".scan");
    await page.until(() => phone.all("POST /attendance/punches").length);
    expect(sent()).toMatchObject({ direction: "in", code: "01ABC.xyz-9" });
    expect(sent().latitude).toBeUndefined();
  });

  test("the other way is one tap further", async () => {
    await page.tap(".punch-other");
    await page.until(() => phone.all("POST /attendance/punches").length);
    expect(sent().direction).toBe("out");
  });
});

describe("payslips", () => {
  const line = { id: "P", month: "2026-02-01", title: "工资", version: 2, published_at: "2026-03-01T02:00:00Z", opened_at: null, confirmed_at: null, is_recalled: false };
  const slip = {
    id: "P", person_name: "李华", month: "2026-02-01", title: "工资", version: 1, confirmed_at: null, is_current: true, watermark: "李华 2026-03-02 09:30",
    lines: [
      { kind: "earning", name: "基本工资", amount: "10000.00" }, { kind: "earning", name: "奖金", amount: "500.00" },
      { kind: "deduction", name: "个人所得税", amount: "290.50" },
    ],
    totals: { earnings: "10500.00", deductions: "290.50", employer_cost: "0.00", net: "10209.50" },
    makeup: {
      earned: [{ kind: "earning", name: "基本工资", amount: "10000.00", permille: 952 }, { kind: "earning", name: "奖金", amount: "500.00", permille: 48 }],
      spent: [{ kind: "deduction", name: "个人所得税", amount: "290.50", permille: 28 }, { kind: null, name: "实发", amount: "10209.50", permille: 972 }],
      text: "个人所得税占应发的 2.8%，实发占应发的 97.2%",
    },
    notes: [{ name: "备注", text: "含春节加班" }], corrections: [],
  };
  const locked = problem(403, "step_up_required", "请先验证身份");

  test("are listed without amounts", async () => {
    phone.answers["GET /payroll/payslips"] = { items: [line, { ...line, id: "Q", is_recalled: true }], next_cursor: null };
    open("payslips");
    await page.sees("2026年2月 工资 第 2 版");
    expect(page.text).toContain("未查看");
    expect(page.text).toContain("已撤回");
    page.dump("payslips");
  });

  test("open only after proving oneself, asked once", async () => {
    phone.answers["GET /payroll/payslips/P"] = locked;
    open("payslips/payslip", { id: "P" });
    await page.until(() => phone.went.length);
    expect(phone.went).toEqual(["to /pages/step-up/index"]);
    await page.instance.onShow();
    expect(phone.went).toHaveLength(1);
    expect(page.text).toContain("请先验证身份");
    phone.answers["GET /payroll/payslips/P"] = slip;
    await page.instance.onShow();
    await page.sees("10,209.50");
  });

  test("show every line, the sums, the picture, the watermark", async () => {
    phone.answers["GET /payroll/payslips/P"] = slip;
    open("payslips/payslip", { id: "P" });
    await page.sees("10,209.50实发合计（元）");
    expect(page.text).toContain("应发基本工资10,000.00奖金500.00应发合计10,500.00");
    expect(page.text).toContain("扣款个人所得税290.50扣款合计290.50");
    expect(page.text).toContain("个人所得税占应发的 2.8%，实发占应发的 97.2%");
    expect(page.text).toContain("李华 2026-03-02 09:30");
    expect(page.text).toContain("备注含春节加班");
    page.dump("payslip");
  });

  test("remind whoever takes a picture of the screen, while they are open", async () => {
    phone.answers["GET /payroll/payslips/P"] = slip;
    open("payslips/payslip", { id: "P" });
    await page.sees("10,209.50");
    phone.capture();
    expect(phone.toasts[0]).toContain("妥善保管");
    page.instance.onUnload();
    expect(phone.capture).toBeUndefined();
  });

  test("are confirmed", async () => {
    phone.answers["GET /payroll/payslips/P"] = slip;
    phone.answers["POST /payroll/payslips/P/confirm"] = { status: 204, body: "" };
    open("payslips/payslip", { id: "P" });
    await page.sees("确认收到");
    phone.answers["GET /payroll/payslips/P"] = { ...slip, confirmed_at: "2026-03-02T01:30:00Z" };
    await page.tap(".confirm");
    await page.sees("您已于 3月2日 09:30 确认收到");
  });
});

describe("proving oneself", () => {
  const state = { method: "pin", is_set: true, may_set: false, locked_until: null, uri: null };

  test("by PIN, and back", async () => {
    phone.answers["GET /session/step-up"] = state;
    phone.answers["POST /session/step-up"] = { status: 204, body: "" };
    open("step-up");
    await page.sees("请输入安全密码");
    page.dump("step-up");
    await page.type(".secret", "271828");
    await page.tap(".prove");
    await page.until(() => phone.went.length);
    expect(phone.last("POST /session/step-up").body).toEqual({ secret: "271828" });
    expect(phone.went).toEqual(["back"]);
  });

  test("wrongly hears how many tries are left, and the field is empty again", async () => {
    phone.answers["GET /session/step-up"] = state;
    phone.answers["POST /session/step-up"] = problem(403, "forbidden", "验证失败，还可以再试 4 次");
    open("step-up");
    await page.sees("请输入安全密码");
    await page.type(".secret", "000000");
    await page.tap(".prove");
    await page.sees("验证失败，还可以再试 4 次");
    expect(page.data.secret).toBe("");
    expect(phone.went).toEqual([]);
  });

  test("for the first time sets the PIN, after a fresh login if this one has grown old", async () => {
    phone.storage.set("session", "token-0");
    phone.answers["GET /session/step-up"] = ({ header }) => ({ ...state, is_set: false, may_set: header.Authorization === "Bearer token-1" });
    phone.answers["PUT /session/step-up/pin"] = { status: 204, body: "" };
    open("step-up");
    await page.sees("请先设置 6 位数字的安全密码");
    await page.type(".pin", "271828");
    await page.type(".repeated", "271829");
    await page.tap(".set-pin");
    await page.sees("两次输入的不一样");
    await page.type(".repeated", "271828");
    await page.tap(".set-pin");
    await page.until(() => phone.went.length);
    expect(phone.last("PUT /session/step-up/pin").body).toEqual({ pin: "271828" });
  });

  test("by code where the company chose so: the seed is set up on the mobile page", async () => {
    phone.answers["GET /session/step-up"] = { ...state, method: "totp", is_set: false, may_set: true };
    open("step-up");
    await page.sees("请先在手机上设置动态口令");
  });
});

describe("notices", () => {
  const notice = {
    id: "N", title: "清明节放假安排", sender: "人事部", sent_at: "2026-03-01T02:00:00Z", must_confirm: true, confirmed_at: null, is_unread: true, is_preview: false,
    blocks: [
      { kind: "heading", spans: [{ text: "放假安排", is_strong: false, link: "" }] },
      { kind: "item", spans: [{ text: "4月4日", is_strong: true, link: "" }, { text: "至4月6日放假", is_strong: false, link: "" }] },
      { kind: "paragraph", spans: [{ text: "详见 ", is_strong: false, link: "" }, { text: "https://example.com/qm", is_strong: false, link: "https://example.com/qm" }] },
    ],
  };

  test("are listed, unread ones on request", async () => {
    const line = { id: "N", title: "清明节放假安排", sender: "人事部", sent_at: "2026-03-01T02:00:00Z", is_unread: true, needs_confirmation: false };
    phone.answers["GET /notices"] = { items: [line], next_cursor: null };
    open("notices");
    await page.sees("清明节放假安排");
    expect(page.text).toContain("未读");
    await page.instance.filter({ currentTarget: { dataset: { only: "unread" } } });
    expect(phone.last("GET /notices").query).toEqual({ only: "unread" });
    page.dump("notices");
  });

  test("are opened, and the product hears of it once", async () => {
    phone.answers["GET /notices/N"] = notice;
    phone.answers["POST /notices/N/open"] = { status: 204, body: "" };
    open("notices/notice", { id: "N" });
    await page.sees("4月4日至4月6日放假");
    await page.until(() => phone.all("POST /notices/N/open").length === 1);
    phone.answers["GET /notices/N"] = { ...notice, is_unread: false };
    await page.instance.refresh();
    expect(phone.all("POST /notices/N/open")).toHaveLength(1);
    page.dump("notice");
  });

  test("are confirmed", async () => {
    phone.answers["GET /notices/N"] = { ...notice, is_unread: false };
    phone.answers["POST /notices/N/confirm"] = { status: 204, body: "" };
    open("notices/notice", { id: "N" });
    await page.sees("我已阅读并知晓");
    phone.answers["GET /notices/N"] = { ...notice, is_unread: false, confirmed_at: "2026-03-02T01:30:00Z" };
    await page.tap(".confirm");
    await page.sees("您已于 3月2日 09:30 确认");
  });

  test("that were recalled meanwhile say so", async () => {
    phone.answers["GET /notices/N"] = problem(409, "conflict", "这条公告已被撤回");
    open("notices/notice", { id: "N" });
    await page.sees("这条公告已被撤回");
  });

  test("give a link to the clipboard, for it leads out", async () => {
    phone.answers["GET /notices/N"] = { ...notice, is_unread: false };
    open("notices/notice", { id: "N" });
    await page.sees("详见");
    await page.tap(".link");
    expect(phone.storage.get("clipboard")).toBe("https://example.com/qm");
  });
});

describe("pages of the product", () => {
  test.each([
    ["/h5/attendance/month", "https://hr.example.com/h5/attendance/month"],
    ["/h5/../console/", "https://hr.example.com/h5/"],
    ["https://evil.example/h5/", "https://hr.example.com/h5/"],
    ["//evil.example", "https://hr.example.com/h5/"],
    ["", "https://hr.example.com/h5/"],
  ])("%s opens %s", (wanted, src) => {
    open("web", { path: encodeURIComponent(wanted) });
    expect(page.data.src).toBe(src);
  });
});
