"""What is judged: who works what on which day, and what there is to keep to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.rosters.rules.minima import Minimum
from services.schedule import Shift

Place = tuple[str, date]
"""A person's day."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a person's days keep to, in minutes and days.

    Rest between shifts is the company's (feature list row 41). 40 hours a week: State Council Decree 146 as revised
    1995, art. 3 (Labour Law art. 36 says 44 at most). A day has eight hours and at most three of overtime (Labour Law
    art. 41). One day of rest a week at least (art. 38): not more than six days in a row.
    """

    rest_minutes: int = 11 * 60
    daily_minutes: int = 11 * 60
    weekly_minutes: int = 40 * 60
    longest_run: int = 6


@dataclass(frozen=True, slots=True)
class Away:
    """Leave on a day: a stretch in minutes from its midnight."""

    start: int
    end: int

    def meets(self, shift: Shift) -> bool:
        """Does the leave take any of the shift?"""
        return any(self.start < part.end and part.start < self.end for part in shift.segments)


@dataclass(frozen=True)
class Board:
    """A roster to be judged. `plan` reaches beyond its days on both sides, since rest and weeks do; `None` is rest.

    `said` are the days that the roster itself names; the others are what people work without it. `skills` says who
    wears a tag.
    """

    people: tuple[str, ...]
    days: tuple[date, ...]
    plan: Mapping[Place, Shift | None]
    said: frozenset[Place]
    policy: Policy = Policy()
    minima: tuple[Minimum, ...] = ()
    skills: Mapping[str, frozenset[str]] = field(default_factory=dict)
    away: Mapping[Place, tuple[Away, ...]] = field(default_factory=dict)

    def is_away(self, place: Place, shift: Shift) -> bool:
        """Is the person on leave in any part of the shift?"""
        return any(one.meets(shift) for one in self.away.get(place, ()))
