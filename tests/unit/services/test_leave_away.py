"""From when until when somebody is away: leave that runs now, with what follows it without a day between."""

from datetime import date, datetime

import pytest

from kit import clock
from services.leave.answers.rules.away import Span, running


def at(day: int, hour: float) -> datetime:
    """An hour of a day in March 2026."""
    return clock.at_local(date(2026, 3, day), int(hour * 60))


def span(first: int, last: int, begin: float = 9, end: float = 18) -> Span:
    """Leave from an hour of one day to an hour of another."""
    return Span(date(2026, 3, first), date(2026, 3, last), at(first, begin), at(last, end))


WEEK, FRIDAY, NEXT_MONDAY = span(2, 5), span(6, 6), span(9, 9)


@pytest.mark.parametrize(
    ("spans", "now", "days"),
    [
        ([], at(2, 10), None),
        ([WEEK], at(2, 8.9), None),  # not begun
        ([WEEK], at(2, 9), (2, 5)),
        ([WEEK], at(4, 3), (2, 5)),  # at night as well
        ([WEEK], at(5, 17.9), (2, 5)),
        ([WEEK], at(5, 18), None),  # over
        ([FRIDAY, WEEK], at(3, 10), (2, 6)),  # the day after goes on with it
        ([WEEK, FRIDAY, span(7, 8)], at(3, 10), (2, 8)),
        ([WEEK, NEXT_MONDAY], at(3, 10), (2, 5)),  # back in between
        ([WEEK, NEXT_MONDAY], at(9, 10), (9, 9)),
        ([span(2, 2, 9, 12), span(2, 2, 13, 18)], at(2, 10), (2, 2)),  # two halves of a day
        ([span(2, 2, 13, 18)], at(2, 10), None),  # away in the afternoon only
        ([span(2, 2, 22, 30)], at(3, 4), (2, 2)),  # a night shift runs into the next day
    ],
)
def test_who_is_away_and_until_when(spans: list[Span], now: datetime, days: tuple[int, int] | None) -> None:
    found = running(spans, now)
    assert (found and (found.first_day.day, found.last_day.day)) == days


def test_two_halves_of_a_day_end_with_the_later() -> None:
    found = running([span(2, 2, 9, 12), span(2, 2, 13, 18)], at(2, 10))
    assert found is not None
    assert found.end_at == at(2, 18)
