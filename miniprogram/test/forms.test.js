/** Asking for something on the phone: the catalogue, and a form of every type of field. */
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

describe("the catalogue", () => {
  const groups = [
    { title: "时间", entries: [
      { subject: "leave", title: "请假", icon: "假", note: "年假、病假" }, { subject: "correction", title: "补卡", icon: "补", note: "" },
    ] },
    { title: "费用", entries: [{ subject: "form:expense", title: "报销", icon: "报", note: "" }] },
  ];

  beforeEach(() => {
    phone.answers["GET /catalogue"] = ({ query }) => (query.q ? [] : groups);
    phone.answers["GET /forms/drafts"] = [{ id: "D", code: "expense", title: "报销", values: {}, saved_at: "2026-03-01T02:00:00Z" }];
    phone.answers["GET /leave/drafts"] = [{ id: "E", kind_name: "年假", form: { first_day: "2026-03-09" }, saved_at: "2026-03-01T03:00:00Z" }];
  });

  test("leads to everything that can be asked for, and to what was begun", async () => {
    open("catalogue");
    await page.sees("报销");
    expect(page.text).toContain("年假，3月9日 周一起3月1日 11:00 保存");
    expect(page.data.groups.map(({ entries }) => entries.map(({ url }) => url))).toEqual([
      ["/pages/leave/new/index", "/pages/web/index?path=%2Fh5%2Fattendance%2Fcorrections%2Fnew"], ["/pages/forms/fill/index?code=expense"],
    ]);
    expect(page.data.drafts.map(({ url }) => url)).toEqual(["/pages/leave/new/index?draft=E", "/pages/forms/fill/index?code=expense&draft=D"]);
    page.dump("catalogue");
  });

  test("is searched, and says when there is nothing", async () => {
    open("catalogue");
    await page.sees("报销");
    await page.type(".search", "飞机");
    await page.sees("没有找到，换个词试试");
    expect(phone.last("GET /catalogue").query).toEqual({ q: "飞机" });
  });

  test("throws a draft away after a question", async () => {
    phone.answers["DELETE /leave/drafts/E"] = { status: 204, body: "" };
    open("catalogue");
    await page.sees("删除");
    phone.agrees = false;
    await page.tap(".discard");
    expect(phone.all("DELETE /leave/drafts/E")).toHaveLength(0);
    phone.agrees = true;
    phone.answers["GET /leave/drafts"] = [];
    await page.tap(".discard");
    await page.until(() => !page.text.includes("年假，"));
  });
});

describe("a form", () => {
  const plain = { is_required: false, options: [], unit: "", places: 0, formula: "", help: "", default: "", shown_when: "", columns: [] };
  const field = (name, title, type, more = {}) => ({ ...plain, name, title, type, ...more });
  const fields = [
    field("words", "文字", "text", { is_required: true }), field("story", "段落", "paragraph"), field("count", "数量", "number", { unit: "个" }),
    field("day", "日期", "date"), field("halves", "半天段", "half_days"), field("one", "单选", "choice", { options: ["甲", "乙"] }),
    field("why", "选乙的原因", "text", { is_required: true }), field("many", "多选", "choices", { options: ["红", "绿"] }),
    field("who", "人员", "person"), field("place", "部门", "department"), field("papers", "附件", "files"),
    field("items", "明细", "table", { columns: [field("thing", "名称", "text", { is_required: true }), field("kind", "类别", "choice", { options: ["车", "房"] })] }),
  ];
  const step = { name: "直接上级", kind: "approve", mode: "or_sign", state: "waiting", approvers: ["王五"], way: "", choosing: null };
  const preview = {
    title: "申请", computed: [], shown: fields.map(({ name }) => name).filter((name) => name !== "why"), rows: [], steps: [], refusal: "“文字”：必填",
    faults: [{ name: "words", title: "文字", sentence: "必填" }],
  };
  const whole = { ...preview, faults: [], refusal: null, steps: [step], computed: [["合计", "20.00"]] };
  const fill = {
    form: { code: "everything", title: "全类型", icon: "全", group: "其他", note: "什么都有", version: 4, is_active: true, fields },
    typed: {}, files: {}, departments: [["D1", "公司"], ["D2", "研发部"]], preview,
  };
  const sent = () => (phone.last("POST /forms/everything/preview") || { body: undefined }).body;

  beforeEach(async () => {
    phone.answers["GET /forms/everything/fill"] = fill;
    phone.answers["POST /forms/everything/preview"] = whole;
    open("forms/fill", { code: "everything" });
    await page.sees("填完带 * 的项目后，这里会显示由谁审批");
  });

  test("draws each type, and no fault before anybody has tried", () => {
    expect(phone.title).toBe("全类型");
    expect(page.text).toContain("什么都有");
    expect(page.text).not.toContain("必填");
    expect(page.text).not.toContain("选乙的原因");
    expect(page.count(".at-words")).toBe(1);
    page.dump("forms-fill");
  });

  test("sends each type in its shape, and shows who would approve", async () => {
    await page.type(".at-words", "出差");
    await page.enter(".at-day", "2026-03-09");
    await page.enter(".at-halves-from", "2026-03-09");
    await page.enter(".at-halves-to_half", "0");
    await page.enter(".at-one", "1");
    await page.enter(".at-many", ["红"]);
    await page.enter(".at-place", "1");
    await page.type(".cell-thing-0", "车费");
    await page.tap(".add-row-items");
    await page.enter(".cell-kind-1", "1");
    await page.sees("直接上级王五");
    expect(sent()).toEqual({
      values: {
        words: "出差", day: "2026-03-09", halves: { from: "2026-03-09", to_half: "am" }, one: "乙", many: ["红"], place: "D2",
        items: [{ thing: "车费" }, { kind: "房" }],
      },
      choices: {}, version: 4,
    });
    expect(page.text).toContain("合计20.00");
    expect(page.text).toContain("部门研发部");
    expect(page.count(".row-items")).toBe(2);
    await page.tap(".drop-row");
    expect(page.count(".row-items")).toBe(1);
  });

  test("shows a field once another makes it apply", async () => {
    phone.answers["POST /forms/everything/preview"] = { ...preview, shown: [...preview.shown, "why"] };
    await page.enter(".at-one", "1");
    await page.sees("选乙的原因");
  });

  test("takes files along, and away again", async () => {
    phone.answers["POST /forms/files"] = { status: 201, body: { id: "F", name: "发票.png" } };
    await page.tap(".at-papers");
    expect(phone.all("POST /forms/files")).toHaveLength(0);
    phone.picture = "wxfile://tmp/a.png";
    await page.tap(".at-papers");
    await page.sees("发票.png");
    await page.until(() => sent() && sent().values.papers);
    expect(sent().values).toEqual({ papers: ["F"] });
    page.instance.dropFile({ currentTarget: { dataset: { name: "papers", id: "F" } } });
    await page.until(() => !sent().values.papers);
  });

  test("lets the approver be chosen where the chain says so", async () => {
    const choosing = { most: 1, is_anybody: false, candidates: [{ id: "A", name: "甲" }, { id: "B", name: "乙" }] };
    const anybody = { most: 1, is_anybody: true, candidates: [] };
    phone.answers["POST /forms/everything/preview"] = {
      ...whole, steps: [{ ...step, name: "人事", approvers: [], choosing }, { ...step, name: "知情人", approvers: [], choosing: anybody }],
    };
    phone.answers["POST /forms/everything/requests"] = { status: 201, body: { id: "R" } };
    await page.type(".at-words", "出差");
    await page.sees("请选择审批人");
    await page.enter(".choose-0", "1");
    await page.type(".choose-1", "韩梅梅");
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    expect(phone.last("POST /forms/everything/requests").body).toEqual({
      values: { words: "出差" }, choices: { 人事: ["B"], 知情人: ["韩梅梅"] }, version: 4,
    });
    expect(phone.went).toEqual(["instead /pages/approvals/mine/index"]);
  });

  test("says beside each field what is missing once it was to be submitted", async () => {
    phone.answers["POST /forms/everything/preview"] = preview;
    phone.answers["POST /forms/everything/requests"] = problem(422, "invalid", "“文字”：必填", [{ field: "words", message: "必填", label: "文字" }]);
    await page.tap(".submit");
    await page.until(() => page.text.includes("必填"));
    expect(phone.toasts).toEqual(["文字必填"]);
    expect(phone.went).toEqual([]);
  });

  test("warns before what was typed is lost, and keeps it as a draft", async () => {
    phone.answers["POST /forms/everything/drafts"] = { status: 201, body: { id: "D9" } };
    await page.type(".at-words", "出差");
    expect(phone.warning).toContain("还没有保存");
    await page.tap(".save");
    await page.until(() => phone.toasts.includes("已保存"));
    expect(phone.warning).toBe("");
    await page.tap(".save");
    await page.until(() => phone.all("POST /forms/everything/drafts").length === 2);
    expect(phone.last("POST /forms/everything/drafts").body.draft_id).toBe("D9");
    expect([...phone.storage.keys()]).toEqual(["session"]);
  });

  test("is filled in just as well on a client that cannot warn", async () => {
    delete global.wx.enableAlertBeforeUnload;
    delete global.wx.disableAlertBeforeUnload;
    phone.answers["POST /forms/everything/drafts"] = { status: 201, body: { id: "D9" } };
    await page.type(".at-words", "出差");
    await page.tap(".save");
    await page.until(() => phone.toasts.includes("已保存"));
  });

  test("goes on from a draft", async () => {
    phone.answers["GET /forms/everything/fill"] = { ...fill, typed: { words: "写了一半" } };
    page.close();
    open("forms/fill", { code: "everything", draft: "D9" });
    await page.until(() => page.find(".at-words") && page.data.fields[0].value === "写了一半");
    expect(phone.last("GET /forms/everything/fill").query).toEqual({ draft: "D9" });
  });

  test("that was submitted is changed with what was submitted, and is approved anew", async () => {
    phone.answers["POST /forms/requests/R/fill"] = { ...fill, typed: { words: "出差" }, preview: whole };
    phone.answers["PUT /forms/requests/R"] = { id: "R" };
    page.close();
    open("forms/fill", { change: "R" });
    await page.sees("修改后会重新审批");
    expect(page.count(".save")).toBe(0);
    await page.type(".at-words", "出差两天");
    await page.until(() => phone.all("POST /forms/requests/R/fill").length === 2);
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    expect(phone.last("PUT /forms/requests/R").body).toEqual({ values: { words: "出差两天" }, choices: {} });
  });
});
