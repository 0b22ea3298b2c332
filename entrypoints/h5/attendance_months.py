"""My month of attendance on the phone: look at it, confirm it or say what is wrong."""

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Redirect
from services import attendance
from services.people import Actor

bp = blueprint("attendance_months", "/attendance/sheet")
wishes, confirming = attendance.month_wishes, attendance.confirming
HERE = "/h5/attendance/sheet"


@bp.get("")
@endpoint(needs=OWN, query=wishes.MonthQuery, page="h5/attendance/sheet.html")
def sheet(actor: Actor, query: attendance.month_wishes.MonthQuery) -> attendance.month_wishes.MySheet:
    """My month with its totals and what was added from earlier ones."""
    return confirming.my_sheet(actor, query)


@bp.post("/confirm")
@endpoint(needs=OWN, body=wishes.Confirm)
def confirm(actor: Actor, body: attendance.month_wishes.Confirm) -> Redirect:
    """It is right."""
    confirming.confirm(actor, body)
    return Redirect(f"{HERE}?month={body.month}")


@bp.post("/dispute")
@endpoint(needs=OWN, body=wishes.Dispute)
def dispute(actor: Actor, body: attendance.month_wishes.Dispute) -> Redirect:
    """It is not, and why."""
    confirming.dispute(actor, body)
    return Redirect(f"{HERE}?month={body.month}")
