/** What the product's codes are called, and their tone: good, bad, wait or none. A test holds the codes against the API. */
const STATES = {
  pending: { title: "审批中", tone: "wait" },
  returned: { title: "已退回", tone: "wait" },
  approved: { title: "已批准", tone: "good" },
  rejected: { title: "已驳回", tone: "bad" },
  withdrawn: { title: "已撤回", tone: "" },
  cancelled: { title: "已取消", tone: "" },
};
const DIRECTIONS = { in: "上班", out: "下班" };
const HALVES = { am: "上午", pm: "下午" };
const ITEM_KINDS = { earning: "应发", deduction: "扣款", employer_cost: "公司承担", information: "说明" };

module.exports = { STATES, DIRECTIONS, HALVES, ITEM_KINDS };
