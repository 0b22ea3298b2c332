"""What employees gave up in writing, as HR sees it: read only, with the words, the moment and the check of both."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import aliased

from kit.pages import Page, PageQuery
from kit.schema import Day, Line, View
from models.leave_pay import LeaveWaiver
from services import people, platform
from services.leave.granting import waivers
from services.people import Actor, Permission


class DeclaredQuery(PageQuery):
    """Whose declarations, the newest first."""

    person: Annotated[Line, Field(max_length=64)] | None = None
    format: str | None = Field(None, pattern=r"^(csv|xlsx)$")


class DeclaredOut(View):
    """A declaration; `is_intact` is false when the row is no longer what was signed."""

    id: str
    person_id: str
    person_name: str
    department: str
    year: int
    days: Decimal
    expires_on: Day
    text: str
    text_version: int
    signed: str
    created_at: datetime
    revoked_at: datetime | None
    is_intact: bool


_BACK = aliased(LeaveWaiver)
_COLUMNS = (
    select(*LeaveWaiver.__table__.columns, _BACK.created_at.label("revoked_at"))
    .outerjoin(_BACK, _BACK.revokes_id == LeaveWaiver.id)
    .where(LeaveWaiver.revokes_id.is_(None))
)
_ORDER = platform.keyset.Order(LeaveWaiver.created_at, datetime, LeaveWaiver.id)


def listing(actor: Actor, query: DeclaredQuery) -> Page[DeclaredOut]:
    """The declarations of the people HR looks after."""
    page = _found(actor, query).page(query)
    return Page(items=_views(page.rows), next_cursor=page.next_cursor)


def exported(actor: Actor, query: DeclaredQuery, most: int = 10_000) -> list[DeclaredOut]:
    """All of them, for a file; an audited act."""
    rows = _found(actor, query).first(most)
    platform.audit.record(actor, "leave.waiver.export", "leave_waiver", after={"rows": len(rows)})
    return _views(rows)


def _found(actor: Actor, query: DeclaredQuery) -> platform.keyset.Listing:
    actor.require(Permission.LEAVE_BALANCE_ADJUST)
    reach = people.within(actor, Permission.LEAVE_BALANCE_ADJUST)
    wanted = _COLUMNS.where(LeaveWaiver.person_id.in_(reach))
    if query.person:
        wanted = wanted.where(LeaveWaiver.person_id.in_(people.matching(query.person)))
    return platform.keyset.Listing(wanted, _ORDER, is_down=True)


def _views(rows: Sequence[Any]) -> list[DeclaredOut]:
    known = people.many(row.person_id for row in rows)
    shown = [name for name in DeclaredOut.model_fields if name not in ("person_name", "department", "is_intact")]
    return [
        DeclaredOut(
            **{name: getattr(row, name) for name in shown},
            person_name=known[row.person_id].name,
            department=known[row.person_id].department_name,
            is_intact=waivers.is_intact(row),
        )
        for row in rows
    ]
