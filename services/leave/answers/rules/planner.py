"""The best use of some days of leave around public holidays. Pure: a year of days and lots in, breaks out.

A break is a stretch without work that includes a public holiday and takes some working days in a row. Its gain is by
how many days it is longer than the longest stretch that would have been free anyway: joining a weekend to a holiday
gains more than the days it costs, going on after a holiday gains just those.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from services.leave.rules import Lot, Portion, spend

MOST_IN_A_ROW = 5  # working days of one break: longer ones are planned with the manager, not found by a program
MOST_AFTER = 3  # of a break that only goes on where a holiday ends, or begins before it
MOST_AWAY = 2  # one of so many of a team may be away at once


@dataclass(frozen=True)
class PlannedDay:
    """A day of mine: free anyway or worked, what it would cost in minutes, and whether I could take it off.

    A day swapped for a public holiday counts as one.
    """

    day: date
    is_off: bool
    is_holiday: bool
    is_confirmed: bool
    minutes: int
    is_takeable: bool = True


@dataclass(frozen=True)
class Break:
    """A stretch without work, the working days taken for it, and how much of it would have been free in a row."""

    days: tuple[PlannedDay, ...]
    natural: int

    @property
    def taken(self) -> tuple[PlannedDay, ...]:
        """The working days that it costs."""
        return tuple(day for day in self.days if not day.is_off)

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day

    @property
    def minutes(self) -> int:
        """What it takes of the balance."""
        return sum(day.minutes for day in self.taken)

    @property
    def gain(self) -> int:
        """By how many days it is longer than what would have been free in a row."""
        return len(self.days) - self.natural


def is_covered(size: int, away: int) -> bool:
    """Is enough of a team of `size` there, when I am away besides `away` others? Whoever is alone asks nobody."""
    return away == 0 or (away + 1) * MOST_AWAY <= size


def breaks(days: Sequence[PlannedDay]) -> list[Break]:
    """Every break around a public holiday that these consecutive days allow."""
    worked = [at for at, day in enumerate(days) if not day.is_off]
    edges = [-1, *worked, len(days)]
    found = []
    for begin in range(1, len(edges) - 1):
        for end in range(begin, min(begin + MOST_IN_A_ROW, len(edges) - 1)):
            if not days[edges[end]].is_takeable:
                break
            found.append(_break(days[edges[begin - 1] + 1 : edges[end + 1]]))
    return [one for one in found if _is_worth_it(one)]


def _break(days: Sequence[PlannedDay]) -> Break:
    return Break(tuple(days), max(_free_runs(days)))


def _free_runs(days: Sequence[PlannedDay]) -> Iterator[int]:
    """The lengths of the stretches that are free anyway."""
    length = 0
    for day in days:
        length = length + 1 if day.is_off else 0
        yield length


def _is_worth_it(one: Break) -> bool:
    """It contains a holiday, and joins two free stretches or goes on a little from one."""
    cost = len(one.taken)
    joins = one.days[0].is_off and one.days[-1].is_off and one.gain > cost
    goes_on = (one.days[0].is_off or one.days[-1].is_off) and one.gain == cost <= MOST_AFTER
    return any(day.is_holiday for day in one.days) and (joins or goes_on)


def best(options: Sequence[Break], lots: Sequence[Lot], budget: int) -> list[Break]:
    """Breaks that do not touch, cost at most `budget` minutes and what the lots hold, and together gain the most.

    Of equal gains the fewer breaks, then the cheaper. Each day is paid as a request would pay it: from the lot good on
    that day which expires first.
    """
    order = sorted(options, key=lambda one: (one.first, one.last))
    following = [next((n for n, other in enumerate(order) if other.first > one.last), len(order)) for one in order]

    @cache
    def chosen(at: int, rests: tuple[int, ...], left: int) -> tuple[tuple[int, int, int], tuple[int, ...]]:
        """The score and the places of the best choice among the breaks from `at` on."""
        if at == len(order):
            return (0, 0, 0), ()
        without = chosen(at + 1, _still_good(lots, rests, order[at].first), left)
        paid = _paid(order[at], lots, rests) if order[at].minutes <= left else None
        if paid is None:
            return without
        score, places = chosen(following[at], paid, left - order[at].minutes)
        gained = (score[0] + order[at].gain, score[1] - 1, score[2] - order[at].minutes)
        return max(without, (gained, (at, *places)), key=lambda choice: choice[0])

    return [order[at] for at in chosen(0, tuple(lot.rest for lot in lots), budget)[1]]


def _still_good(lots: Sequence[Lot], rests: tuple[int, ...], day: date) -> tuple[int, ...]:
    """What can no longer be taken counts as nothing, so that equal chances are looked at once."""
    return tuple(rest if lot.expires_on >= day else 0 for lot, rest in zip(lots, rests, strict=True))


def _paid(one: Break, lots: Sequence[Lot], rests: tuple[int, ...]) -> tuple[int, ...] | None:
    """What the lots hold after the break; `None` when they do not hold enough for it."""
    held = [replace(lot, rest=rest) for lot, rest in zip(lots, rests, strict=True)]
    spending = spend(_portions(one), held)
    return None if spending.short else tuple(lot.rest - spending.taken.get(lot.id, 0) for lot in held)


def _portions(one: Break) -> list[Portion]:
    return [Portion(day.day, 0, day.minutes, day.minutes, day.minutes) for day in one.taken]


def payers(chosen: Sequence[Break], lots: Sequence[Lot]) -> list[set[str]]:
    """Which lots pay for each of these breaks, when all of them are taken in turn."""
    held, found = list(lots), []
    for one in chosen:
        taken = spend(_portions(one), held).taken
        held = [replace(lot, rest=lot.rest - taken.get(lot.id, 0)) for lot in held]
        found.append(set(taken))
    return found
