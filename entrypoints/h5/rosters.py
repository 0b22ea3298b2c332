"""My shifts on the phone: the next weeks, offering one to colleagues, taking one of theirs."""

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Redirect
from services import rosters
from services.people import Actor

bp = blueprint("rosters")
HERE = "/h5/rosters"


@bp.get("")
@endpoint(needs=OWN, page="h5/rosters/mine.html")
def mine(actor: Actor) -> rosters.MyRoster:
    """My next four weeks, what I offer, and what I may take."""
    return rosters.market.mine(actor)


@bp.post("/offers")
@endpoint(needs=OWN, body=rosters.OfferWish)
def offer(actor: Actor, body: rosters.OfferWish) -> Redirect:
    """Offer my shift of a day."""
    rosters.market.offer(actor, body)
    return Redirect(HERE)


@bp.post("/offers/<string:offer_id>/take")
@endpoint(needs=OWN)
def take(actor: Actor, offer_id: str) -> Redirect:
    """Take a colleague's shift."""
    rosters.market.take(actor, offer_id)
    return Redirect(HERE)


@bp.post("/offers/<string:offer_id>/withdraw")
@endpoint(needs=OWN)
def withdraw(actor: Actor, offer_id: str) -> Redirect:
    """Take my offer back."""
    rosters.market.withdraw(actor, offer_id)
    return Redirect(HERE)
