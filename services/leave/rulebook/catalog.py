"""Kinds of leave and their rules: shipped as data, edited by HR, each change a new version."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, update

from kit import clock
from kit.errors import Conflict, Invalid, NotFound
from kit.ids import new_id
from models.base import db
from models.leave import LeaveKind, LeaveKindDraft, LeaveKindVersion
from services import platform
from services.leave.rulebook.rules import floors, occasions, packs
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.schemas import AddKind, AskedOut, EditKind, KindDetail, KindOut
from services.people import AnyActor, Permission

DEFAULTS = Path(__file__).with_name("kinds.toml")


@dataclass(frozen=True)
class Kind:
    """A kind with its rules, as a value."""

    code: str
    name: str
    version: int
    rules: KindRules


def kind_of(row: LeaveKind) -> Kind:
    """The value behind a row."""
    return Kind(row.code, row.name, row.version, KindRules.model_validate(dict(row.rules)))


# built once, for every quote and list needs it
VERSION = (LeaveKind.id.label("kind_id"), LeaveKind.version.label("rules_version"))
"""What a statement reads of a kind, to have it from `as_of` instead of its rules."""
_ROW = select(LeaveKind).where(LeaveKind.id == bindparam("kind_id"))
_parsed: dict[tuple[str, int], Kind] = {}


def as_of(kind_id: str, version: int) -> Kind:
    """The kind as stored at this version: the rules of a version never change, so a process reads them once."""
    known = _parsed.get((kind_id, version))
    if known is None:
        fresh = {"populate_existing": True}
        known = kind_of(db.session.scalars(_ROW, {"kind_id": kind_id}, execution_options=fresh).one())
        _parsed[kind_id, known.version] = known
    return known


def ensure_kinds() -> int:
    """Stores the kinds the product comes with, unless they are there already; the count added."""
    return platform.first_of_many(LeaveKind, list(_listed().values()))


def _listed() -> dict[str, dict[str, Any]]:
    listed = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))["kind"]
    return {entry["code"]: _default(n, dict(entry)) for n, entry in enumerate(listed)}


def _default(position: int, entry: dict[str, Any]) -> dict[str, Any]:
    code, name, is_active = entry.pop("code"), entry.pop("name"), entry.pop("is_active", True)
    rules = KindRules.model_validate(entry).model_dump(mode="json")
    common = {"id": new_id(), "created_at": clock.now(), "sort": position * 10, "version": 1}
    return {**common, "code": code, "name": name, "is_active": is_active, "rules": rules}


def kinds() -> list[KindOut]:
    """The kinds that can be asked for, in order."""
    rows = db.session.scalars(select(LeaveKind).where(LeaveKind.is_active).order_by(LeaveKind.sort))
    return [_out(kind_of(row)) for row in rows]


def _out(kind: Kind) -> KindOut:
    named = (kind.rules.event_days, *(packs.formulas(kind.code) if kind.rules.by_place else ()))
    asks = [AskedOut.model_validate(one) for one in occasions.asked(kind.rules.occasion, named)]
    same = kind.rules.model_dump(include=set(KindOut.model_fields))
    return KindOut(code=kind.code, name=kind.name, is_daily=kind.rules.daily_minutes > 0, asks=asks, **same)


def sick_codes() -> list[str]:
    """The codes of the kinds that use up the medical period."""
    return [kind.code for kind in all_kinds() if kind.rules.has_medical_period]


def all_kinds() -> list[KindDetail]:
    """Every kind with its rules, for HR."""
    return [_detail(row) for row in db.session.scalars(select(LeaveKind).order_by(LeaveKind.sort))]


def kind_detail(code: str) -> KindDetail:
    """One kind with its rules."""
    return _detail(_row(code))


def _detail(row: LeaveKind) -> KindDetail:
    rules = kind_of(row).rules
    return KindDetail(code=row.code, name=row.name, is_active=row.is_active, version=row.version, rules=rules)


def _row(code: str) -> LeaveKind:
    row = db.session.scalars(select(LeaveKind).where(LeaveKind.code == code)).first()
    if row is None:
        raise NotFound("没有这种假，请刷新后重新选择")
    return row


def named(code: str) -> Kind:
    """The kind, in use or not."""
    return kind_of(_row(code))


def edit_kind(actor: AnyActor, code: str, wish: EditKind) -> KindDetail:
    """New rules for requests from now on; `Conflict` when somebody changed the kind meanwhile."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    hold(code)
    before = _detail(_row(code))
    check_nothing_waits(code)
    check_floor(code, wish)
    rules = wish.model_dump(mode="json", include=set(KindRules.model_fields))
    replaced = update(LeaveKind).where(LeaveKind.code == code, LeaveKind.version == wish.version)
    values = {"name": wish.name, "is_active": wish.is_active, "rules": rules, "version": wish.version + 1}
    if not platform.changed(replaced.values(**values)):
        raise Conflict("这种假的规则刚被他人修改过，请刷新后再改")
    _remember(before)
    platform.audit.record(actor, "leave.kind.edit", code, before=before.model_dump(mode="json"), after=values)
    db.session.expire_all()
    return kind_detail(code)


def check_nothing_waits(code: str) -> None:
    """No draft of the kind waits for the day of its release: it was tried against the version that holds now."""
    waiting = (LeaveKindDraft.kind_code == code, LeaveKindDraft.released_version.is_(None))
    chosen = select(LeaveKindDraft.releases_on).where(*waiting, LeaveKindDraft.releases_on.is_not(None))
    on = db.session.scalar(chosen.limit(1))
    if on is not None:
        raise Conflict(f"这种假已有草案定于 {on.isoformat()} 生效，请先在规则草案中撤回，再修改")


def hold(code: str) -> None:
    """Nobody else edits the kind, or chooses a day for a draft of it, until this is done."""
    db.session.execute(select(LeaveKind.id).where(LeaveKind.code == code).with_for_update())


def check_floor(code: str, wish: EditKind) -> None:
    """No edit takes away what the law gives; `Invalid` names its source."""
    given = shipped().get(code)
    law = packs.pack_for(packs.NATIONAL, code, clock.today())
    source = law.source if law else given.source if given else ""
    floors.check(code, wish.name, wish, given, source)


@cache
def shipped() -> dict[str, KindRules]:
    """The rules that the product comes with, by code."""
    return {code: KindRules.model_validate(entry["rules"]) for code, entry in _listed().items()}


def _remember(before: KindDetail) -> None:
    """Keeps the version that was just replaced, for the requests that were measured by it."""
    rules = before.rules.model_dump(mode="json")
    kept = {"kind_code": before.code, "version": before.version, "name": before.name, "rules": rules}
    platform.add(LeaveKindVersion, id=new_id(), created_at=clock.now(), **kept)


def then(code: str, version: int) -> Kind | None:
    """The kind as it was at a version; `None` for versions replaced before they were kept."""
    now = named(code)
    if now.version == version:
        return now
    kept = (LeaveKindVersion.kind_code == code, LeaveKindVersion.version == version)
    row = db.session.scalars(select(LeaveKindVersion).where(*kept)).first()
    return Kind(code, row.name, row.version, KindRules.model_validate(dict(row.rules))) if row else None


def add_kind(actor: AnyActor, wish: AddKind) -> KindDetail:
    """A kind of the company's own, with plain rules and not in use until HR has edited them."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    if db.session.scalar(select(LeaveKind.id).where(LeaveKind.code == wish.code)):
        raise Invalid(f"代码 {wish.code} 已被使用，请换一个")
    last = db.session.scalar(select(LeaveKind.sort).order_by(LeaveKind.sort.desc()).limit(1)) or 0
    rules = KindRules().model_dump(mode="json")
    row = LeaveKind(
        id=new_id(), code=wish.code, name=wish.name, sort=last + 10, is_active=False, version=1, rules=rules
    )
    db.session.add(row)
    platform.audit.record(actor, "leave.kind.add", wish.code, after={"name": wish.name})
    return _detail(row)
