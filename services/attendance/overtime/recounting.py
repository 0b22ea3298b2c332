"""Counting overtime: from what was approved and what was punched to entries; again whenever a fact changes.

Counting twice writes nothing the second time, and only what differs is written: entries are added, never changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from kit import clock
from kit.errors import Conflict
from models.enums import OvertimePay
from services import leave
from services.attendance import facts
from services.attendance.overtime import kept, policy, systems, words
from services.attendance.overtime.kept import Asked, Key
from services.attendance.overtime.rules import Piece, count, is_over, kind_of, what_becomes
from services.attendance.overtime.systems import Known
from services.attendance.rules import Case, Span

DAY = timedelta(days=1)
Cases = dict[date, Case]


def recount(person_ids: Sequence[str], first: date, last: date) -> int:
    """Counts anew what these people had approved that touches these days; the number of entries written."""
    asked = kept.touching(person_ids, clock.at_local(first - DAY), clock.at_local(last + 2 * DAY))
    if not asked:
        return 0
    ids = sorted({one.person_id for one in asked})
    leave.compensatory.hold(ids)
    asked = kept.touching(ids, *_around(asked))  # as they are now that nobody else changes them
    days = sorted(day_of(at) for one in asked for at in (one.span.start, one.span.end))
    found, system = gathered(ids, days[0] - DAY, days[-1] + DAY), systems.known(ids, days[0] - DAY, days[-1] + DAY)
    wanted = _wanted(asked, found, system)
    return _settle(asked, wanted, kept.sums([one.cause for one in asked]))


def _around(asked: Iterable[Asked]) -> tuple[datetime, datetime]:
    return min(one.span.start for one in asked), max(one.span.end for one in asked)


def day_of(at: datetime) -> date:
    """The date of an instant, by the company's clock."""
    return clock.local(at).date()


def gathered(ids: Sequence[str], first: date, last: date) -> dict[str, Cases]:
    """The facts of these people's days, by person."""
    found: dict[str, Cases] = defaultdict(dict)
    for (person_id, day), case in facts.cases(ids, first, last).items():
        found[person_id][day] = case
    return found


def _wanted(asked: Sequence[Asked], cases: dict[str, Cases], system: Known) -> dict[Key, int]:
    """What should have counted: each stretch less what earlier ones of the person have taken."""
    step, now = policy.SETTING.get().step_minutes, clock.now()
    wanted: dict[Key, int] = {}
    for person_id, theirs in groupby(sorted(asked, key=lambda one: one.person_id), key=lambda one: one.person_id):
        taken: list[Span] = []
        for one in theirs:
            own = around(one.span, cases[person_id])
            if one.stands and is_over(one.span, own, now):
                for piece in weighed(one, count(one.span, own, taken, step), cases[person_id], system):
                    wanted[one.cause, piece.day, piece.kind, piece.pay] = piece.minutes
            taken += [one.span] * one.stands
    return wanted


def around(span: Span, cases: Cases) -> list[Case]:
    """The days on which a stretch may have been punched, in order: its own, the one before and the one after."""
    first, last = day_of(span.start) - DAY, day_of(span.end) + DAY
    return [cases[day] for day in sorted(cases) if first <= day <= last]


def weighed(one: Asked, minutes: dict[date, int], cases: Cases, system: Known) -> Iterable[Piece]:
    """The minutes of each date with their class, and what becomes of them."""
    for day, found in minutes.items():
        kind = kind_of(cases[day].duty.kind)
        yield Piece(day, kind, found, what_becomes(kind, one.wants, system(one.person_id, day)))


def _settle(asked: Sequence[Asked], wanted: dict[Key, int], known: dict[Key, int]) -> int:
    """Gives time off as far as leave can, then adds what is missing between the entries and what they should say."""
    by_cause = {one.cause: one for one in asked}
    wanted = _with_time_off(by_cause, wanted, known)
    entries = []
    for key in sorted(wanted.keys() | known.keys()):
        cause, day, kind, pay = key
        if missing := wanted.get(key, 0) - known.get(key, 0):
            one, total = by_cause[cause], wanted.get(key, 0)
            piece = Piece(day, kind, missing, pay)
            entries.append(kept.write(one.person_id, cause, piece, words.counted(one, piece, total)))
    kept.add(entries)
    return len(entries)


def _with_time_off(asked: dict[str, Asked], wanted: dict[Key, int], known: dict[Key, int]) -> dict[Key, int]:
    """The same, where time off that the company does not give any more is pay instead."""
    found = dict(wanted)
    for key in wanted.keys() | known.keys():
        cause, day, kind, pay = key
        if pay is not OvertimePay.TIME_OFF:
            continue
        try:
            leave.bring_compensatory(asked[cause].person_id, wanted.get(key, 0), day, f"{cause}:{day}")
        except Conflict:
            found[cause, day, kind, OvertimePay.PAY] = found.pop(key, 0)
    return found
