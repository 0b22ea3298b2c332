"""Schedule: the national calendar and people's shifts; how long whose working day is.

Invariants: holidays are dated data from a notice, never guessed: a year without one says so on every day; a notice is
never edited, the next version replaces it; the nearest assignment of a shift wins: person, department, company.
"""

from services.schedule.days_given import Given, give, take_back, taken
from services.schedule.events import CalendarChanged, ShiftsChanged
from services.schedule.holidays import load_notice, preview_notice, year_view
from services.schedule.plans import Plans, day, days, my_days, with_shift
from services.schedule.rules import STANDARD, DayPlan, Segment, Shift, span
from services.schedule.schemas import (
    AssignmentForm,
    AssignmentView,
    AssignmentWish,
    DaysQuery,
    DayView,
    NoticePreview,
    NoticeWish,
    SegmentWish,
    ShiftForm,
    ShiftView,
    ShiftWish,
    YearQuery,
    YearView,
)
from services.schedule.shifts import (
    add_shift,
    assign,
    assign_as_told,
    assignments,
    clock_time,
    end_assignment,
    retire_shift,
    shifts,
)

__all__ = [
    "STANDARD",
    "AssignmentForm",
    "AssignmentView",
    "AssignmentWish",
    "CalendarChanged",
    "DayPlan",
    "DayView",
    "DaysQuery",
    "Given",
    "NoticePreview",
    "NoticeWish",
    "Plans",
    "Segment",
    "SegmentWish",
    "Shift",
    "ShiftForm",
    "ShiftView",
    "ShiftWish",
    "ShiftsChanged",
    "YearQuery",
    "YearView",
    "add_shift",
    "assign",
    "assign_as_told",
    "assignments",
    "clock_time",
    "day",
    "days",
    "end_assignment",
    "give",
    "load_notice",
    "my_days",
    "preview_notice",
    "retire_shift",
    "shifts",
    "span",
    "take_back",
    "taken",
    "with_shift",
    "year_view",
]
