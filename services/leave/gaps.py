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


def checked(written: str) -> str:
    """The same, if there is such a day; `ValueError` otherwise."""
    read([written])
    return written


def between(first: date, last: date) -> dict[date, Half | None]:
    """Every day between the two, in whole."""
    return {first + timedelta(days=n): None for n in range((last - first).days + 1)}


def write(days: Days) -> list[str]:
    """The days as they are stored, in order."""
    return [f"{day.isoformat()} {half}" if half else day.isoformat() for day, half in sorted(days.items(), key=_day)]


def _day(one: tuple[date, Half | None]) -> date:
    return one[0]


def words(written: Iterable[str] | None) -> str:
    """（3月11日、3月12日下午除外）; nothing without gaps."""
    return f"（{said(written)}除外）" if written else ""


def said(written: Iterable[str] | None) -> str:
    """3月11日、3月12日下午; many are counted."""
    days = [f"{day.month}月{day.day}日{_half(half)}" for day, half in read(written).items()]
    more = f"等{len(days)}天" if len(days) > MOST_SAID else ""
    return f"{'、'.join(days[:MOST_SAID])}{more}"


def _half(half: Half | None) -> str:
    return "" if half is None else {Half.AM: "上午", Half.PM: "下午"}[half]


def days_away(first: date, last: date, written: Iterable[str] | None) -> list[date]:
    """Every day between the two, rest days and holidays included, but those that are worked in whole."""
    worked = {day for day, half in read(written).items() if half is None}
    return [day for day in between(first, last) if day not in worked]
