"""Overtime in Chinese: what it is called, what it comes to, and why."""

from collections.abc import Iterable
from datetime import timedelta

from kit import clock
from models.enums import OvertimePay, WorkPeriod, WorkSystem
from services.attendance.overtime.kept import Asked
from services.attendance.overtime.rules import RATES, TITLES, Piece, System
from services.attendance.rules import Span
from services.attendance.words import length

PAYS = {
    OvertimePay.PAY: "加班费",
    OvertimePay.TIME_OFF: "调休",
    OvertimePay.PERIOD: "计入综合工时周期",
    OvertimePay.NONE: "不定时工时制，不另计",
}
SYSTEMS = {
    WorkSystem.STANDARD: "标准工时制",
    WorkSystem.COMPREHENSIVE: "综合计算工时制",
    WorkSystem.FLEXIBLE: "不定时工时制",
}
PERIODS = {WorkPeriod.WEEK: "周", WorkPeriod.MONTH: "月", WorkPeriod.QUARTER: "季", WorkPeriod.YEAR: "年"}


def stretch(span: Span) -> str:
    """3月7日 22:00–次日 01:00, by the company's clock."""
    start, end = clock.local(span.start), clock.local(span.end)
    days = (end.date() - start.date()).days
    midnight = end.date() == start.date() + timedelta(days=1) and not (end.hour or end.minute)
    until = "24:00" if midnight else f"{'次日 ' if days == 1 else ''}{end:%H:%M}"
    return f"{start.month}月{start.day}日 {start:%H:%M}–{until}"


def piece(one: Piece) -> str:
    """休息日 2 小时，调休."""
    rate = f"（{RATES[one.kind]}%）" if one.pay is OvertimePay.PAY else ""
    return f"{TITLES[one.kind]} {length(one.minutes)}，{PAYS[one.pay]}{rate}"


def pieces(found: Iterable[Piece]) -> str:
    """All of them; nothing when there are none."""
    return "；".join(piece(one) for one in found)


def counted(asked: Asked, missing: Piece, total: int) -> str:
    """Why an entry was written."""
    what = f"批准 {stretch(asked.span)}，按打卡在批准时段内的实际时长"
    if not asked.stands:
        return f"申请已作废，收回{TITLES[missing.kind]}加班 {length(-missing.minutes)}"
    if missing.minutes == total:
        return f"{what}，计{TITLES[missing.kind]}加班 {length(total)}，{PAYS[missing.pay]}"
    change = f"{'补计' if missing.minutes > 0 else '减少'} {length(abs(missing.minutes))}"
    return f"{what}重算，{TITLES[missing.kind]}加班{change}，现为 {length(total)}，{PAYS[missing.pay]}"


def system(one: System) -> str:
    """综合计算工时制（季）."""
    return SYSTEMS[one.kind] + (f"（{PERIODS[one.period]}）" if one.period else "")
