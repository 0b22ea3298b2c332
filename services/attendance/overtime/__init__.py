"""Overtime: asked for or confirmed in a form, counted from the punches, kept as entries whose sum is what counts.

Invariants: what counts was approved and worked; no hour counts twice; counting again writes only what differs; time off
is given for rest days only, by leave; the caps are the law's unless the company sets less.
"""

from services.attendance.overtime.form import plug
from services.attendance.overtime.kept import pieces
from services.attendance.overtime.listing import export_overtime, overtime
from services.attendance.overtime.mine import my_overtime
from services.attendance.overtime.recounting import recount
from services.attendance.overtime.schemas import (
    MyOvertimeOut,
    OvertimeQuery,
    OvertimeRow,
    WorkingTimeView,
    WorkingTimeWish,
)
from services.attendance.overtime.words import PERIODS, SYSTEMS
from services.attendance.overtime.worked import PayMinutes, pay_minutes

__all__ = [
    "PERIODS",
    "SYSTEMS",
    "MyOvertimeOut",
    "OvertimeQuery",
    "OvertimeRow",
    "PayMinutes",
    "WorkingTimeView",
    "WorkingTimeWish",
    "export_overtime",
    "my_overtime",
    "overtime",
    "pay_minutes",
    "pieces",
    "plug",
    "recount",
]
