"""Schedule: the national calendar and people's shifts; how long whose working day is.

Invariants: holidays are dated data from a notice, never guessed: a year without one says so on every day; a notice is
never edited, the next version replaces it; no day of the company's own changes a statutory holiday. A day given by a
decision wins over a published roster, that over assignments of shifts and rotations, and of those the nearest: person,
department, company. A shift's hours are those of the clock in its zone.
"""

from services.schedule import rostered
from services.schedule.assignments import assign, assign_as_told, assignments, end_assignment
from services.schedule.days_given import Given, give, take_back, taken
from services.schedule.events import Assigned, CalendarChanged, ShiftsChanged
from services.schedule.holidays import load_notice, preview_notice, year_view
from services.schedule.local_days import add_local_days, local_days, remove_local_day
from services.schedule.plans import Plans, calendars, day, days, my_days, with_shift
from services.schedule.rotations import add_rotation, retire_rotation, rotations
from services.schedule.rules import STANDARD, Calendar, DayPlan, Segment, Shift, span
from services.schedule.schemas import (
    AssignmentForm,
    AssignmentView,
    AssignmentWish,
    DaysQuery,
    DayView,
    LocalDayKey,
    LocalDayView,
    LocalDayWish,
    NoticePreview,
    NoticeWish,
    RotationView,
    RotationWish,
    SegmentWish,
    ShiftForm,
    ShiftView,
    ShiftWish,
    YearQuery,
    YearView,
)
from services.schedule.shifts import add_shift, clock_time, hours, known, remarks, retire_shift, shifts

__all__ = [
    "STANDARD",
    "Assigned",
    "AssignmentForm",
    "AssignmentView",
    "AssignmentWish",
    "Calendar",
    "CalendarChanged",
    "DayPlan",
    "DayView",
    "DaysQuery",
    "Given",
    "LocalDayKey",
    "LocalDayView",
    "LocalDayWish",
    "NoticePreview",
    "NoticeWish",
    "Plans",
    "RotationView",
    "RotationWish",
    "Segment",
    "SegmentWish",
    "Shift",
    "ShiftForm",
    "ShiftView",
    "ShiftWish",
    "ShiftsChanged",
    "YearQuery",
    "YearView",
    "add_local_days",
    "add_rotation",
    "add_shift",
    "assign",
    "assign_as_told",
    "assignments",
    "calendars",
    "clock_time",
    "day",
    "days",
    "end_assignment",
    "give",
    "hours",
    "known",
    "load_notice",
    "local_days",
    "my_days",
    "preview_notice",
    "remarks",
    "remove_local_day",
    "retire_rotation",
    "retire_shift",
    "rostered",
    "rotations",
    "shifts",
    "span",
    "take_back",
    "taken",
    "with_shift",
    "year_view",
]
