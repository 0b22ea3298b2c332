"""What the form "shift_change" does when it is approved: another shift for a day, or a day's shift exchanged.

Two who exchange do so on both days named: each works what the other would have worked, rest days included. Leave and
trips stand in the way, since they were measured by the shift that would go.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kit.errors import AppError, Conflict, Invalid
from services import forms, leave, people, schedule
from services.attendance import trips
from services.forms import Filed, Quote
from services.schedule import DayPlan, Given

FORM = "shift_change"
DAY, KIND, COLLEAGUE, OTHER_DAY, SHIFT = "day", "kind", "colleague", "other_day", "shift"
REST = "休息"


@dataclass(frozen=True)
class Change:
    """Somebody's day before and after."""

    person_id: str
    before: DayPlan
    after: DayPlan

    @property
    def place(self) -> tuple[str, date]:
        return self.person_id, self.before.day


class ShiftChange:
    """The effect of the form: the shifts are given for their days, and taken back exactly."""

    needs = frozenset({DAY, KIND, COLLEAGUE, OTHER_DAY, SHIFT})

    def quote(self, filed: Filed) -> Quote:
        """Who would work what on which day, or what is in the way."""
        try:
            changes = _changes(filed)
        except AppError as refusal:
            return Quote(refusal=refusal)
        names = {one.id: one.name for one in people.many(one.person_id for one in changes).values()}
        return Quote(tuple((f"{_said(one.before.day)} {names[one.person_id]}", _words(one)) for one in changes))

    def apply(self, filed: Filed) -> None:
        """Gives the shifts; `Conflict` when something has come in the way since it was asked for."""
        given = [Given(*one.place, str(one.after.shift.id)) for one in _changes(filed)]
        schedule.give(filed.request_id, given)

    def undo(self, filed: Filed) -> None:
        """Everybody has their own shifts again."""
        schedule.take_back(filed.request_id)


def _changes(filed: Filed) -> list[Change]:
    """The days that change; `AppError` says why they cannot."""
    return _exchanged(filed) if COLLEAGUE in filed.values else [_moved(filed)]


def _moved(filed: Filed) -> Change:
    wanted, day = filed.values.get(SHIFT, ""), date.fromisoformat(filed.values[DAY])
    known = {one.name: one.id for one in schedule.shifts() if one.is_active}
    if wanted not in known:
        raise Invalid(f"没有叫“{wanted}”的班次，可选：{'、'.join(known) or '无'}")
    _check_free([(filed.person_id, day)])
    before = schedule.day(filed.person_id, day)
    if before.shift.id == known[wanted]:
        raise Conflict(f"{_said(day)}本来就是{wanted}，不用调班")
    return Change(filed.person_id, before, schedule.with_shift(day, known[wanted]))


def _exchanged(filed: Filed) -> list[Change]:
    mine, theirs = filed.person_id, filed.values[COLLEAGUE]["id"]
    if mine == theirs:
        raise Invalid("不能和自己换班，请另选一位同事")
    days = sorted({date.fromisoformat(filed.values[name]) for name in (DAY, OTHER_DAY)})
    _check_free([(who, day) for day in days for who in (mine, theirs)])
    plans = schedule.days([mine, theirs], days[0], days[-1])
    pairs = [(plans[mine, day], plans[theirs, day]) for day in days]
    differing = [(own, other) for own, other in pairs if own.shift != other.shift]
    if not differing:
        raise Conflict("两人这一天的班次相同，不用换班")
    if any(plan.shift.id is None for pair in differing for plan in pair):
        raise Conflict("有一方还没有排班，不能换班，请联系人事")
    both = ((Change(mine, own, other), Change(theirs, other, own)) for own, other in differing)
    return [change for pair in both for change in pair]


def _check_free(places: list[tuple[str, date]]) -> None:
    """Neither leave, nor a trip, nor another change on these days."""
    ids, days = {person_id for person_id, _ in places}, [day for _, day in places]
    first, last = min(days), max(days)
    if held := schedule.taken(places):
        raise Conflict(f"{_said(min(day for _, day in held))}已经调过班，请先作废那次再申请")
    if away := _first(leave.on_days(ids, first, last), places):
        raise Conflict(f"{_said(away)}有人已请假，不能调班")
    for person_id, day in places:
        if trips.between(person_id, day, day):
            raise Conflict(f"{_said(day)}有人出差，不能调班")


def _first(found: Iterable[tuple[str, date]], places: list[tuple[str, date]]) -> date | None:
    return min((day for person_id, day in found if (person_id, day) in places), default=None)


def _words(one: Change) -> str:
    before, after = (plan.shift.name if plan.is_working else REST for plan in (one.before, one.after))
    return f"{before} → {after}"


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


def plug() -> None:
    """Plugs the effect in, once, at import."""
    forms.plug(FORM, ShiftChange())
