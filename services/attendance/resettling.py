"""Many people's days judged again after one fact changed them all: a notice, the company's own days, an assignment.

Five hundred people and a month at a time, each in a transaction of its own, so that a stop in the midst loses nothing.
"""

from datetime import date, timedelta
from typing import Any

from kit import clock
from kit.ids import new_id
from models.enums import AudienceKind
from services import people, platform, schedule
from services.attendance import settling

AGAIN = "attendance.settle_again"
AT_ONCE = timedelta(days=30)


def on_calendar_changed(event: schedule.CalendarChanged) -> None:
    """Days became worked or free: those that are past are judged as what they are now."""
    if event.days:
        ask((AudienceKind.COMPANY, ""), min(event.days), max(event.days))


def on_assigned(event: schedule.Assigned) -> None:
    """A shift or rotation was given or taken back, perhaps for days that are past."""
    ask((event.scope, event.target_id or ""), event.first, event.last)


def check_week(_payload: dict[str, Any]) -> None:
    """Judges the last week of everybody once more, at night: two facts of one moment may not have seen each other."""
    today = clock.today()
    ask((AudienceKind.COMPANY, ""), today - settling.LOOK_BACK, today)


def ask(whom: tuple[AudienceKind, str], first: date, last: date | None) -> None:
    """Promises that the days of these people from first to last (or to today) are judged again."""
    today = clock.today()
    if first > today:
        return
    until = min(last or today, today)
    payload = {"whom": whom, "first": first.isoformat(), "last": until.isoformat(), "cause": new_id()}
    platform.promise(AGAIN, payload, dedupe_key=_key(payload))


def _key(payload: dict[str, Any]) -> str:
    kind, value = payload["whom"]
    return ":".join((AGAIN, kind, value, payload["cause"], payload["first"], payload.get("after", "")))


def settle_again(payload: dict[str, Any]) -> None:
    """Judges a month of five hundred people who were settled before, then the next people, then the next month."""
    first, last = date.fromisoformat(payload["first"]), date.fromisoformat(payload["last"])
    until = min(last, first + AT_ONCE)
    kind, value = payload["whom"]
    ids = settling.after(payload.get("after"), settling.CHUNK, people.audience(AudienceKind(kind), value))
    settling.settle_people(ids, first, until)
    if len(ids) == settling.CHUNK:
        _go_on(payload | {"after": ids[-1]})
    elif until < last:
        _go_on({**payload, "first": (until + timedelta(days=1)).isoformat(), "after": ""})


def _go_on(payload: dict[str, Any]) -> None:
    platform.promise(AGAIN, payload, dedupe_key=_key(payload))
