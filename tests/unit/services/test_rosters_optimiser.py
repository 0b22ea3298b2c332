"""The solver: what it fills obeys what the check says; what cannot be filled, it leaves with the fewest lacking."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.enums import RosterRule
from services.rosters import rules
from services.rosters.rules import Away, Board, Gap, Minimum, Policy
from services.rosters.solving.problem import Problem, Solution
from services.schedule import Segment, Shift

pytest.importorskip("ortools")
from services.rosters.solving import optimiser

MON = date(2026, 3, 2)
EARLY = Shift("e", "早班", (Segment(480, 720), Segment(780, 1020)))
LATE = Shift("l", "晚班", (Segment(840, 1320),))
NIGHT = Shift("n", "夜班", (Segment(1320, 1800),))
SHIFTS = (EARLY, LATE, NIGHT)


def board(people: int, days: int, *minima: Minimum, **more: object) -> Board:
    """People without anything planned, around and inside."""
    ids = tuple(f"p{n:02}" for n in range(people))
    span = tuple(MON + timedelta(days=n) for n in range(days))
    everywhere = [MON + timedelta(days=n) for n in range(-14, days + 14)]
    plan = {(one, day): None for one in ids for day in everywhere}
    return Board(ids, span, plan, frozenset(), minima=minima, **more)  # type: ignore[arg-type]


def solved(problem: Problem) -> tuple[Solution, list[Gap]]:
    """The solution, and what the check says of it."""
    found, stages = optimiser.solve(problem, lambda _: None), problem.board
    filled = replace(stages, plan={**stages.plan, **found.plan}, said=frozenset(found.plan) | problem.fixed)
    return found, rules.gaps(filled)


def need(shift: Shift, at_least: int, **more: object) -> Minimum:
    return Minimum(f"{shift.id}{at_least}", at_least, shift_id=shift.id, **more)  # type: ignore[arg-type]


def test_three_shifts_for_four_weeks_are_filled_without_a_gap_and_evenly() -> None:
    problem = Problem(board(12, 28, need(EARLY, 3), need(LATE, 2), need(NIGHT, 2)), SHIFTS, frozenset(), seconds=6)
    found, gaps = solved(problem)
    assert (found.short, found.is_proven, gaps) == (0, True, [])
    carried = list(rules.burdens(problem.board.people, problem.board.days, found.plan).values())
    nights, weekends = [one.nights for one in carried], [one.weekends for one in carried]
    assert max(nights) - min(nights) <= 2
    assert max(weekends) - min(weekends) <= 2


def test_when_hands_are_short_the_fewest_are_lacking_and_nobody_works_too_much() -> None:
    """Three people work five days each: 15 of the 21 shifts asked for; six must be lacking."""
    found, gaps = solved(Problem(board(3, 7, need(EARLY, 3)), SHIFTS, frozenset(), seconds=4))
    assert (found.short, found.is_proven) == (6, True)
    assert {gap.rule for gap in gaps} == {RosterRule.MINIMUM}
    assert sum(gap.lacking for gap in gaps) == 6


def test_a_skill_nobody_has_is_named_and_the_rest_is_filled() -> None:
    one = board(4, 3, need(EARLY, 1), need(LATE, 1, skill="keys"), skills={"keys": frozenset()})
    found, gaps = solved(Problem(one, SHIFTS, frozenset(), seconds=2))
    assert (found.short, [gap.minimum_id for gap in gaps]) == (3, ["l1"] * 3)


def test_what_is_fixed_stays_and_leave_is_respected() -> None:
    one = board(3, 5, need(EARLY, 1), need(NIGHT, 1))
    leave = {("p01", day): (Away(0, 1440),) for day in one.days}
    plan = {**one.plan, ("p00", MON): NIGHT}
    problem = Problem(replace(one, plan=plan, away=leave), SHIFTS, frozenset({("p00", MON)}), seconds=3)
    found, gaps = solved(problem)
    assert ("p00", MON) not in found.plan
    assert found.plan["p00", MON + timedelta(days=1)] is not EARLY  # home at six in the morning
    assert all(found.plan["p01", day] is None for day in one.days)
    assert {gap.rule for gap in gaps} <= {RosterRule.MINIMUM}


def test_a_rule_that_was_broken_by_hand_is_told_and_not_made_worse() -> None:
    one = board(2, 3, need(EARLY, 1))
    tuesday = MON + timedelta(days=1)
    plan = {**one.plan, ("p00", MON): NIGHT, ("p00", tuesday): EARLY}
    fixed = frozenset({("p00", MON), ("p00", tuesday)})
    _, gaps = solved(Problem(replace(one, plan=plan), SHIFTS, fixed, seconds=2))
    assert [gap.rule for gap in gaps] == [RosterRule.REST]


def test_the_same_question_has_the_same_answer() -> None:
    problem = Problem(board(6, 7, need(EARLY, 2), need(NIGHT, 1)), SHIFTS, frozenset(), seconds=2)
    assert solved(problem)[0].plan == solved(problem)[0].plan


@pytest.mark.parametrize("people", [4, 7, 10])
@pytest.mark.parametrize("longest", [3, 6])
def test_whatever_is_asked_no_rule_of_a_person_is_broken(people: int, longest: int) -> None:
    one = board(people, 14, need(EARLY, 2), Minimum("day", 2, start=300, end=1500),
                policy=Policy(longest_run=longest, weekly_minutes=44 * 60))  # fmt: skip
    found, gaps = solved(Problem(one, SHIFTS, frozenset(), seconds=2))
    assert {gap.rule for gap in gaps} <= {RosterRule.MINIMUM}
    assert sum(gap.lacking for gap in gaps) == found.short
