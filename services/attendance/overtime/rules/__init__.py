"""Overtime without a database: what of it counts, what it is worth, how much is allowed, and by which system."""

from services.attendance.overtime.rules.asked import TITLES, Ask, ask_of, check_day
from services.attendance.overtime.rules.caps import Caps, Load, excess_of_day, excess_of_month, month_load, nears
from services.attendance.overtime.rules.classes import RATES, Piece, by_day, kind_of, what_becomes
from services.attendance.overtime.rules.counting import busy, count, expected, is_over, rounded
from services.attendance.overtime.rules.stays import LONGEST_STAY, stays
from services.attendance.overtime.rules.systems import STANDARD, Hours, System, period_around, premium, standard_of

__all__ = [
    "LONGEST_STAY",
    "RATES",
    "STANDARD",
    "TITLES",
    "Ask",
    "Caps",
    "Hours",
    "Load",
    "Piece",
    "System",
    "ask_of",
    "busy",
    "by_day",
    "check_day",
    "count",
    "excess_of_day",
    "excess_of_month",
    "expected",
    "is_over",
    "kind_of",
    "month_load",
    "nears",
    "period_around",
    "premium",
    "rounded",
    "standard_of",
    "stays",
    "what_becomes",
]
