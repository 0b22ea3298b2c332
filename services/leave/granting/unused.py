"""What is unused of a kind: by person for whoever reckons with it, by department for HR."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy import Select, func, select

from kit import clock
from kit.schema import Identifier, View, Wish
from models.base import db
from models.leave import LeaveEntry, LeaveLot
from services import people, platform, schedule
from services.leave import rules
from services.leave.answers import reports
from services.leave.granting.rules import entitlement
from services.leave.schemas import Code
from services.people import Actor, Permission

SOON = timedelta(days=90)


@dataclass(frozen=True)
class Unused:
    """What somebody has left, in their own days; `soon` of them expire within ninety days."""

    person_id: str
    department_id: str | None
    days: Decimal
    soon: Decimal


def by_person(reach: Select[str], code: str, *, is_statutory: bool = False) -> list[Unused]:
    """What these people, as far as they work here, have left of a kind; whoever asks knows why.

    Without the days that the company gives on top, when only statutory ones are asked for. The statements do not grow
    with the people.
    """
    today, home, sums = clock.today(), people.homes().subquery(), dict[str, list[int]]()
    rest = func.coalesce(func.sum(LeaveEntry.minutes), 0)
    rows = db.session.execute(
        select(LeaveLot.person_id, LeaveLot.grant_key, LeaveLot.expires_on, home.c.department_id, rest.label("rest"))
        .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
        .join(home, home.c.id == LeaveLot.person_id)
        .where(LeaveLot.kind_code == code, LeaveLot.expires_on >= today)
        .where(LeaveLot.person_id.in_(reach), LeaveLot.person_id.in_(people.active_ids()))
        .group_by(LeaveLot.id, LeaveLot.person_id, LeaveLot.grant_key, LeaveLot.expires_on, home.c.department_id)
    ).all()
    homes = {row.person_id: row.department_id for row in rows}
    for row in rows:
        if not is_statutory or entitlement.statutory_year(row.grant_key) is not None:
            sums.setdefault(row.person_id, [0, 0])[0] += int(row.rest)
            sums[row.person_id][1] += int(row.rest) * (row.expires_on <= today + SOON)
    left = {person_id: found for person_id, found in sums.items() if found[0] > 0}
    plans = schedule.days(left, today, today) if left else {}
    full = {person_id: plans[person_id, today].full_minutes for person_id in left}
    return [
        Unused(one, homes[one], rules.in_days(rest, full[one]), rules.in_days(soon, full[one]))
        for one, (rest, soon) in left.items()
    ]


class UnusedQuery(Wish):
    """What is left of a kind, in the whole reach or in one department with all below it."""

    kind: Code = "annual"
    department_id: Identifier | None = None
    format: Literal["csv", "xlsx"] | None = None


class UnusedLine(View):
    """A department: how many have days left, how many days, and how many of those expire within ninety days."""

    title: str
    people: int
    days: Decimal
    soon: Decimal


class UnusedOut(View):
    """The departments, those with most days first, and the sums."""

    lines: list[UnusedLine]
    people: int
    days: Decimal
    soon: Decimal


def by_department(actor: Actor, query: UnusedQuery) -> UnusedOut:
    """What the people the actor looks after have left of a kind."""
    reach = reports.inside(people.within(actor, Permission.LEAVE_BALANCE_READ), query.department_id)
    parts: dict[str | None, list[Unused]] = {}
    everybody = by_person(reach, query.kind)
    for one in everybody:
        parts.setdefault(one.department_id, []).append(one)
    names = people.department_names([home for home in parts if home])
    lines = [_unused_line(names.get(home or "", reports.NOWHERE), part) for home, part in parts.items()]
    whole = _unused_line("", everybody)
    lines.sort(key=lambda line: (-line.days, line.title))
    return UnusedOut(lines=lines, people=whole.people, days=whole.days, soon=whole.soon)


def export(actor: Actor, query: UnusedQuery) -> UnusedOut:
    """The same for a file; an audited act."""
    found = by_department(actor, query)
    platform.audit.record(actor, "leave.unused.export", query.kind, after={"rows": len(found.lines)})
    return found


def _unused_line(title: str, unused: Sequence[Unused]) -> UnusedLine:
    days, soon = (sum(part, Decimal(0)) for part in ([one.days for one in unused], [one.soon for one in unused]))
    return UnusedLine(title=title, people=len(unused), days=days, soon=soon)
