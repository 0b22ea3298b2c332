"""Whoever comes back needs a new first day: leave of an employment that was settled is neither given nor paid again.

WeCom tells that somebody is here again, not since when; until HR says so nothing can be reckoned.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from kit.errors import Invalid
from models.base import db
from models.enums import SettlementReason, SettlementState
from models.leave_pay import LeaveSettlement
from services import people
from services.leave.granting import standing
from services.people import Actor, Permission, PersonView

NAMED = 5


def check(person_ids: Sequence[str]) -> None:
    """`Invalid` names those who work here and whose first day lies in an employment that has been settled."""
    wrong = _stale(person_ids)
    if wrong:
        said = "、".join(f"{person.name}（上一段任职到 {left_on.isoformat()}）" for person, left_on in wrong[:NAMED])
        more = f"等 {len(wrong)} 人" if len(wrong) > NAMED else ""
        raise Invalid(
            f"{said}{more}的离职已经结算，请填写晚于离职日的新入职日期；如果其实没有离职，请先在“未休折算”作废那次离职折算"
        )


def waiting(actor: Actor) -> list[PersonView]:
    """Those who came back and get no leave until HR fills in when."""
    actor.require(Permission.LEAVE_BALANCE_ADJUST)
    left = (
        select(LeaveSettlement.person_id)
        .distinct()
        .where(
            LeaveSettlement.reason == SettlementReason.LEAVING,
            LeaveSettlement.state != SettlementState.VOID,
            LeaveSettlement.person_id.in_(people.active_ids()),
            LeaveSettlement.person_id.in_(people.within(actor, Permission.LEAVE_BALANCE_ADJUST)),
        )
    )
    return [person for person, _ in _stale(db.session.scalars(left).all())]


def _stale(person_ids: Iterable[str]) -> list[tuple[PersonView, date]]:
    """The active among them who have no first day after the last of a settled employment; with that last day."""
    ids, ends = list(person_ids), dict[str, date]()
    for (person_id, _), employments in standing.settled(ids).items():
        ends[person_id] = max(left_on for _, left_on in employments)
    known = people.many(ends)
    stale = [(known[one], left_on) for one, left_on in ends.items() if known[one].is_active]
    return sorted(
        ((person, left_on) for person, left_on in stale if not person.hired_on or person.hired_on <= left_on),
        key=lambda pair: pair[0].name,
    )
