"""What rosters keep to, as tables of cases: rest over midnight, hours of a week, days in a row, people needed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import RosterRule
from services.rosters import rules
from services.rosters.rules import Away, Board, Burden, Minimum, Policy
from services.schedule import Segment, Shift

MON = date(2026, 3, 2)
EARLY = Shift("e", "早班", (Segment(480, 720), Segment(780, 1020)))  # 8 h, home at 17:00
LATE = Shift("l", "晚班", (Segment(840, 1320),))  # 14:00 to 22:00
NIGHT = Shift("n", "夜班", (Segment(1320, 1800),))  # 22:00 to 06:00
LONG = Shift("x", "长白班", (Segment(480, 1200),))  # 12 h
CODES = {"e": EARLY, "l": LATE, "n": NIGHT, "x": LONG, "-": None}
NO_CAP = Policy(weekly_minutes=100 * 60, longest_run=30, daily_minutes=24 * 60)


def board(*lines: str, before: str = "", **more: object) -> Board:
    """People a, b, c… with a letter for each day from Monday on; `before` are the first one's days before that."""
    people = tuple("abcdefgh"[: len(lines)])
    plan = {(who, MON + timedelta(days=n)): CODES[code] for who, line in zip(people, lines, strict=True)
            for n, code in enumerate(line)}  # fmt: skip
    days = tuple(sorted({day for _, day in plan}))
    around = {("a", MON - timedelta(days=len(before) - n)): CODES[code] for n, code in enumerate(before)}
    return Board(people, days, plan | around, frozenset(plan), **more)  # type: ignore[arg-type]


def found(one: Board) -> list[tuple[RosterRule, int]]:
    return [(gap.rule, (gap.day - MON).days) for gap in rules.gaps(one)]


REST, DAILY, WEEKLY, RUN = RosterRule.REST, RosterRule.DAILY, RosterRule.WEEKLY, RosterRule.RUN
LEAVE, MINIMUM, UNPLANNED = RosterRule.LEAVE, RosterRule.MINIMUM, RosterRule.UNPLANNED


@pytest.mark.parametrize(
    ("line", "before", "unmet"),
    [
        ("ee", "", []),  # 17:00 to 08:00 is 15 hours
        ("le", "", [(REST, 1)]),  # 22:00 to 08:00 is 10
        ("nl", "", [(REST, 1)]),  # 06:00 to 14:00 is 8, over midnight
        ("nn", "", []),  # 06:00 to 22:00 is 16
        ("ne", "", [(REST, 1)]),  # 06:00 to 08:00
        ("n-e", "", []),
        ("e", "l", [(REST, 0)]),  # what was worked before the roster counts
        ("-e", "n", []),
    ],
)
def test_eleven_hours_of_rest_between_shifts(line: str, before: str, unmet: list[tuple[RosterRule, int]]) -> None:
    assert found(board(line, before=before, policy=NO_CAP)) == unmet


def test_a_change_of_the_clock_changes_the_rest() -> None:
    there = "Europe/Berlin"  # on 29 March 2026 an hour is missing at 02:00
    late, early = replace(LATE, zone=there), replace(EARLY, segments=(Segment(540, 1020),), zone=there)
    saturday = date(2026, 3, 28)
    assert rules.rest_between(saturday, late, saturday + timedelta(days=1), early) == 10 * 60
    assert rules.rest_between(MON, late, MON + timedelta(days=1), early) == 11 * 60


@pytest.mark.parametrize(
    ("line", "before", "unmet"),
    [
        ("eeeee--", "", []),  # 40 h: State Council Decree 146, art. 3
        ("eeeeee-", "", [(WEEKLY, 0)]),  # 48 h
        ("xxx----", "", [(DAILY, 0), (DAILY, 1), (DAILY, 2)]),  # 12 h a day: 8 and at most 3 (Labour Law art. 41)
        ("-" * 7 + "eeeee--", "", []),
        ("-" * 7 + "eeeeee-", "", [(WEEKLY, 7)]),
        ("", "", []),
    ],
)
def test_hours_of_a_day_and_a_week(line: str, before: str, unmet: list[tuple[RosterRule, int]]) -> None:
    assert found(board(line, before=before)) == unmet


def test_a_week_that_began_before_the_roster_counts_whole() -> None:
    whole = board("eeee--e", before="")
    tail = replace(whole, days=whole.days[5:], said=frozenset({("a", day) for day in whole.days[5:]}))
    assert found(tail) == []
    assert found(replace(tail, policy=Policy(weekly_minutes=39 * 60))) == [(WEEKLY, 5)]


@pytest.mark.parametrize(
    ("line", "before", "unmet"),
    [
        ("eeeeee-", "", []),  # one day of rest a week: Labour Law art. 38
        ("eeeeeee", "", [(RUN, 0)]),
        ("eeee", "eee", [(RUN, 0)]),
        ("-eeee", "eee", []),
        ("eee-eee", "e", []),
    ],
)
def test_not_more_than_six_days_in_a_row(line: str, before: str, unmet: list[tuple[RosterRule, int]]) -> None:
    assert found(board(line, before=before, policy=replace(NO_CAP, longest_run=6))) == unmet


TWO_EARLY = Minimum("m", 2, shift_id="e")


@pytest.mark.parametrize(
    ("lines", "minimum", "unmet"),
    [
        (("e", "e"), TWO_EARLY, []),
        (("e", "l"), TWO_EARLY, [(MINIMUM, 0)]),
        (("-", "-"), TWO_EARLY, [(MINIMUM, 0)]),
        (("e", "l"), replace(TWO_EARLY, weekday=2), []),  # asks on Tuesdays
        (("e", "l"), replace(TWO_EARLY, on=MON), [(MINIMUM, 0)]),
        (("e", "l"), Minimum("m", 1, start=480, end=1320), []),  # 08:00 to 22:00, lunch in turns
        (("e", "n"), Minimum("m", 1, start=480, end=1320), [(MINIMUM, 0)]),  # nobody from 17:00 to 22:00
        (("e", "l"), Minimum("m", 2, start=840, end=1020), []),
        (("n-", "-n"), Minimum("m", 1, start=0, end=360), [(MINIMUM, 0)]),  # Monday before six: Sunday's night
        (("e", "e"), replace(TWO_EARLY, skill="tag"), [(MINIMUM, 0)]),
    ],
)
def test_people_needed(lines: tuple[str, ...], minimum: Minimum, unmet: list[tuple[RosterRule, int]]) -> None:
    one = board(*lines, policy=NO_CAP, minima=(minimum,), skills={"tag": frozenset({"a"})})
    assert found(one) == unmet


def test_a_minimum_says_how_many_are_short() -> None:
    (gap,) = rules.gaps(board("e", "-", "-", policy=NO_CAP, minima=(replace(TWO_EARLY, at_least=3),)))
    assert (gap.lacking, gap.words) == (2, "3月2日只有 1 人，至少 3 人")


def test_leave_stands_in_the_way_and_does_not_count() -> None:
    all_day, morning = {("a", MON): (Away(0, 1440),)}, {("a", MON): (Away(480, 720),)}
    assert found(board("e", "e", away=all_day, minima=(TWO_EARLY,))) == [(LEAVE, 0), (MINIMUM, 0)]
    assert found(board("l", "-", away=morning)) == []


def test_days_that_nobody_planned_are_named_once() -> None:
    one = board("e--")
    (gap,) = rules.gaps(replace(one, said=frozenset({("a", MON)})))
    assert (gap.rule, gap.words) == (UNPLANNED, "3月3日等 2 天没有排，会按原来的班次")


@pytest.mark.parametrize(("shift", "night"), [(EARLY, False), (LATE, False), (NIGHT, True), (LONG, False)])
def test_what_a_night_is(shift: Shift, night: bool) -> None:
    assert rules.is_night(shift) is night


def test_burdens_are_counted() -> None:
    one = board("nn--eee")
    assert rules.burdens(one.people, one.days, one.plan)["a"] == Burden(5 * 480, 5, 2, 2)


# ── properties ──

LINES = st.lists(st.text("eln-", min_size=14, max_size=14), min_size=1, max_size=4)


@given(LINES)
def test_a_day_of_rest_more_breaks_no_rule_of_a_person(lines: list[str]) -> None:
    before = {gap.person_id for gap in rules.gaps(board(*lines))}
    rested = [line[:5] + "-" + line[6:] for line in lines]
    assert {gap.person_id for gap in rules.gaps(board(*rested))} <= before


@given(LINES, st.integers(0, 3))
def test_more_people_never_widen_a_gap(lines: list[str], at_least: int) -> None:
    minimum = (Minimum("m", at_least, start=300, end=1380),)
    few, more = board(*lines, minima=minimum), board(*lines, "eeeeeeeeeeeeee", minima=minimum)
    lacking = [sum(gap.lacking for gap in rules.gaps(one) if gap.rule is MINIMUM) for one in (few, more)]
    assert lacking[1] <= lacking[0]
