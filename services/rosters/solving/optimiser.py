"""Fills a roster with CP-SAT: first with as few people lacking as can be, then as fairly as time allows.

What people keep to (rest, hours, days in a row, leave) is never broken to fill a shift: those rules are hard, and only
what somebody fixed by hand can leave them unmet. Minima are soft: when they cannot all be met, the fewest people are
lacking. One thread, a fixed seed and a limit in deterministic time: the same question has the same answer everywhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kit import clock
from services.rosters.rules import is_night, pieces, rest_between
from services.rosters.rules.gaps import mondays
from services.rosters.solving.problem import Problem, Solution
from services.schedule import Shift

SEED = 20260302
SLOWEST = 3
"""Wall seconds allowed for each second of deterministic time, on a machine that is busy."""
UNEVEN_NIGHTS, UNEVEN_WEEKENDS, UNEVEN_HOURS, IDLE_HOUR = 12, 12, 2, 1
HOUR, WEEK, SATURDAY = 60, 7, 6
Tell = Callable[[str], None]


@dataclass
class Model:
    """The variables: one for each shift that somebody may have on an open day."""

    problem: Problem
    cp: Any
    chosen: dict[tuple[str, date], dict[Shift, Any]] = field(default_factory=dict)

    def terms(self, person_id: str, day: date) -> list[tuple[Shift, Any]]:
        """What may be worked on a day, each with its variable; a day that is settled has the constant 1."""
        if (person_id, day) in self.chosen:
            return list(self.chosen[person_id, day].items())
        given = self.problem.given(person_id, day)
        return [(given, 1)] if given else []

    def at_most(self, terms: list[tuple[int, Any]], most: int) -> None:
        """The weighted sum is at most this, or no more than what is settled anyway."""
        settled = sum(weight for weight, one in terms if isinstance(one, int))
        free = [weight * one for weight, one in terms if not isinstance(one, int)]
        if free:
            self.cp.Add(sum(free) <= max(0, most - settled))


def solve(problem: Problem, tell: Tell) -> Solution:
    """The best filling found in time; `tell` hears where it stands. There always is one: everybody may rest."""
    from ortools.sat.python import cp_model  # 90 MB that only a worker who solves loads

    began = clock.ticks()
    model = _model(problem, cp_model.CpModel())
    short = _shortages(model)
    tell("正在找缺人最少的排法")
    model.cp.Minimize(sum(short))
    first = _run(cp_model, model, problem.seconds / 2)
    lacking, proven = int(first.ObjectiveValue()) if short else 0, first.is_optimal
    tell(f"缺 {lacking} 人次，正在让夜班、周末和工时更公平" if lacking else "人手够，正在让夜班、周末和工时更公平")
    model.cp.Add(sum(short) <= lacking)
    for places in model.chosen.values():
        for one in places.values():
            model.cp.AddHint(one, first.Value(one))
    model.cp.Minimize(_unfairness(model))
    last = _run(cp_model, model, problem.seconds / 2) or first
    plan = {place: _picked(last, model.chosen[place]) for place in problem.open}
    return Solution(plan, lacking, proven, round(clock.ticks() - began, 1))


def _picked(solver: Any, options: dict[Shift, Any]) -> Shift | None:
    return next((shift for shift, one in options.items() if solver.Value(one)), None)


def _run(cp_model: Any, model: Model, seconds: float) -> Any:
    """The solver with its solution; `None` when time ran out before it had one."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers, parameters.random_seed = 1, SEED
    parameters.max_deterministic_time, parameters.max_time_in_seconds = seconds, seconds * SLOWEST
    status = solver.Solve(model.cp)
    solver.is_optimal = status == cp_model.OPTIMAL
    return solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def _model(problem: Problem, cp: Any) -> Model:
    model = Model(problem, cp)
    for number, place in enumerate(problem.open):
        options = {one: cp.NewBoolVar(f"{number}.{one.name}") for one in problem.options(place)}
        model.chosen[place] = options
        cp.AddAtMostOne(options.values())
    for person_id in problem.board.people:
        _keep(model, person_id)
    return model


def _keep(model: Model, person_id: str) -> None:
    """What one person's days keep to."""
    board = model.problem.board
    around = _around(board.days)
    for day in around:
        for apart in (1, 2):
            _rest(model, person_id, day, day + timedelta(days=apart))
    for monday in mondays(board.days):
        week = (model.terms(person_id, monday + timedelta(days=n)) for n in range(WEEK))
        model.at_most([(shift.minutes, one) for terms in week for shift, one in terms], board.policy.weekly_minutes)
    longest = board.policy.longest_run
    for day in around:
        run = (model.terms(person_id, day + timedelta(days=n)) for n in range(longest + 1))
        model.at_most([(1, one) for terms in run for _, one in terms], longest)


def _around(days: tuple[date, ...]) -> list[date]:
    """The days on which something can begin that reaches into the roster."""
    reach = timedelta(days=14)
    return [days[0] - reach + timedelta(days=n) for n in range((days[-1] - days[0] + reach).days + 1)]


def _rest(model: Model, person_id: str, day: date, later: date) -> None:
    wanted, following = model.problem.board.policy.rest_minutes, model.terms(person_id, later)
    for shift, one in model.terms(person_id, day):
        close = [(1, other) for next_one, other in following if rest_between(day, shift, later, next_one) < wanted]
        if close:
            model.at_most([(1, one), *close], 1)


def _shortages(model: Model) -> list[Any]:
    """For each minimum of each day, how many people are lacking."""
    board, found = model.problem.board, []
    shifts = {one.id: one for one in (*model.problem.shifts, *(one for one in board.plan.values() if one))}
    for day in board.days:
        for minimum in (one for one in board.minima if one.applies(day)):
            able = board.skills.get(minimum.skill, frozenset()) if minimum.skill else frozenset(board.people)
            short = model.cp.NewIntVar(0, minimum.at_least, f"short.{minimum.id}.{day}")
            for piece in pieces(minimum, day, shifts.values()):
                model.cp.Add(sum(_counting(model, able, piece)) + short >= minimum.at_least)
            found.append(short)
    return found


def _counting(model: Model, able: frozenset[str], piece: frozenset[tuple[date, str]]) -> Iterator[Any]:
    """The variables of those who count at a moment; whoever is on leave does not."""
    away, days = model.problem.board.is_away, sorted({day for day, _ in piece})
    for person_id in sorted(able):
        for day in days:
            for shift, one in model.terms(person_id, day):
                if (day, str(shift.id)) in piece and not away((person_id, day), shift):
                    yield one


def _unfairness(model: Model) -> Any:
    """How far nights, weekends and hours lie apart, and how many hours people are below theirs."""
    board = model.problem.board
    rows = [[term for day in board.days for term in _dated(model, one, day)] for one in board.people]
    nights = [sum(one for _, shift, one in row if is_night(shift)) for row in rows]
    weekends = [sum(one for day, _, one in row if day.isoweekday() >= SATURDAY) for row in rows]
    hours = [sum(one * (shift.minutes // HOUR) for _, shift, one in row) for row in rows]
    idle = [_below(model, worked, _due(model.problem, who)) for who, worked in zip(board.people, hours, strict=True)]
    return (
        UNEVEN_NIGHTS * _spread(model, nights, len(board.days))
        + UNEVEN_WEEKENDS * _spread(model, weekends, len(board.days))
        + UNEVEN_HOURS * _spread(model, hours, len(board.days) * 24)
        + IDLE_HOUR * sum(idle)
    )


def _dated(model: Model, person_id: str, day: date) -> list[tuple[date, Shift, Any]]:
    return [(day, shift, one) for shift, one in model.terms(person_id, day)]


def _due(problem: Problem, person_id: str) -> int:
    """The hours that somebody should have on these days, without those on which they are on leave all day."""
    board = problem.board
    there = [day for day in board.days if (person_id, day) in problem.fixed or problem.options((person_id, day))]
    return board.policy.weekly_minutes * len(there) // (WEEK * HOUR)


def _below(model: Model, worked: Any, due: int) -> Any:
    short = model.cp.NewIntVar(0, due, "")
    model.cp.Add(worked + short >= due)
    return short


def _spread(model: Model, sums: list[Any], most: int) -> Any:
    top, low = model.cp.NewIntVar(0, most, ""), model.cp.NewIntVar(0, most, "")
    for one in sums:
        model.cp.Add(one <= top)
        model.cp.Add(one >= low)
    return top - low
