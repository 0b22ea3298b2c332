"""The first page that staff see."""

from flask import Blueprint

from entrypoints.http import OWN, endpoint
from services import home

bp = Blueprint("home", __name__)


@bp.get("/")
@endpoint(needs=OWN, page="h5/home.html")
def show(actor):
    """To-do, today's punches, balances, newest payslip and notices."""
    return home.home(actor)
