"""My overtime for the mini-program; asking for it is the form "overtime"."""

from entrypoints.http import OWN, blueprint, endpoint
from services import attendance

bp = blueprint("overtime", "/attendance/overtime")


@bp.get("")
@endpoint(needs=OWN, query=attendance.MonthQuery, returns=attendance.overtime.MyOvertimeOut)
def mine(actor, query):
    """A month of my overtime: each request with what of it counts, and how much may still be worked."""
    return attendance.overtime.my_overtime(actor, query)
