"""Giving up statutory days in writing, on the phone: one's own, and taken back until they end."""

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Redirect
from services import leave
from services.people import Actor

bp = blueprint("leave_waivers", "/leave/waivers")
HERE = "/h5/leave/waivers"


@bp.get("")
@endpoint(needs=OWN, page="h5/leave/waivers.html")
def mine(actor: Actor) -> leave.waivers.MineOut:
    """What I can give up, and what I have declared."""
    return leave.waivers.mine(actor)


@bp.post("")
@endpoint(needs=OWN, body=leave.waivers.Declare)
def declare(actor: Actor, body: leave.waivers.Declare) -> Redirect:
    """Declare that I do not want to take some of my days."""
    leave.waivers.declare(actor, body)
    return Redirect(HERE)


@bp.post("/<string:waiver_id>/revoke")
@endpoint(needs=OWN)
def revoke(actor: Actor, waiver_id: str) -> Redirect:
    """Take a declaration back."""
    leave.waivers.revoke(actor, waiver_id)
    return Redirect(HERE)
