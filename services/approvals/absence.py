"""Who is on leave: told by the domain that knows, in one question for many people, and never why.

Approvals lie below leave and cannot ask it, so leave declares who answers; without it nobody is ever away.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kit import clock

BRIEF = timedelta(hours=4)
"""Whoever is back within this time is waited for."""


@dataclass(frozen=True)
class Away:
    """Somebody is away on these days (business days, both included) and back at this instant (UTC)."""

    first_day: date
    last_day: date
    back_at: datetime

    @property
    def words(self) -> str:
        """From when until when: 3月2日至6日, 2026年12月30日至2027年1月3日."""
        first, last = self.first_day, self.last_day
        if first.year != last.year:
            return f"{first.year}年{_day(first)}至{last.year}年{_day(last)}"
        if first == last:
            return _day(first)
        return f"{_day(first)}至{_day(last) if first.month != last.month else f'{last.day}日'}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


Tell = Callable[[Collection[str], datetime], Mapping[str, Away]]
"""Who of these people is away at this instant; nobody else is in the answer."""
_tellers: list[Tell] = []


def declare_absences(tell: Tell) -> None:
    """Declares at import who tells of absence; its owner does so, for approvals know no leave."""
    if _tellers:
        raise ValueError("absences are told of twice")
    _tellers.append(tell)


class Roster:
    """Who is away now, for as long as one walk through a chain takes: everybody is asked about once."""

    def __init__(self) -> None:
        self._known: dict[str, Away | None] = {}

    def look(self, person_ids: Iterable[str]) -> None:
        """Finds out about all of them that are not known yet, in one statement."""
        unknown = [one for one in dict.fromkeys(person_ids) if one not in self._known]
        if not unknown:
            return
        now = clock.now()
        found = {one: away for tell in _tellers for one, away in tell(unknown, now).items()}
        self._known |= {one: found.get(one) for one in unknown}

    def of(self, person_id: str) -> Away | None:
        """The person's absence, unless it is over soon; `None` when they can be asked."""
        self.look([person_id])
        away = self._known[person_id]
        return away if away and away.back_at - clock.now() >= BRIEF else None
