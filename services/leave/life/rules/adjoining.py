"""Leave of one kind without work between, in however many requests it was asked for: it is measured as one. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from kit.errors import Conflict
from models.enums import Counting
from services.leave import rules
from services.leave.life.rules.overlap import absolute
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rules import DAY, Day, Portion

LONGEST_OFF = timedelta(days=31)
"""Nobody's work pauses for longer; what lies farther away does not adjoin."""


@dataclass(frozen=True)
class Beside:
    """What there is of the kind around a request: the leave that adjoins it, the minutes taken on its own days, and the
    days off between that count as leave: within the days asked for, and outside of them."""

    run: list[Portion] = field(default_factory=list)
    minutes: Mapping[date, int] = field(default_factory=dict)
    filled: list[Portion] = field(default_factory=list)
    missed: list[date] = field(default_factory=list)

    @property
    def days(self) -> Decimal:
        """How long the leave is that adjoins the request."""
        return rules.total_days(self.run)


def near(first: date, last: date, others: Sequence[Portion]) -> list[Portion]:
    """Of leave in order of time what may adjoin these days: no pause before it is longer than the longest."""
    before = [one for one in reversed(others) if one.day < first]
    after = [one for one in others if one.day > last]
    within = [one for one in others if first <= one.day <= last]
    return sorted([*_reached(first, before), *within, *_reached(last, after)], key=absolute)


def _reached(edge: date, away: Iterable[Portion]) -> Iterator[Portion]:
    for one in away:
        if abs(one.day - edge) > LONGEST_OFF:
            return
        edge = one.day
        yield one


def run(own: Sequence[Portion], others: Sequence[Portion], plans: Iterable[Day]) -> list[Portion]:
    """Of the others what adjoins: no minute of work lies between it and the request, or what adjoins that."""
    work = [stretch for plan in plans if plan.is_working for stretch in _stretches(plan)]
    (start, _), (_, end) = absolute(own[0]), absolute(own[-1])
    found = []
    for one in reversed([one for one in others if absolute(one)[1] <= start]):
        if _works(work, absolute(one)[1], start):
            break
        found.append(one)
        start = absolute(one)[0]
    for one in [one for one in others if absolute(one)[0] >= end]:
        if _works(work, end, absolute(one)[0]):
            break
        found.append(one)
        end = absolute(one)[1]
    return sorted(found, key=absolute)


def _stretches(plan: Day) -> Iterator[tuple[int, int]]:
    midnight = plan.day.toordinal() * DAY
    for part in plan.shift.segments:
        yield midnight + part.start, midnight + part.end


def _works(work: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(begins < end and start < ends for begins, ends in work)


def between(
    own: Sequence[Portion], adjoins: Sequence[Portion], plans: Mapping[date, Day], kind: KindRules
) -> list[Portion]:
    """The days off between the request and what adjoins it, where a sandwich counts them as leave."""
    if kind.counting is not Counting.WORKING:
        return []
    first, last = own[0].day, own[-1].day
    start = max((one.day for one in adjoins if one.day < first), default=first)
    end = min((one.day for one in adjoins if one.day > last), default=last)
    outside = [plan for day, plan in plans.items() if start < day < first or last < day < end]
    return [rules.whole(plan) for plan in outside if not plan.is_working and rules.fills(kind, plan)]


def check(beside: Beside) -> None:
    """The days off between it and the leave that it adjoins are asked for with it."""
    if beside.missed:
        first, last = min(beside.missed), max(beside.missed)
        until = f"至{last.month}月{last.day}日" if first != last else ""
        raise Conflict(f"前后连着请时，夹在中间的{first.month}月{first.day}日{until}也计入假期，请把中间的日期一起选上")
