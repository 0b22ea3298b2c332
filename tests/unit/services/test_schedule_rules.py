"""The five kinds of day and the shifts, case by case (Holiday Measures, State Council Decree 795)."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from kit.errors import Invalid
from models.enums import WORKING_DAYS, DayKind
from services.schedule import calendar, rules
from services.schedule.rules import (
    Assigned,
    Calendar,
    Flex,
    LeftLate,
    LocalDays,
    Rotation,
    Segment,
    Shift,
)
from tests.support.days import planned

YEARS = calendar.shipped()
W, A, R, AR, S = (
    DayKind.WORKDAY,
    DayKind.ADJUSTED_WORKDAY,
    DayKind.REST_DAY,
    DayKind.ADJUSTED_REST_DAY,
    DayKind.STATUTORY_HOLIDAY,
)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2024-02-09", W),  # New Year's Eve was an ordinary workday under the eleven-day rule
        ("2024-02-10", S),
        ("2024-05-02", AR),  # not statutory in 2024
        ("2025-01-28", S),  # New Year's Eve, statutory since 2025
        ("2025-05-02", S),
        ("2025-05-31", S),  # Dragon Boat on a Saturday
        ("2025-06-02", AR),  # replaces that Saturday: a rest day
        ("2025-10-06", S),  # Mid-Autumn inside the National Day block
        ("2025-10-08", AR),
        ("2026-02-14", A),
        ("2026-02-17", S),
        ("2026-02-21", R),
        ("2026-05-01", S),
        ("2026-05-05", AR),
        ("2026-10-02", S),
        ("2026-10-07", AR),
        ("2026-10-10", A),
        ("2026-10-11", R),
    ],
)
def test_each_worked_example_is_of_its_kind(day: str, kind: DayKind) -> None:
    on = date.fromisoformat(day)
    assert YEARS[on.year].kind(on) is kind


@pytest.mark.parametrize(
    ("year", "months", "statutory"),
    [
        (2024, [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22], 11),
        (2025, [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23], 13),
        (2026, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23], 13),
    ],
)
def test_workdays_of_each_month_match_the_published_counts(year: int, months: list[int], statutory: int) -> None:
    assert rules.workdays_by_month(YEARS[year]) == months
    assert len(YEARS[year].statutory) == statutory


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_agrees_with_an_independent_calendar(year: int) -> None:
    for day in rules.span(date(year, 1, 1), date(year, 12, 31)):
        assert (YEARS[year].kind(day) in WORKING_DAYS) == chinese_calendar.is_workday(day), day


def test_a_year_without_a_notice_knows_the_law_only_and_says_so() -> None:
    next_year = YEARS[2027]
    assert not next_year.is_confirmed
    assert next_year.kind(date(2027, 2, 6)) is S
    assert next_year.kind(date(2027, 2, 10)) is W
    assert len(next_year.statutory) == 13
    assert not planned(date(2031, 5, 7), rules.STANDARD).confirmed


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        ({"off": ["05-01..05-05"], "work": ["05-02"]}, "既是放假日又是上班日"),
        ({"off": ["05-01"], "work": ["05-08"]}, "不是周末"),
        ({"statutory": ["05-01"], "off": ["05-02"]}, "不在放假日内"),
        ({"off": ["02-30"]}, "不是 2026 年的日期"),
        ({"off": ["05-05..05-01"]}, "早于开始日期"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(notice: dict[str, list[str]], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        rules.year_of(2026, {"statutory": [], "off": [], "work": [], "source": "通知", **notice})


def test_a_shop_works_its_own_weekdays_and_rests_on_statutory_holidays() -> None:
    shop = Shift("s", "门店", (Segment(600, 1260),), weekdays=frozenset({2, 3, 4, 5, 6, 7}))
    open_always = Shift("t", "值班", (Segment(600, 1260),), weekdays=frozenset(range(1, 8)), works_holidays=True)
    sunday, monday, new_year = date(2026, 3, 8), date(2026, 3, 9), date(2026, 2, 17)
    plans = [planned(day, shop) for day in (sunday, monday, new_year)]
    assert [(plan.kind, plan.is_working, plan.minutes) for plan in plans] == [
        (W, True, 660),
        (R, False, 0),
        (S, False, 0),
    ]
    assert plans[1].full_minutes == 660
    assert planned(new_year, open_always).is_working


def test_the_nearest_and_latest_assignment_wins() -> None:
    company, team, own = (Shift(name, name, (Segment(0, 60),)) for name in ("company", "team", "own"))
    june = date(2026, 6, 1)
    given = [
        Assigned(company, 1000, date(2026, 1, 1), None),
        Assigned(team, 1, june, None),
        Assigned(own, 0, june + timedelta(days=10), june + timedelta(days=12)),
        Assigned(own, 0, june + timedelta(days=12), june + timedelta(days=20)),
    ]
    chosen = [rules.choose(june + timedelta(days=n), given).gives for n in (-1, 0, 10, 12, 21)]
    assert chosen == [company, team, own, own, team]
    assert rules.choose(june, []).gives is rules.STANDARD


@pytest.mark.parametrize(
    ("segments", "words"),
    [
        ([], "至少要有一个"),
        ([(1440, 1500)], "要在当天开始"),
        ([(60, 1600)], "24 小时"),
        ([(540, 540)], "晚于开始时间"),
        ([(540, 720), (700, 900)], "不能重叠"),
    ],
)
def test_a_shift_that_cannot_be_worked_is_refused(segments: list[tuple[int, int]], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        rules.check_segments([Segment(*edges) for edges in segments])


def test_a_night_shift_ends_on_the_next_day() -> None:
    night = [Segment(22 * 60, 26 * 60), Segment(27 * 60, 30 * 60)]
    rules.check_segments(night)
    assert Shift("n", "夜班", tuple(night)).minutes == 420


def test_two_days_two_nights_two_of_rest_go_round_whatever_the_weekday() -> None:
    day, night = (Shift(name, name, (Segment(start, start + 720),)) for name, start in (("白", 480), ("夜", 1200)))
    turns = Rotation((day, day, night, night, None, None))
    fortnight = [planned(on, turns, since=date(2026, 2, 28)) for on in rules.span(date(2026, 2, 28), date(2026, 3, 13))]
    assert "".join(plan.shift.name if plan.is_working else "休" for plan in fortnight) == "白白夜夜休休白白夜夜休休白白"
    assert {plan.shift for plan in fortnight[4:6]} == {night}  # the night before frames the day of rest
    assert [plan.kind for plan in fortnight[3:6]] == [W, R, R]


def test_a_rotation_works_through_the_spring_festival_but_the_holiday_stays_one() -> None:
    night = Shift("n", "夜", (Segment(1200, 1920),))
    plan = planned(date(2026, 2, 17), Rotation((night, None)), since=date(2026, 2, 17))
    assert (plan.kind, plan.is_working, plan.is_rostered) == (S, True, True)
    rest = planned(date(2026, 2, 18), Rotation((night, None)), since=date(2026, 2, 17))
    assert (rest.kind, rest.is_working) == (S, False)


OFF, SITE_WORKS = date(2026, 4, 20), date(2026, 4, 25)
GUANGXI = LocalDays(off={OFF: "三月三"}, work={SITE_WORKS: "盘点"})


@pytest.mark.parametrize(
    ("day", "local", "kind", "note"),
    [
        (OFF, [], W, ""),
        (OFF, [GUANGXI], AR, "三月三"),
        (SITE_WORKS, [GUANGXI], A, "盘点"),
        (OFF, [LocalDays(work={OFF: "照常"}), GUANGXI], A, "照常"),  # the site's word comes before the company's
        (date(2026, 5, 1), [LocalDays(work={date(2026, 5, 1): "加班"})], S, "加班"),  # the law's day stays the law's
        (date(2026, 4, 18), [LocalDays(off={date(2026, 4, 18): "司庆"})], R, "司庆"),  # a Saturday is off already
    ],
)
def test_own_days_lie_on_top_of_the_nations_the_nearest_first(
    day: date, local: list[LocalDays], kind: DayKind, note: str
) -> None:
    here = Calendar(YEARS, local)
    assert (here.kind(day), here.note(day)) == (kind, note)


def test_the_companys_day_off_closes_a_shop_with_weekdays_of_its_own() -> None:
    shop = Shift("s", "门店", (Segment(600, 1260),), weekdays=frozenset(range(1, 8)))
    here = Calendar(YEARS, [GUANGXI])
    assert not planned(OFF, shop, here).is_working
    assert planned(OFF, shop).is_working


@pytest.mark.parametrize(("late", "slides"), [(-90, -60), (-10, -10), (0, 0), (45, 45), (200, 120)])
def test_a_day_slides_as_far_as_it_may(late: int, slides: int) -> None:
    assert Flex(before=60, after=120).slide(late) == slides


def test_a_day_that_slides_has_a_core() -> None:
    flexible = Shift("f", "弹性", (Segment(540, 720), Segment(780, 1080)), flex=Flex(60, 90))
    assert flexible.core == Segment(630, 1020)


@pytest.mark.parametrize(("minutes", "later"), [(0, 0), (59, 0), (60, 30), (119, 30), (120, 60), (600, 60)])
def test_who_left_late_may_come_later(minutes: int, later: int) -> None:
    shift = Shift("s", "早", (Segment(540, 1080),), left_late=(LeftLate(60, 30), LeftLate(120, 60)))
    assert shift.may_come_later(minutes) == later


def test_breaks_and_slides_that_make_no_sense_are_refused() -> None:
    day = (Segment(540, 720), Segment(780, 1080))
    rules.check_breaks(day, [Segment(900, 915)])
    with pytest.raises(Invalid, match="带薪休息"):
        rules.check_breaks(day, [Segment(730, 745)])
    with pytest.raises(Invalid, match="核心"):
        rules.check_flex(day, Flex(300, 300), punches_each=False)
    with pytest.raises(Invalid, match="逐段"):
        rules.check_flex(day, Flex(30, 30), punches_each=True)
