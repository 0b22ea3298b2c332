"""HR's attendance: the board, settled days, corrections, work places and their code screens."""

from flask import current_app, request
from markupsafe import Markup

from entrypoints import exports
from entrypoints.http import PUBLIC, blueprint, endpoint
from entrypoints.results import Redirect
from kit import clock, qr
from services import attendance, people
from services.people import Permission

bp = blueprint("attendance")
BOARD, PLACE = Permission.ATTENDANCE_BOARD_READ, Permission.ATTENDANCE_PLACE_EDIT
PLACES = "/console/attendance/places"
RESULT_HEADER = (
    "姓名", "部门", "日期", "结果", "上班", "下班", "应出勤（分钟）", "实出勤（分钟）", "迟到（分钟）", "早退（分钟）",
    "旷工（分钟）", "请假（分钟）", "出差（分钟）", "说明",
)  # fmt: skip
CORRECTION_HEADER = ("姓名", "日期", "上下班", "补卡时间", "原因", "状态", "申请时间", "审批时间")


@bp.get("")
@endpoint(needs=BOARD, query=attendance.BoardQuery, page="console/attendance/board.html")
def board(actor, query):
    """Where everybody is at this moment."""
    shown = attendance.board(actor, query)
    return {"board": shown, "query": query, "titles": attendance.PRESENCES, "departments": people.department_tree()}


@bp.get("/results")
@endpoint(needs=BOARD, query=attendance.ResultQuery, page="console/attendance/results.html", writes=True)
def results(actor, query):
    """The settled days, filtered and sorted; or the whole list as a file."""
    if query.format:
        return exports.file(
            "考勤结果", RESULT_HEADER, map(_result, attendance.export_results(actor, query)), query.format
        )
    page, departments = attendance.results(actor, query), people.department_tree()
    return {"page": page, "query": query, "verdicts": attendance.VERDICTS, "departments": departments}


@bp.get("/people/<string:person_id>/day")
@endpoint(needs=BOARD, query=attendance.DayQuery, page="console/attendance/day.html")
def day(actor, query, person_id):
    """A day of somebody with everything its verdict rests on."""
    return {"day": attendance.day_of(actor, person_id, query), "name": people.get(person_id).name}


@bp.get("/corrections")
@endpoint(needs=BOARD, query=attendance.CorrectionQuery, page="console/attendance/corrections.html", writes=True)
def corrections(actor, query):
    """The corrections; or the whole list as a file."""
    if query.format:
        rows = map(_correction, attendance.export_corrections(actor, query))
        return exports.file("补卡记录", CORRECTION_HEADER, rows, query.format)
    page, departments = attendance.corrections(actor, query), people.department_tree()
    return {"page": page, "query": query, "states": attendance.CORRECTIONS, "departments": departments}


@bp.get("/places")
@endpoint(needs=PLACE, page="console/attendance/places.html")
def places(actor):
    """The work places."""
    return {"places": attendance.places(actor), "departments": people.department_tree()}


@bp.post("/places")
@endpoint(needs=PLACE, body=attendance.PlaceWish)
def add(actor, body):
    """A new place."""
    attendance.add_place(actor, body)
    return Redirect(PLACES)


@bp.get("/places/<string:place_id>")
@endpoint(needs=PLACE, page="console/attendance/place.html")
def place(actor, place_id):
    """One place, to change."""
    return {"place": attendance.place(actor, place_id), "departments": people.department_tree()}


@bp.post("/places/<string:place_id>")
@endpoint(needs=PLACE, body=attendance.PlaceWish)
def change(actor, body, place_id):
    """Changes a place."""
    attendance.change_place(actor, place_id, body)
    return Redirect(PLACES)


@bp.post("/places/<string:place_id>/retire")
@endpoint(needs=PLACE)
def retire(actor, place_id):
    """Takes a place out of use."""
    attendance.retire_place(actor, place_id)
    return Redirect(PLACES)


@bp.post("/places/<string:place_id>/kiosk")
@endpoint(needs=PLACE)
def renew(actor, place_id):
    """A new secret link for the place's screen."""
    attendance.renew_kiosk(actor, place_id)
    return Redirect(PLACES)


@bp.get("/kiosk/<string:key>")
@endpoint(needs=PUBLIC, page="console/attendance/kiosk.html")
def kiosk(key):
    """The screen at the door: its secret link is all it needs, so that nobody stays logged in there."""
    return _screen(key)


@bp.get("/kiosk/<string:key>/code")
@endpoint(needs=PUBLIC, page="console/attendance/_code.html")
def code(key):
    """The picture of this half minute."""
    return _screen(key)


def _screen(key):
    shown = attendance.shown_at(key)
    link = f"{current_app.config['PUBLIC_URL']}/h5/attendance/scan?code={shown.code}"
    return {"shown": shown, "picture": Markup(qr.inline(link)), "path": request.path.removesuffix("/code")}  # noqa: S704


def _result(row):
    times = (_hour(row.first_in), _hour(row.last_out))
    minutes = (row.expected, row.worked, row.late, row.early, row.absent, row.leave, row.trip)
    return row.name, row.department, row.day, row.title, *times, *minutes, "".join(row.sentences)


def _correction(row):
    way = attendance.DIRECTIONS[row.direction]
    return (
        row.name,
        row.day,
        way,
        exports.at(row.at),
        row.reason,
        row.title,
        exports.at(row.created_at),
        exports.at(row.decided_at),
    )


def _hour(at):
    return f"{clock.local(at):%H:%M}" if at else ""
