"""Attendance on the phone: punch, my calendar, corrections, the board of my people."""

from pydantic import Field

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit.pages import PageQuery
from kit.schema import Wish
from models.enums import Direction, PunchSource
from services import attendance, people
from services.people import Permission

bp = blueprint("attendance")
BOARD = Permission.ATTENDANCE_BOARD_READ
HOME = "/h5/attendance"


class PunchedQuery(Wish):
    """Which way I have just punched, to say that it worked."""

    done: Direction | None = None


class ScanQuery(Wish):
    """The code that the camera read."""

    code: str = Field(min_length=1, max_length=500, title="二维码")


class FormQuery(Wish):
    """What a link to the form already knows."""

    day: str | None = Field(None, max_length=10)
    direction: Direction | None = None


@bp.get("")
@endpoint(needs=OWN, query=PunchedQuery, page="h5/attendance/punch.html")
def punching(actor, query):
    """The punch button and how my day stands."""
    today, cases = attendance.today(actor), attendance.cases.count_open(actor)
    return {"today": today, "done": query.done, "is_manager": actor.may(BOARD), "cases": cases}


@bp.post("/punches")
@endpoint(needs=OWN, body=attendance.Punch, uploads=True)
def punch(actor, body):
    """Punches (in the field with a photo), then shows the day again."""
    return Redirect(f"{HOME}?done={attendance.punch(actor, body, PunchSource.H5).direction}")


@bp.get("/scan")
@endpoint(needs=OWN, query=ScanQuery, page="h5/attendance/scan.html")
def scan(actor, query):
    """A scanned code leads here: one tap punches."""
    return {"today": attendance.today(actor), "code": query.code}


@bp.get("/field")
@endpoint(needs=OWN, page="h5/attendance/field.html")
def field(actor):
    """The form for a punch away from every place of mine."""
    return {"today": attendance.today(actor), "limits": attendance.fields.SETTING.get()}


@bp.get("/cases")
@endpoint(needs=OWN, query=PageQuery, page="h5/attendance/cases.html")
def cases(actor, query):
    """Punches of mine that somebody wants to look at again."""
    return attendance.cases.my_cases(actor, query)


@bp.post("/cases/<string:case_id>/answer")
@endpoint(needs=OWN, body=attendance.AnswerCase)
def answer_case(actor, body, case_id):
    """Says what I have to say to it."""
    attendance.cases.answer(actor, case_id, body)
    return Redirect(f"{HOME}/cases")


@bp.get("/month")
@endpoint(needs=OWN, query=attendance.MonthQuery, page="h5/attendance/month.html")
def month(actor, query):
    """My month as a calendar."""
    return {"month": attendance.my_month(actor, query), "path": HOME}


@bp.get("/day")
@endpoint(needs=OWN, query=attendance.DayQuery, page="h5/attendance/day.html")
def day(actor, query):
    """One of my days, explained."""
    return {"day": attendance.my_day(actor, query), "path": HOME}


@bp.get("/corrections")
@endpoint(needs=OWN, query=PageQuery, page="h5/attendance/corrections.html")
def corrections(actor, query):
    """My corrections, and how many are left this month."""
    left = attendance.quota(actor, attendance.MonthQuery())
    return {"page": attendance.my_corrections(actor, query), "quota": left}


@bp.get("/corrections/new")
@endpoint(needs=OWN, query=FormQuery, page="h5/attendance/correct.html")
def form(actor, query):
    """The form for a missed punch."""
    return {"query": query, "quota": attendance.quota(actor, attendance.MonthQuery())}


@bp.post("/corrections")
@endpoint(needs=OWN, body=attendance.AskCorrection, uploads=True)
def ask(actor, body):
    """Sends the request to the approver."""
    return Redirect(f"{HOME}/corrections/{attendance.ask_correction(actor, body).id}")


@bp.get("/corrections/<string:correction_id>")
@endpoint(needs=OWN, page="h5/attendance/correction.html")
def correction(actor, correction_id):
    """A correction on its way; approvers come here from their card."""
    return attendance.correction(actor, correction_id)


@bp.get("/corrections/<string:correction_id>/evidence")
@endpoint(needs=OWN, writes=True)
def evidence(actor, correction_id):
    """The evidence as a file."""
    file = attendance.evidence(actor, correction_id)
    return Download(file.name, file.content, file.media_type)


@bp.post("/corrections/<string:correction_id>/withdraw")
@endpoint(needs=OWN)
def withdraw(actor, correction_id):
    """Takes the request back."""
    attendance.withdraw_correction(actor, correction_id)
    return Redirect(f"{HOME}/corrections/{correction_id}")


@bp.get("/board")
@endpoint(needs=BOARD, query=attendance.BoardQuery, page="h5/attendance/board.html")
def board(actor, query):
    """Who is here, late, away."""
    return {"board": attendance.board(actor, query), "presence": query.presence, "titles": attendance.PRESENCES}


@bp.get("/people/<string:person_id>/month")
@endpoint(needs=BOARD, query=attendance.MonthQuery, page="h5/attendance/month.html")
def month_of(actor, query, person_id):
    """A month of one of my people."""
    return {
        "month": attendance.month_of(actor, person_id, query),
        "path": f"{HOME}/people/{person_id}",
        "name": people.get(person_id).name,
    }


@bp.get("/people/<string:person_id>/day")
@endpoint(needs=BOARD, query=attendance.DayQuery, page="h5/attendance/day.html")
def day_of(actor, query, person_id):
    """A day of one of my people, explained."""
    return {
        "day": attendance.day_of(actor, person_id, query),
        "path": f"{HOME}/people/{person_id}",
        "name": people.get(person_id).name,
    }
