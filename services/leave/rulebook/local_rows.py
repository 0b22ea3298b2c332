"""What places give: the rows that come with the product, and those that HR has added for places that have none.

A row is never edited: the next version replaces it from its day on, and requests of before keep theirs.
"""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field
from sqlalchemy import func, select

from kit import clock
from kit.errors import Conflict, Invalid
from kit.ids import new_id
from kit.schema import Day, Line, Wish
from models.base import db
from models.enums import Counting, Per
from models.leave_packs import LeavePack
from services import platform
from services.leave.rulebook import catalog
from services.leave.rulebook.rules import occasions, packs
from services.leave.rulebook.rules.packs import Pack
from services.leave.schemas import Code
from services.people import AnyActor, Permission

Formula = Annotated[Line, Field(min_length=1, max_length=200), AfterValidator(occasions.check_formula)]


class AddRow(Wish):
    """What a place gives for a kind from a day on, with the text that says so."""

    place: Annotated[Line, Field(min_length=1, max_length=20)]
    kind: Code
    days: Formula
    per: Per = Per.EVENT
    valid_from: Day
    source: Annotated[Line, Field(min_length=4, max_length=200)]
    document: Annotated[Line, Field(max_length=60)] = ""
    note: Annotated[Line, Field(max_length=200)] = ""


def rows() -> list[Pack]:
    """Every row, the shipped ones first, then by place and kind; of HR's own the newest version of each day counts."""
    added = db.session.scalars(select(LeavePack).order_by(LeavePack.place, LeavePack.kind_code, LeavePack.version))
    return [*packs.rows(), *(_pack(row) for row in added)]


def _pack(row: LeavePack) -> Pack:
    rules = dict(row.rules)
    per, counting = Per(rules["per"]), rules.get("counting")
    return Pack(
        row.place, row.kind_code, rules["days"], row.valid_from, row.source, packs.ADDED, per,
        Counting(counting) if counting else None, rules["document"], rules["note"], row.version,
    )  # fmt: skip


def places() -> list[str]:
    """The places there are rows for; the whole country first."""
    return list(dict.fromkeys([packs.NATIONAL, *(row.place for row in rows())]))


def pack_for(place: str, kind: str, on: date) -> Pack | None:
    """The row in force there for a kind on a day: the place's own, else the country's; one statement."""
    added = select(LeavePack).where(LeavePack.place == place, LeavePack.kind_code == kind)
    return packs.pack_for(place, kind, on, [*packs.rows(), *map(_pack, db.session.scalars(added))])


def add(actor: AnyActor, wish: AddRow) -> int:
    """Adds a row, or the next version of one that HR added before; its number. `Invalid` where the product has rows."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    _check(wish)
    theirs = (LeavePack.place == wish.place, LeavePack.kind_code == wish.kind)
    version = (db.session.scalar(select(func.max(LeavePack.version)).where(*theirs)) or 0) + 1
    rules = wish.model_dump(mode="json", include={"days", "per", "document", "note"})
    told = {"place": wish.place, "kind_code": wish.kind, "version": version}
    written = {"valid_from": wish.valid_from, "source": wish.source, "rules": rules, "added_by": actor.label}
    if not platform.first(LeavePack, id=new_id(), created_at=clock.now(), **told, **written):
        raise Conflict("这个地方的天数刚被他人修改过，请刷新后再改")
    after = {**told, **wish.model_dump(mode="json")}
    platform.audit.record(actor, "leave.place.row", f"{wish.place}:{wish.kind}", after=after)
    return version


def _check(wish: AddRow) -> None:
    kind = catalog.named(wish.kind)
    if not kind.rules.by_place:
        raise Invalid(f"{kind.name}的天数不按所在地规定，请在假期种类里设置")
    if any((row.place, row.kind) == (wish.place, wish.kind) for row in packs.rows()):
        raise Invalid(f"{wish.place}的{kind.name}已有内置规定，不能另加")
