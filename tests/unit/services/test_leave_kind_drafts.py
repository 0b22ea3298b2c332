"""What a kind's rules make of a request of the past, how two versions differ in words, and who bears a day."""

from datetime import date

import pytest

from kit.errors import Invalid
from models.enums import Counting, DayKind, Half, LeaveUnit, Sandwich
from services.leave.gaps import read
from services.leave.kind_drafts import rules
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rules import Ask, Portion
from services.schedule.rules import STANDARD, DayPlan

WORKING = KindRules(counting=Counting.WORKING)


def day(number: int) -> date:
    return date(2026, 3, number)


PLANS = {
    day(n): DayPlan(day(n), DayKind.REST_DAY if off else DayKind.WORKDAY, not off, STANDARD, True)
    for n in range(1, 21)
    for off in (day(n).weekday() >= 5,)
}
"""March 2026: the 7th and 8th are a weekend."""


def counted(first: int, last: int, *gaps: str, **changes: object) -> list[Portion]:
    return rules.counted(Ask(day(first), day(last)), read(gaps), WORKING.model_copy(update=changes), PLANS)


@pytest.mark.parametrize(
    ("span", "gaps", "changes", "days"),
    [
        ((6, 9), (), {}, [6, 9]),
        ((6, 9), (), {"sandwich": Sandwich.ALL}, [6, 7, 8, 9]),
        ((6, 9), (), {"counting": Counting.CALENDAR}, [6, 7, 8, 9]),
        ((5, 10), ("2026-03-09",), {"counting": Counting.CALENDAR}, [5, 6, 7, 8, 10]),
        ((5, 10), ("2026-03-09",), {"sandwich": Sandwich.ALL}, [5, 6, 10]),
        ((7, 8), (), {}, []),
        ((7, 8), (), {"counting": Counting.CALENDAR}, [7, 8]),
    ],
)
def test_days_counted(
    span: tuple[int, int], gaps: tuple[str, ...], changes: dict[str, object], days: list[int]
) -> None:
    assert [one.day.day for one in counted(*span, *gaps, **changes)] == days


def test_half_a_day_cannot_be_left_out_of_whole_days() -> None:
    with pytest.raises(Invalid):
        counted(5, 6, "2026-03-05 pm", unit=LeaveUnit.DAY)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({6: 480}, {6: 480}, ""),
        ({6: 480, 9: 480}, {6: 480, 7: 480, 8: 480, 9: 480}, "多计3月7日、3月8日"),
        ({6: 480, 7: 480}, {6: 480}, "不再计3月7日"),
        ({6: 90}, {6: 120}, "3月6日由1.5小时改计2小时"),
        ({6: 90, 7: 480}, {6: 120, 8: 480}, "多计3月8日；不再计3月7日；3月6日由1.5小时改计2小时"),
        ({}, {n: 480 for n in range(1, 8)}, "多计3月1日、3月2日、3月3日等7天"),
    ],
)
def test_what_is_counted_otherwise(before: dict[int, int], after: dict[int, int], said: str) -> None:
    was, now = ([Portion(day(n), 540, 1080, minutes, 480) for n, minutes in side.items()] for side in (before, after))
    assert rules.note(was, now) == said


@pytest.mark.parametrize(
    ("changes", "is_borne"),
    [
        ({"needs_balance": True}, True),
        ({"is_paid": False}, True),
        ({"is_paid": True}, False),
        ({"is_paid": False, "is_work": True}, False),
    ],
)
def test_who_bears_a_day(changes: dict[str, bool], is_borne: bool) -> None:
    assert rules.bears(WORKING.model_copy(update=changes)) is is_borne


def test_days_are_measured_by_their_own_length() -> None:
    halves = [Portion(day(2), 540, 720, 240, 480), Portion(day(3), 540, 780, 240, 240)]
    assert rules.Judged(halves).days * 2 == 3


def test_leave_of_the_same_day_counts_together() -> None:
    own, others = counted(6, 6), [Portion(day(6), 540, 600, 60, 480)]
    kind = WORKING.model_copy(update={"daily_minutes": 60})
    assert rules.beside(Ask(day(6), day(6)), own, others, PLANS, kind).minutes == {day(6): 60}
    assert rules.beside(Ask(day(6), day(6)), own, others, PLANS, WORKING).minutes == {}


@pytest.mark.parametrize(("other", "missed"), [(9, [7, 8]), (10, [])])
def test_a_weekend_between_two_requests_is_missed(other: int, missed: list[int]) -> None:
    kind = WORKING.model_copy(update={"sandwich": Sandwich.ALL})
    own, ask = counted(other, other), Ask(day(other), day(other), Half.AM, Half.PM)
    near = rules.beside(ask, own, counted(6, 6), PLANS, kind)
    assert [one.day for one in near.missed] == missed
