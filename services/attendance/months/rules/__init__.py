"""Months in numbers, without a database: sums and differences of days, and the hashes that hold them."""

from services.attendance.months.rules.figures import NAMES, NOTHING, minus, of_day, plus
from services.attendance.months.rules.seals import seal_of_days, seal_of_month
from services.attendance.months.rules.spans import first_open, following, last_day, month_before, open_days

__all__ = [
    "NAMES",
    "NOTHING",
    "first_open",
    "following",
    "last_day",
    "minus",
    "month_before",
    "of_day",
    "open_days",
    "plus",
    "seal_of_days",
    "seal_of_month",
]
