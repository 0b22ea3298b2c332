"""Hours are counted along somebody's own work: breaks, nights and days off do not pass."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.approvals.rules.worktime import MINUTE, after, between

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(hour: float, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


WEEK = [stretch for day in range(5) for stretch in ((at(9, day), at(12, day)), (at(13, day), at(18, day)))]


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (at(9), 60, at(10)),
        (at(11), 120, at(14)),  # the break does not count
        (at(17), 120, at(10, 1)),  # nor does the night
        (at(3), 60, at(10)),
        (at(17, 4), 120, None),  # the last stretch ends before
        (at(9), 0, at(9)),
    ],
)
def test_an_instant_after_so_much_work(start: datetime, minutes: int, end: datetime | None) -> None:
    assert after(WEEK, start, minutes) == end


@given(st.integers(0, 6000), st.integers(0, 1000))
def test_what_lies_between_is_what_was_added(begins: int, minutes: int) -> None:
    start = MONDAY + begins * MINUTE
    end = after(WEEK, start, minutes)
    if end is not None:
        assert between(WEEK, start, end) == minutes
