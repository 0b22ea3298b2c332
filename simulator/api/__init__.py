"""The HTTP API below `/cgi-bin/`: one table of calls, one gate that each of them passes."""

from flask import Blueprint

from simulator.api import agent, checkin, contacts, credentials, media, messages, oa, schedule
from simulator.api.desk import Desk
from simulator.twin import Twin

PARTS = (credentials, contacts, messages, media, agent, checkin, oa, schedule)


def api_blueprint(twin: Twin) -> Blueprint:
    """All calls of all parts, ready to be mounted."""
    bp = Blueprint("api", __name__, url_prefix="/cgi-bin")
    desk = Desk(twin)
    for part in PARTS:
        for route in part.routes.all:
            bp.add_url_rule(f"/{route.api}", route.api.replace("/", "_"), desk.view(route), methods=[route.method])
    return bp
