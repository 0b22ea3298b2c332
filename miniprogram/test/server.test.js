/** The pages against the real product and WeCom's twin: a working day, from the login code to the payslip. */
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { Drawn } = require("./support/renderer");
const { Stage, isThere } = require("./support/stage");

const AT_THE_OFFICE = { latitude: 31.17530398364597, longitude: 121.531541859215, accuracy: 20 }; // GCJ-02
const START_MS = 90000;

const withProduct = isThere() ? describe : describe.skip;

withProduct("a working day", () => {
  let stage;
  let phone;
  let page;
  let opened = [];

  function phoneOf(userid) {
    const made = stage.phoneOf(userid);
    made.place = AT_THE_OFFICE;
    return made;
  }

  function open(name, query = {}) {
    page = Drawn.open(name, query);
    opened.push(page);
    return page;
  }

  /** What a page's link that shows these words says after `id=`. */
  const idIn = (items, title) => items.find((item) => item.title.includes(title)).id;

  beforeAll(async () => {
    stage = await Stage.open();
  }, START_MS);

  afterAll(() => stage && stage.close());

  beforeEach(() => {
    phone = phoneOf("lihua");
  });

  afterEach(() => {
    opened.forEach((one) => one.close());
    opened = [];
  });

  test("home greets whoever holds the phone", async () => {
    open("home");
    await page.sees("李华 · 3月2日 周一");
    expect(page.text).toContain("年假5天");
    expect(page.text).toContain("2026年2月 工资未看");
    expect(page.text).toContain("清明节放假安排");
    expect(phone.storage.get("session")).toBeTruthy();
    page.dump("server-home");
  });

  test("the form shows the days that the server counts and its refusal", async () => {
    open("leave/new");
    await page.sees("年假");
    const annual = page.data.kinds.findIndex(({ code }) => code === "annual");
    await page.enter(".kind", String(annual));
    await page.enter(".last-day", "2026-03-12");
    await page.sees("9天");
    await page.sees("年假余额不足：本次需要9天，这些日期可用5天，还差4天");
    await page.tap(".submit");
    await page.until(() => phone.toasts.length);
    expect(phone.toasts[0]).toContain("年假余额不足");
    expect(phone.went).toEqual([]);
  });

  let requestId;

  test("leave is asked for", async () => {
    open("leave/new");
    await page.sees("年假");
    await page.enter(".kind", String(page.data.kinds.findIndex(({ code }) => code === "annual")));
    await page.enter(".first-day", "2026-03-04");
    await page.enter(".from-half", "1");
    await page.sees("请完后还剩 4.5天");
    await page.type(".area", "孩子家长会");
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    requestId = phone.went[0].split("id=")[1];
    open("leave/request", { id: requestId });
    await page.sees("年假 0.5天");
    expect(page.text).toContain("3月4日下午");
    expect(page.text).toContain("孩子家长会");
    await page.sees("提交申请");
    page.dump("server-request");
  });

  test("a picture goes along as proof", async () => {
    const picture = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "proof-")), "病历.png");
    fs.writeFileSync(picture, Buffer.from("89504e470d0a1a0a0000", "hex"));
    phone.picture = picture;
    open("leave/new");
    await page.sees("年假");
    await page.enter(".kind", String(page.data.kinds.findIndex(({ code }) => code === "sick")));
    await page.enter(".first-day", "2026-03-09");
    await page.enter(".last-day", "2026-03-10");
    await page.tap(".submit");
    await page.until(() => phone.toasts.length);
    expect(phone.toasts[0]).toContain("需要上传病历或诊断证明");
    await page.tap(".proof");
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    open("leave/request", { id: phone.went[0].split("id=")[1] });
    await page.sees("已上传证明材料");
    await page.tap(".withdraw");
    await page.sees("已撤回");
  });

  test("the superior refuses with a reason only, then agrees", async () => {
    phone = phoneOf("boss");
    open("approvals");
    await page.sees("李华");
    const instanceId = page.data.items[0].instance_id;
    open("approvals/instance", { id: instanceId });
    await page.sees("李华");
    page.dump("server-instance");
    await page.tap(".reject");
    await page.until(() => phone.toasts.length);
    expect(phone.toasts[0]).toContain("驳回时请写明理由");
    await page.type(".comment", "去吧");
    await page.tap(".approve");
    await page.sees("已批准");
    expect(page.text).toContain("去吧");
    expect(page.count(".approve")).toBe(0);
  });

  test("what was approved is listed, and given back with a reason", async () => {
    open("leave/requests");
    await page.sees("3月4日下午");
    expect(page.text).toContain("已批准");
    await page.instance.filter({ currentTarget: { dataset: { state: "rejected" } } });
    await page.sees("没有这样的请假");
    open("leave/request", { id: requestId });
    await page.sees("销假");
    await page.tap(".ask-why");
    await page.tap(".cancel");
    await page.until(() => page.data.errors.reason);
    await page.type(".area", "改期了");
    await page.tap(".cancel");
    await page.sees("销假申请正在审批");
  });

  test("punching in at the office works, elsewhere it does not", async () => {
    phone.place = { latitude: 31.2304, longitude: 121.4737, accuracy: 20 };
    open("attendance");
    await page.sees("上班打卡");
    await page.tap(".punch-next");
    await page.until(() => phone.toasts.length);
    expect(phone.toasts[0]).toContain("不在打卡范围内");
    phone.place = AT_THE_OFFICE;
    await page.tap(".punch-next");
    await page.sees("迟到 30 分钟");
    await page.sees("上班 09:30小程序定位（总部大楼）");
    expect(page.text).toContain("下班打卡");
    page.dump("server-attendance");
  });

  test("a payslip opens after a PIN was set, and reconciles", async () => {
    open("payslips");
    await page.sees("2026年2月");
    const { id } = page.data.items[0];
    open("payslips/payslip", { id });
    await page.until(() => phone.went.length);
    expect(phone.went).toEqual(["to /pages/step-up/index"]);
    const slip = page;
    open("step-up");
    await page.sees("请先设置 6 位数字的安全密码");
    await page.type(".pin", "123456");
    await page.type(".repeated", "123456");
    await page.tap(".set-pin");
    await page.until(() => page.data.refusal);
    await page.type(".pin", "271828");
    await page.type(".repeated", "271828");
    await page.tap(".set-pin");
    await page.until(() => phone.went.includes("back"));
    page = slip;
    await page.instance.onShow();
    await page.sees("10,209.50实发合计（元）");
    expect(page.text).toContain("应发合计10,500.00");
    page.dump("server-payslip");
    await page.tap(".confirm");
    await page.sees("您已于 3月2日 09:30 确认收到");
  });

  test("somebody else's payslip is not there", async () => {
    phone = phoneOf("hanmei");
    open("payslips");
    await page.sees("2026年2月");
    const { id } = page.data.items[0];
    phone = phoneOf("lihua");
    open("step-up");
    await page.sees("请输入安全密码");
    await page.type(".secret", "271828");
    await page.tap(".prove");
    await page.until(() => phone.went.includes("back"));
    open("payslips/payslip", { id });
    await page.sees("没有找到，或您无权查看");
  });

  test("a notice is read and confirmed", async () => {
    open("notices");
    await page.sees("待确认");
    const id = idIn(page.data.items, "清明节放假安排");
    open("notices/notice", { id });
    await page.sees("放假安排");
    await page.tap(".confirm");
    await page.sees("您已于 3月2日 09:30 确认");
    open("notices");
    await page.sees("清明节放假安排");
    expect(page.data.items[0]).toMatchObject({ is_unread: false, needs_confirmation: false });
    expect(page.text).not.toContain("待确认");
  });

  test("a session that has ended is renewed without anybody noticing", async () => {
    phone.storage.set("session", "a-token-of-yesterday");
    open("home");
    await page.sees("李华 · 3月2日");
    expect(phone.storage.get("session")).not.toBe("a-token-of-yesterday");
  });

  test("somebody who is no employee is told so", async () => {
    global.wx.qy.login = ({ success }) => success({ code: "a-made-up-code" });
    open("home");
    await page.sees("登录码已失效，请重新进入小程序");
  });
});
