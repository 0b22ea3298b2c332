"""The best use of days of leave: over the published calendar of 2026, and against a search of every choice."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import DayKind
from services.leave.answers.rules.planner import Break, PlannedDay, best, breaks, is_covered
from services.leave.rules import Lot
from services.schedule import rules
from tests.support.days import planned

A_DAY = 480
PUBLIC = (DayKind.STATUTORY_HOLIDAY, DayKind.ADJUSTED_REST_DAY)


def year(first: date = date(2026, 3, 1), last: date = date(2026, 12, 31)) -> list[PlannedDay]:
    """The nation's days between two dates of 2026."""
    return [_day(planned(day)) for day in rules.span(first, last)]


def _day(plan: rules.DayPlan) -> PlannedDay:
    return PlannedDay(plan.day, not plan.is_working, plan.kind in PUBLIC, plan.confirmed, A_DAY)


def lot(days: int, starts_on: date = date(2026, 1, 1), expires_on: date = date(2026, 12, 31), name: str = "lot") -> Lot:
    return Lot(name, starts_on, expires_on, days * A_DAY)


def told(chosen: list[Break]) -> list[tuple[str, str, int, int]]:
    """First and last day, how long, for how many days of leave."""
    return [(f"{one.first:%m-%d}", f"{one.last:%m-%d}", len(one.days), len(one.taken)) for one in chosen]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, [("10-01", "10-08", 8, 1)]),  # nothing can be joined for one day: the longest holiday goes on
        (3, [("09-25", "10-07", 13, 3)]),  # Mid-Autumn and National Day become one
        (7, [("06-13", "06-21", 9, 4), ("09-25", "10-07", 13, 3)]),
        (
            15,
            [("04-04", "04-12", 9, 4), ("04-25", "05-05", 11, 4), ("06-13", "06-21", 9, 4), ("09-25", "10-07", 13, 3)],
        ),
    ],
)
def test_the_best_of_2026(days: int, expected: list[tuple[str, str, int, int]]) -> None:
    assert told(best(breaks(year()), [lot(days)], days * A_DAY)) == expected


def test_a_makeup_workday_costs_a_day() -> None:
    after = [one for one in breaks(year()) if one.first == date(2026, 5, 1) and one.last == date(2026, 5, 10)]
    assert [len(one.taken) for one in after] == [4]  # 6, 7, 8 May and the Saturday worked


def test_days_that_cannot_be_taken_end_every_break() -> None:
    busy = [PlannedDay(**{**vars(day), "is_takeable": day.day != date(2026, 4, 28)}) for day in year()]
    assert not [one for one in breaks(busy) if one.first <= date(2026, 4, 28) <= one.last]


def test_a_lot_pays_only_for_days_on_which_it_is_good() -> None:
    spring = lot(4, expires_on=date(2026, 4, 20))
    chosen = best(breaks(year()), [spring], 4 * A_DAY)
    assert chosen
    assert all(day.day <= date(2026, 4, 20) for one in chosen for day in one.taken)
    assert best(breaks(year()), [lot(4, starts_on=date(2027, 1, 1), expires_on=date(2027, 12, 31))], 4 * A_DAY) == []


def test_nothing_is_spent_beyond_the_budget_or_the_lots() -> None:
    assert best(breaks(year()), [lot(9)], 0) == []
    assert best(breaks(year()), [], 9 * A_DAY) == []
    assert sum(one.minutes for one in best(breaks(year()), [lot(9)], 5 * A_DAY)) <= 5 * A_DAY


@pytest.mark.parametrize(
    ("size", "away", "expected"), [(1, 0, True), (2, 0, True), (2, 1, False), (6, 2, True), (6, 3, False)]
)
def test_a_team_keeps_half_of_its_people(size: int, away: int, *, expected: bool) -> None:
    assert is_covered(size, away) is expected


def _choices(options: list[Break]) -> Iterator[tuple[Break, ...]]:
    for count in range(4):
        for chosen in combinations(options, count):
            if all(a.last < b.first for a, b in pairwise(chosen)):
                yield chosen


MONDAY = date(2026, 6, 1)
WEEKS = st.lists(st.sampled_from("whw"), min_size=10, max_size=16)


@given(kinds=WEEKS, days=st.integers(0, 6))
def test_no_other_choice_gains_more(kinds: list[str], days: int) -> None:
    """Against every choice of up to three breaks, over a few weeks with holidays thrown in."""
    made = [
        PlannedDay(day, is_off=is_off, is_holiday=kind == "h", is_confirmed=True, minutes=A_DAY)
        for n, kind in enumerate(kinds)
        for day in [MONDAY + timedelta(days=n)]
        for is_off in [kind == "h" or day.isoweekday() >= 6]
    ]
    options = sorted(breaks(made), key=lambda one: (one.first, one.last))
    affordable = [c for c in _choices(options) if sum(len(one.taken) for one in c) <= days]
    reachable = max(sum(one.gain for one in c) for c in affordable)
    chosen = best(options, [lot(days)], days * A_DAY)
    assert sum(one.gain for one in chosen) >= reachable
    assert sum(len(one.taken) for one in chosen) <= days
    assert all(a.last < b.first for a, b in pairwise(chosen))
