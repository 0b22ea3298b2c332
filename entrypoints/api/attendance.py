"""Attendance for the mini-program: punch, today, my month, corrections, the board of my people."""

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Download
from kit.pages import Page, PageQuery
from models.enums import PunchSource
from services import attendance
from services.people import Permission

bp = blueprint("attendance")
BOARD = Permission.ATTENDANCE_BOARD_READ


@bp.get("/today")
@endpoint(needs=OWN, returns=attendance.TodayOut)
def today(actor):
    """My day as it stands, and what to punch next."""
    return attendance.today(actor)


@bp.post("/punches")
@endpoint(needs=OWN, body=attendance.Punch, returns=attendance.PunchOut, status=201, uploads=True)
def punch(actor, body):
    """Punch in or out, now; a retry with the same nonce is the same punch. In the field with a photo, as a form."""
    return attendance.punch(actor, body, PunchSource.API)


@bp.get("/cases")
@endpoint(needs=OWN, query=PageQuery, returns=Page[attendance.CaseOut])
def cases(actor, query):
    """Punches of mine that somebody wants to look at again."""
    return attendance.cases.my_cases(actor, query)


@bp.post("/cases/<string:case_id>/answer")
@endpoint(needs=OWN, body=attendance.AnswerCase, status=204)
def answer_case(actor, body, case_id):
    """Say what I have to say to it."""
    attendance.cases.answer(actor, case_id, body)


@bp.get("/day")
@endpoint(needs=OWN, query=attendance.DayQuery, returns=attendance.DayDetail)
def day(actor, query):
    """One of my days with its explanation."""
    return attendance.my_day(actor, query)


@bp.get("/month")
@endpoint(needs=OWN, query=attendance.MonthQuery, returns=attendance.MonthOut)
def month(actor, query):
    """One of my months, day by day, with totals."""
    return attendance.my_month(actor, query)


@bp.get("/quota")
@endpoint(needs=OWN, query=attendance.MonthQuery, returns=attendance.QuotaOut)
def quota(actor, query):
    """How many corrections of a month I have left."""
    return attendance.quota(actor, query)


@bp.get("/corrections")
@endpoint(needs=OWN, query=PageQuery, returns=Page[attendance.CorrectionOut])
def corrections(actor, query):
    """My corrections, newest first."""
    return attendance.my_corrections(actor, query)


@bp.post("/corrections")
@endpoint(needs=OWN, body=attendance.AskCorrection, returns=attendance.CorrectionOut, status=201, uploads=True)
def ask(actor, body):
    """Ask for a punch I missed to be added; with a picture as evidence when sent as a form."""
    return attendance.ask_correction(actor, body)


@bp.get("/corrections/<string:correction_id>")
@endpoint(needs=OWN, returns=attendance.CorrectionDetail)
def correction(actor, correction_id):
    """A correction on its way through approval."""
    return attendance.correction(actor, correction_id)


@bp.get("/corrections/<string:correction_id>/evidence")
@endpoint(needs=OWN, writes=True)
def evidence(actor, correction_id):
    """The evidence sent with a correction."""
    file = attendance.evidence(actor, correction_id)
    return Download(file.name, file.content, file.media_type)


@bp.post("/corrections/<string:correction_id>/withdraw")
@endpoint(needs=OWN, status=204)
def withdraw(actor, correction_id):
    """Take back a correction that nobody has decided."""
    attendance.withdraw_correction(actor, correction_id)


@bp.get("/board")
@endpoint(needs=BOARD, query=attendance.BoardQuery, returns=attendance.BoardOut)
def board(actor, query):
    """Where my people are at this moment."""
    return attendance.board(actor, query)


@bp.get("/people/<string:person_id>/month")
@endpoint(needs=BOARD, query=attendance.MonthQuery, returns=attendance.MonthOut)
def month_of(actor, query, person_id):
    """A month of one of my people."""
    return attendance.month_of(actor, person_id, query)


@bp.get("/people/<string:person_id>/day")
@endpoint(needs=BOARD, query=attendance.DayQuery, returns=attendance.DayDetail)
def day_of(actor, query, person_id):
    """A day of one of my people with its explanation."""
    return attendance.day_of(actor, person_id, query)
