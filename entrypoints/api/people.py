"""People on the API: my profile, and finding a colleague."""

from entrypoints.http import OWN, blueprint, endpoint
from services import people
from services.people import Actor

bp = blueprint("people")


@bp.get("/me")
@endpoint(needs=OWN, returns=people.profile.ProfileView)
def me(actor: Actor) -> people.profile.ProfileView:
    """My profile, the contact masked."""
    return people.profile.mine(actor)


@bp.get("")
@endpoint(needs=OWN, query=people.listing.ColleagueQuery, returns=list[people.listing.Colleague])
def find(actor: Actor, query: people.listing.ColleagueQuery) -> list[people.listing.Colleague]:
    """Find colleagues by part of the name, or by account or number."""
    return people.listing.colleagues(actor, query)
