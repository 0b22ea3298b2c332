"""Reminds people to punch: shortly before work begins and shortly after it ends, once each, never on days off."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from kit import clock
from models.enums import Direction
from services import notices, platform
from services.attendance import facts, rules, settling, words
from services.attendance.rules import Case
from templates_msg import Message

REMIND = "attendance.remind"
EVERY = timedelta(minutes=5)
"""How often the job runs: each run reminds of what fell due since the one before."""
TOO_LATE = timedelta(minutes=20)
CHUNK = 5000


class Reminders(BaseModel):
    """Minutes before the beginning and after the end of work."""

    before_minutes: int = Field(10, ge=0, le=60, title="上班前几分钟")
    after_minutes: int = Field(15, ge=0, le=120, title="下班后几分钟")


SETTING = platform.declare("attendance.reminders", "打卡提醒：上班前、下班后几分钟提醒", Reminders())


def remind(payload: dict[str, Any]) -> None:
    """Reminds whoever has not punched by now; five thousand people at a time, then the next.

    A run that comes too late, or falls into the quiet hours, reminds nobody: by then the reminder would be noise.
    """
    slot = datetime.fromisoformat(payload["slot"])
    if clock.now() - slot > TOO_LATE or notices.is_quiet_now():
        return
    ids, today = settling.after(payload.get("after"), CHUNK), clock.local(slot).date()
    found = facts.cases(ids, today - timedelta(days=1), today)
    for (direction, at), forgetful in _due(found, slot).items():
        said = {"direction": words.DIRECTIONS[direction], "at": at}
        key = f"{REMIND}:{direction}:{at:%Y%m%d%H%M}:{payload.get('after', '')}"
        notices.notify(forgetful, Message("attendance/punch_reminder", said), key=key)
    if len(ids) == CHUNK:
        platform.promise(REMIND, {**payload, "after": ids[-1]}, dedupe_key=f"{REMIND}:{payload['slot']}:{ids[-1]}")


def _due(found: facts.Days, slot: datetime) -> dict[tuple[Direction, datetime], list[str]]:
    """Whom to remind of what: the people of each beginning and each end of work that falls due in this slot."""
    setting = SETTING.get()
    groups: dict[tuple[Direction, datetime], list[str]] = {}
    for (person_id, _), case in found.items():
        for direction, at, due in _lacking(case, setting):
            if slot - EVERY < due <= slot:
                groups.setdefault((direction, at), []).append(person_id)
    return groups


def _lacking(case: Case, setting: Reminders) -> Iterable[tuple[Direction, datetime, datetime]]:
    """The punches the day lacks: which, when they should have been made, when to remind of them."""
    due = rules.due(case).spans
    if not due:
        return
    start, end = due[0].start + _may_come_later(case), due[-1].end
    came = rules.came(case.marks)
    if came is None:
        yield Direction.IN, start, start - timedelta(minutes=setting.before_minutes)
    elif rules.left(case.marks, due) is None:
        yield Direction.OUT, end, end + timedelta(minutes=setting.after_minutes)


def _may_come_later(case: Case) -> timedelta:
    """Nobody is reminded before the latest moment to come: how far the day may slide, or what leaving late earned."""
    flex = case.duty.shift.flex
    return timedelta(minutes=max(flex.after if flex else 0, case.may_come_later))
