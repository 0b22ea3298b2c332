"""Rotations: shifts that follow each other day by day, such as two days, two nights, two days of rest."""

from sqlalchemy import or_, select

from kit import clock
from kit.errors import Conflict, Invalid, NotFound
from kit.ids import new_id
from models.base import db
from models.schedule import Assignment, RotationRow, ShiftRow
from services import platform
from services.people import AnyActor, Permission
from services.schedule import shifts
from services.schedule.schemas import RotationView, RotationWish

REST = "休"
MIN_TURNS, MOST_TURNS = 2, 60


def rotations() -> list[RotationView]:
    """All rotations, those in use first."""
    rows = db.session.scalars(select(RotationRow).order_by(RotationRow.is_active.desc(), RotationRow.name)).all()
    names = {key: shift.name for key, shift in shifts.known({one for row in rows for one in _worked(row)}).items()}
    return [_view(row, names) for row in rows]


def _worked(row: RotationRow) -> list[str]:
    return [shift_id for shift_id in row.content["turns"] if shift_id]


def _view(row: RotationRow, names: dict[str, str]) -> RotationView:
    turns = [names[turn] if turn else REST for turn in row.content["turns"]]
    return RotationView(id=row.id, name=row.name, turns=turns, is_active=row.is_active)


def add_rotation(actor: AnyActor, wish: RotationWish) -> RotationView:
    """A new rotation of shifts in use; like shifts, rotations are never edited. `Invalid` for a round without work."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    if db.session.scalar(select(RotationRow.id).where(RotationRow.name == wish.name)):
        raise Conflict(f"已有名为“{wish.name}”的轮班，请换一个名称")
    turns = _turns(wish.names)
    row = RotationRow(id=new_id(), name=wish.name, content={"turns": turns}, is_active=True)
    db.session.add(row)
    platform.audit.record(actor, "schedule.rotation.add", row.id, after={"name": wish.name, **row.content})
    return RotationView(id=row.id, name=row.name, turns=wish.names, is_active=True)


def _turns(names: list[str]) -> list[str | None]:
    """The shift of each turn by its name."""
    if not MIN_TURNS <= len(names) <= MOST_TURNS:
        raise Invalid(f"一轮要有 {MIN_TURNS} 到 {MOST_TURNS} 天，用空格分开，例如 白班 白班 夜班 夜班 休 休")
    found = {
        row.name: row.id
        for row in db.session.scalars(
            select(ShiftRow).where(ShiftRow.name.in_(set(names)), ShiftRow.is_active.is_(True))
        )
    }
    if unknown := [name for name in names if name not in found and name != REST]:
        raise Invalid(f"没有名为“{unknown[0]}”的班次，请先新增班次，或用“{REST}”表示休息")
    if not found:
        raise Invalid("轮班里至少要有一天上班")
    return [found.get(name) for name in names]


def retire_rotation(actor: AnyActor, rotation_id: str) -> None:
    """Takes a rotation out of use; one that somebody is still given is refused."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    row = in_use(rotation_id)
    then = or_(Assignment.ends_on.is_(None), Assignment.ends_on >= clock.today())
    if db.session.scalar(select(Assignment.id).where(Assignment.rotation_id == row.id, then).limit(1)):
        raise Conflict("还有人员在使用这个轮班，请先改排其他班次")
    row.is_active = False
    platform.audit.record(actor, "schedule.rotation.retire", row.id)


def in_use(rotation_id: str) -> RotationRow:
    """The row of a rotation that may be given; `NotFound` otherwise."""
    row = db.session.get(RotationRow, rotation_id)
    if row is None or not row.is_active:
        raise NotFound("没有这个轮班，请刷新后重新选择")
    return row
