"""What a kind's rules make of a request of the past: the days they count, and how two versions of them differ. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kit.errors import AppError, Invalid
from models.enums import LeaveUnit
from services.leave import gaps, rules
from services.leave.gaps import Days
from services.leave.life.rules import adjoining, parting
from services.leave.life.rules.adjoining import Beside
from services.leave.life.rules.overlap import absolute
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rules import HOUR, Ask, Day, Portion

LONGEST = 200  # what a column of notes holds


@dataclass(frozen=True)
class Judged:
    """What a version makes of a request: its days, and the sentence with which it would have said no."""

    portions: Sequence[Portion] = ()
    refusal: AppError | None = None

    @property
    def days(self) -> Fraction:
        """Each day measured by its own working time."""
        return sum((Fraction(one.minutes, one.full_minutes) for one in self.portions), Fraction())


def counted(ask: Ask, kept_out: Days, kind: KindRules, plans: Mapping[date, Day]) -> list[Portion]:
    """What the rules count of a request but for the days that were taken back; nothing where none of it is work.

    Raises `Invalid` where the rules cannot leave out what was taken back.
    """
    try:
        whole = rules.portions(ask, kind, [plans[day] for day in gaps.between(ask.first_day, ask.last_day)])
    except Invalid:
        return []
    return parting.cut(whole, plans, kept_out, kind)


def beside(
    ask: Ask, own: Sequence[Portion], others: Sequence[Portion], plans: Mapping[date, Day], kind: KindRules
) -> Beside:
    """The leave of the kind around a request, of which it is measured as a part; `others` is of the same event."""
    if not kind.is_measured_together:
        return Beside()
    minutes = Counter[date]()
    for one in others:
        minutes[one.day] += one.minutes
    same_days = {one.day: minutes[one.day] for one in own if one.day in minutes}
    near = adjoining.near(ask.first_day, ask.last_day, sorted(others, key=absolute))
    if not near:
        return Beside(minutes=same_days)
    first, last = min(ask.first_day, near[0].day), max(ask.last_day, near[-1].day)
    around = {day: plans[day] for day in gaps.between(first, last)}
    adjoins = adjoining.run(own, near, around.values())
    off = adjoining.between(own, adjoins, around, kind)
    asked = [one for one in off if ask.first_day <= one.day <= ask.last_day]
    return Beside(adjoins, same_days, asked, [one.day for one in off if one not in asked])


def note(before: Sequence[Portion], after: Sequence[Portion]) -> str:
    """What is counted otherwise: 多计7月5日、7月6日；7月8日由3.5小时改计4小时."""
    was, now = ({one.day: one.minutes for one in side} for side in (before, after))
    more, less = [day for day in now if day not in was], [day for day in was if day not in now]
    other = [day for day in was if day in now and was[day] != now[day]]
    parts = [f"{verb}{_said(days)}" for verb, days in (("多计", more), ("不再计", less)) if days]
    if other:
        parts.append(f"{_said(other)}由{_hours(was, other)}改计{_hours(now, other)}")
    return "；".join(parts)[:LONGEST]


def _said(days: Sequence[date]) -> str:
    return gaps.said(day.isoformat() for day in days)


def _hours(minutes: Mapping[date, int], days: Sequence[date]) -> str:
    return rules.words(sum(minutes[day] for day in days), HOUR, LeaveUnit.HOUR)


def bears(kind: KindRules) -> bool:
    """Do people bear a day that is counted: out of what they were granted, or out of their pay?

    A day more of other leave, of paid leave for an event, costs nobody anything: wages run on.
    """
    return kind.needs_balance or not (kind.is_paid or kind.is_work)
