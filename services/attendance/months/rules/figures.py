"""What a day adds to a month, and how two months differ."""

from collections.abc import Iterable
from dataclasses import astuple, fields
from typing import Any

from models.enums import Verdict
from services.attendance.rules import Result, Totals, totals

NOTHING = Totals()
NAMES = tuple(field.name for field in fields(Totals))
"""The numbers of a month in the order of their columns."""


def of_day(kept: Any) -> Totals:
    """What a kept day adds to its month: `kept` is a row, or what would be one, with the columns of a day's result."""
    names = kept.verdicts.strip("|").split("|")
    minutes = {name: getattr(kept, f"{name}_minutes") for name in MINUTES}
    verdicts = tuple(Verdict(name) for name in names if name)
    return totals([Result(kept.day, verdicts, first_in=kept.first_in, last_out=kept.last_out, **minutes)])


MINUTES = ("expected", "worked", "late", "early", "absent", "leave", "trip")


def plus(parts: Iterable[Totals]) -> Totals:
    """All of them together; nothing when there are none."""
    return Totals(*(sum(column) for column in zip(*map(astuple, [NOTHING, *parts]), strict=True)))


def minus(now: Totals, before: Totals) -> Totals:
    """What `now` has more than `before`; negative where it has less."""
    return Totals(*(a - b for a, b in zip(astuple(now), astuple(before), strict=True)))
