"""My overtime on the phone: the month, what of it counts and why, and how much may still be worked."""

from entrypoints.http import OWN, blueprint, endpoint
from services import attendance

bp = blueprint("overtime", "/attendance/overtime")


@bp.get("")
@endpoint(needs=OWN, query=attendance.MonthQuery, page="h5/attendance/overtime.html")
def mine(actor, query):
    """A month of my overtime."""
    return attendance.overtime.my_overtime(actor, query)
