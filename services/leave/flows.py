"""What leave asks approvals to decide: the chains it comes with, and what their conditions may look at."""

from collections.abc import Callable
from typing import Any

from models.enums import ApproverKind, Comparison, FactKind, Role
from services import approvals
from services.approvals import Approver, Chain, Condition, Fact, Node
from services.leave.rulebook import catalog

LEAVE, CANCELLATION = "leave", "leave_cancel"
Part = dict[str, Any]
Parts = Callable[[str, Part, Part | None], str]
Offers = Callable[[str, Part | None], list[tuple[Part, str]]]
LONG, VERY_LONG = "3", "10"  # days above which the head of the department, then HR, is asked as well
PROVEN_TO_HR = ("maternity", "maternity_ext", "miscarriage", "paternity", "work_injury")


def _names() -> dict[str, str]:
    return {kind.code: kind.name for kind in catalog.all_kinds()}


_fields = {
    "days": Fact("天数", FactKind.NUMBER),
    "minutes": Fact("分钟数", FactKind.NUMBER),
    "kind": Fact("假别", FactKind.TEXT, _names),
}
_superior = Node(name="直接上级", approvers=(Approver(kind=ApproverKind.SUPERIOR),))
_head = Node(
    name="部门负责人",
    approvers=(Approver(kind=ApproverKind.DEPARTMENT_HEAD),),
    when=((Condition(field="days", op=Comparison.MORE, value=LONG),),),
)
_hr = Node(
    name="人事",
    approvers=(Approver(kind=ApproverKind.ROLE, role=Role.HR),),
    when=(
        (Condition(field="days", op=Comparison.MORE, value=VERY_LONG),),
        (Condition(field="kind", op=Comparison.ONE_OF, value=PROVEN_TO_HR),),
    ),
)


def declare(parts: Parts, offers: Offers) -> None:
    """Declares both subjects, once, at import; `parts` checks which days of leave an approver agrees to, `offers` says
    which there are to pick from."""
    approvals.declare(LEAVE, "请假", Chain(nodes=(_superior, _head, _hr)), _fields, parts, offers, may_choose=False)
    approvals.declare(CANCELLATION, "销假", Chain(nodes=(_superior,)), _fields, may_choose=False)
