"""A chain in words, for those who do not read JSON."""

from collections.abc import Mapping

from models.enums import ApproverKind, Comparison, Decision, NodeKind, SignMode
from services import people
from services.approvals.design.schemas import NodeOut
from services.approvals.rules.chains import Approver, Chain, Node, Sla
from services.approvals.rules.conditions import Condition, Fact

COMPARISONS = {
    Comparison.EQUALS: "为",
    Comparison.DIFFERS: "不为",
    Comparison.MORE: "大于",
    Comparison.AT_LEAST: "不小于",
    Comparison.LESS: "小于",
    Comparison.AT_MOST: "不大于",
    Comparison.ONE_OF: "为其中之一：",
}
PLACES = {ApproverKind.SUPERIOR: "直接上级", ApproverKind.DEPARTMENT_HEAD: "部门负责人"}
WAYS = {
    SignMode.OR_SIGN: "一人同意即可",
    SignMode.COUNTERSIGN: "都要同意",
    SignMode.IN_TURN: "依次同意",
    SignMode.N_OF_M: "{needed} 人同意",
    SignMode.WEIGHTED: "权重合计 {needed} 同意",
}
KINDS = {NodeKind.COPY: "抄送，不审批", NodeKind.AUTO: "自动判断", NodeKind.PARALLEL: "各分支都要完成"}
ACTS = {Decision.APPROVE: "同意", Decision.REJECT: "驳回"}


def nodes(chain: Chain, fields: Mapping[str, Fact]) -> list[NodeOut]:
    """Every node in words; those inside a branch carry its number."""
    approvers = [one for node in chain.walk() for one in node.approvers]
    named = {one for approver in approvers for one in (approver.person_id, *approver.people) if one}
    names = {one.id: one.name for one in people.many(named).values()} if named else {}
    return [
        _node(inner, f"{node.name} · 分支 {number} · " if inner is not node else "", fields, names)
        for node in chain.nodes
        for number, inner in [(0, node), *((n, i) for n, branch in enumerate(node.branches, 1) for i in branch)]
    ]


def _node(node: Node, place: str, fields: Mapping[str, Fact], names: Mapping[str, str]) -> NodeOut:
    groups = "；或".join("且".join(_condition(one, fields) for one in group) for group in node.when)
    return NodeOut(
        name=place + node.name,
        kind=node.kind,
        asks="、".join(_approver(one, fields, names) for one in node.approvers) or node.test,
        mode=node.mode,
        way=way_of(node.kind, node.mode, node.needed),
        when="；并且 ".join(filter(None, (groups, node.condition))),
        limit=_limit(node.sla),
    )


def way_of(kind: NodeKind, mode: SignMode, needed: int | None) -> str:
    """How a node is passed."""
    return KINDS.get(kind) or WAYS[SignMode(mode)].format(needed=needed)


def _approver(approver: Approver, fields: Mapping[str, Fact], names: Mapping[str, str]) -> str:
    weight = f"（权重 {approver.weight}）" if approver.weight > 1 else ""
    return _whom(approver, fields, names) + weight


def _whom(approver: Approver, fields: Mapping[str, Fact], names: Mapping[str, str]) -> str:
    if approver.kind is ApproverKind.CHOICE:
        return f"申请人自选{approver.most} 人" if approver.most > 1 else "申请人自选"
    if approver.role:
        return f"角色“{people.ROLE_TITLES[approver.role]}”"
    if approver.field:
        return f"“{fields[approver.field].title}”里的人"
    if approver.person_id:
        return names.get(approver.person_id, "已离职的人员")
    title = PLACES[approver.kind]
    return title if approver.level == 1 else f"第 {approver.level} 级{title.removeprefix('直接')}"


def _condition(condition: Condition, fields: Mapping[str, Fact]) -> str:
    fact, values = fields[condition.field], [condition.value] if isinstance(condition.value, str) else condition.value
    return f"{fact.title}{COMPARISONS[condition.op]}{'、'.join(fact.called(values))}"


def _limit(sla: Sla | None) -> str:
    if sla is None:
        return ""
    whom = f"角色“{people.ROLE_TITLES[sla.escalate_to]}”" if sla.escalate_to else "上级"
    parts = {
        f"{sla.remind_after} 小时提醒": sla.remind_after,
        f"{sla.escalate_after} 小时交给{whom}": sla.escalate_after,
        f"{sla.act_after} 小时自动{ACTS[sla.act] if sla.act else ''}": sla.act_after,
    }
    return "，".join(words for words, hours in parts.items() if hours)
