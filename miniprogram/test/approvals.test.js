/** Approving on the phone, and following what one asked for: the inbox, one request, every act, the receipt. */
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

const task = {
  id: "T", instance_id: "I", subject: "leave", title: "李华申请年假3天", applicant: "李华", step: "直接上级",
  waiting_since: "2026-02-27T09:00:00Z", is_overdue: true, on_behalf_of: "陈晨", version: 3,
};
const step = { id: "S", name: "直接上级", kind: "approve", mode: "countersign", state: "open", approvers: ["王总", "周总"], way: "全部同意才通过" };
const instance = {
  id: "I", subject: "leave", subject_id: "L", title: "李华申请年假3天", applicant: "李华", state: "pending", waiting_for: ["王总"],
  started_at: "2026-03-01T02:00:00Z", ended_at: null, rows: [["时间", "3月4日至3月6日"], ["审批后余额", "2天"]], steps: [step],
  history: [], my_task_id: "T", may_urge: false, version: 7, part: null, may_approve_part: true, may_send_again: false,
  may_answer: false, may_ask: true, may_return_to: [{ id: "E", name: "人事初审" }], has_receipt: false,
};
const settled = { ...instance, state: "approved", my_task_id: null, waiting_for: [], may_approve_part: false, may_ask: false };
const form = {
  id: "F", code: "expense", form: "报销", title: "李华报销", state: "pending", person_name: "李华", is_mine: true, may_change: true, may_void: false,
  sections: [
    { title: "明细", fields: [
      { name: "why", title: "事由", text: "出差", head: [], rows: [], files: [] },
      { name: "items", title: "费用", text: "", head: ["项目", "金额"], rows: [["车费", "20.00"], ["合计", "20.00"]], has_sums: true, files: [] },
      { name: "papers", title: "发票", text: "", head: [], rows: [], files: [["P1", "发票.png"], ["P2", "合同.pdf"]] },
    ] },
  ],
};

describe("the inbox", () => {
  test("lists what waits, and for whom one stands in", async () => {
    phone.answers["GET /approvals/tasks"] = { items: [task], next_cursor: null };
    open("approvals");
    await page.sees("李华申请年假3天");
    expect(page.text).toContain("代 陈晨 审批");
    expect(page.text).toContain("已超时");
    expect(page.count(".start")).toBe(0);
    page.dump("approvals");
  });

  test("with nothing to do says so, and with nothing found says that", async () => {
    phone.answers["GET /approvals/tasks"] = { items: [], next_cursor: null };
    open("approvals");
    await page.sees("没有等您审批的申请");
    await page.instance.search({ detail: { q: "报销", person: "李华" } });
    await page.sees("没有找到相关的待办");
    expect(phone.last("GET /approvals/tasks").query).toEqual({ q: "报销", person: "李华" });
  });

  describe("several at once", () => {
    const others = [task, { ...task, id: "U", instance_id: "J", title: "韩梅申请加班", version: 1 }];

    beforeEach(async () => {
      phone.answers["GET /approvals/tasks"] = { items: others, next_cursor: null };
      phone.answers["POST /approvals/tasks/decisions"] = [
        { task_id: "T", is_done: true, problem: "" }, { task_id: "U", is_done: false, problem: "内容已变化，请重新查看" },
      ];
      open("approvals");
      await page.sees("韩梅申请加班");
      await page.tap(".start");
    });

    test("are each decided in the version that was seen, and each says what became of it", async () => {
      await page.enter(".boxes", ["T", "U"]);
      page.dump("approvals-batch");
      await page.tap(".approve-chosen");
      await page.sees("已处理 1 项，共 2 项");
      expect(page.text).toContain("韩梅申请加班 未处理内容已变化，请重新查看");
      expect(phone.last("POST /approvals/tasks/decisions").body).toEqual({
        tasks: [{ task_id: "T", seen: 3 }, { task_id: "U", seen: 1 }], decision: "approve",
      });
    });

    test("are none without a tick, or without a yes", async () => {
      await page.tap(".approve-chosen");
      expect(phone.toasts).toEqual(["请先勾选要同意的申请"]);
      phone.agrees = false;
      await page.enter(".boxes", ["T"]);
      await page.tap(".approve-chosen");
      expect(phone.all("POST /approvals/tasks/decisions")).toHaveLength(0);
    });
  });
});

describe("deciding", () => {
  async function decided(how, comment, answer) {
    phone.answers["GET /approvals/instances/I"] = instance;
    phone.answers["POST /approvals/tasks/T/decision"] = answer;
    open("approvals/instance", { id: "I" });
    await page.sees("审批后余额2天");
    page.dump("approvals-instance");
    await page.type(".comment", comment);
    phone.answers["GET /approvals/instances/I"] = settled;
    await page.tap(how);
  }
  const sent = () => phone.last("POST /approvals/tasks/T/decision").body;

  test("agrees to the version that was read, and shows what became of it", async () => {
    await decided(".approve", "", { task: "approved", instance: "approved" });
    await page.sees("已批准");
    expect(sent()).toEqual({ decision: "approve", comment: "", seen: 7 });
    expect(page.count(".approve")).toBe(0);
  });

  test("refuses with a reason", async () => {
    await decided(".reject", "当周要上线", { task: "rejected", instance: "rejected" });
    await page.until(() => phone.toasts.includes("已驳回"));
    expect(sent()).toEqual({ decision: "reject", comment: "当周要上线", seen: 7 });
  });

  test("refuses with a reason that is picked, as on the card", async () => {
    phone.answers["GET /approvals/instances/I"] = instance;
    phone.answers["POST /approvals/tasks/T/decision"] = {};
    open("approvals/instance", { id: "I" });
    await page.sees("同意");
    await page.enter(".reason", "1");
    await page.tap(".reject");
    expect(sent()).toEqual({ decision: "reject", comment: "人手不足，请改期", seen: 7 });
  });

  test("without a reason hears the server's sentence, and the task stays", async () => {
    await decided(".reject", "", problem(422, "invalid", "填写的内容有误", [{ field: "", message: "驳回时请写明理由" }]));
    await page.until(() => phone.toasts.includes("驳回时请写明理由"));
    expect(page.count(".reject")).toBe(1);
  });

  test("too late hears who decided, and sees how it stands", async () => {
    await decided(".approve", "", problem(409, "approvals.already_decided", "陈晨已同意"));
    await page.until(() => phone.toasts.includes("陈晨已同意"));
    await page.sees("已批准");
  });

  test("shows how similar ones were decided, the steps and how they are passed", async () => {
    phone.answers["GET /approvals/instances/I"] = instance;
    phone.answers["GET /approvals/tasks/T/precedents"] = { decided: 5, approved: 4, rejected: 1, since: "2026-02-01T02:00:00Z" };
    open("approvals/instance", { id: "I" });
    await page.sees("同意 4，驳回 1");
    expect(page.text).toContain("直接上级王总、周总（全部同意才通过）审批中");
  });
});

describe("a form in approval", () => {
  beforeEach(() => {
    phone.answers["GET /approvals/instances/I"] = { ...settled, state: "pending", subject: "form:expense", subject_id: "F" };
    phone.answers["GET /forms/requests/F"] = form;
  });

  test("shows its fields, tables and files, and what its applicant may do", async () => {
    phone.answers["POST /forms/requests/F/withdraw"] = { status: 204, body: "" };
    open("approvals/instance", { id: "I" });
    await page.sees("项目金额车费20.00合计20.00");
    expect(page.text).toContain("修改申请照样再填一份");
    page.dump("approvals-form");
    phone.agrees = false;
    await page.tap(".withdraw");
    expect(phone.all("POST /forms/requests/F/withdraw")).toHaveLength(0);
    phone.agrees = true;
    await page.tap(".withdraw");
    await page.until(() => phone.toasts.includes("已撤回"));
  });

  test("opens a picture as a picture and anything else as a document", async () => {
    phone.answers["GET /forms/requests/F/files/P1"] = { status: 200, body: "" };
    phone.answers["GET /forms/requests/F/files/P2"] = { status: 404, body: "" };
    open("approvals/instance", { id: "I" });
    await page.sees("发票.png");
    phone.isPicture = true;
    await page.tap(".file");
    await page.until(() => phone.went.length);
    expect(phone.went[0]).toMatch(/^picture wxfile/);
    expect(phone.last("GET /forms/requests/F/files/P1").header.Authorization).toBe("Bearer token-1");
    await page.instance.openFile({ currentTarget: { dataset: { id: "P2" } } });
    expect(phone.toasts).toContain("文件打不开：可能已被删除，或您无权查看");
    phone.answers["GET /forms/requests/F/files/P2"] = { status: 200, body: "" };
    phone.isPicture = false;
    await page.instance.openFile({ currentTarget: { dataset: { id: "P2" } } });
    expect(phone.went[1]).toMatch(/^document wxfile/);
  });
});

describe("every other act", () => {
  async function act(name, about = {}) {
    phone.answers["GET /approvals/instances/I"] = { ...instance, ...about };
    open("approvals/act", { act: name, id: "I", seen: "7" });
    await page.sees("李华申请年假3天");
  }
  const done = { status: 204, body: "" };

  test("is offered when the server allows it, and carries the version along", async () => {
    phone.answers["GET /approvals/instances/I"] = instance;
    open("approvals/instance", { id: "I" });
    await page.sees("部分同意退回向申请人提问加签转交同事评论");
    await page.tap(".act-back");
    expect(phone.went).toEqual(["to /pages/approvals/act/index?act=back&id=I&seen=7"]);
  });

  test("is not offered to who only looks", async () => {
    phone.answers["GET /approvals/instances/I"] = settled;
    open("approvals/instance", { id: "I" });
    await page.sees("评论");
    ["part", "back", "ask", "sign", "transfer", "answer", "again"].forEach((name) => expect(page.count(`.act-${name}`)).toBe(0));
  });

  test("a part of the days is agreed to", async () => {
    phone.answers["POST /approvals/tasks/T/decision"] = { task: "approved", instance: "approved" };
    await act("part");
    await page.enter(".at-first_day", "2026-03-04");
    await page.enter(".at-last_day", "2026-03-05");
    page.dump("approvals-act");
    await page.tap(".submit");
    await page.until(() => phone.went.includes("back"));
    expect(phone.last("POST /approvals/tasks/T/decision").body).toEqual({
      decision: "approve", comment: "", part: { first_day: "2026-03-04", last_day: "2026-03-05" }, seen: 7,
    });
  });

  test("it goes back to the applicant, or to an earlier step", async () => {
    phone.answers["POST /approvals/tasks/T/return"] = done;
    await act("back");
    expect(page.text).toContain("申请人，修改后重新提交");
    await page.type(".at-reason", "请写明交接人");
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    expect(phone.last("POST /approvals/tasks/T/return").body).toEqual({ reason: "请写明交接人", seen: 7 });
    await page.enter(".at-to", "1");
    await page.tap(".submit");
    await page.until(() => phone.went.length === 2);
    expect(phone.last("POST /approvals/tasks/T/return").body).toEqual({ to: "E", reason: "请写明交接人", seen: 7 });
  });

  test("a colleague is asked as well, or instead", async () => {
    phone.answers["POST /approvals/tasks/T/signers"] = done;
    await act("sign");
    await page.type(".at-to", "韩梅梅");
    await page.enter(".at-when", "2");
    await page.tap(".submit");
    await page.until(() => phone.went.length);
    expect(phone.last("POST /approvals/tasks/T/signers").body).toEqual({ to: "韩梅梅", when: "after" });
    phone.answers["POST /approvals/tasks/T/transfer"] = problem(422, "invalid", "填写的内容有误", [{ field: "to", message: "没有找到这位同事", label: "同事" }]);
    page.close();
    await act("transfer");
    await page.type(".at-to", "查无此人");
    await page.tap(".submit");
    await page.sees("没有找到这位同事");
    expect(phone.went).toHaveLength(1);
  });

  test("the applicant is asked, and answers with a paper", async () => {
    phone.answers["POST /approvals/tasks/T/question"] = done;
    await act("ask");
    await page.type(".at-text", "谁来交接？");
    await page.tap(".submit");
    await page.until(() => phone.toasts.includes("已提问"));
    expect(phone.last("POST /approvals/tasks/T/question").body).toEqual({ text: "谁来交接？" });
    page.close();
    phone.answers["POST /approvals/instances/I/answer"] = done;
    phone.picture = "wxfile://tmp/plan.jpg";
    await act("answer", { my_task_id: null, may_answer: true });
    await page.type(".at-text", "韩梅梅");
    await page.tap(".at-paper");
    await page.sees("已选择 1 张图片");
    await page.tap(".submit");
    await page.until(() => phone.toasts.includes("已回答"));
    const { file, body } = phone.last("POST /approvals/instances/I/answer");
    expect({ file, body }).toEqual({ file: { name: "paper", filePath: "wxfile://tmp/plan.jpg" }, body: { text: "韩梅梅" } });
  });

  test("what was sent back is submitted again, and what waits is urged", async () => {
    phone.answers["POST /approvals/instances/I/resubmit"] = done;
    await act("again", { may_send_again: true, my_task_id: null });
    await page.type(".at-comment", "已补充");
    await page.tap(".submit");
    await page.until(() => phone.toasts.includes("已提交"));
    expect(phone.last("POST /approvals/instances/I/resubmit").body).toEqual({ comment: "已补充" });
    page.close();
    phone.answers["GET /approvals/instances/I"] = { ...settled, state: "pending", may_urge: true };
    phone.answers["POST /approvals/instances/I/urge"] = problem(409, "conflict", "刚催办过，请 30 分钟后再试");
    open("approvals/instance", { id: "I" });
    await page.sees("催办");
    await page.tap(".urge");
    await page.until(() => phone.toasts.includes("刚催办过，请 30 分钟后再试"));
  });
});

describe("delegations", () => {
  const one = { id: "D", from_name: "我", to_name: "韩梅梅", first_day: "2026-03-09", last_day: "2026-03-10", about: "请假", is_mine: true };

  beforeEach(async () => {
    phone.answers["GET /catalogue"] = [{ title: "时间", entries: [{ subject: "leave", title: "请假", icon: "假", note: "" }] }];
    phone.answers["GET /approvals/delegations"] = [one, { ...one, id: "E", from_name: "王总", about: null, is_mine: false }];
    open("approvals/delegations");
    await page.until(() => page.data.kinds.length);
  });

  test("of mine and to me are told apart, and mine can be ended", async () => {
    expect(page.text).toContain("韩梅梅3月9日 周一 至 3月10日 周二 · 只限请假");
    expect(page.text).toContain("我代人审批王总");
    page.dump("approvals-delegations");
    phone.answers["DELETE /approvals/delegations/D"] = { status: 204, body: "" };
    phone.agrees = false;
    await page.tap(".revoke");
    expect(phone.all("DELETE /approvals/delegations/D")).toHaveLength(0);
    phone.agrees = true;
    phone.answers["GET /approvals/delegations"] = [];
    await page.tap(".revoke");
    await page.sees("没有委托别人");
  });

  test("are made for some days and one kind of request, or refused beside the field", async () => {
    phone.answers["POST /approvals/delegations"] = ({ body }) =>
      body.to === "韩梅梅" ? { status: 201, body: one } : problem(422, "invalid", "填写的内容有误", [{ field: "to", message: "没有找到这位同事", label: "同事" }]);
    await page.type(".to", "查无此人");
    await page.tap(".delegate");
    await page.sees("没有找到这位同事");
    await page.type(".to", "韩梅梅");
    await page.enter(".kind", "1");
    await page.enter(".last", "2026-03-10");
    await page.tap(".delegate");
    await page.until(() => phone.toasts.includes("已委托"));
    expect(phone.last("POST /approvals/delegations").body).toEqual({ to: "韩梅梅", first_day: "2026-03-02", last_day: "2026-03-10", subject: "leave" });
  });
});

describe("what I asked for", () => {
  test("is searched and filtered by the server, page by page", async () => {
    const line = { ...instance, waiting_for: ["王总"] };
    phone.answers["GET /approvals/mine"] = ({ query }) => ({ items: query.state ? [] : [line], next_cursor: query.cursor ? null : "c" });
    phone.answers["GET /catalogue"] = [{ title: "时间", entries: [{ subject: "leave", title: "请假", icon: "假", note: "" }] }];
    open("approvals/mine");
    await page.sees("等待王总");
    expect(page.data.kinds).toEqual([{ subject: "", title: "全部" }, { subject: "leave", title: "请假" }]);
    expect(page.text).toContain("审批中");
    page.dump("approvals-mine");
    await page.instance.onReachBottom();
    expect(page.count(".one")).toBe(2);
    await page.instance.search({ detail: { q: "年假", subject: "leave" } });
    await page.instance.filter({ currentTarget: { dataset: { state: "returned" } } });
    await page.sees("没有这样的申请");
    expect(phone.last("GET /approvals/mine").query).toEqual({ state: "returned", q: "年假", subject: "leave" });
  });

  test("leads to the leave itself, where it is withdrawn or changed", async () => {
    phone.answers["GET /approvals/instances/I"] = settled;
    open("approvals/instance", { id: "I", mine: "1" });
    await page.sees("撤回、修改、销假");
  });

  test("has a receipt in the end, to keep elsewhere and never on the phone", async () => {
    const receipt = {
      content: {
        title: "李华申请年假3天", state: "approved", applicant: { name: "李华" }, ended_at: "2026-03-01T03:00:00+00:00",
        decisions: [{ step: "直接上级", decision: "approved", by: "王总", in_place_of: null, at: "2026-03-01T03:00:00+00:00", comment: "去吧" }],
      },
      signature: { algorithm: "Ed25519", key_id: "k1", value: "abc" },
      proof: null,
    };
    phone.answers["GET /approvals/instances/I/receipt"] = receipt;
    open("approvals/receipt", { id: "I" });
    await page.sees("王总同意直接上级 · 去吧3月1日 11:00");
    expect(page.text).toContain("次日起附有当日存证");
    page.dump("approvals-receipt");
    await page.tap(".copy");
    expect(JSON.parse(phone.storage.get("clipboard"))).toEqual(receipt);
    phone.storage.delete("clipboard");
    expect([...phone.storage.keys()]).toEqual(["session"]);
  });
});
