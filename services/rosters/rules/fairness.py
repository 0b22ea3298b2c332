"""How evenly a roster lays its burdens: hours, nights and weekends of each person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.rosters.rules.board import Place
from services.schedule import Shift

NIGHT_BEGINS, NIGHT_ENDS = 22 * 60, 30 * 60
NIGHT_MINUTES = 3 * 60
SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Burden:
    """What one person carries: working minutes, days, nights, and days at weekends."""

    minutes: int = 0
    days: int = 0
    nights: int = 0
    weekends: int = 0


def is_night(shift: Shift) -> bool:
    """Does the shift take three hours or more between 22:00 and 06:00?"""
    taken = (
        max(0, min(part.end, NIGHT_ENDS + back) - max(part.start, NIGHT_BEGINS + back))
        for part in shift.segments
        for back in (-24 * 60, 0, 24 * 60)
    )
    return sum(taken) >= NIGHT_MINUTES


def burdens(people: Iterable[str], days: Iterable[date], plan: Mapping[Place, Shift | None]) -> dict[str, Burden]:
    """The burden of each of these people on these days."""
    wanted = list(days)
    return {person_id: _burden([(day, plan.get((person_id, day))) for day in wanted]) for person_id in people}


def _burden(days: list[tuple[date, Shift | None]]) -> Burden:
    worked = [(day, shift) for day, shift in days if shift]
    return Burden(
        sum(shift.minutes for _, shift in worked),
        len(worked),
        sum(is_night(shift) for _, shift in worked),
        sum(day.isoweekday() >= SATURDAY for day, _ in worked),
    )
