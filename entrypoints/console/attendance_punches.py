"""Punches to look at: those made in the field, cases, files of machines and WeCom's own check-ins."""

from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from services import attendance, people
from services.people import Permission

bp = blueprint("attendance_punches", "/attendance")
REVIEW, IMPORT = Permission.ATTENDANCE_PUNCH_REVIEW, Permission.ATTENDANCE_PUNCH_IMPORT
FIELDS, CASES = "/console/attendance/field", "/console/attendance/cases"


@bp.get("/field")
@endpoint(needs=REVIEW, query=attendance.FieldQuery, page="console/attendance/field.html")
def field_punches(actor, query):
    """The field punches of my people, to confirm or doubt many at once."""
    page, departments = attendance.fields.field_punches(actor, query), people.department_tree()
    return {"page": page, "query": query, "states": attendance.punch_words.FIELDS, "departments": departments}


@bp.post("/field")
@endpoint(needs=REVIEW, body=attendance.DecideFields)
def decide_fields(actor, body):
    """Confirms or doubts those ticked."""
    attendance.fields.decide(actor, body)
    return Redirect(FIELDS)


@bp.get("/field/<string:report_id>/photo")
@endpoint(needs=REVIEW, writes=True)
def photo(actor, report_id):
    """The photo of a field punch."""
    file = attendance.fields.photo(actor, report_id)
    return Download(file.name, file.content, file.media_type)


@bp.get("/cases")
@endpoint(needs=REVIEW, query=attendance.CaseQuery, page="console/attendance/cases.html")
def cases(actor, query):
    """Punches of my people that somebody should look at again."""
    words, departments = attendance.punch_words, people.department_tree()
    page = attendance.cases.cases(actor, query)
    return {"page": page, "query": query, "states": words.CASES, "kinds": words.KINDS, "departments": departments}


@bp.post("/cases/<string:case_id>")
@endpoint(needs=REVIEW, body=attendance.DecideCase)
def decide_case(actor, body, case_id):
    """Closes a case with a reason."""
    attendance.cases.decide(actor, case_id, body)
    return Redirect(CASES)


@bp.get("/machines")
@endpoint(needs=IMPORT, page="console/attendance/machines.html")
def ask_file(actor):
    """The form for the file of an attendance machine, and what was read from WeCom."""
    return {"pulls": attendance.checkins.pulls(actor)}


@bp.post("/machines/check")
@endpoint(needs=IMPORT, body=attendance.CheckMachine, uploads=True, page="console/attendance/_machine.html")
def check_file(actor, body):
    """What the file would add."""
    return attendance.machines.check(actor, body)


@bp.post("/machines")
@endpoint(needs=IMPORT, body=attendance.ApplyMachine, page="console/attendance/_machine_done.html")
def apply_file(actor, body):
    """Takes the file over, all of it."""
    return attendance.machines.apply(actor, body)
