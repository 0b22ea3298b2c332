"""The console's first page: where one can go."""

from flask import Blueprint

from entrypoints.http import OWN, endpoint
from kit.errors import Forbidden
from services import approvals

bp = Blueprint("home", __name__)


@bp.get("/")
@endpoint(needs=OWN, page="console/home.html")
def show(actor):
    """What this person may do here, and what waits for them."""
    if not actor.allowed:
        raise Forbidden("管理台只对有管理角色的人开放，请联系系统管理员")
    return {"waiting": approvals.count_waiting(actor)}
