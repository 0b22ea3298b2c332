/** What can be done about a request besides agreeing and refusing, as data: what is asked, and what is sent. */
const { SIGNINGS } = require("./words");

/**
 * @typedef {object} Field
 * @property {string} name as the API calls it
 * @property {string} title
 * @property {"line" | "area" | "date" | "choice" | "picture"} control
 * @property {boolean} [must]
 * @property {string} [placeholder]
 * @property {{value: string, title: string}[]} [options] of a choice
 */
/**
 * @typedef {object} Act
 * @property {string} title
 * @property {string} done what is said when it worked
 * @property {import("./api").Operation} operation
 * @property {"task" | "instance"} about whose id is named
 * @property {boolean} [binds] to the version of the request that was read
 * @property {Field[]} fields
 */

const WHO = { name: "to", title: "同事", control: /** @type {"line"} */ ("line"), must: true, placeholder: "姓名、账号或工号" };
const PAPER = { name: "paper", title: "附件", control: /** @type {"picture"} */ ("picture") };
const ORDER = Object.entries(SIGNINGS).map(([value, title]) => ({ value, title }));

/** @type {Record<string, Act>} */
const ACTS = {
  part: {
    title: "部分同意",
    done: "已同意",
    operation: "decide",
    about: "task",
    binds: true,
    fields: [
      { name: "first_day", title: "从哪天", control: "date", must: true },
      { name: "last_day", title: "到哪天", control: "date", must: true },
      { name: "comment", title: "意见", control: "area", placeholder: "选填，申请人会看到" },
    ],
  },
  back: {
    title: "退回",
    done: "已退回",
    operation: "sendBack",
    about: "task",
    binds: true,
    fields: [
      { name: "to", title: "退回给", control: "choice", options: [{ value: "", title: "申请人，修改后重新提交" }] },
      { name: "reason", title: "退回理由", control: "area", must: true, placeholder: "请写明要改什么，收到的人会看到" },
    ],
  },
  ask: {
    title: "向申请人提问",
    done: "已提问",
    operation: "askApplicant",
    about: "task",
    fields: [{ name: "text", title: "问题", control: "area", must: true, placeholder: "等待回答时不计审批时限" }],
  },
  sign: {
    title: "加签",
    done: "已加签",
    operation: "addSigner",
    about: "task",
    fields: [
      WHO,
      { name: "when", title: "顺序", control: "choice", must: true, options: ORDER },
      { name: "reason", title: "说明", control: "line", placeholder: "选填" },
    ],
  },
  transfer: {
    title: "转交同事",
    done: "已转交",
    operation: "transfer",
    about: "task",
    fields: [WHO, { name: "reason", title: "说明", control: "line", placeholder: "选填" }],
  },
  comment: {
    title: "评论",
    done: "已发送",
    operation: "comment",
    about: "instance",
    fields: [{ name: "text", title: "评论", control: "area", must: true, placeholder: "申请人和审批人会看到" }, PAPER],
  },
  answer: {
    title: "回答审批人",
    done: "已回答",
    operation: "answer",
    about: "instance",
    fields: [{ name: "text", title: "回答", control: "area", must: true }, PAPER],
  },
  again: {
    title: "重新提交",
    done: "已提交",
    operation: "sendAgain",
    about: "instance",
    fields: [
      { name: "comment", title: "补充说明", control: "area", must: true, placeholder: "内容不变、补充说明后重新提交；要改内容请到原申请页面" },
    ],
  },
};

/**
 * What may be done about this request now, in the order of the buttons.
 * @param {any} instance the server's InstanceDetail
 */
function offered(instance) {
  const mine = Boolean(instance.my_task_id);
  /** @type {[string, boolean][]} */
  const rights = [
    ["part", mine && instance.may_approve_part && instance.subject === "leave"], // rows of a form are chosen on its page
    ["back", mine],
    ["ask", mine && instance.may_ask],
    ["sign", mine],
    ["transfer", mine],
    ["answer", instance.may_answer],
    ["again", instance.may_send_again],
    ["comment", true],
  ];
  return rights.filter(([, may]) => may).map(([name]) => ({ name, title: ACTS[name].title }));
}

/**
 * The fields of an act on this request, each with where its value stands: steps to send back to, the first choice.
 * @param {string} name
 * @param {any} instance the server's InstanceDetail
 */
function fieldsOf(name, instance) {
  return ACTS[name].fields.map((field) => {
    const earlier = name === "back" && field.name === "to" ? instance.may_return_to : [];
    const options = (field.options || []).concat(earlier.map((/** @type {any} */ one) => ({ value: one.id, title: one.name })));
    return { ...field, options, value: options.length ? options[0].value : "" };
  });
}

/**
 * What is sent: what was filled in, the version that was read, and the days of a part as the subject wants them.
 * @param {string} name
 * @param {Record<string, string>} values
 * @param {number} seen
 */
function bodyOf(name, values, seen) {
  const said = Object.fromEntries(Object.entries(values).filter(([field, value]) => value && field !== PAPER.name));
  const bound = ACTS[name].binds ? { seen } : {};
  if (name === "part") {
    const { first_day, last_day, comment = "" } = said;
    return { decision: "approve", comment, part: { first_day, last_day }, ...bound };
  }
  return { ...said, ...bound };
}

module.exports = { ACTS, offered, fieldsOf, bodyOf };
