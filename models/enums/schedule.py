"""The vocabulary of working time."""

from enum import StrEnum


class DayKind(StrEnum):
    """The five day types of the national calendar (Holiday Measures, State Council Decree 795)."""

    WORKDAY = "workday"
    ADJUSTED_WORKDAY = "adjusted_workday"
    REST_DAY = "rest_day"
    ADJUSTED_REST_DAY = "adjusted_rest_day"
    STATUTORY_HOLIDAY = "statutory_holiday"


WORKING_DAYS = frozenset({DayKind.WORKDAY, DayKind.ADJUSTED_WORKDAY})
