"""Who still has statutory days that end within three months: HR arranges them in time, or they become pay.

To arrange the leave is the employer's duty (Decree 514 art. 5, Decree 1 of 2008 art. 9).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, select

from kit import clock
from kit.pages import Page, PageQuery
from kit.schema import Identifier, View
from models.leave import LeaveEntry, LeaveLot
from models.leave_pay import LeaveWaiver
from services import people, platform, schedule
from services.leave.answers import reports
from services.leave.granting.rules import shares
from services.leave.rules import add_months
from services.people import Actor, Permission

MONTHS = 3
STATUTORY: ColumnElement[bool] = and_(
    LeaveLot.grant_key.like(LeaveLot.kind_code.concat(":%")), LeaveLot.grant_key.not_like("%:company%")
)
"""A lot that the law gave, told by its key; the twin of `entitlement.statutory_year`."""


class SoonQuery(PageQuery):
    """Whose days, the earliest to end first; in one department with all below it, if one is named."""

    department_id: Identifier | None = None
    format: Literal["csv", "xlsx"] | None = None


class SoonOut(View):
    """Statutory days of somebody that end on a day: what is left, what of it was given up, what is to be paid."""

    person_id: str
    person_name: str
    department: str
    expires_on: date
    days: Decimal
    waived: Decimal
    payable: Decimal


_REST = func.coalesce(func.sum(LeaveEntry.minutes), 0)
_ENDING = (
    select(LeaveLot.person_id, LeaveLot.expires_on, _REST.label("rest"), func.max(LeaveLot.day_minutes).label("full"))
    .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
    .where(STATUTORY, LeaveLot.person_id.in_(people.active_ids()))
    .group_by(LeaveLot.person_id, LeaveLot.expires_on)
    .having(_REST > 0)
)
_ORDER = platform.keyset.Order(LeaveLot.expires_on, date, LeaveLot.person_id)


def listing(actor: Actor, query: SoonQuery) -> Page[SoonOut]:
    """Those within reach whose statutory days end soon; the statements do not grow with the people."""
    page = _found(actor, query).page(query)
    return Page(items=_views(page.rows), next_cursor=page.next_cursor)


def exported(actor: Actor, query: SoonQuery, most: int = 10_000) -> list[SoonOut]:
    """All of them, for a file; an audited act."""
    rows = _found(actor, query).first(most)
    platform.audit.record(actor, "leave.lapse.export", "leave_lot", after={"rows": len(rows)})
    return _views(rows)


def _found(actor: Actor, query: SoonQuery) -> platform.keyset.Listing:
    actor.require(Permission.LEAVE_BALANCE_READ)
    today = clock.today()
    reach = reports.inside(people.within(actor, Permission.LEAVE_BALANCE_READ), query.department_id)
    soon = LeaveLot.expires_on.between(today, add_months(today, MONTHS))
    return platform.keyset.Listing(_ENDING.where(soon, LeaveLot.person_id.in_(reach)), _ORDER, is_down=False)


def _views(rows: Sequence[Any]) -> list[SoonOut]:
    today, ids = clock.today(), sorted({row.person_id for row in rows})
    known, plans, gone = people.many(ids), schedule.days(ids, today, today) if ids else {}, _waived(ids)
    return [
        _view(row, known[row.person_id], row.full or plans[row.person_id, today].full_minutes, gone) for row in rows
    ]


def _view(row: Any, person: people.PersonView, full: int, gone: dict[tuple[str, date], int]) -> SoonOut:
    rest = int(row.rest)  # a sum comes as a decimal from some servers
    waived = min(rest, gone.get((row.person_id, row.expires_on), 0))
    left, given_up, paid = (shares.decimal(Fraction(part, full)) for part in (rest, waived, rest - waived))
    return SoonOut(
        person_id=row.person_id,
        person_name=person.name,
        department=person.department_name,
        expires_on=row.expires_on,
        days=left,
        waived=given_up,
        payable=paid,
    )


def _waived(person_ids: Sequence[str]) -> dict[tuple[str, date], int]:
    """What these people have given up, by the last day of what they gave up."""
    minutes = func.sum(LeaveWaiver.minutes).label("minutes")
    wanted = select(LeaveWaiver.person_id, LeaveWaiver.expires_on, minutes)
    rows = platform.rows(
        wanted.where(LeaveWaiver.person_id.in_(person_ids)).group_by(LeaveWaiver.person_id, LeaveWaiver.expires_on)
    )
    return {(row.person_id, row.expires_on): int(row.minutes) for row in rows}
