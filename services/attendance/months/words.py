"""Months in Chinese: how far they are, and what they come to."""

from datetime import date

from models.enums import MonthState, SheetState
from services.attendance import words
from services.attendance.rules import Totals

MONTHS = {
    MonthState.OPEN: "未核算",
    MonthState.COUNTING: "核算中",
    MonthState.REVIEW: "待核对",
    MonthState.CONFIRMING: "员工确认中",
    MonthState.CLOSED: "已结账",
}
SHEETS = {SheetState.SHOWN: "待确认", SheetState.CONFIRMED: "已确认", SheetState.DISPUTED: "有异议"}


def month(first: date) -> str:
    return f"{first.year} 年 {first.month} 月"


def summary(total: Totals) -> str:
    """A month in one line, as the card says it: faults that did not happen are left out, but for being late."""
    said = [f"出勤 {total.attended_days} 天", f"迟到 {total.late_times} 次"]
    said += [f"早退 {total.early_times} 次"] * bool(total.early_times)
    said += [f"缺卡 {total.missing_times} 次"] * bool(total.missing_times)
    said += [f"旷工 {total.absent_days} 天"] * bool(total.absent_days)
    said += [f"请假 {words.length(total.leave_minutes)}"] * bool(total.leave_minutes)
    said += [f"出差 {total.trip_days} 天"] * bool(total.trip_days)
    return "，".join(said)


NAMES = {
    "work_days": ("应出勤", "天"), "attended_days": ("出勤", "天"), "late_times": ("迟到", "次"),
    "late_minutes": ("迟到", "分钟"), "early_times": ("早退", "次"), "early_minutes": ("早退", "分钟"),
    "missing_times": ("缺卡", "次"), "absent_days": ("旷工", "天"), "absent_minutes": ("旷工", "分钟"),
    "leave_minutes": ("请假", "分钟"), "trip_days": ("出差", "天"), "trip_minutes": ("出差", "分钟"),
    "worked_minutes": ("实出勤", "分钟"), "expected_minutes": ("应出勤", "分钟"),
}  # fmt: skip
"""What each number is called, and its unit; the heads of the file for payroll follow their order."""


def difference(total: Totals) -> str:
    """What changed, number by number: "迟到 -1 次，迟到 -30 分钟"."""
    return "，".join(f"{name} {n:+d} {unit}" for field, (name, unit) in NAMES.items() if (n := getattr(total, field)))
