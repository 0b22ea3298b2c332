/** Requests against the real product and WeCom's twin: a form from the catalogue to its receipt, leave through its life. */
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { Drawn } = require("./support/renderer");
const { Stage, isThere } = require("./support/stage");

const START_MS = 90000;

const withProduct = isThere() ? describe : describe.skip;

withProduct("requests", () => {
  let stage;
  let phone;
  let page;
  let opened = [];

  function open(name, query = {}) {
    page = Drawn.open(name, query);
    opened.push(page);
    return page;
  }

  /** Opens the newest of what waits for the superior; what is typed there is the test's. */
  async function superior(title) {
    phone = stage.phoneOf("boss");
    open("approvals");
    await page.sees(title);
    const { instance_id: id } = page.data.items.find((one) => one.title.includes(title));
    open("approvals/instance", { id });
    await page.sees("同意");
    return id;
  }

  const went = (part) => page.until(() => phone.went.some((url) => url.includes(part)));

  beforeAll(async () => {
    stage = await Stage.open();
  }, START_MS);

  afterAll(() => stage && stage.close());

  beforeEach(() => {
    phone = stage.phoneOf("lihua");
  });

  afterEach(() => {
    opened.forEach((one) => one.close());
    opened = [];
  });

  async function fillOvertime() {
    await page.enter(".at-day", "2026-03-07");
    await page.enter(".at-day_kind", "1");
    await page.type(".at-begins", "09:00");
    await page.type(".at-hours", "4");
    await page.enter(".at-wants", "1");
    await page.type(".at-reason", "发布新版本");
  }

  test("a form is found, kept as a draft, checked as it is filled in, and submitted", async () => {
    open("catalogue");
    await page.sees("请假");
    await page.type(".search", "加班");
    await page.until(() => page.data.groups.length === 1);
    const { url } = page.data.groups[0].entries[0];
    expect(url).toBe("/pages/forms/fill/index?code=overtime");
    open("forms/fill", { code: "overtime" });
    await page.sees("填完带 * 的项目后");
    await fillOvertime();
    await page.type(".at-hours", "13");
    await page.sees("不能大于 12");
    await page.tap(".save");
    await page.until(() => phone.toasts.includes("已保存"));
    open("catalogue");
    await page.sees("草稿");
    const [draft] = page.data.drafts;
    open("forms/fill", { code: "overtime", draft: draft.id });
    await page.sees("不能大于 12");
    await page.type(".at-hours", "4");
    await page.sees("直接上级老板");
    await page.tap(".submit");
    await went("/pages/approvals/mine/index");
    open("catalogue");
    await page.sees("加班");
    expect(page.data.drafts).toEqual([]);
  });

  test("it is sent back, changed, questioned, answered and agreed to; its receipt can be kept", async () => {
    const id = await superior("加班");
    await page.sees("发布新版本");
    const version = page.data.instance.version;
    open("approvals/act", { act: "back", id, seen: version });
    await page.sees("退回给");
    await page.type(".at-reason", "时长请按实际填写");
    await page.tap(".submit");
    await went("back");

    phone = stage.phoneOf("lihua");
    open("approvals/instance", { id, mine: "1" });
    await page.sees("已退回");
    const change = page.data.own.change;
    expect(change).toContain("/pages/forms/fill/index?change=");
    open("forms/fill", { change: change.split("change=")[1] });
    await page.sees("修改后会重新审批");
    await page.type(".at-hours", "3");
    await page.tap(".submit");
    await went("/pages/approvals/mine/index");

    await superior("加班");
    open("approvals/act", { act: "ask", id, seen: "0" });
    await page.sees("问题");
    await page.type(".at-text", "周六谁在现场？");
    await page.tap(".submit");
    await went("back");

    phone = stage.phoneOf("lihua");
    open("approvals/instance", { id, mine: "1" });
    await page.sees("回答审批人");
    phone.picture = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "paper-")), "名单.png");
    fs.writeFileSync(phone.picture, Buffer.from("89504e470d0a1a0a0000", "hex"));
    open("approvals/act", { act: "answer", id, seen: "0" });
    await page.sees("附件");
    await page.type(".at-text", "我和韩梅");
    await page.tap(".at-paper");
    await page.tap(".submit");
    await went("back");

    await superior("加班");
    await page.sees("附件：");
    phone.isPicture = true;
    await page.tap(".paper");
    await went("picture");
    await page.tap(".approve");
    await page.until(() => phone.toasts.includes("已同意"));
    await page.sees("已通过");

    phone = stage.phoneOf("lihua");
    open("approvals/instance", { id, mine: "1" });
    await page.sees("回执");
    open("approvals/receipt", { id });
    await page.sees("Ed25519");
    expect(page.text).toContain("老板同意");
    await page.tap(".copy");
    expect(JSON.parse(phone.storage.get("clipboard")).content.applicant.userid).toBe("lihua");
  });

  test("what somebody else asked for is not there", async () => {
    phone = stage.phoneOf("lihua");
    open("approvals/mine");
    await page.sees("加班");
    const [{ id }] = page.data.items;
    phone = stage.phoneOf("hanmei");
    open("approvals/instance", { id });
    await page.sees("没有找到，或您无权查看");
  });

  async function approve(title) {
    await superior(title);
    await page.tap(".approve");
    await page.until(() => phone.toasts.length);
    phone = stage.phoneOf("lihua");
  }

  let leaveId;

  test("leave is planned, kept as a draft, and a colleague is asked to cover", async () => {
    open("leave/planner");
    await page.sees("到 2027年3月");
    await page.sees("连休");
    open("leave/new", { kind: "annual", first_day: "2026-03-09", last_day: "2026-03-11" });
    await page.sees("3天");
    await page.type(".cover", "hanmei");
    await page.tap(".save");
    await page.until(() => phone.toasts.includes("已保存"));
    open("catalogue");
    await page.sees("年假，3月9日 周一起");
    open("leave/new", { draft: page.data.drafts[0].id });
    await page.sees("请完后还剩 2天");
    expect(page.data.cover).toBe("hanmei");
    await page.tap(".submit");
    await went("/pages/leave/request/index");
    leaveId = phone.went[0].split("id=")[1];
    phone = stage.phoneOf("hanmei");
    open("leave/calendar");
    await page.sees("请您代班");
    open("leave/cover", { id: page.data.covers[0].id });
    await page.sees("可以代班");
    await page.tap(".accept");
    await page.sees("已同意代班");
  });

  test("it is changed while it waits, and agreed to", async () => {
    open("leave/new", { edit: leaveId });
    await page.sees("修改后按新的内容重新审批");
    await page.type(".area", "回家探亲");
    await page.tap(".submit");
    await went("/pages/leave/request/index");
    await approve("年假");
    open("leave/request", { id: leaveId });
    await page.sees("已批准");
    expect(page.text).toContain("回家探亲");
    expect(page.text).toContain("已同意代班");
  });

  test("its answers open: why it costs this, why there is so much left, what there will be", async () => {
    open("leave/charge", { id: leaveId });
    await page.sees("3月9日 周一");
    await page.sees("从哪里扣");
    open("leave/balances");
    await page.sees("年假");
    open("leave/why", { kind: "annual" });
    await page.sees("这次怎么算的");
    open("leave/forecast", { kind: "annual" });
    await page.sees("已扣除：3月9日");
    await page.enter(".on", "2026-03-20");
    await page.sees("3月20日 周五可用");
    open("leave/new", { kind: "annual", first_day: "2026-04-13", last_day: "2026-04-24" });
    await page.sees("为什么不能提交");
  });

  test("it is moved, shortened by an early return, and the wish is withdrawn again", async () => {
    open("leave/new", { replaces: leaveId });
    await page.sees("改期：");
    await page.enter(".first-day", "2026-03-16");
    await page.enter(".last-day", "2026-03-18");
    await page.sees("3月16日 周一、");
    await page.tap(".submit");
    await went("/pages/leave/request/index");
    const movedId = phone.went[0].split("id=")[1];
    await approve("年假");
    open("leave/request", { id: movedId });
    await page.sees("已批准");
    await page.sees("相关的请假");
    open("leave/part", { id: movedId });
    await page.sees("勾选回来上班的日子");
    await page.enter(".day-2026-03-18", ["2026-03-18 am", "2026-03-18 pm"]);
    await page.sees("继续休2天");
    await page.type(".area", "提前返岗");
    await page.tap(".submit");
    await went("back");
    open("leave/request", { id: movedId });
    await page.sees("销假申请正在审批");
    await page.tap(".withdraw");
    await page.until(() => phone.toasts.includes("已撤回"));
    open("leave/request", { id: movedId });
    await page.sees("续假");
    open("leave/new", { extends: movedId });
    await page.sees("3月19日 周四");
  });

  test("part of it is agreed to, several at once are agreed to, and each says what became of it", async () => {
    const weeks = [["2026-05-11", "2026-05-12"], ["2026-05-18", "2026-05-19"], ["2026-05-25", "2026-05-26"]];
    for (const [first, last] of weeks) {
      open("leave/new", { kind: "personal", first_day: first, last_day: last });
      await page.sees("2天");
      await page.tap(".submit");
      await went("/pages/leave/request/index");
      phone.went = [];
    }
    const id = await superior("事假");
    const [first] = weeks.find(([day]) => page.text.includes(`5月${day.slice(8)}日`)); // asked in one instant: any may be first
    open("approvals/act", { act: "part", id, seen: page.data.instance.version });
    await page.sees("从哪天");
    await page.enter(".at-first_day", first);
    await page.enter(".at-last_day", first);
    await page.tap(".submit");
    await went("back");
    open("approvals");
    await page.sees("事假");
    const before = page.data.items.length;
    expect(before).toBe(2);
    await page.tap(".start");
    await page.enter(".boxes", page.data.items.map((one) => one.id));
    await page.tap(".approve-chosen");
    await page.sees(`已处理 ${before} 项，共 ${before} 项`);
    await page.sees("没有等您审批的申请");
  });
});
