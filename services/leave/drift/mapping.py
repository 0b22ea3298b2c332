"""Which kind of ours a kind of WeCom's is, chosen by HR; and whether comparisons write our amounts into it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from kit import clock
from kit.errors import Conflict, NotFound
from models.base import db
from models.leave import LeaveVacation
from services import platform
from services.leave.drift import access, rules
from services.leave.drift.schemas import MapVacation, Switch, VacationRow
from services.leave.rulebook import catalog
from services.people import Actor, Permission


@dataclass(frozen=True)
class Configured:
    """A kind as WeCom tells it."""

    vacation_id: int
    name: str
    is_hourly: bool
    is_unlimited: bool


def keep(told: Iterable[Configured]) -> None:
    """Stores what WeCom configures; what it has no more stays with its choice, marked as gone.

    A kind that changed between days and hours is another kind: HR has to choose and switch anew.
    """
    known = {row.vacation_id: row for row in db.session.scalars(select(LeaveVacation).with_for_update())}
    now, listed = clock.now(), {one.vacation_id: one for one in told}
    for number, one in listed.items():
        _keep(known.get(number), one)
    for number, row in known.items():
        row.is_listed, row.read_at = number in listed, now


def _keep(row: LeaveVacation | None, told: Configured) -> None:
    if row is None:
        row = LeaveVacation(vacation_id=told.vacation_id, is_hourly=told.is_hourly, pushes=False, is_listed=True)
        row.read_at = clock.now()
        db.session.add(row)
    if row.is_hourly != told.is_hourly:
        row.is_hourly, row.kind_code, row.pushes = told.is_hourly, None, False
    row.name, row.is_unlimited = told.name[:60], told.is_unlimited


def all_vacations() -> Sequence[LeaveVacation]:
    """Every kind that WeCom has or had."""
    return db.session.scalars(select(LeaveVacation).order_by(LeaveVacation.vacation_id)).all()


def balanced() -> dict[str, Any]:
    """Our kinds with amounts, by code: only these can be compared."""
    return {kind.code: kind for kind in catalog.all_kinds() if kind.rules.needs_balance}


def vacations(actor: Actor) -> list[VacationRow]:
    """WeCom's kinds with what they are here, each that nobody has chosen for with what it most likely is."""
    actor.require(Permission.LEAVE_DRIFT_READ)
    rows = all_vacations()
    ours = {code: kind.name for code, kind in balanced().items()}
    free = {code: name for code, name in ours.items() if code not in {row.kind_code for row in rows}}
    return [_row(row, ours, free) for row in rows]


def _row(row: LeaveVacation, ours: dict[str, str], free: dict[str, str]) -> VacationRow:
    is_open = row.kind_code is None and row.is_listed and not row.is_unlimited
    return VacationRow(
        vacation_id=row.vacation_id,
        name=row.name,
        unit="按小时" if row.is_hourly else "按天",
        is_unlimited=row.is_unlimited,
        is_listed=row.is_listed,
        kind=row.kind_code,
        kind_name=ours.get(row.kind_code or ""),
        suggested=rules.suggestion(row.name, free) if is_open else None,
        pushes=row.pushes,
        read_at=row.read_at,
    )


def choose(actor: Actor, wish: MapVacation) -> None:
    """Says which kind of ours this is; `Conflict` when that kind is taken. Writing begins switched off."""
    access.require_company(actor)
    row = _locked(wish.vacation_id)
    if wish.kind is not None and wish.kind not in balanced():
        raise NotFound("没有这种需要额度的假，请刷新后重新选择")
    before = row.kind_code
    if wish.kind == before:
        return
    chosen = update(LeaveVacation).where(LeaveVacation.vacation_id == row.vacation_id)
    try:
        with platform.savepoint():
            platform.changed(chosen.values(kind_code=wish.kind, pushes=False))
    except IntegrityError:
        raise Conflict("这种假已经对应了企业微信的另一种假期，请先取消那一个对应") from None
    facts = ({"kind": before}, {"kind": wish.kind})
    platform.audit.record(actor, "leave.drift.map", str(wish.vacation_id), before=facts[0], after=facts[1])


def switch(actor: Actor, wish: Switch) -> None:
    """Lets comparisons write our amounts into WeCom from now on, or no more."""
    access.require_company(actor)
    row = _locked(wish.vacation_id)
    if wish.pushes and (row.kind_code is None or row.is_unlimited or not row.is_listed):
        raise Conflict("先选好它对应哪种假，并确认企业微信里仍有这种假期且设有额度，再开启写入")
    before, row.pushes = row.pushes, wish.pushes
    facts = ({"pushes": before}, {"pushes": wish.pushes})
    platform.audit.record(actor, "leave.drift.switch", str(row.vacation_id), before=facts[0], after=facts[1])


def _locked(vacation_id: int) -> LeaveVacation:
    found = select(LeaveVacation).where(LeaveVacation.vacation_id == vacation_id).with_for_update()
    row = db.session.scalars(found, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound("企业微信里没有这种假期，请重新对账后再选")
    return row
