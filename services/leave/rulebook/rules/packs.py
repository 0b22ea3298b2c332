"""How many days a place gives for what happens in life: rows of packs.toml with their source. Pure.

Rows come from china-hr-rules 1.6 and are national where a place has none of its own. HR sees how sure each is.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from models.enums import Counting, Per
from services.leave.rulebook.rules import occasions
from services.leave.rulebook.rules.occasions import Told

DATA = Path(__file__).with_name("packs.toml")
NATIONAL = "全国"
ADDED = "HR"
CERTAINTIES = {"V": "已核对原文", "S": "见于权威转述", "M": "待核对", ADDED: "人事添加"}


@dataclass(frozen=True)
class Pack:
    """The days of one kind in one place from a day on, as a formula over what was told; a version of HR's own rows."""

    place: str
    kind: str
    days: str
    valid_from: date
    source: str
    certainty: str
    per: Per = Per.EVENT
    counting: Counting | None = None
    document: str = ""
    note: str = ""
    version: int = 0

    def days_for(self, told: Told, on: date) -> Decimal:
        return occasions.days(self.days, told, on)


@cache
def rows() -> tuple[Pack, ...]:
    """Every row, as shipped."""
    listed = tomllib.loads(DATA.read_text(encoding="utf-8"))["pack"]
    return tuple(_pack(dict(entry)) for entry in listed)


def _pack(entry: dict[str, str]) -> Pack:
    per, counting = Per(entry.pop("per", Per.EVENT)), entry.pop("counting", None)
    valid_from = date.fromisoformat(entry.pop("valid_from"))
    return Pack(**entry, per=per, counting=counting and Counting(counting), valid_from=valid_from)  # type: ignore[arg-type]


def formulas(kind: str) -> list[str]:
    """How the days of a kind follow from what is told, in whatever place."""
    return [row.days for row in rows() if row.kind == kind]


def places() -> list[str]:
    """The places there are rows for; the whole country first."""
    return list(dict.fromkeys([NATIONAL, *(row.place for row in rows())]))


def pack_for(place: str, kind: str, on: date, known: Iterable[Pack] | None = None) -> Pack | None:
    """The row in force there for a kind on a day: the place's own, else the country's; the newest wins."""
    good = [row for row in (rows() if known is None else known) if row.kind == kind and row.valid_from <= on]
    for where in (place, NATIONAL):
        theirs = [row for row in good if row.place == where]
        if theirs:
            return max(theirs, key=lambda row: (row.valid_from, row.version))
    return None
