"""One person's day: its kind, whether they work, and when."""

from dataclasses import dataclass
from datetime import date

from models.enums import WORKING_DAYS, DayKind
from services.schedule.rules.courses import Assigned, Rotation
from services.schedule.rules.days import Calendar
from services.schedule.rules.shifts import Segment, Shift


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One person's day: its kind, whether they work, and when. `confirmed` is false while the notice is missing.

    `note` is what the company calls the day. `is_rostered` says that the day was planned by name, in a roster or the
    turn of a rotation, and does not follow the nation's weekends.
    """

    day: date
    kind: DayKind
    is_working: bool
    shift: Shift
    confirmed: bool
    note: str = ""
    is_rostered: bool = False

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The stretches to be worked; none on a day off."""
        return self.shift.segments if self.is_working else ()

    @property
    def minutes(self) -> int:
        """Minutes to be worked: zero on a day off."""
        return self.shift.minutes if self.is_working else 0

    @property
    def full_minutes(self) -> int:
        """Minutes of the person's working day, also when this one is off."""
        return self.shift.minutes


def plan(day: date, calendar: Calendar, given: Assigned) -> DayPlan:
    """The day of somebody who is given this, where this calendar holds."""
    if isinstance(given.gives, Rotation):
        position = given.position(day)
        return plan_rostered(day, calendar, given.gives.turn(position), given.gives.resting(position))
    return _by_calendar(day, calendar, given.gives)


def plan_rostered(day: date, calendar: Calendar, shift: Shift | None, resting: Shift) -> DayPlan:
    """A day planned by name: what it says is worked or not, whatever the calendar; `resting` frames a day off.

    Its kind follows the plan, for the days of rest of somebody on a roster are those of the roster; a statutory
    holiday stays one, and is paid as one when worked.
    """
    national = calendar.kind(day)
    own = DayKind.WORKDAY if shift else DayKind.REST_DAY
    kind = national if national is DayKind.STATUTORY_HOLIDAY else own
    confirmed, note = calendar.is_confirmed(day), calendar.note(day)
    return DayPlan(day, kind, shift is not None, shift or resting, confirmed, note, is_rostered=True)


def _by_calendar(day: date, calendar: Calendar, shift: Shift) -> DayPlan:
    kind, is_working = _kind(day, calendar, shift)
    return DayPlan(day, kind, is_working, shift, calendar.is_confirmed(day), calendar.note(day))


def _kind(day: date, calendar: Calendar, shift: Shift) -> tuple[DayKind, bool]:
    here = calendar.kind(day)
    if shift.weekdays is None:
        return here, here in WORKING_DAYS
    rostered = day.isoweekday() in shift.weekdays
    if here is DayKind.STATUTORY_HOLIDAY:
        return here, rostered and shift.works_holidays
    if here is DayKind.ADJUSTED_REST_DAY and calendar.note(day):
        return here, False  # off by the company's own word, not by a swap of the nation's weekends
    return (DayKind.WORKDAY if rostered else DayKind.REST_DAY), rostered
