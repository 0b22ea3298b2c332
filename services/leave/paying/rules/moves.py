"""What a ledger of pay effects still lacks to say what stands: less of some days, more of others. Pure.

What is taken back is taken back on the very terms on which it stands, whatever the rules and facts have become since.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.leave.paying.rules.terms import Terms


@dataclass(frozen=True)
class Effect:
    """Minutes of a day, of a working day of `day_minutes`, on terms; `is_workday` tells them from counted days off."""

    day: date
    minutes: int
    day_minutes: int
    is_workday: bool
    kind_version: int
    terms: Terms


def returned(standing: Sequence[Effect], wanted: Mapping[date, int]) -> list[Effect]:
    """The opposite of what stands of each day beyond what is wanted of it."""
    return [effect for day, theirs in _by_day(standing).items() for effect in _less(theirs, wanted.get(day, 0))]


def _less(theirs: Sequence[Effect], wanted: int) -> Iterator[Effect]:
    """From the last terms on: a day has more than one only when it was cut and asked for again."""
    over = sum(one.minutes for one in theirs) - wanted
    for one in reversed(theirs):
        part = min(one.minutes, max(0, over))
        if part:
            yield replace(one, minutes=-part)
        over -= part


def missing(standing: Sequence[Effect], wanted: Mapping[date, int]) -> dict[date, int]:
    """Minutes of each day that are wanted beyond what stands."""
    now = {day: sum(one.minutes for one in theirs) for day, theirs in _by_day(standing).items()}
    return {day: minutes - now.get(day, 0) for day, minutes in wanted.items() if minutes > now.get(day, 0)}


def _by_day(standing: Iterable[Effect]) -> dict[date, list[Effect]]:
    found: dict[date, list[Effect]] = {}
    for one in standing:
        found.setdefault(one.day, []).append(one)
    return found


def belongs_to(day: date, through: date | None) -> date:
    """The month (its first day) whose pay a day belongs to: its own, or the first after those that are closed."""
    own = day.replace(day=1)
    return own if through is None or own > through else following(through)


def following(month: date) -> date:
    """The month after one, by its first day."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
