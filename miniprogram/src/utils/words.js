/** What the product's codes are called, and their tone: good, bad, wait or none. A test holds the codes against the API. */
const STATES = {
  pending: { title: "审批中", tone: "wait" },
  returned: { title: "已退回", tone: "wait" },
  approved: { title: "已批准", tone: "good" },
  rejected: { title: "已驳回", tone: "bad" },
  withdrawn: { title: "已撤回", tone: "" },
  cancelled: { title: "已取消", tone: "" },
};
/** A form of the company's own: the same, and what HR took back after approval. */
const FORM_STATES = {
  draft: { title: "草稿", tone: "" },
  pending: { title: "审批中", tone: "wait" },
  returned: { title: "已退回", tone: "wait" },
  approved: { title: "已通过", tone: "good" },
  rejected: { title: "已驳回", tone: "bad" },
  withdrawn: { title: "已撤回", tone: "" },
  voided: { title: "已作废", tone: "" },
};
const STEPS = {
  waiting: { title: "未到", tone: "" },
  open: { title: "审批中", tone: "wait" },
  approved: { title: "已同意", tone: "good" },
  rejected: { title: "已驳回", tone: "bad" },
  skipped: { title: "自动通过", tone: "good" },
  done: { title: "已完成", tone: "good" },
  closed: { title: "未审批", tone: "" },
};
/** What a receipt tells of one by one. */
const DECISIONS = {
  approved: "同意",
  approved_part: "部分同意",
  rejected: "驳回",
  returned: "退回",
  passed: "按规则通过",
  refused: "按规则驳回",
  timed_out: "超时处理",
  lapsed: "逾期未重新提交",
};
const COVERS = {
  asked: { title: "等待确认", tone: "wait" },
  accepted: { title: "已同意代班", tone: "good" },
  declined: { title: "不能代班", tone: "bad" },
};
const SIGNINGS = { before: "在我之前", with: "与我一同", after: "在我之后" };
/** Why a balance is another from a day on. */
const CHANGES = { now: "今天", begins: "开始可用", granted: "届时发放", expires: "到期失效" };
/** The reasons of refusal that the cards offer: of leave, and of everything else. */
const REASONS = {
  leave: ["时间不合适，请改期", "人手不足，请改期", "材料不全，请补齐后再提", "请先与我当面沟通"],
  other: ["信息有误，请修改后再提", "材料不全，请补齐后再提", "暂时不能安排", "请先与我当面沟通"],
};
const DIRECTIONS = { in: "上班", out: "下班" };
const HALVES = { am: "上午", pm: "下午" };
const ITEM_KINDS = { earning: "应发", deduction: "扣款", employer_cost: "公司承担", information: "说明" };

module.exports = { STATES, FORM_STATES, STEPS, DECISIONS, COVERS, SIGNINGS, CHANGES, REASONS, DIRECTIONS, HALVES, ITEM_KINDS };
