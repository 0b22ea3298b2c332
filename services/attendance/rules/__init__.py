"""The verdict on a day, without a database: what was to be worked, what was punched, what was excused.

All instants are aware UTC, all lengths whole minutes, begun minutes counting for the person. The order in which facts
arrive does not matter, so a day can be judged again from its facts at any time.
"""

from services.attendance.rules.corrections import free_number, lacks
from services.attendance.rules.due import Due, due
from services.attendance.rules.facts import Absence, Case, Duty, Mark, Shape, came, left, left_late_by, suggest
from services.attendance.rules.month import Totals, totals
from services.attendance.rules.presence import presence
from services.attendance.rules.spans import Span, minutes, overlap, without
from services.attendance.rules.verdict import GRAVEST_FIRST, Result, judge
from services.attendance.rules.windows import BEFORE_WORK, duties, half

__all__ = [
    "BEFORE_WORK",
    "GRAVEST_FIRST",
    "Absence",
    "Case",
    "Due",
    "Duty",
    "Mark",
    "Result",
    "Shape",
    "Span",
    "Totals",
    "came",
    "due",
    "duties",
    "free_number",
    "half",
    "judge",
    "lacks",
    "left",
    "left_late_by",
    "minutes",
    "overlap",
    "presence",
    "suggest",
    "totals",
    "without",
]
