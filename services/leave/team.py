"""Who is away: for approvers deciding, for colleagues planning, for attendance judging days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from kit.errors import Invalid
from models.enums import HOLDING, AudienceKind, LeaveState
from models.leave import LeaveKind, LeaveRequest, LeaveSegment
from services import people, platform
from services.leave.answers.reports import inside
from services.leave.rulebook.catalog import VERSION, as_of
from services.leave.schemas import AwayOut, TeamQuery
from services.people import Actor, Permission

LONGEST_VIEW = 62
MOST_NAMED = 3
HIDDEN = "请假"


_AWAY = (
    select(LeaveRequest.id, LeaveRequest.person_id, LeaveRequest.first_day, LeaveRequest.last_day, *VERSION)
    .join(LeaveSegment, LeaveSegment.request_id == LeaveRequest.id)
    .join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code)
    .where(LeaveSegment.day.between(bindparam("first"), bindparam("last")), LeaveRequest.state.in_(HOLDING))
    .order_by(LeaveRequest.first_day, LeaveRequest.id)
    .distinct()
    .limit(200)
)
"""Found by the days that are taken: what was asked for in other years costs nothing."""
_MATE = people.at_home_in(bindparam("department_id")).subquery()
_MATES_AWAY = (
    select(_MATE.c.name, func.count().over().label("mates"))
    .join(LeaveSegment, LeaveSegment.person_id == _MATE.c.id)
    .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
    .where(LeaveSegment.day.between(bindparam("first"), bindparam("last")), LeaveRequest.state.in_(HOLDING))
    .where(_MATE.c.id != bindparam("person_id"))
    .group_by(_MATE.c.id, _MATE.c.name)
    .order_by(func.min(LeaveRequest.first_day), func.min(LeaveRequest.id))
    .limit(MOST_NAMED)
)


def mates_away(person_id: str, department_id: str | None, first: date, last: date) -> str:
    """Who else of the person's own department is away or has asked to be: 韩梅梅、林涛、李雷等 4 人；无."""
    asked = {"person_id": person_id, "department_id": department_id, "first": first, "last": last}
    rows = platform.rows(_MATES_AWAY, asked)
    names = "、".join(row.name for row in rows) or "无"
    return f"{names}等 {rows[0].mates} 人" if rows and rows[0].mates > len(rows) else names


def team_away(actor: Actor, query: TeamQuery) -> list[AwayOut]:
    """Who of the actor's department, and of the people they look after, is away."""
    if not 0 <= (query.last - query.first).days <= LONGEST_VIEW:
        raise Invalid(f"请选择 {LONGEST_VIEW} 天以内的起止日期")
    return _away(_AWAY.where(LeaveSegment.person_id.in_(visible(actor))), query.first, query.last)


def visible(actor: Actor, department_id: str | None = None) -> Select[str]:
    """The ids of whose absence the actor may see: everybody of their department with all below, and who is in reach.
    The company itself is nobody's team: of it only those who are at home in no department below.

    A named department (with all below) narrows each of the two before they are united: no database does so by itself.
    """
    reach = inside(people.within(actor, Permission.LEAVE_REQUEST_READ), department_id)
    if people.covers_all(actor, Permission.LEAVE_REQUEST_READ):
        return reach
    near = inside(_near(actor), department_id)
    either = near.union(reach).subquery()
    return select(either.c.id)


def _near(actor: Actor) -> Select[str]:
    home = actor.department_id or ""
    is_company = people.lineages([actor.person_id]).get(actor.person_id) == (home,)
    if is_company:
        return select(people.at_home_in(home).subquery().c.id)
    return people.audience(AudienceKind.DEPARTMENT, home)


def _away(statement: Select[*tuple[Any, ...]], first: date, last: date, **whose: str) -> list[AwayOut]:
    rows = platform.rows(statement, {"first": first, "last": last, **whose})
    known = people.many(row.person_id for row in rows) if rows else {}
    return [_view(row, known[row.person_id].name) for row in rows]


def _view(row: Any, name: str) -> AwayOut:
    kind = as_of(row.kind_id, row.rules_version)
    return AwayOut(
        person_id=row.person_id,
        name=name,
        first_day=row.first_day,
        last_day=row.last_day,
        kind_name=HIDDEN if kind.rules.is_sensitive else kind.name,
    )


@dataclass(frozen=True)
class OnLeave:
    """Approved leave on one day: the stretch in minutes from its midnight, and the minutes it costs.

    The name of a sensitive kind is for the person alone.
    """

    request_id: str
    kind: str
    kind_name: str
    start: int
    end: int
    minutes: int
    is_work: bool
    is_sensitive: bool


_ON_LEAVE = (
    select(
        LeaveSegment.request_id, LeaveSegment.person_id, LeaveSegment.day, LeaveSegment.start, LeaveSegment.end,
        LeaveSegment.minutes, *VERSION,
    )
    .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
    .join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code)
    .where(LeaveSegment.person_id.in_(bindparam("person_ids", expanding=True)))
    .where(LeaveSegment.day.between(bindparam("first"), bindparam("last")))
    .where(LeaveRequest.state == LeaveState.APPROVED)
    .order_by(LeaveSegment.day, LeaveSegment.start)
)  # fmt: skip


def on_days(person_ids: Iterable[str], first: date, last: date) -> dict[tuple[str, date], list[OnLeave]]:
    """The approved leave of these people from first to last, by person and day; one statement."""
    asked = {"person_ids": list(set(person_ids)), "first": first, "last": last}
    found: dict[tuple[str, date], list[OnLeave]] = {}
    for row in platform.rows(_ON_LEAVE, asked):
        kind = as_of(row.kind_id, row.rules_version)
        how = (kind.rules.is_work, kind.rules.is_sensitive)
        one = OnLeave(row.request_id, kind.code, kind.name, row.start, row.end, row.minutes, *how)
        found.setdefault((row.person_id, row.day), []).append(one)
    return found
