"""My working days for the mini-program."""

from entrypoints.http import OWN, blueprint, endpoint
from services import schedule

bp = blueprint("schedule")


@bp.get("/days")
@endpoint(needs=OWN, query=schedule.DaysQuery, returns=list[schedule.DayView])
def days(actor, query):
    """My days from first to last: holidays, make-up workdays, shifts."""
    return schedule.my_days(actor, query)
