"""Which shift somebody has on a day: what they were given, by nearness and date, or the turn of a rotation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.schedule.rules.shifts import STANDARD, Shift


@dataclass(frozen=True, slots=True)
class Rotation:
    """Shifts that follow each other day by day and begin again; `None` is a day of rest."""

    turns: tuple[Shift | None, ...]

    def turn(self, position: int) -> Shift | None:
        """The shift at a position, counted round and round."""
        return self.turns[position % len(self.turns)]

    def resting(self, position: int) -> Shift:
        """Which shift's hours frame a day of rest: the one worked before it."""
        back = (self.turn(position - n) for n in range(len(self.turns)))
        return next((shift for shift in back if shift), STANDARD)


@dataclass(frozen=True, slots=True)
class Assigned:
    """A shift, or a place in a rotation, given for a time. The smaller `distance` wins: 0 the person, then departments,
    then the company. `offset` is the position in the rotation on the first day.
    """

    gives: Shift | Rotation
    distance: int
    starts_on: date
    ends_on: date | None
    offset: int = 0

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def position(self, day: date) -> int:
        """Where in the rotation the day lies."""
        return (day - self.starts_on).days + self.offset


def choose(day: date, assigned: Sequence[Assigned]) -> Assigned:
    """What is in force: nearest first, of equally near ones the latest to begin, then the first to end.

    Without any, the standard eight hours. So what is given for one day wins over what begins on it and stays.
    """
    return min((one for one in assigned if one.covers(day)), key=_rank, default=Assigned(STANDARD, 0, day, day))


def _rank(one: Assigned) -> tuple[int, int, date]:
    return one.distance, -one.starts_on.toordinal(), one.ends_on or date.max
