"""Closing a month of attendance: count, clear exceptions, have everybody confirm, close; and the file for payroll."""

from entrypoints import exports
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from services import attendance, people
from services.people import Actor, Permission

bp = blueprint("attendance_months", "/attendance/months")
wishes, board = attendance.month_wishes, attendance.month_board
READ, CLOSE, REOPEN = (
    Permission.ATTENDANCE_MONTH_READ,
    Permission.ATTENDANCE_MONTH_CLOSE,
    Permission.ATTENDANCE_MONTH_REOPEN,
)
HERE = "/console/attendance/months"
HEADER = (
    "工号", "姓名", "部门", "月份",
    *(f"{name}（{unit}）" for name, unit in attendance.FIGURES.values()),
    *(f"其中补记以前月份：{name}（{unit}）" for name, unit in attendance.FIGURES.values()),
    "确认情况", "异议", "时间",
)  # fmt: skip


@bp.get("")
@endpoint(needs=READ, query=wishes.MonthQuery, page="console/attendance/months.html")
def month(actor: Actor, query: attendance.month_wishes.MonthQuery) -> attendance.month_wishes.MonthView:
    """How far the month is and what is to be cleared."""
    return board.overview(actor, query)


@bp.get("/progress")
@endpoint(needs=READ, query=wishes.MonthQuery, page="console/attendance/_month_progress.html")
def progress(actor: Actor, query: attendance.month_wishes.MonthQuery) -> attendance.month_wishes.MonthView:
    """How many are counted so far."""
    return board.overview(actor, query)


@bp.get("/sheets")
@endpoint(needs=READ, query=wishes.SheetQuery, page="console/attendance/sheets.html", writes=True)
def sheets(actor: Actor, query: attendance.month_wishes.SheetQuery) -> dict[str, object] | Download:
    """Everybody's sheet, filtered; or all of them as a file."""
    if query.format:
        rows = map(_line, board.exported(actor, query))
        return exports.file(f"月度考勤 {query.month}", HEADER, rows, query.format)
    page, departments = board.listing(actor, query), people.department_tree()
    may_answer = actor.may(CLOSE)
    return {
        "page": page,
        "query": query,
        "departments": departments,
        "states": attendance.SHEETS,
        "may_answer": may_answer,
    }


def _line(one: attendance.month_wishes.SheetOut) -> tuple[object, ...]:
    totals = (*(getattr(one.total, name) for name in attendance.FIGURES),)
    added = (*(getattr(one.added, name) for name in attendance.FIGURES),)
    who = (one.number, one.name, one.department, one.month)
    return (*who, *totals, *added, one.title, one.said or "", exports.at(one.said_at))


@bp.post("/sheets/<string:sheet_id>/answer")
@endpoint(needs=CLOSE, body=wishes.Answer)
def answer(actor: Actor, body: attendance.month_wishes.Answer, sheet_id: str) -> Redirect:
    """Answers a disputed month."""
    attendance.confirming.answer(actor, sheet_id, body)
    return Redirect(HERE)


@bp.post("/count")
@endpoint(needs=CLOSE, body=wishes.MonthWish)
def count(actor: Actor, body: attendance.month_wishes.MonthWish) -> Redirect:
    """Adds up everybody's days."""
    attendance.counting.begin(actor, body)
    return _back(body)


@bp.post("/ask")
@endpoint(needs=CLOSE, body=wishes.MonthWish)
def ask(actor: Actor, body: attendance.month_wishes.MonthWish) -> Redirect:
    """Has everybody look at their month."""
    attendance.asking.ask(actor, body)
    return _back(body)


@bp.post("/remind")
@endpoint(needs=CLOSE, body=wishes.MonthWish)
def remind(actor: Actor, body: attendance.month_wishes.MonthWish) -> Redirect:
    """Reminds whoever has said nothing."""
    attendance.asking.remind(actor, body)
    return _back(body)


@bp.post("/close")
@endpoint(needs=CLOSE, body=wishes.CloseWish)
def close(actor: Actor, body: attendance.month_wishes.CloseWish) -> Redirect:
    """Closes the month."""
    attendance.closing.close(actor, body)
    return _back(body)


@bp.post("/reopen")
@endpoint(needs=REOPEN, body=wishes.ReopenWish)
def reopen(actor: Actor, body: attendance.month_wishes.ReopenWish) -> Redirect:
    """Opens it again."""
    attendance.closing.reopen(actor, body)
    return _back(body)


def _back(wish: attendance.month_wishes.MonthWish) -> Redirect:
    return Redirect(f"{HERE}?month={wish.month}")
