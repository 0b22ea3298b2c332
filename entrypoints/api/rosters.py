"""My shifts for the mini-program, and those that colleagues offer."""

from entrypoints.http import OWN, blueprint, endpoint
from services import rosters
from services.people import Actor

bp = blueprint("rosters")


@bp.get("/mine")
@endpoint(needs=OWN, returns=rosters.MyRoster)
def mine(actor: Actor) -> rosters.MyRoster:
    """My next four weeks, what I offer, and what I may take."""
    return rosters.market.mine(actor)


@bp.post("/offers")
@endpoint(needs=OWN, body=rosters.OfferWish, status=204)
def offer(actor: Actor, body: rosters.OfferWish) -> None:
    """Offer my shift of a day."""
    rosters.market.offer(actor, body)


@bp.post("/offers/<string:offer_id>/take")
@endpoint(needs=OWN, status=204)
def take(actor: Actor, offer_id: str) -> None:
    """Take a colleague's shift."""
    rosters.market.take(actor, offer_id)


@bp.post("/offers/<string:offer_id>/withdraw")
@endpoint(needs=OWN, status=204)
def withdraw(actor: Actor, offer_id: str) -> None:
    """Take my offer back."""
    rosters.market.withdraw(actor, offer_id)
