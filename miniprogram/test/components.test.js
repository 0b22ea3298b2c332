/** The pieces that pages are made of. */
const { Drawn } = require("./support/renderer");

let drawn;

function draw(name, properties) {
  drawn = new Drawn(`components/${name}`, properties);
  return drawn;
}

afterEach(() => drawn.close());

describe("screen-state", () => {
  test("says that it waits, and shows no content meanwhile", () => {
    expect(draw("screen-state", { status: "loading" }).text).toBe("正在加载…");
  });

  test("says what went wrong and offers another try", async () => {
    const state = draw("screen-state", { status: "error", problem: "网络连接不上" });
    const tries = [];
    state.component.addEventListener("retry", () => tries.push("once"));
    expect(state.text).toContain("网络连接不上");
    await state.tap(".weui-btn");
    expect(tries).toEqual(["once"]);
  });

  test("says that there is nothing", () => {
    expect(draw("screen-state", { status: "ready", empty: "没有公告" }).text).toBe("没有公告");
  });

  test("steps aside for the content", () => {
    expect(draw("screen-state", { status: "ready" }).text).toBe("");
  });
});

test("a status tag carries its words and its tone", () => {
  const tag = draw("status-tag", { title: "审批中", tone: "wait" });
  expect(tag.text).toBe("审批中");
  expect(tag.count(".tag_wait")).toBe(1);
  tag.dump("status-tag");
});

test("a field of a form shows its problem beside it", () => {
  const field = draw("form-field", { label: "事由", must: true, problem: "最多 500 个字" });
  expect(field.text).toBe("事由* 最多 500 个字".replace(" ", ""));
});

describe("time-line", () => {
  const entries = [
    { at: "2026-03-02T01:30:00Z", title: "李华提交申请", note: "", tone: "mute" },
    { at: "2026-03-02T17:05:12.123456Z", title: "直接上级：陈晨同意", note: "好好休息", tone: "good" },
  ];

  test("tells what happened in the company's time", () => {
    const line = draw("time-line", { entries });
    expect(line.count(".line__entry")).toBe(2);
    expect(line.text).toMatch(/李华提交申请.*3月2日 09:30.*陈晨同意好好休息.*3月3日 01:05/);
    expect(line.count(".line__entry_good")).toBe(1);
  });
});

test("the pay bar draws the lengths that the server worked out", () => {
  const bar = draw("pay-bar", {
    label: "去向",
    parts: [
      { name: "个人所得税", amount: "290.50", permille: 28 },
      { name: "实发", amount: "10209.50", permille: 972 },
    ],
  });
  const widths = Array.from(bar.component.dom.querySelectorAll("[style*=width]"), (part) => part.style.width);
  expect(widths).toEqual(["2.8%", "97.2%"]);
  expect(bar.text).toContain("实发 10,209.50");
});

describe("looking for requests", () => {
  const kinds = [{ subject: "", title: "全部" }, { subject: "leave", title: "请假" }];
  let told;

  function search(properties) {
    told = [];
    draw("request-search", { hint: "搜索", kinds, ...properties });
    drawn.component.addEventListener("search", ({ detail }) => told.push(detail));
  }

  test("tells the words once the fingers rest", async () => {
    search({});
    await drawn.type(".search", "年");
    await drawn.type(".search", "年假");
    await drawn.until(() => told.length);
    expect(told).toEqual([{ q: "年假", subject: "", person: "", first_day: "", last_day: "" }]);
  });

  test("narrows by kind, person and days, and shows that it does", async () => {
    search({});
    expect(drawn.count(".subject")).toBe(0);
    await drawn.tap(".toggle");
    await drawn.enter(".subject", "1");
    await drawn.type(".person", "李华");
    await drawn.enter(".first-day", "2026-03-01");
    await drawn.until(() => told.length);
    expect(told[0]).toEqual({ q: "", subject: "leave", person: "李华", first_day: "2026-03-01", last_day: "" });
    expect(drawn.text).toContain("已筛选");
    await drawn.tap(".clear");
    await drawn.until(() => told.length === 2);
    expect(told[1]).toEqual({ q: "", subject: "", person: "", first_day: "", last_day: "" });
    expect(drawn.text).not.toContain("已筛选");
  });

  test("of mine asks for nobody's name", async () => {
    search({ mine: true });
    await drawn.tap(".toggle");
    expect(drawn.count(".person")).toBe(0);
  });
});
