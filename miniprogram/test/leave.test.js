/** The life of a request for leave on the phone, and the answers about leave. */
const { Phone, problem } = require("./support/phone");
const { Drawn } = require("./support/renderer");

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

const kind = (code, name, unit, more = {}) => ({
  code, name, unit, needs_balance: true, proof_after_days: null, proof_name: "证明", source: "", is_daily: false, asks: [], ...more,
});
const preview = {
  kind: "annual", kind_name: "年假", minutes: 960, days: "2.00", length: "2天", balance_after: "3天", notes: [], refusal: null,
  portions: [{ day: "2026-03-09", minutes: 480 }, { day: "2026-03-10", minutes: 480 }],
};
const chosen = {
  kind: "annual", first_day: "2026-03-09", last_day: "2026-03-10", from_half: "pm", to_half: null, from_time: null, to_time: null,
  extends: null, replaces: null, reason: "回家", cover: "hanmeimei", babies: 1, child_number: 1,
};
const whole = {
  kind: "annual", first_day: "2026-03-09", last_day: "2026-03-10", from_half: "pm", to_half: "pm", reason: "回家", cover: "hanmeimei",
};

describe("the form of leave", () => {
  beforeEach(() => {
    phone.answers["GET /leave/kinds"] = [
      kind("sick", "病假", "half_day", { proof_after_days: 1 }), kind("annual", "年假", "half_day"), kind("compensatory", "调休", "hour"),
    ];
    phone.answers["GET /leave/preview"] = preview;
  });

  test("is kept as a draft, and goes on from it", async () => {
    phone.answers["POST /leave/drafts"] = { status: 201, body: { id: "D" } };
    phone.answers["GET /leave/drafts/D"] = { id: "D", kind_name: "年假", form: chosen, saved_at: "2026-03-01T02:00:00Z" };
    phone.answers["POST /leave/requests"] = { status: 201, body: { id: "L" } };
    open("leave/new", { draft: "D" });
    await page.sees("请完后还剩 3天");
    expect(page.text).toContain("3月9日 周一下午起");
    await page.type(".cover", "韩梅梅");
    expect(phone.warning).toContain("还没有保存");
    await page.tap(".save");
    await page.until(() => phone.toasts.includes("已保存"));
    expect(phone.last("POST /leave/drafts").body).toEqual({ ...whole, cover: "韩梅梅", draft_id: "D" });
    expect(phone.warning).toBe("");
    expect([...phone.storage.keys()]).toEqual(["session"]);
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    expect(phone.last("POST /leave/requests").body).toEqual({ ...whole, cover: "韩梅梅", draft_id: "D" });
    page.dump("leave-draft");
  });

  test("changes a request that waits: its kind stays, its own days do not stand against it", async () => {
    phone.answers["GET /leave/requests/L/form"] = chosen;
    phone.answers["GET /leave/preview"] = { ...preview, refusal: "与已有的请假重叠", balance_after: null };
    phone.answers["PUT /leave/requests/L"] = { id: "L" };
    open("leave/new", { edit: "L" });
    await page.sees("修改后按新的内容重新审批");
    await page.sees("2天");
    expect(page.text).not.toContain("重叠");
    expect(page.count(".save")).toBe(0);
    await page.enter(".last-day", "2026-03-11");
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    expect(phone.last("PUT /leave/requests/L").body).toEqual({ ...whole, last_day: "2026-03-11" });
    expect(phone.went).toEqual(["instead /pages/leave/request/index?id=L"]);
  });

  test("of a changed request hands a new proof in as well", async () => {
    phone.picture = "wxfile://tmp/sick.jpg";
    phone.answers["GET /leave/requests/L/form"] = { ...chosen, kind: "sick", cover: "" };
    phone.answers["POST /leave/requests/L/proof"] = { status: 204, body: "" };
    phone.answers["PUT /leave/requests/L"] = { id: "L" };
    open("leave/new", { edit: "L" });
    await page.sees("2天");
    await page.tap(".proof");
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    expect(phone.last("POST /leave/requests/L/proof").file).toEqual({ name: "proof", filePath: "wxfile://tmp/sick.jpg" });
  });

  test.each([
    ["replaces", "改期：批准后原来的日期自动取消"],
    ["extends", "续假：和原来的假期连在一起计算"],
  ])("%s another request, and says what that means", async (way, words) => {
    phone.answers["GET /leave/form"] = { ...chosen, [way]: "L" };
    phone.answers["POST /leave/requests"] = { status: 201, body: { id: "M" } };
    open("leave/new", { [way]: "L" });
    await page.sees(words);
    await page.sees("2天");
    expect(phone.last("GET /leave/form").query).toEqual({ [way]: "L" });
    expect(phone.last("GET /leave/preview").query[way]).toBe("L");
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    expect(phone.last("POST /leave/requests").body).toEqual({ ...whole, [way]: "L" });
  });

  test("begins with what the planner chose", async () => {
    open("leave/new", { kind: "annual", first_day: "2026-04-07", last_day: "2026-04-08" });
    await page.sees("2天");
    expect(phone.last("GET /leave/preview").query).toMatchObject({ kind: "annual", first_day: "2026-04-07", last_day: "2026-04-08" });
  });

  test("names who would decide, and who stands in", async () => {
    const step = { name: "直接上级", kind: "approve", mode: "or_sign", state: "waiting", approvers: ["李四"], way: "", choosing: null, notes: ["王五休假，由李四代批"] };
    phone.answers["GET /leave/preview"] = { ...preview, steps: [step] };
    open("leave/new", { kind: "annual" });
    await page.sees("直接上级李四王五休假，由李四代批");
  });

  test("brings back hours, and what was told of the occasion that its kind asks for", async () => {
    const asks = [{ name: "child_number", title: "第几个孩子", control: "number", is_required: true, options: [] }];
    phone.answers["GET /leave/kinds"] = [kind("nursing", "哺乳假", "hour", { asks })];
    phone.answers["GET /leave/drafts/D"] = { id: "D", form: { ...chosen, kind: "nursing", from_time: "10:00", to_time: "11:00", child_number: 2 } };
    open("leave/new", { draft: "D" });
    await page.sees("2天");
    expect(phone.last("GET /leave/preview").query).toEqual({
      kind: "nursing", first_day: "2026-03-09", last_day: "2026-03-09", from_time: "10:00", to_time: "11:00", child_number: "2",
    });
  });

  test("that cannot be sent names the rule, its source and the figures", async () => {
    phone.answers["GET /leave/preview"] = { ...preview, refusal: "年假余额不足：还差2天", balance_after: null };
    phone.answers["GET /leave/why-not"] = {
      refusal: "年假余额不足：还差2天", rule: "不能超过可用额度", source: "《职工带薪年休假条例》第三条", rules_version: 2,
      figures: [{ label: "可用", value: "0天" }],
    };
    open("leave/new", { kind: "annual" });
    await page.sees("不能超过可用额度，依据《职工带薪年休假条例》第三条（第 2 版）可用0天");
    page.dump("leave-why-not");
    phone.answers["GET /leave/preview"] = preview;
    await page.enter(".last-day", "2026-03-12");
    await page.until(() => !page.count(".why"));
  });
});

describe("a request", () => {
  const request = {
    id: "L", kind: "annual", kind_name: "年假", state: "approved", first_day: "2026-03-09", last_day: "2026-03-11", span: "3月9日至3月11日",
    length: "3天", reason: "回家", is_confirmed: true, has_proof: false, created_at: "2026-03-01T02:00:00Z",
    portions: [{ day: "2026-03-09", minutes: 480 }, { day: "2026-03-10", minutes: 480 }, { day: "2026-03-11", minutes: 480 }],
    told: [["与您的关系", "配偶"]], proof_due_on: "2026-03-20", cancelling: false, may_withdraw: false, may_cancel: true, may_edit: false,
    replaces: null, linked: [{ id: "K", kind_name: "年假", length: "1天", span: "3月2日", state: "cancelled" }], cover: "韩梅梅", cover_state: "accepted",
  };

  beforeEach(() => {
    phone.answers["GET /leave/requests/L"] = request;
    phone.answers["GET /leave/requests/L/timeline"] = [];
  });

  test("says who covers, what was told, what is still to be handed in, and what belongs to it", async () => {
    open("leave/request", { id: "L" });
    await page.sees("代班同事 韩梅梅已同意代班");
    expect(page.text).toContain("与您的关系配偶");
    expect(page.text).toContain("请在 3月20日 周五 前补交证明材料");
    expect(page.text).toContain("年假 1天3月2日已取消");
    expect([".move", ".go-on", ".edit"].map((way) => page.count(way))).toEqual([1, 1, 0]);
    page.dump("leave-request-life");
  });

  describe("is given back in part", () => {
    const parts = {
      request_id: "L", kind_name: "年假", span: "3月9日至3月11日", length: "3天",
      days: [
        { day: "2026-03-09", length: "1天", choices: [["2026-03-09 am", "上午"], ["2026-03-09 pm", "下午"]] },
        { day: "2026-03-10", length: "1天", choices: [] }, { day: "2026-03-11", length: "1天", choices: [["2026-03-11", "全天"]] },
      ],
    };
    const refund = {
      length: "1.5天", left: "1.5天", refusal: null, lots: [{ title: "2025年年假", length: "1.5天", expires_on: "2026-03-01", is_over: true }],
      steps: [{ name: "直接上级", kind: "approve", mode: "or_sign", state: "waiting", approvers: ["王五"], way: "", choosing: null, notes: ["王五休假，由李四代批"] }],
    };

    beforeEach(async () => {
      phone.answers["GET /leave/requests/L/part"] = parts;
      phone.answers["GET /leave/requests/L/refund"] = refund;
      phone.answers["POST /leave/requests/L/cancel"] = {};
      open("leave/part", { id: "L" });
      await page.sees("休息日，随前后的请假一起退");
    });

    test("after showing what goes back, what stays and who is asked", async () => {
      await page.enter(".day-2026-03-11", ["2026-03-11"]);
      await page.enter(".day-2026-03-09", ["2026-03-09 pm"]);
      await page.sees("继续休1.5天");
      expect(page.text).toContain("这笔额度已到期，退回后仍会失效");
      expect(page.text).toContain("直接上级王五");
      page.dump("leave-part");
      await page.type(".area", "提前返岗");
      await page.tap(".submit");
      await page.until(() => phone.went.includes("back"));
      expect(phone.last("POST /leave/requests/L/cancel").body).toEqual({ reason: "提前返岗", days: ["2026-03-09 pm", "2026-03-11"] });
    });

    test("never as a whole by mistake: nothing picked is nothing sent", async () => {
      await page.tap(".submit");
      expect(phone.toasts).toEqual(["请先勾选回来上班的日子"]);
      await page.enter(".day-2026-03-11", ["2026-03-11"]);
      await page.enter(".day-2026-03-11", []);
      expect(page.count(".refund")).toBe(0);
      await page.tap(".submit");
      expect(phone.all("POST /leave/requests/L/cancel")).toHaveLength(0);
    });

    test("or not, with the sentence of the server", async () => {
      phone.answers["GET /leave/requests/L/refund"] = { length: "", left: "", lots: [], steps: [], refusal: "这些日子已经销假" };
      await page.enter(".day-2026-03-11", ["2026-03-11"]);
      await page.sees("这些日子已经销假");
    });
  });

  test("that is being given back can keep its days after all", async () => {
    phone.answers["GET /leave/requests/L"] = { ...request, cancelling: true, may_cancel: false, may_withdraw: true };
    phone.answers["POST /leave/requests/L/withdraw"] = { status: 204, body: "" };
    open("leave/request", { id: "L" });
    await page.sees("撤回销假");
    await page.tap(".withdraw");
    await page.until(() => phone.toasts.includes("已撤回"));
  });

  test("takes its proof later, and shows it", async () => {
    phone.answers["POST /leave/requests/L/proof"] = { status: 204, body: "" };
    phone.answers["GET /leave/requests/L/proof"] = { status: 200, body: "" };
    phone.picture = "wxfile://tmp/sick.jpg";
    phone.isPicture = true;
    open("leave/request", { id: "L" });
    await page.sees("补交证明");
    phone.answers["GET /leave/requests/L"] = { ...request, has_proof: true, proof_due_on: null };
    await page.tap(".add-proof");
    await page.sees("已上传证明材料");
    expect(page.count(".add-proof")).toBe(0);
    await page.tap(".open-proof");
    await page.until(() => phone.went.length);
    expect(phone.went[0]).toMatch(/^picture/);
  });
});

describe("covering for a colleague", () => {
  const cover = { request_id: "L", name: "李雷", span: "3月9日", state: "asked", is_open: true };

  test("is promised, and then there is nothing more to say", async () => {
    phone.answers["GET /leave/covers/L"] = cover;
    phone.answers["POST /leave/covers/L"] = { ...cover, state: "accepted", is_open: false };
    open("leave/cover", { id: "L" });
    await page.sees("李雷 请您代班");
    await page.tap(".accept");
    await page.sees("已同意代班");
    expect(phone.last("POST /leave/covers/L").body).toEqual({ accepts: true });
    expect(page.count(".decline")).toBe(0);
  });

  test("is declined after a question, and tells when it is too late", async () => {
    phone.answers["GET /leave/covers/L"] = cover;
    phone.answers["POST /leave/covers/L"] = problem(409, "conflict", "这次请假已经取消");
    open("leave/cover", { id: "L" });
    await page.sees("不能代班");
    phone.agrees = false;
    await page.tap(".decline");
    expect(phone.all("POST /leave/covers/L")).toHaveLength(0);
    phone.agrees = true;
    phone.answers["GET /leave/covers/L"] = { ...cover, is_open: false };
    await page.tap(".decline");
    await page.until(() => phone.toasts.includes("这次请假已经取消") && !page.count(".accept"));
  });
});

describe("answers", () => {
  const lot = { id: "O", title: "2026年年假", starts_on: "2026-01-01", expires_on: "2026-12-31", minutes: 2400, length: "5天" };

  test("what I have of each kind, and until when", async () => {
    phone.answers["GET /leave/balances"] = [{
      kind: "annual", kind_name: "年假", length: "5天", granted_length: "6天", used_length: "1天", held: 480, held_length: "1天",
      lots: [lot, { ...lot, id: "P", title: "奖励假", expires_on: "9999-12-31" }],
    }];
    open("leave/balances");
    await page.sees("共 6天 · 已用 1天 · 审批中 1天");
    expect(page.text).toContain("12月31日 周四到期");
    expect(page.text).toContain("奖励假长期有效");
    page.dump("leave-balances");
  });

  test("nothing to have is said", async () => {
    phone.answers["GET /leave/balances"] = [];
    open("leave/balances");
    await page.sees("您还没有需要额度的假期");
  });

  test("why I have it: each lot with every movement, its cause and the version of the rules", async () => {
    const move = { at: "2026-01-01T00:00:00Z", title: "发放", minutes: 2400, length: "+5天", left: "5天", cause: "工龄满 5 年", rules_version: 2, request_id: null, days: [] };
    const taken = { ...move, title: "请假", length: "-0.5天", left: "4.5天", request_id: "L", days: [{ day: "2026-03-04", minutes: 250 }] };
    phone.answers["GET /leave/why"] = {
      kind: "annual", kind_name: "年假", rules_version: 3, source: "《职工带薪年休假条例》", day_minutes: 480, length: "4.5天", formula: "5天 - 0.5天",
      lots: [{ ...lot, is_past: false, moves: [move, taken] }, { ...lot, id: "Q", title: "去年", expires_on: "2025-12-31", is_past: true, moves: [] }],
    };
    open("leave/why", { kind: "annual" });
    await page.sees("工龄满 5 年");
    expect(phone.title).toBe("为什么有 4.5天年假");
    expect(page.text).toContain("1 天按您的班次为 8 小时。现行规则第 3 版，依据《职工带薪年休假条例》。");
    expect(page.text).toContain("3月4日 周三 4 小时 10 分钟");
    expect(page.text).toContain("2025年12月31日 周三已到期");
    page.dump("leave-why");
  });

  test("why a request costs what it costs", async () => {
    phone.answers["GET /leave/requests/L/charge"] = {
      request_id: "L", kind_name: "年假", length: "1天", rule: "只计工作日", source: "", rules_version: 1, is_changed_since: true,
      days: [{ day: "2026-03-07", kind: "rest_day", title: "休息日", minutes: 0, length: "不计" }, { day: "2026-03-09", kind: "workday", title: "工作日", minutes: 480, length: "1天" }],
      lots: [],
    };
    open("leave/charge", { id: "L" });
    await page.sees("年假只计工作日。");
    expect(page.text).toContain("规则后来改过，这次仍按当时的版本");
    expect(page.text).toContain("3月7日 周六休息日不计");
    expect(page.text).toContain("这种假不扣额度");
  });

  test("what I will have on a day, step by step", async () => {
    const step = (more) => ({ on: "2026-03-02", kind: "now", title: "", sentence: "", minutes: 0, change: "", left: "5天", ...more });
    phone.answers["GET /leave/forecast"] = ({ query }) => [{
      kind: "annual", kind_name: "年假", day: query.day || "2026-12-31", minutes: 0, length: "3天",
      steps: [step(), step({ on: "2026-03-31", kind: "expires", title: "结转", change: "-2天", left: "3天", sentence: "请在此前使用" })],
      held: [{ request_id: "L", state: "pending", state_name: "审批中", first_day: "2026-03-09", last_day: "2026-03-09", minutes: 480, length: "1天" }],
    }];
    open("leave/forecast", { kind: "annual" });
    await page.sees("3月31日 周二：结转到期失效 -2天，共 3天");
    expect(page.text).toContain("已扣除：3月9日 周一起 1天（审批中），未批准会退回");
    await page.enter(".on", "2026-12-20");
    await page.sees("12月20日 周日可用");
    expect(phone.last("GET /leave/forecast").query).toEqual({ day: "2026-12-20", kind: "annual" });
    page.dump("leave-forecast");
    await page.tap(".all");
    await page.until(() => !phone.last("GET /leave/forecast").query.kind);
  });

  test("how to use my days best, and the way to ask for them", async () => {
    const cell = (day, mark, inside) => ({ day, mark, is_inside: inside });
    const rest = {
      first_day: "2026-04-04", last_day: "2026-04-08", length: 5, leave_first_day: "2026-04-07", leave_last_day: "2026-04-08", leave_days: 2,
      minutes: 960, ratio: "2.50", is_confirmed: false, others_away: 0, notes: ["连着清明节"], refusal: null, waits_until: null,
      weeks: [[cell("2026-04-04", "holiday", true), cell("2026-04-05", "holiday", true)], [cell("2026-04-06", "holiday", true), cell("2026-04-07", "leave", true)]],
    };
    phone.answers["GET /leave/planner"] = {
      kind: "annual", kind_name: "年假", kinds: { annual: "年假", compensatory: "调休" }, days: null, until: "2027-03-01", available: "5天", spent: "2天",
      unconfirmed: [2027], breaks: [rest, { ...rest, first_day: "2026-05-01", refusal: "需提前 30 天申请" }],
    };
    open("leave/planner");
    await page.sees("请 2 天，连休 5 天");
    expect(page.text).toContain("每请 1 天休 2.5 天");
    expect(page.text).toContain("2027 年的放假安排尚未公布");
    expect(page.text).toContain("现在还不能申请：需提前 30 天申请");
    expect(page.count(".take")).toBe(1);
    expect(page.data.breaks[0].cells.slice(0, 6).map(({ number }) => number)).toEqual([undefined, undefined, undefined, undefined, undefined, 4]);
    page.dump("leave-planner");
    await page.enter(".days", "3", "blur");
    expect(phone.last("GET /leave/planner").query).toEqual({ days: "3" });
    await page.enter(".kind", "1");
    expect(phone.last("GET /leave/planner").query).toEqual({ kind: "compensatory", days: "3" });
  });

  test("who is away: the days of a month, one of them opened, and whom I am asked to cover", async () => {
    const days = Array.from({ length: 31 }, (_, at) => ({ day: `2026-03-${String(at + 1).padStart(2, "0")}`, is_off: at === 0, away: at === 8 ? 12 : 0 }));
    phone.answers["GET /leave/calendar"] = ({ query }) => ({
      month: "2026-03", previous: "2026-02", following: "2026-04", days, day: query.day || "2026-03-02",
      away: query.day ? [{ person_id: "P", name: "韩梅梅", kind_name: "请假", is_pending: true, is_part: true }] : [],
    });
    phone.answers["GET /leave/covers"] = [{ request_id: "L", name: "李雷", span: "3月9日", state: "asked", is_open: true }];
    open("leave/calendar");
    await page.sees("大家都在");
    expect(page.text).toContain("请您代班李雷3月9日等待确认");
    await page.tap(".day-9");
    await page.sees("韩梅梅 审批中请假（部分时间）");
    expect(page.text).toContain("共 12 人不在，只列出前 1 条。");
    expect(phone.last("GET /leave/calendar").query).toEqual({ month: "2026-03", day: "2026-03-09" });
    page.dump("leave-calendar");
    await page.tap(".following");
    expect(phone.last("GET /leave/calendar").query).toEqual({ month: "2026-04" });
  });

  test("an answer that cannot be had says why, and is tried again", async () => {
    phone.answers["GET /leave/planner"] = problem(422, "invalid", "这种假不按工作日从额度里扣，不能用来规划");
    open("leave/planner");
    await page.sees("不能用来规划再试一次");
  });
});
