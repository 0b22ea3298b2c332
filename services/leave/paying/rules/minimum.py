"""Local minimum wages, the measure of the floor of sick pay. Pure; rows are in minimum.toml."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kit.money import Money

DATA = Path(__file__).with_name("minimum.toml")


@dataclass(frozen=True)
class Minimum:
    """A month's minimum wage in a place from a day on."""

    place: str
    valid_from: date
    amount: Money
    source: str
    certainty: str


@cache
def rows() -> tuple[Minimum, ...]:
    """Every row, as shipped."""
    return tuple(_row(dict(one)) for one in tomllib.loads(DATA.read_text(encoding="utf-8"))["wage"])


def _row(one: dict[str, str]) -> Minimum:
    amount, since = Money.yuan(one.pop("amount")), date.fromisoformat(one.pop("valid_from"))
    return Minimum(**one, amount=amount, valid_from=since)


def wage(place: str, on: date) -> Minimum | None:
    """The one in force there; `None` where none is known and payroll has to say."""
    good = [one for one in rows() if one.place == place and one.valid_from <= on]
    return max(good, key=lambda one: one.valid_from, default=None)
