"""Cutting days out of leave: what stays, what is given back, and how the gaps are written and said."""

from datetime import date

import pytest

from kit.errors import Invalid
from models.enums import Counting, DayKind, Half, LeaveUnit, Sandwich
from services.leave import gaps, rules
from services.leave.life.rules import parting
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rules import Ask, Portion
from services.schedule.rules import STANDARD, DayPlan

KIND = KindRules(unit=LeaveUnit.HALF_DAY, counting=Counting.WORKING, sandwich=Sandwich.ALL)


def day(number: int) -> date:
    return date(2026, 3, number)


def plans(first: int, last: int) -> dict[date, DayPlan]:
    """March 2026: the 7th and 8th are a weekend."""
    found = {}
    for number in range(first, last + 1):
        off = day(number).weekday() >= 5
        kind = DayKind.REST_DAY if off else DayKind.WORKDAY
        found[day(number)] = DayPlan(day(number), kind, not off, STANDARD, True)
    return found


def leave_of(first: int, last: int, kind: KindRules = KIND) -> list[Portion]:
    return rules.portions(Ask(day(first), day(last)), kind, plans(first, last).values())


def cut(first: int, last: int, *freed: str, kind: KindRules = KIND) -> list[Portion]:
    return parting.cut(leave_of(first, last, kind), plans(first, last), gaps.read(freed), kind)


@pytest.mark.parametrize(
    ("freed", "stays"),
    [
        (["2026-03-03"], {2: 480, 4: 480}),
        (["2026-03-03 am"], {2: 480, 3: 240, 4: 480}),
        (["2026-03-03 am", "2026-03-03 pm"], {2: 480, 4: 480}),
        (["2026-03-02 pm", "2026-03-04"], {2: 240, 3: 480}),
        (["2026-03-09"], {2: 480, 3: 480, 4: 480}),
    ],
)
def test_what_stays_of_three_days(freed: list[str], stays: dict[int, int]) -> None:
    assert {one.day.day: one.minutes for one in cut(2, 4, *freed)} == stays


@pytest.mark.parametrize(
    ("freed", "stays"),
    [
        ([], [5, 6, 7, 8, 9, 10]),
        (["2026-03-05"], [6, 7, 8, 9, 10]),
        (["2026-03-06 am"], [5, 6, 7, 8, 9, 10]),
        (["2026-03-06 pm"], [5, 6, 9, 10]),
        (["2026-03-09"], [5, 6, 10]),
        (["2026-03-09 am"], [5, 6, 9, 10]),
        (["2026-03-09 pm"], [5, 6, 7, 8, 9, 10]),
    ],
)
def test_a_weekend_stays_while_the_leave_beside_it_reaches_up_to_it(freed: list[str], stays: list[int]) -> None:
    assert [one.day.day for one in cut(5, 10, *freed)] == stays


def test_by_the_calendar_each_day_is_for_itself() -> None:
    kind = KIND.model_copy(update={"counting": Counting.CALENDAR})
    assert [one.day.day for one in cut(5, 10, "2026-03-06", kind=kind)] == [5, 7, 8, 9, 10]


def test_half_of_a_whole_day_kind_is_refused() -> None:
    with pytest.raises(Invalid, match="按整天"):
        cut(2, 4, "2026-03-03 am", kind=KIND.model_copy(update={"unit": LeaveUnit.DAY}))


def test_half_of_hours_is_refused_but_not_where_none_are_taken() -> None:
    hours = [Portion(day(2), 11 * 60, 15 * 60, 180, 480)]
    with pytest.raises(Invalid, match="按小时"):
        parting.cut(hours, plans(2, 2), gaps.read(["2026-03-02 am"]), KIND)
    early = [Portion(day(2), 9 * 60, 11 * 60, 120, 480)]
    assert parting.cut(early, plans(2, 2), gaps.read(["2026-03-02 pm"]), KIND) == early
    assert parting.cut(early, plans(2, 2), gaps.read(["2026-03-02 am"]), KIND) == []


@pytest.mark.parametrize(
    ("freed", "found"),
    [
        (["2026-03-03"], {day(3): None}),
        (["2026-03-02", "2026-03-03 am"], {}),
        (["2026-03-02 am", "2026-03-03 pm"], {day(3): Half.PM}),
        (["2026-03-02 pm", "2026-03-04 am"], {day(2): Half.PM, day(4): Half.AM}),
        (["2026-03-04 pm"], {}),
    ],
)
def test_only_what_lies_inside_is_a_gap(freed: list[str], found: dict[date, Half | None]) -> None:
    whole, kept = leave_of(2, 4), cut(2, 4, *freed)
    assert parting.gaps(parting.freed(whole, kept), kept, plans(2, 4)) == found


def test_what_stays_and_what_goes_are_all_of_it() -> None:
    whole = leave_of(2, 10)
    kept = cut(2, 10, "2026-03-02 am", "2026-03-04", "2026-03-06 pm", "2026-03-10 pm")
    assert sum(one.minutes for one in [*kept, *parting.freed(whole, kept)]) == sum(one.minutes for one in whole)


def test_gaps_are_said_and_counted() -> None:
    assert gaps.words(None) == ""
    assert gaps.words(["2026-03-11", "2026-03-12 pm"]) == "（3月11日、3月12日下午除外）"
    assert gaps.words([f"2026-03-{n:02}" for n in range(2, 7)]) == "（3月2日、3月3日、3月4日等5天除外）"
    assert gaps.days_away(day(2), day(5), ["2026-03-03", "2026-03-04 am"]) == [day(2), day(4), day(5)]
    assert gaps.write(gaps.read(["2026-03-05 pm", "2026-03-04", "2026-03-05 am"])) == ["2026-03-04", "2026-03-05"]
