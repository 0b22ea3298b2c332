/** What a form of the product is drawn from, as tables of cases: nothing of it needs a phone. */
const form = require("../src/utils/form");

const PLAIN = { is_required: false, options: [], unit: "", places: 0, formula: "", help: "", default: "", shown_when: "", columns: [] };
const field = (name, type, more = {}) => ({ ...PLAIN, name, title: name, type, ...more });

function stand(fields, { typed = {}, faults = [], shown, files = {}, departments = [] } = {}) {
  const preview = { shown: shown || fields.map(({ name }) => name), faults };
  return { form: { fields }, typed, files, departments, preview };
}

describe("what is typed", () => {
  test.each([
    ["a word", {}, { name: "why" }, "出差", { why: "出差" }],
    ["nothing any more", { why: "出差", city: "杭州" }, { name: "why" }, "", { city: "杭州" }],
    ["an end of a span", { span: { from: "2026-03-04" } }, { name: "span", part: "to" }, "2026-03-06", { span: { from: "2026-03-04", to: "2026-03-06" } }],
    ["a half", {}, { name: "span", part: "from_half" }, "pm", { span: { from_half: "pm" } }],
    ["the last end taken away", { span: { from: "2026-03-04" } }, { name: "span", part: "from" }, "", {}],
    ["ticks", { many: ["红"] }, { name: "many" }, ["红", "蓝"], { many: ["红", "蓝"] }],
    ["no ticks", { many: ["红"] }, { name: "many" }, [], {}],
    ["a cell of an empty table", {}, { name: "items", row: 0, column: "thing" }, "车费", { items: [{ thing: "车费" }] }],
    ["a cell of the second row", { items: [{ thing: "车费" }, {}] }, { name: "items", row: 1, column: "each" }, "20", { items: [{ thing: "车费" }, { each: "20" }] }],
  ])("%s", (_, before, place, value, after) => {
    expect(form.written(before, place, value)).toEqual(after);
  });

  test("rows come and go, and what was typed elsewhere is not touched", () => {
    const typed = Object.freeze({ items: Object.freeze([{ thing: "甲" }, { thing: "乙" }]), why: "出差" });
    expect(form.rowed(typed, "items").items).toEqual([{ thing: "甲" }, { thing: "乙" }, {}]);
    expect(form.rowed(typed, "items", 0)).toEqual({ items: [{ thing: "乙" }], why: "出差" });
    expect(form.rowed({}, "items").items).toEqual([{}, {}]);
  });
});

describe("what is drawn", () => {
  test("only fields that apply and are not computed", () => {
    const fields = [field("one", "choice"), field("why", "text"), field("sum", "money", { formula: "1" })];
    expect(form.drawn(stand(fields, { shown: ["one", "sum"] }), false).map(({ name }) => name)).toEqual(["one"]);
  });

  test("a missing value is a fault only once it was to be submitted; anything else at once", () => {
    const given = stand([field("why", "text"), field("day", "date")], {
      faults: [{ name: "why", sentence: "必填" }, { name: "day", sentence: "不能早于今天" }],
    });
    expect(form.drawn(given, false).map(({ problem }) => problem)).toEqual(["", "不能早于今天"]);
    expect(form.drawn(given, true).map(({ problem }) => problem)).toEqual(["必填", "不能早于今天"]);
  });

  test.each([
    [field("n", "number", { unit: "小时" }), "2", { title: "n（小时）", keyboard: "digit", value: "2" }],
    [field("n", "money"), undefined, { title: "n（元）", keyboard: "digit", value: "" }],
    [field("n", "choice", { options: ["甲", "乙"] }), "乙", { at: 1, value: "乙" }],
    [field("n", "choices", { options: ["甲", "乙"] }), ["乙"], { ticks: [{ title: "甲", isOn: false }, { title: "乙", isOn: true }] }],
    [field("n", "department"), "D2", { at: 1, options: ["公司", "研发部"], ids: [["D1", "公司"], ["D2", "研发部"]] }],
    [field("n", "files"), ["F1", "F2"], { files: [{ id: "F1", name: "发票.png" }, { id: "F2", name: "附件" }] }],
  ])("%j with %j", (one, value, expected) => {
    const typed = value === undefined ? {} : { n: value };
    const given = stand([one], { typed, files: { F1: "发票.png" }, departments: [["D1", "公司"], ["D2", "研发部"]] });
    expect(form.drawn(given, false)[0]).toMatchObject(expected);
  });

  test("a span has two ends; of half days the first begins in the morning and the last ends in the afternoon", () => {
    const [{ ends }] = form.drawn(stand([field("span", "half_days")], { typed: { span: { from: "2026-03-04", to_half: "am" } } }), false);
    expect(ends.map(({ day, isHalf, halfAt }) => [day, isHalf, halfAt])).toEqual([["2026-03-04", true, 0], ["", true, 0]]);
    const [plain] = form.drawn(stand([field("span", "dates")]), false);
    expect(plain.ends.map(({ isHalf, halfAt }) => [isHalf, halfAt])).toEqual([[false, 0], [false, 1]]);
  });

  test("a table has a row to begin with, no computed columns, and its faults in their cells", () => {
    const columns = [field("thing", "text"), field("sum", "money", { formula: "1" })];
    const given = stand([field("items", "table", { columns })], { faults: [{ name: "items.1.thing", sentence: "最多 100 个字" }] });
    const [{ rows }] = form.drawn(given, false);
    expect(rows).toHaveLength(1);
    expect(rows[0].cells).toEqual([expect.objectContaining({ name: "thing", problem: "最多 100 个字" })]);
  });
});

describe("what it comes to", () => {
  const step = (more) => ({ name: "直接上级", kind: "approve", state: "waiting", approvers: ["王五"], way: "", choosing: null, ...more });
  const preview = (more) => ({ computed: [["合计", "20.00"]], rows: [["所得", "调休 4 小时"]], steps: [step()], faults: [], refusal: null, ...more });

  test("figures first, then who approves", () => {
    const { figures, steps, isOpen } = form.outcome(preview(), {});
    expect(figures.map(({ label }) => label)).toEqual(["合计", "所得"]);
    expect(steps[0]).toMatchObject({ who: "王五", mustChoose: false, isSkipped: false });
    expect(isOpen).toBe(false);
  });

  test("a refusal of the whole is told only when no field is wrong", () => {
    expect(form.outcome(preview({ refusal: "余额不足" }), {}).refusal).toBe("余额不足");
    const faulty = form.outcome(preview({ refusal: "必填", faults: [{ name: "n", sentence: "必填" }], steps: [] }), {});
    expect([faulty.refusal, faulty.isOpen]).toEqual(["", true]);
  });

  test("a step says that nobody is there, that it is passed, or whom to choose", () => {
    const candidates = [{ id: "A", name: "甲" }, { id: "B", name: "乙" }];
    const steps = [step({ approvers: [] }), step({ state: "skipped" }), step({ name: "人事", approvers: [], choosing: { most: 1, is_anybody: false, candidates } })];
    const drawn = form.outcome(preview({ steps }), { 人事: ["B"] }).steps;
    expect(drawn[0].who).toBe("无人可审批");
    expect(drawn[1].isSkipped).toBe(true);
    expect(drawn[2]).toMatchObject({ mustChoose: true, at: 1, candidates });
  });
});
