"""How many people a department needs at least: for a shift, or for a time of the day; with a skill where it asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from services.schedule import Shift

DAY = 24 * 60
MEAL = 90
"""Unpaid breaks of at most so many minutes are taken in turns: whoever has one still counts as present."""
Slot = tuple[date, str]
"""A shift (by its id) of a day."""


@dataclass(frozen=True, slots=True)
class Minimum:
    """At least so many people, on a weekday (1 is Monday), on one date, or every day.

    They work the shift, or are there at every moment from `start` to `end` (minutes from midnight, an end past 1440 is
    on the next day). `skill` is a tag that each of them wears.
    """

    id: str
    at_least: int
    shift_id: str | None = None
    start: int = 0
    end: int = 0
    weekday: int | None = None
    on: date | None = None
    skill: str | None = None

    def applies(self, day: date) -> bool:
        """Does it ask for anybody on this day?"""
        if self.on is not None:
            return day == self.on
        return self.weekday is None or day.isoweekday() == self.weekday


def pieces(minimum: Minimum, day: date, shifts: Iterable[Shift]) -> list[frozenset[Slot]]:
    """The moments at which the minimum is counted on a day: for each, the shifts whose people count.

    A shift is there from its first minute to its last, but for unpaid breaks longer than a meal. Shifts that began the
    day before count as far as they reach into the day.
    """
    if minimum.shift_id is not None:
        return [frozenset({(day, minimum.shift_id)})]
    there = [(slot, start, end) for slot, start, end in _present(day, shifts) if start < minimum.end]
    edges = {minimum.start} | {edge for _, *both in there for edge in both if minimum.start < edge < minimum.end}
    found = [frozenset(slot for slot, start, end in there if start <= edge < end) for edge in sorted(edges)]
    return [one for one in dict.fromkeys(found) if not any(other < one for other in found)]


def _present(day: date, shifts: Iterable[Shift]) -> Iterable[tuple[Slot, int, int]]:
    """The stretches for which the people of each shift are there, in minutes from the midnight of the day."""
    for shift in shifts:
        for back in (-1, 0, 1):
            for start, end in _stretches(shift):
                yield (day + timedelta(days=back), str(shift.id)), start + back * DAY, end + back * DAY


def _stretches(shift: Shift) -> list[tuple[int, int]]:
    """The segments of a shift, joined over meals."""
    joined: list[tuple[int, int]] = []
    for part in shift.segments:
        if joined and part.start - joined[-1][1] <= MEAL:
            joined[-1] = (joined[-1][0], part.end)
        else:
            joined.append((part.start, part.end))
    return joined


def counted(present: Iterable[tuple[str, Slot]], piece: frozenset[Slot], able: frozenset[str] | None) -> int:
    """How many of these people count at the moment; `able` are those with the skill, `None` when none is asked."""
    return len({person for person, slot in present if slot in piece and (able is None or person in able)})
