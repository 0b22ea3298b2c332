"""What the solver is given and what it finds: values only, so that it can think without a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.rosters.rules import Board, Place
from services.schedule import Shift


@dataclass(frozen=True)
class Problem:
    """A board to fill: its `fixed` days stay as they are, all its other days may have one of the shifts or rest."""

    board: Board
    shifts: tuple[Shift, ...]
    fixed: frozenset[Place]
    seconds: int = 20

    @property
    def open(self) -> list[Place]:
        """The days to be filled, in a steady order."""
        places = ((person_id, day) for person_id in self.board.people for day in self.board.days)
        return [place for place in places if place not in self.fixed]

    def options(self, place: Place) -> list[Shift]:
        """The shifts that the person may have on an open day: no leave in them, not too long."""
        most = self.board.policy.daily_minutes
        return [one for one in self.shifts if one.minutes <= most and not self.board.is_away(place, one)]

    def given(self, person_id: str, day: date) -> Shift | None:
        """What is worked on a day that is not open."""
        return self.board.plan.get((person_id, day))


@dataclass(frozen=True)
class Solution:
    """The open days filled. `short` is how many people are lacking in all; `is_proven`: nobody can do with fewer."""

    plan: Mapping[Place, Shift | None]
    short: int
    is_proven: bool
    seconds: float
