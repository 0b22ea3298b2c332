"""What a chain may say, in the words that the designer offers."""

from models.enums import Absent, ApproverKind, Comparison, Decision, NodeKind, Repeat, SignMode, Vacancy

NODES = {
    NodeKind.APPROVE: "审批",
    NodeKind.COPY: "抄送",
    NodeKind.AUTO: "自动判断",
    NodeKind.PARALLEL: "并行分支",
}
APPROVERS = {
    ApproverKind.SUPERIOR: "上级",
    ApproverKind.DEPARTMENT_HEAD: "部门负责人",
    ApproverKind.ROLE: "角色",
    ApproverKind.PERSON: "指定的人",
    ApproverKind.FIELD: "申请里填的人",
    ApproverKind.CHOICE: "申请人自选",
}
MODES = {
    SignMode.OR_SIGN: "一人同意即可",
    SignMode.COUNTERSIGN: "都要同意",
    SignMode.IN_TURN: "依次同意",
    SignMode.N_OF_M: "达到人数即可",
    SignMode.WEIGHTED: "达到权重即可",
}
VACANCIES = {
    Vacancy.GO_UP: "由更上一级审批",
    Vacancy.FALLBACK: "由兜底角色审批",
    Vacancy.HR: "由人事审批",
    Vacancy.SKIP: "跳过",
}
ABSENCES = {
    Absent.STAND_IN: "由其委托的人审批，没有委托则由上级审批",
    Absent.GO_UP: "由其上级审批",
    Absent.WAIT: "等他回来",
}
REPEATS = {Repeat.SKIP: "跳过，算作同意", Repeat.ASK: "再问一次"}
COMPARISONS = {
    Comparison.EQUALS: "等于",
    Comparison.DIFFERS: "不等于",
    Comparison.MORE: "大于",
    Comparison.AT_LEAST: "不小于",
    Comparison.LESS: "小于",
    Comparison.AT_MOST: "不大于",
    Comparison.ONE_OF: "是其中之一",
}
DECISIONS = {Decision.APPROVE: "同意", Decision.REJECT: "驳回"}
POLICIES = {
    "vacant": "审批人空缺时",
    "own": "审批人是申请人本人时",
    "departed": "审批人离职时",
    "absent": "审批人休假时",
    "repeated": "前面已经同意过的人",
    "keeps_approvals": "申请人修改后",
}
PARTS = {
    "name": "名称",
    "kind": "类型",
    "approvers": "人员",
    "mode": "签署方式",
    "needed": "需要的数量",
    "when": "条件",
    "condition": "条件表达式",
    "vacant": "空缺时",
    "absent": "休假时",
    "sla": "时限",
    "test": "判断",
    "reason": "理由",
    "branches": "分支",
}
"""The parts of a node."""
