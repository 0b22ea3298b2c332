"""The rules that a roster leaves unmet, each with whom and which day it concerns, and what it is in a sentence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from models.enums import RosterRule
from services.rosters.rules.board import Board
from services.rosters.rules.minima import Minimum, Slot, counted, pieces
from services.rosters.rules.rest import rest_between
from services.schedule import Shift, clock_time

HOUR = 60


@dataclass(frozen=True, slots=True)
class Gap:
    """One unmet rule. `lacking` is how many people are short of a minimum, one for every other rule."""

    rule: RosterRule
    day: date
    words: str
    person_id: str | None = None
    minimum_id: str | None = None
    lacking: int = 1


def gaps(board: Board) -> list[Gap]:
    """Every unmet rule that touches the roster's days, by day; empty for a roster that may be published as it is."""
    worked: dict[str, list[tuple[date, Shift]]] = {}
    for (person_id, day), shift in sorted(board.plan.items(), key=lambda one: one[0]):
        if shift:
            worked.setdefault(person_id, []).append((day, shift))
    found = [gap for person_id in board.people for gap in _of_person(board, person_id, worked.get(person_id, []))]
    return sorted([*found, *_minima(board)], key=lambda gap: (gap.day, gap.rule, gap.person_id or ""))


def _of_person(board: Board, person_id: str, worked: list[tuple[date, Shift]]) -> Iterator[Gap]:
    yield from _rest(board, person_id, worked)
    yield from _long_days(board, person_id, worked)
    yield from _weeks(board, person_id, worked)
    yield from _runs(board, person_id, [day for day, _ in worked])
    yield from _unplanned(board, person_id)


def _rest(board: Board, person_id: str, worked: list[tuple[date, Shift]]) -> Iterator[Gap]:
    wanted, own = board.policy.rest_minutes, set(board.days)
    for (day, shift), (later, following) in pairwise(worked):
        if not own & {day, later}:
            continue
        rest = rest_between(day, shift, later, following)
        if rest < wanted:
            how = f"只休息 {_hours(rest)}" if rest > 0 else "时间重叠"
            words = (
                f"{said(day)}{shift.name} {clock_time(shift.end)} 下班，"
                f"{said(later)}{following.name} {clock_time(following.start)} 上班，{how}，至少要 {_hours(wanted)}"
            )
            yield Gap(RosterRule.REST, later if later in own else day, words, person_id)


def _long_days(board: Board, person_id: str, worked: list[tuple[date, Shift]]) -> Iterator[Gap]:
    most = board.policy.daily_minutes
    for day, shift in worked:
        if day not in board.days:
            continue
        if shift.minutes > most:
            words = f"{said(day)}{shift.name}有 {_hours(shift.minutes)}，一天最多 {_hours(most)}"
            yield Gap(RosterRule.DAILY, day, words, person_id)
        if board.is_away((person_id, day), shift):
            yield Gap(RosterRule.LEAVE, day, f"{said(day)}已请假，排了{shift.name}", person_id)


def _weeks(board: Board, person_id: str, worked: list[tuple[date, Shift]]) -> Iterator[Gap]:
    most = board.policy.weekly_minutes
    for monday in mondays(board.days):
        week = [(day, shift) for day, shift in worked if monday <= day < monday + timedelta(days=7)]
        minutes = sum(shift.minutes for _, shift in week)
        if minutes > most and any(day in board.days for day, _ in week):
            words = f"{said(monday)}起的一周共 {_hours(minutes)}，最多 {_hours(most)}"
            yield Gap(RosterRule.WEEKLY, max(monday, board.days[0]), words, person_id)


def _runs(board: Board, person_id: str, worked: list[date]) -> Iterator[Gap]:
    most = board.policy.longest_run
    for run in runs(worked):
        if len(run) > most and any(day in board.days for day in run):
            words = f"{said(run[0])}至{said(run[-1])}连续上班 {len(run)} 天，最多 {most} 天"
            yield Gap(RosterRule.RUN, next(day for day in run if day in board.days), words, person_id)


def _unplanned(board: Board, person_id: str) -> Iterator[Gap]:
    empty = [day for day in board.days if (person_id, day) not in board.said]
    if empty:
        which = said(empty[0]) + (f"等 {len(empty)} 天" if len(empty) > 1 else "")
        yield Gap(RosterRule.UNPLANNED, empty[0], f"{which}没有排，会按原来的班次", person_id)


def _minima(board: Board) -> Iterator[Gap]:
    for day, minimum, have in present(board):
        if have < minimum.at_least:
            words = f"{said(day)}只有 {have} 人，至少 {minimum.at_least} 人"
            yield Gap(RosterRule.MINIMUM, day, words, minimum_id=minimum.id, lacking=minimum.at_least - have)


def present(board: Board) -> Iterator[tuple[date, Minimum, int]]:
    """How many people are there for each minimum of each day, at the moment when they are fewest."""
    shifts = list({shift.id: shift for shift in board.plan.values() if shift}.values())
    there = _present(board)
    for day in board.days:
        for minimum in (one for one in board.minima if one.applies(day)):
            able = board.skills.get(minimum.skill, frozenset()) if minimum.skill else None
            near = [one for back in (-1, 0, 1) for one in there.get(day + timedelta(days=back), ())]
            yield day, minimum, min(counted(near, piece, able) for piece in pieces(minimum, day, shifts))


def _present(board: Board) -> dict[date, list[tuple[str, Slot]]]:
    """Who works which shift, by day, without those who are on leave in it."""
    found: dict[date, list[tuple[str, Slot]]] = {}
    for (person_id, day), shift in board.plan.items():
        if shift and not board.is_away((person_id, day), shift):
            found.setdefault(day, []).append((person_id, (day, str(shift.id))))
    return found


def mondays(days: Iterable[date]) -> list[date]:
    """The Mondays of the weeks in which these days lie."""
    return sorted({day - timedelta(days=day.weekday()) for day in days})


def runs(days: Iterable[date]) -> list[list[date]]:
    """Days in order, cut where one is missing."""
    found: list[list[date]] = []
    for day in days:
        if found and day - found[-1][-1] == timedelta(days=1):
            found[-1].append(day)
        else:
            found.append([day])
    return found


def said(day: date) -> str:
    """3月2日."""
    return f"{day.month}月{day.day}日"


def _hours(minutes: int) -> str:
    whole, rest = divmod(minutes, HOUR)
    return f"{whole} 小时{f' {rest} 分' if rest else ''}" if whole else f"{rest} 分"
