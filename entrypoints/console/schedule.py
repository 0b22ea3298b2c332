"""HR's schedule: the holiday calendar with its yearly notices, shifts, and who is given which."""

from entrypoints.http import blueprint, endpoint
from entrypoints.results import Redirect
from models.enums import DayKind
from services import people, schedule
from services.people import Permission

bp = blueprint("schedule")

EDIT = Permission.SCHEDULE_SHIFT_EDIT
DAY_KINDS = {
    DayKind.WORKDAY: "工作日",
    DayKind.ADJUSTED_WORKDAY: "调休上班",
    DayKind.REST_DAY: "周末",
    DayKind.ADJUSTED_REST_DAY: "调休放假",
    DayKind.STATUTORY_HOLIDAY: "法定节假日",
}


@bp.get("/holidays")
@endpoint(needs=EDIT, query=schedule.YearQuery, page="console/schedule/holidays.html")
def holidays(actor, query):
    """The calendar of a year with the company's own days, and the forms for either."""
    return {
        "year": schedule.year_view(query.year),
        "own": schedule.local_days(query.year),
        "departments": people.department_tree(),
        "titles": DAY_KINDS,
    }


@bp.post("/holidays/preview")
@endpoint(needs=EDIT, body=schedule.NoticeWish, page="console/schedule/_notice.html")
def preview_notice(actor, body):
    """What a notice would change."""
    return {"preview": schedule.preview_notice(actor, body), "titles": DAY_KINDS}


@bp.post("/holidays")
@endpoint(needs=EDIT, body=schedule.NoticeWish)
def load_notice(actor, body):
    """Put a notice in force."""
    schedule.load_notice(actor, body)
    return Redirect(f"/console/schedule/holidays?year={body.year}")


@bp.post("/own-days")
@endpoint(needs=EDIT, body=schedule.LocalDayWish)
def add_own_days(actor, body):
    """Name days off or worked for the company or a department."""
    schedule.add_local_days(actor, body)
    return Redirect(f"/console/schedule/holidays?year={body.first.year}")


@bp.post("/own-days/remove")
@endpoint(needs=EDIT, body=schedule.LocalDayKey)
def remove_own_day(actor, body):
    """Take a named day back."""
    schedule.remove_local_day(actor, body)
    return Redirect(f"/console/schedule/holidays?year={body.day.year}")


@bp.get("/shifts")
@endpoint(needs=EDIT, page="console/schedule/shifts.html")
def shifts(actor):
    """All shifts, rotations and assignments, and the forms for new ones."""
    return {
        "shifts": schedule.shifts(),
        "rotations": schedule.rotations(),
        "assignments": schedule.assignments(),
        "departments": people.department_tree(),
    }


@bp.post("/shifts")
@endpoint(needs=EDIT, body=schedule.ShiftForm)
def add_shift(actor, body):
    """A new shift."""
    schedule.add_shift(actor, body.wish)
    return Redirect("/console/schedule/shifts")


@bp.post("/shifts/<string:shift_id>/retire")
@endpoint(needs=EDIT)
def retire_shift(actor, shift_id):
    """Take a shift out of use."""
    schedule.retire_shift(actor, shift_id)
    return Redirect("/console/schedule/shifts")


@bp.post("/rotations")
@endpoint(needs=EDIT, body=schedule.RotationWish)
def add_rotation(actor, body):
    """A new rotation."""
    schedule.add_rotation(actor, body)
    return Redirect("/console/schedule/shifts")


@bp.post("/rotations/<string:rotation_id>/retire")
@endpoint(needs=EDIT)
def retire_rotation(actor, rotation_id):
    """Take a rotation out of use."""
    schedule.retire_rotation(actor, rotation_id)
    return Redirect("/console/schedule/shifts")


@bp.post("/assignments")
@endpoint(needs=EDIT, body=schedule.AssignmentForm)
def assign(actor, body):
    """Give a shift or a rotation to the company, a department or a person."""
    schedule.assign_as_told(actor, body)
    return Redirect("/console/schedule/shifts")


@bp.post("/assignments/<string:assignment_id>/end")
@endpoint(needs=EDIT)
def end_assignment(actor, assignment_id):
    """Take an assignment back."""
    schedule.end_assignment(actor, assignment_id)
    return Redirect("/console/schedule/shifts")
