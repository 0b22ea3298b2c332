"""Days that somebody works inside leave that goes on around them: how they are written down, said and left out. Pure.

A gap is written "2026-03-11", or "2026-03-11 am" for half of a day.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from models.enums import Half

PATTERN = r"^\d{4}-\d{2}-\d{2}( am| pm)?$"
MOST_SAID = 3

Days = Mapping[date, Half | None]
"""Days with the half that is meant; `None` is the whole day."""


def read(written: Iterable[str] | None) -> dict[date, Half | None]:
    """The days written; both halves of a day are the day. `ValueError` where one does not exist."""
    found: dict[date, Half | None] = {}
    for one in written or ():
        day, _, half = one.partition(" ")
        when, which = date.fromisoformat(day), Half(half) if half else None
        found[when] = which if found.get(when, which) == which else None
    return found


def write(days: Days) -> list[str]:
    """The days as they are stored, in order."""
    return [f"{day.isoformat()} {half}" if half else day.isoformat() for day, half in sorted(days.items(), key=_day)]


def _day(one: tuple[date, Half | None]) -> date:
    return one[0]


def words(written: Iterable[str] | None) -> str:
    """（3月11日、3月12日下午除外）; nothing without gaps."""
    said = [f"{day.month}月{day.day}日{_half(half)}" for day, half in read(written).items()]
    more = f"等{len(said)}天" if len(said) > MOST_SAID else ""
    return f"（{'、'.join(said[:MOST_SAID])}{more}除外）" if said else ""


def _half(half: Half | None) -> str:
    return "" if half is None else {Half.AM: "上午", Half.PM: "下午"}[half]


def days_away(first: date, last: date, written: Iterable[str] | None) -> list[date]:
    """Every day between the two, rest days and holidays included, but those that are worked in whole."""
    worked = {day for day, half in read(written).items() if half is None}
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in span if day not in worked]
