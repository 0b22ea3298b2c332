"""The mini-program's first screen."""

from entrypoints.http import OWN, blueprint, endpoint
from services import home

bp = blueprint("me")


@bp.get("/home")
@endpoint(needs=OWN, returns=home.HomeOut)
def show(actor):
    """To-do, today's punches, balances, newest payslip (no amounts) and notices in one answer."""
    return home.home(actor)
