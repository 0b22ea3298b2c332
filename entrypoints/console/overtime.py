"""Overtime in the console: a month of one's people, and the working-time systems by which it is reckoned."""

from entrypoints import exports
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Redirect
from services import attendance, people
from services.people import Permission

bp = blueprint("overtime", "/attendance")
SYSTEMS = "/console/attendance/working-time"
HEADER = (
    "姓名", "部门", "工作日 150%（分钟）", "休息日 200%（分钟）", "法定节假日 300%（分钟）", "换调休（分钟）",
    "计入综合工时周期（分钟）", "计入每月上限（分钟）", "本月剩余（分钟）",
)  # fmt: skip


@bp.get("/overtime")
@endpoint(
    needs=Permission.ATTENDANCE_BOARD_READ,
    query=attendance.overtime.OvertimeQuery,
    page="console/attendance/overtime.html",
    writes=True,
)
def overtime(actor, query):
    """Who had overtime in the month, and who is near the cap; or the whole list as a file."""
    if query.format:
        rows = map(_row, attendance.overtime.export_overtime(actor, query))
        return exports.file(f"加班{query.first_day:%Y-%m}", HEADER, rows, query.format)
    page, departments = attendance.overtime.overtime(actor, query), people.department_tree()
    return {"page": page, "query": query, "departments": departments}


@bp.get("/working-time")
@endpoint(needs=Permission.SCHEDULE_SHIFT_EDIT, page="console/attendance/working_time.html")
def working_times(actor):
    """Which working-time system holds for whom."""
    names = {"systems": attendance.overtime.SYSTEMS, "periods": attendance.overtime.PERIODS}
    return {"rows": attendance.working_times(actor), "departments": people.department_tree(), **names}


@bp.post("/working-time")
@endpoint(needs=Permission.SCHEDULE_SHIFT_EDIT, body=attendance.overtime.WorkingTimeWish)
def set_working_time(actor, body):
    """Lets a system hold from a day on."""
    attendance.set_working_time(actor, body)
    return Redirect(SYSTEMS)


@bp.post("/working-time/<string:system_id>/end")
@endpoint(needs=Permission.SCHEDULE_SHIFT_EDIT)
def end_working_time(actor, system_id):
    """Takes a system back."""
    attendance.end_working_time(actor, system_id)
    return Redirect(SYSTEMS)


def _row(row):
    paid = (row.workday, row.rest_day, row.holiday)
    return row.name, row.department, *paid, row.time_off, row.period, row.counted, row.left
