"""Sick pay: the share by place, service and length of absence, never below the floor. Pure; rows are in sick.toml.

The floor is 80 percent of the local minimum wage ([1995] 309 art. 59; china-hr-rules 1.4).
"""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from kit.money import Money
from services.leave.granting.rules.payout import PAID_DAYS
from services.leave.granting.rules.shares import written
from services.leave.rulebook.rules.medical import years
from services.leave.rulebook.rules.packs import NATIONAL
from services.leave.rules import add_months

DATA = Path(__file__).with_name("sick.toml")
WHOLE = 10_000  # basis points
PERCENT = 100


@dataclass(frozen=True)
class Row:
    """Percent of the own wage for whoever has so many whole years here, from that month of absence on."""

    share: int
    years: int = 0
    after_months: int = 0


@dataclass(frozen=True)
class Scale:
    """A place's rows from a day on, with their source."""

    place: str
    valid_from: date
    floor: int
    source: str
    certainty: str
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def longest(self) -> int:
        """The month of absence from which the last change counts; 0 where its length does not matter."""
        return max(row.after_months for row in self.rows)


@cache
def scales() -> tuple[Scale, ...]:
    """Every row, as shipped."""
    return tuple(_scale(dict(one)) for one in tomllib.loads(DATA.read_text(encoding="utf-8"))["scale"])


def _scale(one: dict[str, Any]) -> Scale:
    rows = tuple(Row(**row) for row in one.pop("row"))
    return Scale(**one | {"valid_from": date.fromisoformat(one["valid_from"])}, rows=rows)


def scale_for(place: str, on: date) -> Scale:
    """The scale in force there: the place's own, else the country's."""
    good = [one for one in scales() if one.valid_from <= on]
    theirs = [one for one in good if one.place == place] or [one for one in good if one.place == NATIONAL]
    return max(theirs, key=lambda one: one.valid_from)


def row_for(scale: Scale, day: date, hired_on: date | None, began_on: date) -> Row:
    """The highest row that the day reaches; without a first day of employment no years are reached."""
    here = years(hired_on, day) if hired_on else 0
    reached = [one for one in scale.rows if one.years <= here and add_months(began_on, one.after_months) <= day]
    return max(reached, key=lambda one: (one.after_months, one.years))


def began_on(first: date, sick: Collection[date], worked: Collection[date]) -> date:
    """The first day of the absence that leads up to a day: no working day without sickness lies between [P]."""
    began, since = first, min([*sick, first])
    day = first - timedelta(days=1)
    while day >= since:
        if day in sick:
            began = day
        elif day in worked:
            break
        day -= timedelta(days=1)
    return began


@dataclass(frozen=True)
class SickPay:
    """Sick pay with the arithmetic behind it."""

    amount: Money
    sentence: str


def monthly(wage: Money, share: int, minimum: Money, floor: int) -> SickPay:
    """A whole month of sick pay: the share (basis points) of the wage, at least so much of the minimum wage."""
    exact, words = _month(wage, share, minimum, floor)
    return SickPay(_rounded(exact), f"{words} = {_rounded(exact)} 元")


def pay(wage: Money, share: int, minimum: Money, floor: int, days: Fraction) -> SickPay:
    """Sick pay for so many working days: a month of it / 21.75 x days, rounded half up once."""
    exact, words = _month(wage, share, minimum, floor)
    amount = _rounded(exact / PAID_DAYS * days)
    return SickPay(amount, f"{words}，÷ {float(PAID_DAYS)} × {written(days)} 天 = {amount} 元")


def _month(wage: Money, share: int, minimum: Money, floor: int) -> tuple[Fraction, str]:
    own, least = Fraction(wage.fen * share, WHOLE), Fraction(minimum.fen * floor, WHOLE)
    if own >= least:
        return own, f"{wage} × {percent(share)}"
    return least, f"{wage} × {percent(share)} 低于最低工资 {minimum} × {percent(floor)}，按后者"


def _rounded(fen: Fraction) -> Money:
    return Money(int(fen + Fraction(1, 2)))


def percent(points: int) -> str:
    """70%, out of basis points."""
    return f"{points / PERCENT:g}%"
