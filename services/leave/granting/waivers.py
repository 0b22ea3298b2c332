"""Declarations by which employees give up statutory days: made and taken back by themselves alone, never changed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import bindparam, func, select

from kit import clock
from kit.errors import Conflict, Invalid, NotFound
from kit.ids import new_id
from kit.schema import Line, View, Wish
from models.base import db
from models.enums import EntryKind
from models.leave import LeaveEntry, LeaveLot
from models.leave_pay import LeaveWaiver
from services import platform, schedule
from services.leave import ledger
from services.leave.entries import REST
from services.leave.granting.rules import waivers
from services.leave.granting.rules.entitlement import statutory_year
from services.leave.granting.rules.policy import Days
from services.leave.rulebook import catalog
from services.leave.schemas import Code
from services.people import Actor

PURPOSE = "leave.waiver"
Year = tuple[str, str, int]
"""Whose leave of which kind for which year."""


class Declare(Wish):
    """So many days of a year that I do not want to take; `agrees` says that the words were read."""

    kind: Code
    year: int = Field(ge=2000, le=2099)
    days: Days = Field(gt=0)
    reason: Annotated[Line, Field(min_length=2, max_length=60)]
    agrees: bool = False


class WaiverOut(View):
    """A declaration as it was made, and when it was taken back."""

    id: str
    kind_code: str
    year: int
    days: Decimal
    expires_on: date
    reason: str
    text: str
    text_version: int
    created_at: datetime
    signed: str
    revoked_at: datetime | None
    can_revoke: bool


class OpenYear(View):
    """Statutory days of a year that are still there, and how many of them can still be given up."""

    kind: str
    kind_name: str
    year: int
    expires_on: date
    left: Decimal
    waived: Decimal
    most: Decimal


class MineOut(View):
    """What I can give up, and what I have declared, newest first."""

    open: list[OpenYear]
    declared: list[WaiverOut]


@dataclass(frozen=True)
class _Stock:
    """What is left of a year's statutory lots."""

    expires_on: date
    rest: int
    day_minutes: int


def mine(actor: Actor) -> MineOut:
    """What the actor can give up, and what they have declared."""
    gone = waived([actor.person_id])
    names = {kind.code: kind.name for kind in catalog.all_kinds()}
    stocks = sorted(_stocks(actor.person_id).items(), key=lambda item: (item[1].expires_on, item[0]))
    years = [_open(key, stock, gone.get(key, 0), names[key[1]]) for key, stock in stocks]
    return MineOut(open=years, declared=_declared(actor.person_id))


def _open(key: Year, stock: _Stock, gone: int, name: str) -> OpenYear:
    return OpenYear(
        kind=key[1],
        kind_name=name,
        year=key[2],
        expires_on=stock.expires_on,
        left=Decimal(stock.rest) / stock.day_minutes,
        waived=Decimal(gone) / stock.day_minutes,
        most=waivers.most(stock.rest, gone, stock.day_minutes),
    )


_LOTS = (
    select(LeaveLot.kind_code, LeaveLot.grant_key, LeaveLot.expires_on, LeaveLot.day_minutes, REST.label("rest"))
    .where(LeaveLot.person_id == bindparam("person_id"), LeaveLot.expires_on >= bindparam("today"))
)  # fmt: skip


def _stocks(person_id: str) -> dict[Year, _Stock]:
    """The person's statutory lots that have not expired and are not used up, by year."""
    today, found = clock.today(), dict[Year, _Stock]()
    for row in platform.rows(_LOTS, {"person_id": person_id, "today": today}):
        year = statutory_year(row.grant_key)
        if year is None or row.rest <= 0:
            continue
        key, full = (person_id, row.kind_code, year), row.day_minutes or schedule.day(person_id, today).full_minutes
        known = found.get(key)
        rest, until = int(row.rest) + (known.rest if known else 0), known.expires_on if known else row.expires_on
        found[key] = _Stock(min(until, row.expires_on), rest, full)
    return found


def declare(actor: Actor, wish: Declare) -> str:
    """The actor gives up days of their own; the id of the declaration. `Invalid` says how many can be given up."""
    if not wish.agrees:
        raise Invalid("请阅读声明并勾选同意", errors=[{"field": "agrees", "message": "请勾选同意"}])
    ledger.lock(actor.person_id)
    key = (actor.person_id, wish.kind, wish.year)
    stock = _stocks(actor.person_id).get(key)
    most = waivers.most(stock.rest, waived([actor.person_id]).get(key, 0), stock.day_minutes) if stock else Decimal(0)
    if stock is None or wish.days > most:
        raise Invalid(f"{wish.year}年还可以声明不休的法定年假最多 {most.normalize():f} 天")
    said = waivers.Declared(catalog.named(wish.kind).name, wish.year, wish.days, stock.expires_on, wish.reason)
    minutes = int(wish.days * stock.day_minutes)
    return _append(actor, _row(wish, stock.expires_on, minutes, waivers.text(said)))


def _row(wish: Declare, expires_on: date, minutes: int, text: str) -> dict[str, Any]:
    facts = {"kind_code": wish.kind, "year": wish.year, "expires_on": expires_on, "days": wish.days, "minutes": minutes}
    return facts | {"reason": wish.reason, "text_version": waivers.CURRENT, "text": text, "revokes_id": None}


def revoke(actor: Actor, waiver_id: str) -> None:
    """The actor takes a declaration of theirs back, while its days have not expired."""
    ledger.lock(actor.person_id)
    own = (LeaveWaiver.id == waiver_id, LeaveWaiver.person_id == actor.person_id, LeaveWaiver.revokes_id.is_(None))
    row = db.session.scalars(select(LeaveWaiver).where(*own)).first()
    if row is None:
        raise NotFound()
    if row.expires_on < clock.today():
        raise Conflict(f"这些天已在 {row.expires_on.isoformat()} 到期，不能再撤回")
    same = {name: getattr(row, name) for name in ("kind_code", "year", "expires_on", "reason", "text_version", "text")}
    _append(actor, same | {"days": -row.days, "minutes": -row.minutes, "revokes_id": row.id})


def _append(actor: Actor, facts: dict[str, Any]) -> str:
    whole = facts | {"id": new_id(), "created_at": clock.now(), "person_id": actor.person_id}
    whole |= {"session_id": actor.session_id or ""}
    if not platform.first(LeaveWaiver, **whole, signed=signature(whole)):
        raise Conflict("这份声明已经撤回")
    act = "leave.waiver.revoke" if facts["revokes_id"] else "leave.waiver.declare"
    after = {"kind": facts["kind_code"], "year": facts["year"], "days": str(facts["days"])}
    platform.audit.record(actor, act, whole["id"], person_id=actor.person_id, after=after)
    return str(whole["id"])


_SIGNED = (
    "id", "created_at", "person_id", "session_id", "kind_code", "year", "expires_on", "minutes", "reason",
    "text_version", "text", "revokes_id",
)  # fmt: skip


def signature(facts: dict[str, Any]) -> str:
    """A keyed hash over a declaration, who made it, when, and in which session."""
    told = {name: facts[name] for name in _SIGNED}
    told |= {"created_at": facts["created_at"].isoformat(), "expires_on": facts["expires_on"].isoformat()}
    return platform.vault.sealer().fingerprint(PURPOSE, json.dumps(told, ensure_ascii=False, sort_keys=True))


def is_intact(row: LeaveWaiver) -> bool:
    """Is the declaration as it was signed?"""
    return signature({name: getattr(row, name) for name in _SIGNED}) == row.signed


def _declared(person_id: str) -> list[WaiverOut]:
    rows = db.session.scalars(
        select(LeaveWaiver)
        .where(LeaveWaiver.person_id == person_id)
        .order_by(LeaveWaiver.created_at.desc(), LeaveWaiver.id.desc())
    ).all()
    ended = {row.revokes_id: row.created_at for row in rows if row.revokes_id}
    today = clock.today()
    return [
        WaiverOut(
            **{name: getattr(row, name) for name in WaiverOut.model_fields if hasattr(row, name)},
            revoked_at=ended.get(row.id),
            can_revoke=row.id not in ended and row.expires_on >= today,
        )
        for row in rows
        if row.revokes_id is None
    ]


_WAIVED = (
    select(LeaveWaiver.person_id, LeaveWaiver.kind_code, LeaveWaiver.year, func.sum(LeaveWaiver.minutes).label("sum"))
    .where(LeaveWaiver.person_id.in_(bindparam("person_ids", expanding=True)))
    .group_by(LeaveWaiver.person_id, LeaveWaiver.kind_code, LeaveWaiver.year)
)
_LAPSED = (
    select(LeaveLot.person_id, LeaveLot.kind_code, LeaveLot.grant_key, func.sum(-LeaveEntry.minutes).label("sum"))
    .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
    .where(LeaveLot.person_id.in_(bindparam("person_ids", expanding=True)), LeaveEntry.kind == EntryKind.WAIVE)
    .group_by(LeaveLot.id, LeaveLot.person_id, LeaveLot.kind_code, LeaveLot.grant_key)
)


def waived(person_ids: Sequence[str]) -> dict[Year, int]:
    """The minutes that these people have given up and that have not lapsed yet, by year; two statements at most."""
    rows = platform.rows(_WAIVED, {"person_ids": person_ids})
    found: dict[Year, int] = {(row.person_id, row.kind_code, row.year): int(row.sum) for row in rows}
    if any(found.values()):
        for row in platform.rows(_LAPSED, {"person_ids": sorted({key[0] for key in found})}):
            key = (row.person_id, row.kind_code, statutory_year(row.grant_key) or 0)
            found[key] = found.get(key, 0) - int(row.sum)
    return {key: minutes for key, minutes in found.items() if minutes > 0}
