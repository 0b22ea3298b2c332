"""Our leave in WeCom's seconds: conversion, what a push may write, the cause of a difference, names that are alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import DriftCause, PushState
from services.leave.drift import rules
from services.leave.drift.rules import DAY, HOUR, Amounts
from wecom.vacation import BY_DAY, BY_HOUR, NewQuota

EIGHT, SEVEN_AND_A_HALF = 480, 450


@pytest.mark.parametrize(
    ("minutes", "full", "is_hourly", "expected"),
    [
        (480, EIGHT, False, DAY),
        (240, EIGHT, False, DAY // 2),
        (450, SEVEN_AND_A_HALF, False, DAY),
        (225, SEVEN_AND_A_HALF, False, DAY // 2),
        (1, EIGHT, False, 180),
        (1, 420, False, 206),  # 205.71…
        (0, EIGHT, False, 0),
        (-480, EIGHT, False, -DAY),
        (90, EIGHT, True, 5400),
        (90, SEVEN_AND_A_HALF, True, 5400),
    ],
)
def test_a_day_is_the_persons_own_working_day_and_an_hour_is_an_hour(
    minutes: int, full: int, is_hourly: bool, expected: int
) -> None:
    assert rules.seconds(minutes, full, is_hourly=is_hourly) == expected


@pytest.mark.parametrize(
    ("left", "is_hourly", "expected"),
    [
        (5 * DAY, False, 5 * DAY),
        (5 * DAY + 4319, False, 5 * DAY),
        (5 * DAY + 4320, False, 5 * DAY + 8640),
        (HOUR + 179, True, HOUR),
        (HOUR + 180, True, HOUR + 360),
        (-DAY, False, 0),
        (1001 * DAY, False, 1000 * DAY),
        (24_001 * HOUR, True, 24_000 * HOUR),
    ],
)
def test_a_push_writes_the_nearest_tenth_within_bounds(left: int, is_hourly: bool, expected: int) -> None:
    assert rules.target(left, is_hourly=is_hourly) == expected


@given(left=st.integers(-(10**9), 10**9), is_hourly=st.booleans())
def test_whatever_is_left_here_wecom_takes_what_is_written(left: int, is_hourly: bool) -> None:
    written = rules.target(left, is_hourly=is_hourly)
    unit = BY_HOUR if is_hourly else BY_DAY
    assert NewQuota(userid="li", vacation_id=1, time_attr=unit, leftduration=written).leftduration == written
    assert rules.target(written, is_hourly=is_hourly) == written


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ((5, 0), (5, 0), None),
        ((6, 1), (5, 0), None),  # what is left agrees: the past may differ
        ((5, 0), (5, 1), DriftCause.TAKEN_THERE),
        ((5, 1), (5, 0), DriftCause.TAKEN_HERE),
        ((7, 0), (5, 0), DriftCause.GRANTED_HERE),
        ((5, 0), (7, 0), DriftCause.GRANTED_THERE),
        ((7, 0), (5, 1), DriftCause.GRANTED_HERE),  # two of three days are the grant's
        ((6, 0), (5, 2), DriftCause.TAKEN_THERE),
        ((5, 0), (6, 3), DriftCause.TAKEN_THERE),
        ((5, 2), (6, 0), DriftCause.TAKEN_HERE),
        (None, (3, 0), DriftCause.GRANTED_THERE),
        (None, (0, 0), None),
        ((3, 0), None, DriftCause.OUT_OF_SCOPE),
        ((3, 3), None, None),
        (None, None, None),
        ((5.04, 0), (5, 0), DriftCause.ROUNDING),
        ((5.06, 0), (5, 0), DriftCause.GRANTED_HERE),
        ((5, 5.5), (0, 0), DriftCause.ROUNDING),  # a debt is nothing left there
    ],
)
def test_the_part_that_explains_more_names_the_cause(
    ours: tuple[float, float] | None, theirs: tuple[float, float] | None, expected: DriftCause | None
) -> None:
    sides = [None if side is None else Amounts(*(round(days * DAY) for days in side)) for side in (ours, theirs)]
    assert rules.cause(*sides, is_hourly=False) is expected


AMOUNTS = st.builds(Amounts, st.integers(0, 10**7), st.integers(0, 10**7))


@given(ours=AMOUNTS, theirs=AMOUNTS, is_hourly=st.booleans())
def test_writing_ours_ends_every_difference_that_can_be_written(
    ours: Amounts, theirs: Amounts, is_hourly: bool
) -> None:
    cause = rules.cause(ours, theirs, is_hourly=is_hourly)
    assert (cause is None) == (ours.left == theirs.left)
    after = Amounts(rules.target(ours.left, is_hourly=is_hourly) + theirs.used, theirs.used)
    assert rules.cause(ours, after, is_hourly=is_hourly) in (None, DriftCause.ROUNDING)


@pytest.mark.parametrize("cause", DriftCause)
def test_only_what_gives_nothing_back_is_written_by_itself(cause: DriftCause) -> None:
    by_itself = {DriftCause.TAKEN_HERE, DriftCause.GRANTED_HERE, DriftCause.GRANTED_THERE}
    assert rules.first_push(cause) is (PushState.WAITING if cause in by_itself else None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("年假", "annual"), ("带薪年假", "annual"), ("调休假", "compensatory"), ("育儿", "childcare"), ("高温假期", None)],
)
def test_a_kind_is_suggested_by_its_name(name: str, expected: str | None) -> None:
    ours = {"annual": "年假", "compensatory": "调休", "childcare": "育儿假", "elder_care": "独生子女护理假"}
    assert rules.suggestion(name, ours) == expected
    assert rules.suggestion(name, {}) is None


@pytest.mark.parametrize(
    ("amount", "is_hourly", "sign", "expected"),
    [
        (5 * DAY, False, False, "5天"),
        (10 * DAY, False, True, "+10天"),
        (-DAY // 2, False, True, "-0.5天"),
        (5400, True, False, "1.5小时"),
        (0, True, False, "0小时"),
        (206, False, True, "+0.0024天"),
    ],
)
def test_amounts_are_said_exactly(amount: int, is_hourly: bool, sign: bool, expected: str) -> None:
    assert rules.words(amount, is_hourly=is_hourly, sign=sign) == expected
