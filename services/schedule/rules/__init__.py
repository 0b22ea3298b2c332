"""What kind of day it is, and who works how long on it. Pure: dates and values in, values out."""

from services.schedule.rules.courses import Assigned, Rotation, choose
from services.schedule.rules.days import Calendar, LocalDays, Year, local_days_of, span, workdays_by_month, year_of
from services.schedule.rules.plans import DayPlan, plan, plan_rostered
from services.schedule.rules.shifts import (
    DAY,
    STANDARD,
    Flex,
    LeftLate,
    Segment,
    Shift,
    check_breaks,
    check_flex,
    check_segments,
)

__all__ = [
    "DAY",
    "STANDARD",
    "Assigned",
    "Calendar",
    "DayPlan",
    "Flex",
    "LeftLate",
    "LocalDays",
    "Rotation",
    "Segment",
    "Shift",
    "Year",
    "check_breaks",
    "check_flex",
    "check_segments",
    "choose",
    "local_days_of",
    "plan",
    "plan_rostered",
    "span",
    "workdays_by_month",
    "year_of",
]
