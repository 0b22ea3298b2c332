"""Days as the nation's calendar and one shift make them, for rules that need plans and no database."""

from datetime import date

from services.schedule import STANDARD, Calendar, DayPlan, calendar, rules
from services.schedule.rules import Assigned, Rotation, Shift

NATION = Calendar(calendar.shipped())
LONG_AGO = date(2020, 1, 1)


def planned(day: date, gives: Shift | Rotation = STANDARD, here: Calendar = NATION, since: date = LONG_AGO) -> DayPlan:
    """The day of somebody who was given this shift or rotation."""
    return rules.plan(day, here, Assigned(gives, 0, since, None))
