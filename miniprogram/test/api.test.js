/** How the mini-program speaks to the product: sessions, keys, refusals. */
const { Phone, problem } = require("./support/phone");

let phone;
let api;

beforeEach(() => {
  phone = new Phone();
  jest.isolateModules(() => {
    api = require("../src/utils/api");
  });
});

describe("logging in", () => {
  test("exchanges the code of WeCom for a token, keeps it, and sends it along", async () => {
    phone.answers["GET /me/home"] = { name: "李华" };
    await api.call("home");
    await api.call("home");
    expect(phone.all("POST /session").map(({ body }) => body)).toEqual([{ code: "code-of-wecom" }]);
    expect(phone.last("GET /me/home").header.Authorization).toBe("Bearer token-1");
    expect(phone.storage.get("session")).toBe("token-1");
  });

  test("outside WeCom takes the code of WeChat, as DevTools has it", async () => {
    delete global.wx.qy;
    phone.answers["GET /me/home"] = {};
    await api.call("home");
    expect(phone.last("POST /session").body).toEqual({ code: "code-of-wechat" });
  });

  test("is not needed while the token of last time is good", async () => {
    phone.storage.set("session", "token-0");
    phone.answers["GET /me/home"] = {};
    await api.call("home");
    expect(phone.last("GET /me/home").header.Authorization).toBe("Bearer token-0");
    expect(phone.all("POST /session")).toHaveLength(0);
  });

  test("happens once more when the session has ended, and the request is repeated under the same key", async () => {
    phone.storage.set("session", "token-0");
    phone.answers["POST /notices/N/confirm"] = ({ header }) =>
      header.Authorization === "Bearer token-1" ? { status: 204, body: "" } : problem(401, "unauthenticated", "登录已失效");
    await api.call("confirmNotice", { id: "N" });
    const [first, second] = phone.all("POST /notices/N/confirm");
    expect(second.header["Idempotency-Key"]).toBe(first.header["Idempotency-Key"]);
    expect(phone.all("POST /session")).toHaveLength(1);
  });

  test("happens once for several requests at the same time", async () => {
    phone.storage.set("session", "token-0");
    const answer = ({ header }) =>
      header.Authorization === "Bearer token-1" ? { items: [] } : problem(401, "unauthenticated", "登录已失效");
    phone.answers["GET /notices"] = answer;
    phone.answers["GET /approvals/tasks"] = answer;
    await Promise.all([api.call("notices"), api.call("tasks"), api.call("notices")]);
    expect(phone.all("POST /session")).toHaveLength(1);
  });

  test("does not go on for ever: a second 401 is told", async () => {
    phone.answers["GET /me/home"] = problem(401, "unauthenticated", "登录已失效");
    await expect(api.call("home")).rejects.toMatchObject({ status: 401, title: "登录已失效" });
    expect(phone.all("GET /me/home")).toHaveLength(2);
  });

  test("that is refused says why", async () => {
    phone.answers["POST /session"] = problem(403, "forbidden", "没有识别到您的企业成员身份");
    await expect(api.call("home")).rejects.toMatchObject({ title: "没有识别到您的企业成员身份" });
  });

  test("that WeCom does not give is told", async () => {
    global.wx.qy.login = ({ fail }) => fail({ errMsg: "qy__login:fail" });
    await expect(api.call("home")).rejects.toMatchObject({ title: expect.stringContaining("没能登录") });
  });
});

describe("a write", () => {
  const body = { decision: "approve", comment: "" };
  const decide = (wish = body) => api.call("decide", { id: "T", body: wish });
  const keys = () => phone.all("POST /approvals/tasks/T/decision").map(({ header }) => header["Idempotency-Key"]);

  test("carries a key of its own that the product accepts", async () => {
    phone.answers["POST /approvals/tasks/T/decision"] = {};
    await decide();
    await decide();
    const [first, second] = keys();
    expect(first).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
    expect(second).not.toBe(first);
  });

  test("whose answer was lost is repeated under the same key", async () => {
    await expect(decide()).rejects.toMatchObject({ status: 0, title: "网络连接不上，请检查网络后再试" });
    phone.answers["POST /approvals/tasks/T/decision"] = {};
    await decide();
    const [first, second] = keys();
    expect(second).toBe(first);
  });

  test("of something else is another act, whatever was lost before", async () => {
    await expect(decide()).rejects.toThrow();
    await expect(decide({ decision: "reject", comment: "忙" })).rejects.toThrow();
    const [first, second] = keys();
    expect(second).not.toBe(first);
  });

  test("long after a lost answer is an act of its own", async () => {
    await expect(decide()).rejects.toThrow();
    jest.setSystemTime(Date.now() + 11 * 60 * 1000);
    await expect(decide()).rejects.toThrow();
    const [first, second] = keys();
    expect(second).not.toBe(first);
  });
});

test("a read carries no key, and leaves empty fields of its query out", async () => {
  phone.answers["GET /leave/requests"] = { items: [] };
  await api.call("leaveRequests", { query: { state: "", cursor: "a b&c", limit: undefined } });
  const { header, query } = phone.last("GET /leave/requests");
  expect(header["Idempotency-Key"]).toBeUndefined();
  expect(query).toEqual({ cursor: "a b&c" });
});

test("a file goes as a form with the other fields beside it", async () => {
  phone.answers["POST /leave/requests"] = { status: 201, body: { id: "L" } };
  const body = { kind: "sick", reason: "发烧", from_time: null };
  await expect(api.call("applyForLeave", { body, file: "tmp/p.jpg", fileField: "proof" })).resolves.toEqual({ id: "L" });
  const { file, body: fields, header } = phone.last("POST /leave/requests");
  expect(file).toEqual({ name: "proof", filePath: "tmp/p.jpg" });
  expect(fields).toEqual({ kind: "sick", reason: "发烧" });
  expect(header["Idempotency-Key"]).toBeTruthy();
});

describe("a refusal", () => {
  test("names its fields and says all that is wrong", async () => {
    const errors = [{ field: "reason", message: "最多 500 个字", label: "事由" }, { field: "", message: "驳回时请写明理由" }];
    phone.answers["GET /me/home"] = problem(422, "invalid", "填写的内容有误", errors);
    const refused = await api.call("home").catch((error) => error);
    expect(refused.fields).toEqual({ reason: "最多 500 个字" });
    expect(refused.sentence).toBe("事由最多 500 个字；驳回时请写明理由");
    expect(refused.code).toBe("invalid");
  });

  test("of a proxy on the way is no page of HTML on the screen", async () => {
    phone.answers["GET /me/home"] = { status: 502, body: "<html>Bad Gateway</html>" };
    await expect(api.call("home")).rejects.toMatchObject({ status: 502, title: "服务暂时没有响应，请稍后再试" });
  });
});

describe("a file", () => {
  test("is fetched under the same login, which is renewed when it has ended", async () => {
    phone.storage.set("session", "token-0");
    phone.answers["GET /forms/requests/R/files/F%20"] = ({ header }) =>
      header.Authorization === "Bearer token-1" ? { status: 200, body: "" } : { status: 401, body: "" };
    await expect(api.fetchFile("formFile", { id: "R", part: "F " })).resolves.toMatch(/^wxfile/);
    expect(phone.all("POST /session")).toHaveLength(1);
  });

  test("that cannot be had says so, as does a network that is gone", async () => {
    phone.answers["GET /forms/requests/R/files/F"] = { status: 404, body: "" };
    await expect(api.fetchFile("formFile", { id: "R", part: "F" })).rejects.toMatchObject({ status: 404, title: expect.stringContaining("文件打不开") });
    await expect(api.fetchFile("formFile", { id: "R", part: "G" })).rejects.toMatchObject({ status: 0 });
  });
});

test("a list in a query is written once for each of its values", async () => {
  phone.request = ({ url, success }) => success({ statusCode: url.includes("/session") ? 201 : 200, data: { token: "t", url } });
  const { url } = await api.call("leaveRefund", { id: "L", query: { days: ["2026-03-09 am", "2026-03-10"], first_day: "" } });
  expect(url).toMatch(/refund\?days=2026-03-09%20am&days=2026-03-10$/);
});
