"""What is somebody's leave already, beside what they ask for: no minute twice, no day for more than itself. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kit.errors import Conflict
from services.leave.rules import DAY, Overlap, Portion


@dataclass(frozen=True)
class Taken:
    """A stretch that is somebody's leave already, with what it is called and the minutes it costs."""

    day: date
    start: int
    end: int
    title: str
    minutes: int = 0


def absolute(part: Portion | Taken) -> tuple[int, int]:
    """Its stretch in minutes since the first day of time: nights reach into the next day."""
    midnight = part.day.toordinal() * DAY
    return midnight + part.start, midnight + part.end


def check_overlap(wanted: Iterable[Portion], taken: Iterable[Taken]) -> None:
    """No two leaves of a person share a minute; night shifts reach into the next day."""
    theirs = [(*absolute(part), part) for part in taken]
    for portion in wanted:
        start, end = absolute(portion)
        for other_start, other_end, other in theirs:
            if start < other_end and other_start < end:
                raise Overlap(f"{other.day.month}月{other.day.day}日已有{other.title}，请先调整或撤回那一次")


def within_day(wanted: Iterable[Portion], taken: Sequence[Taken]) -> list[Portion]:
    """No day costs more than itself, however often its pieces were rounded up to steps."""
    return [replace(one, minutes=min(one.minutes, left)) if (left := _left(one, taken)) > 0 else one for one in wanted]


def check_day(wanted: Iterable[Portion], taken: Sequence[Taken]) -> None:
    """Something of each day is left to be asked for."""
    for one in wanted:
        if _left(one, taken) <= 0:
            raise Conflict(f"{one.day.month}月{one.day.day}日零散的请假进位后已计满一天，请撤回它们，合并成一次申请")


def _left(one: Portion, taken: Sequence[Taken]) -> int:
    return one.full_minutes - sum(other.minutes for other in taken if other.day == one.day)
