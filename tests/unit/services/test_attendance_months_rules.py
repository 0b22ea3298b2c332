"""Months in numbers: what a day adds, what belongs where, what a seal notices."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance import rules as days
from services.attendance.months import rules, words

D = date.fromisoformat
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
TOTALS = st.builds(days.Totals, *([st.integers(-50_000, 50_000)] * len(rules.NAMES)))


def kept(verdicts: str, **columns: object) -> SimpleNamespace:
    """A kept day; minutes that are not named are zero."""
    zeros = dict.fromkeys((f"{name}_minutes" for name in rules.figures.MINUTES), 0)
    return SimpleNamespace(
        day=D("2026-03-02"), verdicts=verdicts, **{**zeros, "first_in": None, "last_out": None, **columns}
    )


@pytest.mark.parametrize(
    ("day", "adds"),
    [
        (kept("|rest|"), {}),
        (kept("||"), {}),
        (
            kept("|late|early|", expected_minutes=480, late_minutes=10, early_minutes=5, first_in=NOON, last_out=NOON),
            {"work_days": 1, "attended_days": 1, "late_times": 1, "late_minutes": 10, "early_times": 1,
             "early_minutes": 5, "expected_minutes": 480},
        ),
        (
            kept("|absent|", expected_minutes=480, absent_minutes=480),
            {"work_days": 1, "absent_days": 1, "absent_minutes": 480, "expected_minutes": 480},
        ),
        (
            kept("|missing_in|missing_out|", expected_minutes=480, first_in=NOON),
            {"work_days": 1, "attended_days": 1, "missing_times": 2, "expected_minutes": 480},
        ),
        (kept("|leave|", leave_minutes=480), {"work_days": 1, "leave_minutes": 480}),
        (kept("|trip|", trip_minutes=480), {"work_days": 1, "trip_days": 1, "trip_minutes": 480}),
    ],
)  # fmt: skip
def test_what_a_day_adds(day: SimpleNamespace, adds: dict[str, int]) -> None:
    assert {name: n for name, n in asdict(rules.of_day(day)).items() if n} == adds


@given(TOTALS, TOTALS)
def test_what_is_kept_and_the_difference_are_what_is_now(now: days.Totals, before: days.Totals) -> None:
    assert rules.plus([before, rules.minus(now, before)]) == now
    assert rules.minus(now, now) == rules.NOTHING


@pytest.mark.parametrize(
    ("month", "closed", "belongs"),
    [
        ("2026-02-01", [], "2026-02-01"),
        ("2026-02-01", ["2026-02-01"], "2026-03-01"),
        ("2026-02-01", ["2026-01-01", "2026-02-01", "2026-03-01"], "2026-04-01"),
        ("2026-02-01", ["2026-02-01", "2026-04-01"], "2026-03-01"),
        ("2026-12-01", ["2026-12-01"], "2027-01-01"),
        ("2026-02-01", ["2026-03-01"], "2026-02-01"),
    ],
)
def test_where_it_belongs(month: str, closed: list[str], belongs: str) -> None:
    assert rules.first_open(D(month), set(map(D, closed))) == D(belongs)


@pytest.mark.parametrize(
    ("hired", "left", "has", "lacks"),
    [
        (None, None, 28, 0),
        (None, None, 27, 1),
        ("2026-02-16", None, 13, 0),
        (None, "2026-02-10", 9, 1),
        ("2026-03-01", None, 0, 0),
        (None, "2026-01-31", 0, 0),
        ("2026-02-05", "2026-02-05", 0, 1),
        (None, None, 31, 0),
    ],
)
def test_days_without_a_result(hired: str | None, left: str | None, has: int, lacks: int) -> None:
    first, last = (D(day) if day else None for day in (hired, left))
    assert rules.open_days(D("2026-02-01"), first, last, has) == lacks


def test_months_end_and_follow() -> None:
    assert rules.last_day(D("2028-02-01")) == D("2028-02-29")
    assert rules.following(D("2026-12-01")) == D("2027-01-01")
    assert rules.month_before(D("2026-01-31")) == D("2025-12-01")


def test_a_seal_notices_every_day_and_their_order() -> None:
    days_kept = [(D("2026-02-01"), "a"), (D("2026-02-02"), "b")]
    others = [days_kept[:1], days_kept[::-1], [*days_kept[:1], (D("2026-02-02"), "c")]]
    assert rules.seal_of_days(days_kept) == rules.seal_of_days(list(days_kept))
    assert rules.seal_of_days(days_kept) not in {rules.seal_of_days(other) for other in others}


def test_a_month_in_one_line() -> None:
    assert words.summary(days.Totals(attended_days=21)) == "出勤 21 天，迟到 0 次"
    assert words.difference(days.Totals(late_times=-1, attended_days=1)) == "出勤 +1 天，迟到 -1 次"
