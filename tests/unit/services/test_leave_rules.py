"""Lengths, overlap, eligibility, spending and the statutory entitlement, case by case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kit.errors import AppError, Conflict, Invalid
from models.enums import Counting, Half, LeaveUnit
from services.leave import rules
from services.leave.granting.rules import annual
from services.leave.life.rules import amounts, overlap
from services.leave.life.rules.overlap import Taken
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rules import Ask, Facts, Lot, NotEligible, Overlap, Portion
from services.schedule import rules as days_of
from services.schedule.rules import STANDARD, Segment, Shift
from tests.support.days import planned

D = date.fromisoformat


def plans(first: str, last: str, shift: Shift = STANDARD) -> list[Any]:
    return [planned(day, shift) for day in days_of.span(D(first), D(last))]


def length(counting: Counting, first: str, last: str) -> Decimal:
    ask = Ask(D(first), D(last))
    return rules.total_days(rules.portions(ask, KindRules(counting=counting), plans(first, last)))


@pytest.mark.parametrize(
    ("first", "last", "working", "calendar_days", "without_statutory"),
    [  # china-hr-rules 1.5
        ("2026-02-09", "2026-02-28", 11, 20, 16),
        ("2026-04-30", "2026-05-09", 5, 10, 8),
        ("2025-09-29", "2025-10-11", 5, 13, 9),
        ("2024-02-05", "2024-02-19", 7, 15, 12),
    ],
)
def test_the_three_ways_of_counting(
    first: str, last: str, working: int, calendar_days: int, without_statutory: int
) -> None:
    assert length(Counting.WORKING, first, last) == working
    assert length(Counting.CALENDAR, first, last) == calendar_days
    assert length(Counting.CALENDAR_EXCEPT_STATUTORY, first, last) == without_statutory


@pytest.mark.parametrize(
    ("first", "last", "total"),
    [  # maternity runs through holidays and weekends (china-hr-rules 1.5); home visit 1.7
        ("2026-05-06", "2026-08-11", 98),
        ("2026-05-06", "2026-08-26", 98 + 15),
        ("2026-05-06", "2026-10-10", 98 + 60),
        ("2025-12-01", "2026-05-22", 98 + 15 + 60),
        ("2026-02-09", "2026-02-28", 20),
    ],
)
def test_calendar_leave_ends_on_the_day_the_law_says(first: str, last: str, total: int) -> None:
    assert length(Counting.CALENDAR, first, last) == total


NIGHT = Shift("n", "夜班", (Segment(1320, 1560), Segment(1620, 1800)))
LONG = Shift("l", "一段", (Segment(600, 1201),))
THREE = Shift("t", "三段", (Segment(480, 600), Segment(630, 720), Segment(780, 930)))


@pytest.mark.parametrize(
    ("shift", "morning", "afternoon"),
    [  # start, end, minutes
        (STANDARD, (540, 720, 240), (780, 1080, 240)),  # the break divides the day, each half costs half of it
        (NIGHT, (1320, 1560, 210), (1620, 1800, 210)),
        (LONG, (600, 900, 300), (900, 1201, 301)),  # no break: half of the work; the halves make the whole
        (THREE, (480, 690, 180), (690, 930, 180)),
    ],
)
def test_half_days_by_the_shift(shift: Shift, morning: tuple[int, ...], afternoon: tuple[int, ...]) -> None:
    day = "2026-03-04"
    half = KindRules(unit=LeaveUnit.HALF_DAY)
    (am,) = rules.portions(Ask(D(day), D(day), to_half=Half.AM), half, plans(day, day, shift))
    (pm,) = rules.portions(Ask(D(day), D(day), from_half=Half.PM), half, plans(day, day, shift))
    assert (am.start, am.end, am.minutes) == morning
    assert (pm.start, pm.end, pm.minutes) == afternoon
    assert am.minutes + pm.minutes == shift.minutes


@pytest.mark.parametrize(
    ("start", "end", "shift", "minutes"),
    [
        ("09:00", "10:00", STANDARD, 60),
        ("09:10", "10:00", STANDARD, 60),  # rounded up to half hours
        ("11:30", "13:30", STANDARD, 60),  # the break costs nothing
        ("08:00", "20:00", STANDARD, 480),  # never more than the day
        ("23:00", "02:30", NIGHT, 180),  # over midnight
    ],
)
def test_hours_are_what_falls_into_working_time(start: str, end: str, shift: Shift, minutes: int) -> None:
    clock = lambda text: int(text[:2]) * 60 + int(text[3:])  # noqa: E731
    ask = Ask(D("2026-03-04"), D("2026-03-04"), from_minute=clock(start), to_minute=clock(end))
    (portion,) = rules.portions(ask, KindRules(unit=LeaveUnit.HOUR), plans("2026-03-04", "2026-03-04", shift))
    assert portion.minutes == minutes


def test_a_length_of_nothing_is_refused_with_the_reason() -> None:
    saturday = "2026-03-07"
    with pytest.raises(Invalid, match="不是您的工作时间"):
        length(Counting.WORKING, saturday, saturday)
    lunch = Ask(D("2026-03-04"), D("2026-03-04"), from_minute=720, to_minute=780)
    with pytest.raises(Invalid, match="不是您的工作时间"):
        rules.portions(lunch, KindRules(unit=LeaveUnit.HOUR), plans("2026-03-04", "2026-03-04"))


@pytest.mark.parametrize(
    ("ask", "unit", "refusal"),
    [
        (Ask(D("2026-03-05"), D("2026-03-04")), LeaveUnit.DAY, Invalid),
        (Ask(D("2026-03-04"), D("2026-03-04"), Half.PM, Half.AM), LeaveUnit.HALF_DAY, Invalid),
        (Ask(D("2026-03-04"), D("2026-03-04"), Half.PM), LeaveUnit.DAY, Invalid),
        (Ask(D("2026-03-04"), D("2026-03-05"), from_minute=1, to_minute=2), LeaveUnit.HOUR, Invalid),
        (Ask(D("2026-03-04"), D("2026-03-04"), from_minute=1, to_minute=2), LeaveUnit.DAY, Invalid),
        (Ask(D("2026-01-30"), D("2026-01-30")), LeaveUnit.DAY, Conflict),
        (Ask(D("2027-04-07"), D("2027-04-07")), LeaveUnit.DAY, Invalid),
        (Ask(D("2026-03-04"), D("2027-04-09")), LeaveUnit.DAY, Invalid),
    ],
)
def test_dates_that_make_no_sense(ask: Ask, unit: LeaveUnit, refusal: type[AppError]) -> None:
    with pytest.raises(refusal):
        rules.check_span(ask, KindRules(unit=unit), D("2026-03-02"))


def test_dates_that_do() -> None:
    rules.check_span(Ask(D("2026-01-31"), D("2026-02-02")), KindRules(), D("2026-03-02"))
    rules.check_span(Ask(D("2026-03-02"), D("2026-03-03"), Half.PM, Half.AM), KindRules(), D("2026-03-02"))


@pytest.mark.parametrize(
    ("day", "start", "end", "collides"),
    [
        ("2026-03-04", 540, 720, True),
        ("2026-03-04", 780, 1080, False),  # two halves of a day
        ("2026-03-04", 720, 780, False),  # edges may touch
        ("2026-03-03", 1320, 2000, True),  # a night shift of the day before reaches into this morning
        ("2026-03-03", 1320, 1980, False),
        ("2026-03-05", 540, 720, False),
    ],
)
def test_overlap_is_a_question_of_minutes(day: str, start: int, end: int, collides: bool) -> None:
    mine = [Portion(D("2026-03-04"), 540, 720, 240, 480)]
    theirs = [Taken(D(day), start, end, "已批准的年假")]
    if collides:
        with pytest.raises(Overlap, match="已批准的年假"):
            overlap.check_overlap(mine, theirs)
    else:
        overlap.check_overlap(mine, theirs)


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        (KindRules(gender="female"), Facts("male", None), "限女职工"),
        (KindRules(gender="male", source="某条例"), Facts("female", None), "限男职工（某条例）"),
        (KindRules(gender="female"), Facts(None, None), "没有您的性别信息"),
        (KindRules(min_service_months=12), Facts(None, D("2025-03-05")), "入职满 12 个月"),
        (KindRules(min_service_months=12), Facts(None, None), "入职满 12 个月"),
    ],
)
def test_a_refusal_names_the_rule(kind: KindRules, facts: Facts, words: str) -> None:
    with pytest.raises(NotEligible, match=words):
        rules.check_eligible(kind, facts, D("2026-03-04"))


def test_those_who_are_eligible_pass() -> None:
    rules.check_eligible(
        KindRules(gender="female", min_service_months=12), Facts("female", D("2025-03-04")), D("2026-03-04")
    )
    rules.check_eligible(KindRules(), Facts(None, None), D("2026-03-04"))


def test_the_most_at_once_and_the_proof() -> None:
    with pytest.raises(Conflict, match=r"一次最多 3 天，本次 3.5 天"):
        amounts.check_length(KindRules(max_days=3), Decimal("3.50"), has_proof=True)
    with pytest.raises(Invalid, match="超过 1 天需要上传诊断证明"):
        amounts.check_length(KindRules(proof_after_days=1, proof_name="诊断证明"), Decimal(2), has_proof=False)
    with pytest.raises(Invalid, match=r"^需要上传结婚证"):
        amounts.check_length(KindRules(proof_after_days=0, proof_name="结婚证"), Decimal(1), has_proof=False)
    amounts.check_length(KindRules(max_days=3, proof_after_days=1), Decimal(3), has_proof=True)
    amounts.check_length(KindRules(proof_after_days=1), Decimal(1), has_proof=False)


@dataclass(frozen=True)
class Case:
    """Lots as (name, first day, last day, rest), days wanted, and what is taken."""

    lots: Sequence[tuple[str, str, str, int]]
    wanted: Sequence[str]
    taken: dict[str, int]
    short: int = 0


@pytest.mark.parametrize(
    "case",
    [
        Case([("new", "2026-01-01", "2027-12-31", 960), ("old", "2025-01-01", "2026-03-31", 480)],
             ["2026-03-30", "2026-03-31"], {"old": 480, "new": 480}),
        Case([("old", "2025-01-01", "2026-03-31", 960), ("new", "2026-01-01", "2027-12-31", 480)],
             ["2026-03-31", "2026-04-01"], {"old": 480, "new": 480}),  # the old one is of no use in April
        Case([("old", "2025-01-01", "2026-03-31", 960)], ["2026-04-01"], {}, short=480),
        Case([("next", "2027-01-01", "2027-12-31", 960)], ["2026-12-31"], {}, short=480),  # not yet
        Case([("debt", "2026-01-01", "2026-12-31", -480), ("rest", "2026-01-01", "2026-12-31", 240)],
             ["2026-05-06"], {"rest": 240}, short=240),  # never from what is negative
    ],
)  # fmt: skip
def test_lots_are_spent_earliest_to_expire_first_on_days_they_are_good(case: Case) -> None:
    lots = [Lot(name, D(first), D(last), rest) for name, first, last, rest in case.lots]
    wanted = [Portion(D(day), 540, 1080, 480, 480) for day in case.wanted]
    spending = rules.spend(wanted, lots)
    assert (spending.taken, spending.short) == (case.taken, case.short)


@pytest.mark.parametrize(
    ("hired", "first_worked", "year", "days"),
    [  # china-hr-rules 1.3, new hires
        ("2024-09-01", "2019-01-01", 2024, 1),
        ("2026-07-01", "2012-01-01", 2026, 5),
        ("2026-05-27", "2020-01-01", 2026, 3),
        ("2026-10-19", "2020-01-01", 2026, 1),
        ("2024-01-01", "2012-01-01", 2024, 10),
        # crossing a tier within the year
        ("2018-01-01", "2016-04-01", 2026, 8),
        ("2008-01-01", "2006-09-01", 2026, 11),
        ("2008-01-01", "2006-09-01", 2027, 15),
        ("2018-01-01", "2016-12-31", 2026, 5),
        ("2008-01-01", "2006-09-01", 2016, 6),
        # whole years of each tier
        ("2020-01-01", None, 2026, 5),
        ("2010-01-01", "2010-01-01", 2026, 10),
        ("2005-01-01", "2001-05-01", 2026, 15),
        ("2005-01-01", "2001-05-01", 2024, 15),
        # the first twelve months: nothing, then from the anniversary
        ("2026-01-05", "2026-01-05", 2026, 0),
        ("2025-04-01", "2025-04-01", 2026, 3),
        # not hired yet
        ("2027-01-01", "2010-01-01", 2026, 0),
    ],
)
def test_statutory_annual_leave(hired: str, first_worked: str | None, year: int, days: int) -> None:
    assert annual.entitlement(year, D(hired), D(first_worked) if first_worked else None).days == days


def test_a_year_with_two_tiers_shows_its_shares() -> None:
    assert "11.6712" in annual.entitlement(2026, D("2008-01-01"), D("2006-09-01")).sentence
    assert "8.7671" in annual.entitlement(2026, D("2018-01-01"), D("2016-04-01")).sentence


def test_the_grant_explains_itself() -> None:
    joiner = annual.entitlement(2026, D("2026-07-01"), D("2012-01-01"))
    assert joiner.starts_on == D("2026-07-01")
    assert joiner.sentence == (
        "2026年法定年休假 5 天：7月1日起 184 天÷365×10 天 = 5.0410，取整数"
        "（《职工带薪年休假条例》第三条、《企业职工带薪年休假实施办法》第五条）"
    )
    whole = annual.entitlement(2026, D("2020-01-01"), D("2018-01-01"))
    assert whole.sentence == "2026年法定年休假 5 天：全年在职，按累计工龄每年 5 天（《职工带薪年休假条例》第三条）"


def test_a_first_day_of_work_after_the_hiring_is_a_mistake_of_the_file() -> None:
    assert annual.entitlement(2026, D("2015-01-01"), D("2020-01-01")) == annual.entitlement(2026, D("2015-01-01"), None)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2026-08-31", 6, "2027-02-28"), ("2024-02-29", 12, "2025-02-28"), ("2026-01-31", 1, "2026-02-28"),
     ("2026-11-30", 1, "2026-12-30"), ("2026-12-15", 12, "2027-12-15")],
)  # fmt: skip
def test_months_are_added_by_the_calendar(day: str, months: int, then: str) -> None:
    assert rules.add_months(D(day), months) == D(then)


@pytest.mark.parametrize(
    ("minutes", "full", "unit", "words"),
    [(720, 480, LeaveUnit.HALF_DAY, "1.5天"), (480, 480, LeaveUnit.DAY, "1天"), (0, 480, LeaveUnit.DAY, "0天"),
     (90, 480, LeaveUnit.HOUR, "1.5小时"), (4800, 480, LeaveUnit.DAY, "10天"), (160, 480, LeaveUnit.DAY, "0.33天")],
)  # fmt: skip
def test_lengths_in_words(minutes: int, full: int, unit: LeaveUnit, words: str) -> None:
    assert rules.words(minutes, full, unit) == words
