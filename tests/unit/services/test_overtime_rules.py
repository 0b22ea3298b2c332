"""Overtime by tables of cases: what counts, what it is worth, how much is allowed, by which system.

Sources: Labour Law arts. 41 and 44; [1994] 489 art. 13; [1994] 503; MOHRSS [2025] 2 (china-hr-rules 2.6, 3.1 to 3.3).
"""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import clock
from kit.errors import Invalid
from models.enums import DayKind, Direction, OvertimeKind, OvertimePay, PunchSource, WorkPeriod, WorkSystem
from services.attendance import rules as days
from services.attendance.overtime import rules
from services.attendance.overtime.rules import Caps, Hours, Load, Piece, System
from services.attendance.rules import Absence, Case, Mark, Shape, Span

FRIDAY, SATURDAY = date(2026, 3, 6), date(2026, 3, 7)
WORK, REST, HOLIDAY = OvertimeKind.WORKDAY, OvertimeKind.REST_DAY, OvertimeKind.HOLIDAY
PAY, OFF = OvertimePay.PAY, OvertimePay.TIME_OFF


def at(text: str, day: date = FRIDAY) -> datetime:
    hours, minutes = map(int, text.split(":"))
    return clock.at_local(day, hours * 60 + minutes)


def span(text: str, day: date = FRIDAY) -> Span:
    """18:30-21:00; 26:00 is two in the morning after."""
    start, end = text.split("-")
    return Span(at(start, day), at(end, day))


def marks(text: str, day: date = FRIDAY) -> list[Mark]:
    parts = [part.split() for part in text.split(",") if part.strip()]
    return [Mark(at(time, day), Direction(way), PunchSource.H5) for way, time in parts]


def week(punched: str = "", absences: tuple[Absence, ...] = ()) -> list[Case]:
    """Thursday to Sunday of 9:00 to 18:00, a weekend at its end; punches count from Friday's midnight."""
    kinds = {n: DayKind.REST_DAY if (FRIDAY + timedelta(days=n)).isoweekday() > 5 else DayKind.WORKDAY
             for n in range(-2, 4)}  # fmt: skip
    shapes = [
        Shape(day := FRIDAY + timedelta(days=n), "班", (span("9:00-12:00", day), span("13:00-18:00", day)),
              kind is DayKind.WORKDAY, kind=kind)
        for n, kind in kinds.items()
    ]  # fmt: skip
    seen = marks(punched)
    return [
        Case(duty, tuple(mark for mark in seen if duty.window.has(mark.at)), absences if duty.day == FRIDAY else ())
        for duty in days.duties(shapes)
    ]


@pytest.mark.parametrize(
    ("punched", "found"),
    [
        ("in 9:00, out 21:00", ["9:00-21:00"]),
        ("in 9:00, out 18:00, out 21:00", ["9:00-21:00"]),  # a repeated punch out makes the stay longer
        ("in 9:00, out 18:00, in 19:00, out 21:00", ["9:00-18:00", "19:00-21:00"]),
        ("in 9:00, in 13:00, out 21:00", ["9:00-21:00"]),
        ("in 9:00", []),
        ("out 21:00", []),
        ("in 20:00, out 30:00", ["20:00-30:00"]),  # past five in the morning, when the window changes
        ("in 9:00, in 33:00, out 42:00", ["33:00-42:00"]),  # who forgot to punch out did not stay overnight
        ("in 9:00, out 42:00", []),  # two forgotten punches are no stay of 33 hours
    ],
)
def test_stays_are_from_in_to_the_last_out_before_the_next_in(punched: str, found: list[str]) -> None:
    assert list(rules.stays(week(punched))) == [span(one) for one in found]


@pytest.mark.parametrize(
    ("approved", "punched", "counted"),
    [
        ("18:00-21:00", "in 9:00, out 21:00", {FRIDAY: 180}),
        ("18:00-21:00", "in 9:00, out 20:10", {FRIDAY: 120}),  # 130 worked, in half hours
        ("18:00-19:00", "in 9:00, out 21:00", {FRIDAY: 60}),  # more was worked than approved
        ("18:30-21:00", "in 9:00, out 18:20", {}),
        ("18:00-21:00", "", {}),  # nobody was there
        ("17:00-19:00", "in 9:00, out 19:00", {FRIDAY: 60}),  # an hour of it was due anyway
        ("7:00-9:00", "in 7:00, out 18:00", {FRIDAY: 120}),
        ("22:00-26:00", "in 9:00, out 26:00", {FRIDAY: 120, SATURDAY: 120}),  # split at midnight
        ("22:30-25:15", "in 9:00, out 25:15", {FRIDAY: 90, SATURDAY: 60}),  # what is too much comes off the end
        ("33:00-42:00", "in 33:00, out 36:00, in 37:00, out 42:00", {SATURDAY: 480}),  # a pause between two stays
    ],
)
def test_the_lesser_of_approved_and_worked_counts(approved: str, punched: str, counted: dict[date, int]) -> None:
    assert rules.count(span(approved), week(punched), [], 30) == counted


def test_seconds_cost_nobody_a_step() -> None:
    cases = week()
    early, late = at("18:00") + timedelta(seconds=40), at("19:00") + timedelta(seconds=5)
    seen = (Mark(early, Direction.IN, PunchSource.H5), Mark(late, Direction.OUT, PunchSource.H5))
    found = [Case(case.duty, seen) if case.duty.day == FRIDAY else case for case in cases]
    assert rules.count(span("18:00-19:00"), found, [], 30) == {FRIDAY: 60}


def test_leave_is_no_overtime_but_a_trip_may_be() -> None:
    evening = span("13:00-20:00")
    on_leave = week("in 9:00, out 20:00", (Absence(evening, "事假"),))
    on_trip = week("in 9:00, out 20:00", (Absence(evening, "出差", is_trip=True),))
    assert rules.count(span("18:00-20:00"), on_leave, [], 30) == {}
    assert rules.count(span("18:00-20:00"), on_trip, [], 30) == {FRIDAY: 120}


def test_an_hour_counts_for_one_request() -> None:
    assert rules.count(span("18:00-21:00"), week("in 9:00, out 21:00"), [span("18:00-20:00")], 30) == {FRIDAY: 60}


def test_nothing_is_over_before_its_windows_close() -> None:
    cases = week("in 9:00, out 21:00")
    assert not rules.is_over(span("18:00-21:00"), cases, at("28:59"))
    assert rules.is_over(span("18:00-21:00"), cases, at("29:00"))
    assert not rules.is_over(span("28:00-30:00"), cases, at("52:59"))  # it reaches into Saturday's window


PUNCHED = st.lists(
    st.tuples(st.sampled_from(Direction), st.integers(0, 3 * 24 * 60)), max_size=12, unique_by=lambda one: one[1]
)
STRETCHES = st.tuples(st.integers(0, 2800), st.integers(1, 1440)).map(
    lambda one: Span(clock.at_local(FRIDAY, one[0]), clock.at_local(FRIDAY, one[0] + one[1]))
)


def with_marks(made: list[tuple[Direction, int]]) -> list[Case]:
    seen = [Mark(clock.at_local(FRIDAY, minute), way, PunchSource.H5) for way, minute in made]
    return [Case(case.duty, tuple(mark for mark in seen if case.duty.window.has(mark.at))) for case in week()]


@given(PUNCHED, STRETCHES, st.integers(1, 60), st.randoms())
def test_what_counts_is_whole_steps_never_more_than_approved_whatever_came_first(
    made: list[tuple[Direction, int]], approved: Span, step: int, chance: Any
) -> None:
    counted = rules.count(approved, with_marks(made), [], step)
    most = rules.expected(approved, with_marks([]), [], step)
    assert sum(counted.values()) % step == 0
    assert sum(counted.values()) <= sum(most.values()) <= (approved.end - approved.start) // timedelta(minutes=1)
    shuffled = list(made)
    chance.shuffle(shuffled)
    assert rules.count(approved, with_marks(shuffled), [], step) == counted


@given(PUNCHED, STRETCHES, STRETCHES)
def test_two_requests_never_share_a_minute(made: list[tuple[Direction, int]], one: Span, two: Span) -> None:
    cases = with_marks(made)
    both = sum(rules.count(one, cases, [], 1).values()) + sum(rules.count(two, cases, [one], 1).values())
    whole = Span(min(one.start, two.start), max(one.end, two.end))
    assert both <= sum(rules.count(whole, cases, [], 1).values())


@pytest.mark.parametrize(
    ("kind", "overtime", "rate"),
    [
        (DayKind.WORKDAY, WORK, 150), (DayKind.ADJUSTED_WORKDAY, WORK, 150), (DayKind.REST_DAY, REST, 200),
        (DayKind.ADJUSTED_REST_DAY, REST, 200), (DayKind.STATUTORY_HOLIDAY, HOLIDAY, 300),
    ],
)  # fmt: skip
def test_classes_follow_the_five_kinds_of_day(kind: DayKind, overtime: OvertimeKind, rate: int) -> None:
    assert (rules.kind_of(kind), rules.RATES[rules.kind_of(kind)]) == (overtime, rate)


COMPREHENSIVE, FLEXIBLE = System(WorkSystem.COMPREHENSIVE, WorkPeriod.QUARTER), System(WorkSystem.FLEXIBLE)


@pytest.mark.parametrize(
    ("kind", "wants", "system", "becomes"),
    [
        (WORK, PAY, rules.STANDARD, PAY),
        (WORK, OFF, rules.STANDARD, PAY),  # time off makes up for rest days only (LL art. 44(2))
        (REST, OFF, rules.STANDARD, OFF),
        (REST, PAY, rules.STANDARD, PAY),
        (HOLIDAY, OFF, rules.STANDARD, PAY),
        (WORK, PAY, COMPREHENSIVE, OvertimePay.PERIOD),
        (REST, OFF, COMPREHENSIVE, OvertimePay.PERIOD),
        (HOLIDAY, PAY, COMPREHENSIVE, PAY),
        (REST, PAY, FLEXIBLE, OvertimePay.NONE),
        (HOLIDAY, PAY, FLEXIBLE, OvertimePay.NONE),
        (HOLIDAY, PAY, System(WorkSystem.FLEXIBLE, pays_holidays=True), PAY),  # Shanghai, Shenzhen
    ],
)
def test_what_becomes_of_an_hour(kind: OvertimeKind, wants: OvertimePay, system: System, becomes: OvertimePay) -> None:
    assert rules.what_becomes(kind, wants, system) is becomes


def test_the_cap_of_a_month_is_for_workdays_and_rest_days_that_are_paid() -> None:
    pieces = [Piece(FRIDAY, WORK, 120), Piece(SATURDAY, REST, 240), Piece(SATURDAY, REST, 60, OFF),
              Piece(date(2026, 4, 5), HOLIDAY, 480), Piece(FRIDAY, WORK, 30, OvertimePay.PERIOD),
              Piece(FRIDAY, WORK, 600, OvertimePay.NONE)]  # fmt: skip
    assert rules.month_load(pieces) == Load(counted=390, holiday=480, time_off=60)


@pytest.mark.parametrize(
    ("minutes", "over", "near"), [(1799, 0, False), (1800, 0, True), (2160, 0, True), (2161, 1, True)]
)
def test_thirty_six_hours_a_month(minutes: int, over: int, near: bool) -> None:
    load = Load(counted=minutes)
    assert (rules.excess_of_month(load, Caps()), rules.nears(load, Caps())) == (over, near)


@pytest.mark.parametrize(("more", "is_over"), [(60, False), (61, True)])
def test_three_hours_on_a_workday(more: int, is_over: bool) -> None:
    pieces = [Piece(FRIDAY, WORK, 120), Piece(FRIDAY, WORK, more), Piece(SATURDAY, REST, 600)]
    assert (rules.excess_of_day(pieces, Caps()) is not None) is is_over


@pytest.mark.parametrize(
    ("day", "period", "first", "last", "standard"),
    [
        (date(2026, 10, 1), WorkPeriod.WEEK, date(2026, 9, 28), date(2026, 10, 4), "40"),
        (date(2026, 2, 28), WorkPeriod.MONTH, date(2026, 2, 1), date(2026, 2, 28), "165.36"),
        (date(2026, 10, 1), WorkPeriod.QUARTER, date(2026, 10, 1), date(2026, 12, 31), "496"),
        (date(2024, 2, 29), WorkPeriod.QUARTER, date(2024, 1, 1), date(2024, 3, 31), "500"),
        (date(2024, 12, 31), WorkPeriod.MONTH, date(2024, 12, 1), date(2024, 12, 31), "166.64"),
        (date(2026, 6, 30), WorkPeriod.YEAR, date(2026, 1, 1), date(2026, 12, 31), "1984"),
        (date(2024, 6, 30), WorkPeriod.YEAR, date(2024, 1, 1), date(2024, 12, 31), "2000"),
    ],
)
def test_periods_and_their_standard_hours(
    day: date, period: WorkPeriod, first: date, last: date, standard: str
) -> None:
    assert rules.period_around(day, period) == (first, last)
    assert rules.standard_of(first, period) == Fraction(standard) * 60


@pytest.mark.parametrize(
    ("period", "hours", "holiday", "expected"),
    [  # china-hr-rules 3.3
        (WorkPeriod.QUARTER, "540", "8", (36 * 60, 8 * 60)),
        (WorkPeriod.MONTH, "165.36", "0", (0, 0)),
        (WorkPeriod.YEAR, "2000", "16", (0, 16 * 60)),
    ],
)
def test_only_the_excess_of_a_period_is_overtime(
    period: WorkPeriod, hours: str, holiday: str, expected: tuple[int, int]
) -> None:
    worked = [Hours(date(2026, 10, 8), int((Fraction(hours) - Fraction(holiday)) * 60)),
              Hours(date(2026, 10, 1), int(Fraction(holiday) * 60), is_holiday=True)]  # fmt: skip
    assert rules.premium(worked, rules.standard_of(date(2026, 10, 1), period)) == expected


@pytest.mark.parametrize(
    "more", [{"begins": "早上"}, {"begins": ""}, {"begins": "24:00"}, {"hours": "0"}, {"hours": "24.5"}]
)
def test_a_form_says_from_when_and_how_long(more: dict[str, str]) -> None:
    values = {"day": "2026-03-06", "begins": "18：30", "hours": "1.5", "wants": "调休", **more}
    with pytest.raises(Invalid):
        rules.ask_of(values)


def test_a_form_is_a_stretch_by_the_clock_of_the_shift() -> None:
    ask = rules.ask_of({"day": "2026-03-06", "begins": "18：30", "hours": "1.5", "wants": "调休"})
    assert (ask.span("Asia/Shanghai"), ask.wants) == (span("18:30-20:00"), OFF)
    assert ask.span("Europe/Berlin").start == datetime.fromisoformat("2026-03-06T18:30:00+01:00")
