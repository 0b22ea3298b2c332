"""Field punches: what belongs to them, and what the manager says to many of them at once.

They count as they are. A doubt changes no day: it opens a case that the person sees and answers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, and_, or_, select, true, update

from kit import clock, pages
from kit.errors import Conflict, Invalid, NotFound
from kit.ids import new_id
from kit.pages import Page
from models.attendance import Punch as PunchRow
from models.attendance_punches import FieldReport
from models.base import db
from models.enums import AudienceKind, Direction, FieldState, PunchSource, SignalKind
from services import people, platform
from services.attendance.punches import cases, words
from services.attendance.punches.rules import Signal
from services.attendance.punches.schemas import DecidedOut, DecideFields, FieldOut, FieldQuery, Punch
from services.people import Actor, Permission

PHOTO = "attendance.field"
NEWEST_FIRST = (FieldReport.created_at.desc(), FieldReport.id.desc())


class FieldRules(BaseModel):
    """Whether people may punch away from every place, and what such a punch needs."""

    is_allowed: bool = Field(True, title="允许外勤打卡")
    needs_photo: bool = Field(True, title="必须拍照")
    needs_customer: bool = Field(False, title="必须填写客户")


SETTING = platform.declare("attendance.field", "外勤打卡：是否允许、要不要拍照和填写客户", FieldRules())


def check_allowed(wish: Punch) -> None:
    """`Conflict` or `Invalid` when the company's rules ask for more than the punch has."""
    limits = SETTING.get()
    if not limits.is_allowed:
        raise Conflict("公司没有开放外勤打卡，请到打卡地点打卡")
    if limits.needs_customer and not wish.customer:
        raise Invalid("请填写拜访的客户", errors=[{"field": "customer", "message": "请填写拜访的客户"}])
    if limits.needs_photo and wish.photo is None:
        raise Invalid("外勤打卡需要现场照片", errors=[{"field": "photo", "message": "请拍一张现场照片"}])
    if wish.photo is not None:
        platform.files.kind_of(wish.photo, platform.files.IMAGES_AND_PDF)


def report(actor: Actor, wish: Punch, at: datetime) -> None:
    """Keeps what belongs to a field punch that was just made."""
    keep(
        actor.person_id,
        at,
        wish.direction,
        place=wish.spot,
        customer=wish.customer,
        note=wish.note,
        photo_id=platform.files.store(actor.person_id, PHOTO, wish.photo) if wish.photo else None,
    )


def keep(person_id: str, at: datetime, direction: Direction, **told: Any) -> None:
    """Keeps a report once for a punch."""
    key = {"person_id": person_id, "at": at, "direction": direction}
    values = {"place": "", "customer": "", "note": "", "photo_id": None, **told}
    platform.first(FieldReport, id=new_id(), created_at=clock.now(), state=FieldState.OPEN, **key, **values)


def field_punches(actor: Actor, query: FieldQuery) -> Page[FieldOut]:
    """The field punches of my people, newest first."""
    actor.require(Permission.ATTENDANCE_PUNCH_REVIEW)
    wanted = (
        select(FieldReport, PunchRow.distance_m)
        .outerjoin(PunchRow, _is_punch())
        .where(*_filters(actor, query), _after(query.cursor))
        .order_by(*NEWEST_FIRST)
    )
    rows = list(db.session.execute(wanted.limit(query.limit + 1)))
    cut = pages.cut(rows, query.limit, lambda row: [row.FieldReport.id])
    return Page(items=_views(actor, cut.rows), next_cursor=cut.next_cursor)


def _is_punch() -> ColumnElement[bool]:
    return and_(
        PunchRow.person_id == FieldReport.person_id,
        PunchRow.at == FieldReport.at,
        PunchRow.direction == FieldReport.direction,
        PunchRow.source == PunchSource.FIELD,
    )


def _filters(actor: Actor, query: FieldQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_theirs(actor)]
    if query.state:
        found.append(FieldReport.state == query.state)
    if query.department:
        found.append(FieldReport.person_id.in_(people.audience(AudienceKind.DEPARTMENT, query.department)))
    return found


def _theirs(actor: Actor) -> ColumnElement[bool]:
    return FieldReport.person_id.in_(people.within(actor, Permission.ATTENDANCE_PUNCH_REVIEW))


def _after(cursor: str | None) -> ColumnElement[bool]:
    if cursor is None:
        return true()
    (last,) = pages.decode(cursor, str)
    at = select(FieldReport.created_at).where(FieldReport.id == last).scalar_subquery()
    return or_(FieldReport.created_at < at, and_(FieldReport.created_at == at, FieldReport.id < last))


def decide(actor: Actor, wish: DecideFields) -> DecidedOut:
    """Confirms or doubts these field punches, all at once; those already decided, not mine to see, or my own stay.

    A doubt opens a case for each.
    """
    actor.require(Permission.ATTENDANCE_PUNCH_REVIEW)
    mine = select(FieldReport).where(
        FieldReport.id.in_(wish.ids),
        FieldReport.state == FieldState.OPEN,
        FieldReport.person_id != actor.person_id,
        _theirs(actor),
    )
    rows = list(db.session.scalars(mine.order_by(FieldReport.id).with_for_update()))
    state = FieldState.DOUBTED if wish.is_doubted else FieldState.CONFIRMED
    values = {"state": state, "decided_by": actor.person_id, "decided_at": clock.now()}
    ids = [row.id for row in rows]
    deciding = update(FieldReport).where(FieldReport.id.in_(ids), FieldReport.state == FieldState.OPEN)
    decided = platform.changed(deciding.values(**values)) if ids else 0
    if wish.is_doubted:
        cases.open_cases(_doubt(row, wish.note) for row in rows)
    for row in rows:
        platform.audit.record(actor, f"attendance.field.{state}", row.id, person_id=row.person_id)
    return DecidedOut(decided=decided, named=len(wish.ids))


def _doubt(row: FieldReport, note: str) -> Signal:
    facts = {"at": row.at.isoformat(), "place": row.place, "note": note}
    return Signal(row.person_id, SignalKind.DOUBTED, f"doubted:{row.id}", clock.local(row.at).date(), facts)


def photo(actor: Actor, report_id: str) -> platform.files.File:
    """The photo of a field punch, for the person and for whoever may review it; somebody else's is an audited look."""
    visible = [FieldReport.person_id == actor.person_id]
    if actor.may(Permission.ATTENDANCE_PUNCH_REVIEW):
        visible.append(_theirs(actor))
    row = db.session.scalars(select(FieldReport).where(FieldReport.id == report_id, or_(*visible))).first()
    if row is None or row.photo_id is None:
        raise NotFound()
    if row.person_id != actor.person_id:
        platform.audit.record(actor, "attendance.photo.read", row.id, person_id=row.person_id)
    return platform.files.fetch(row.photo_id, PHOTO)


def _views(actor: Actor, rows: Sequence[Any]) -> list[FieldOut]:
    names = people.many([row.FieldReport.person_id for row in rows])
    return [_view(actor, row.FieldReport, row.distance_m, names[row.FieldReport.person_id].name) for row in rows]


def _view(actor: Actor, row: FieldReport, metres: int | None, name: str) -> FieldOut:
    state = FieldState(row.state)
    return FieldOut(
        id=row.id,
        person_id=row.person_id,
        name=name,
        at=row.at,
        direction=Direction(row.direction),
        place=row.place,
        customer=row.customer,
        note=row.note,
        has_photo=row.photo_id is not None,
        away=words.away(metres),
        state=state,
        title=words.FIELDS[state],
        may_decide=state is FieldState.OPEN and row.person_id != actor.person_id,
    )
