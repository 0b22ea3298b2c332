"""Imports every table, so that metadata and migrations see the whole schema."""

from models import (
    approvals,
    assistant,
    attendance,
    attendance_months,
    attendance_overtime,
    attendance_punches,
    forms,
    leave,
    leave_packs,
    leave_pay,
    notices,
    payroll,
    people,
    platform,
    rosters,
    schedule,
)

__all__ = [
    "approvals",
    "assistant",
    "attendance",
    "attendance_months",
    "attendance_overtime",
    "attendance_punches",
    "forms",
    "leave",
    "leave_packs",
    "leave_pay",
    "notices",
    "payroll",
    "people",
    "platform",
    "rosters",
    "schedule",
]
