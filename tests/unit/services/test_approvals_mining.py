"""Percentiles, periods and months, as tables of cases."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Invalid
from services.approvals.figures.rules import (
    HIGH,
    MEDIAN,
    Period,
    Spread,
    Worked,
    has_figures,
    hours,
    percentile,
    worked_seconds,
)

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("values", "median", "high"),
    [
        ([5], 5, 5),
        ([1, 9], 1, 9),
        ([3, 1, 2], 2, 3),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 12)), 6, 10),
        ([7, 7, 7, 7], 7, 7),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 100], 0, 0),
    ],
)
def test_percentiles_are_by_nearest_rank(values: list[int], median: int, high: int) -> None:
    assert (percentile(values, MEDIAN), percentile(values, HIGH)) == (median, high)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60), st.sampled_from([MEDIAN, HIGH]))
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(values: list[int], share: Fraction) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        (None, None, (date(2025, 12, 3), TODAY)),
        (date(2026, 1, 1), None, (date(2026, 1, 1), TODAY)),
        (None, date(2025, 12, 31), (date(2025, 10, 3), date(2025, 12, 31))),
        (date(2025, 1, 1), date(2026, 1, 1), (date(2025, 1, 1), date(2026, 1, 1))),
    ],
)
def test_a_period_is_what_was_asked_or_the_last_ninety_days(
    first: date | None, last: date | None, period: tuple[date, date]
) -> None:
    assert Period.asked(first, last, TODAY) == Period(*period)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [(date(2026, 3, 3), date(2026, 3, 2), "不能早于"), (date(2025, 1, 1), date(2026, 1, 2), "最多查看一年")],
)
def test_a_period_that_makes_no_sense_is_refused(first: date, last: date, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        Period.asked(first, last, TODAY)


def test_months_are_those_the_period_touches() -> None:
    assert Period(date(2025, 12, 31), date(2026, 2, 1)).months() == [
        date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1),
    ]  # fmt: skip
    assert Period(TODAY, TODAY).months() == [date(2026, 3, 1)]


def test_figures_are_rounded_to_one_decimal() -> None:
    assert (hours(5400), hours(359), Spread(3, 0, 0, 1).refused_percent) == (1.5, 0.1, 33.3)


def test_a_person_has_figures_from_five_decisions_on() -> None:
    assert [has_figures(count) for count in (0, 4, 5)] == [False, False, True]


def at(hour: float, day: int = 0) -> datetime:
    """An hour of a day, counted from a Monday."""
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day, hours=hour)


WEEK = [stretch for day in range(5) for stretch in ((at(9, day), at(12, day)), (at(13, day), at(18, day)))]


@pytest.mark.parametrize(
    ("begin", "end", "pauses", "worked"),
    [
        (at(9), at(11), [], 2),
        (at(11), at(14), [], 2),  # the break does not count
        (at(17), at(10, 1), [], 2),  # nor does the night
        (at(17, 4), at(10, 7), [], 1),  # nor the weekend
        (at(19), at(8, 1), [], 0),  # all of it outside work
        (at(9), at(12), [(at(10), at(11))], 2),  # a question, answered an hour later
        (at(9), at(12), [(at(8), at(10))], 2),  # asked before this one was
        (at(9), at(12), [(at(11), at(15))], 2),  # decided before the answer
        (at(9), at(12), [(at(11), None)], 2),  # decided without an answer
        (at(9), at(12), [(at(6), at(7))], 3),  # over before
        (at(9), at(12), [(at(14), at(15))], 3),  # asked later, by somebody else
        (at(9), at(11, 1), [(at(17), at(10, 1))], 8),  # the pause has a night in it as well
        (at(9), at(18), [(at(9), at(10)), (at(13), at(15))], 5),
        (at(9), at(18), [(at(9), None)], 0),
    ],
)
def test_working_hours_without_the_pauses(
    begin: datetime, end: datetime, pauses: list[tuple[datetime, datetime | None]], worked: float
) -> None:
    assert hours(worked_seconds(WEEK, begin, end, pauses)) == worked


def test_worked_percentiles_are_those_of_the_rule() -> None:
    assert Worked.of([60 * number for number in range(1, 11)]) == Worked(300, 540)
