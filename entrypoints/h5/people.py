"""My profile on the phone, completed from WeCom with my consent; and finding a colleague for a form."""

from flask import Response

import wecom
from entrypoints import login
from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.login import Door, Returned
from kit.errors import Forbidden
from models.enums import LoginFlow, Surface
from services import people, platform
from services.people import Actor
from wecom.oauth import OAuth

bp = blueprint("people")


def _consent_url(oauth: OAuth, back: str, state: str) -> str:
    return oauth.authorize_url(back, state, is_private=True)


CONSENT = Door(LoginFlow.CONSENT, Surface.H5, "/h5/people/me/consent/return", _consent_url)


@bp.get("/me")
@endpoint(needs=OWN, page="h5/people/me.html")
def me(actor: Actor) -> people.profile.ProfileView:
    """My profile, the contact masked."""
    return people.profile.mine(actor)


@bp.post("/me/consent")
@endpoint(needs=OWN, outside=True)
def ask_consent(actor: Actor) -> Response:
    """Go to WeCom, which asks me what I want to show."""
    return login.begin(CONSENT, "/h5/people/me")


@bp.get("/me/consent/return")
@endpoint(needs=OWN, outside=True, query=Returned)
def take_consent(actor: Actor, query: Returned) -> Response:
    """Come back with my consent; only what I agreed to show is kept."""
    came = login.arrive(CONSENT, query)
    if isinstance(came, Response):
        return came
    arrival, who = came
    if who.user_ticket is None or who.userid.lower() != actor.userid:
        raise Forbidden("没有得到您本人的授权，资料没有变化")
    try:
        shown = login.client().oauth.detail(who.user_ticket)
    except wecom.WecomError as error:
        raise login.refusal(error) from None
    mobile, email = shown.mobile or None, shown.email or shown.biz_mail or None
    platform.transact(lambda: people.contact.tell(actor, mobile, email, shown.gender))
    return login.onward(arrival)


@bp.get("/find")
@endpoint(needs=OWN, query=people.listing.ColleagueQuery, page="h5/people/_found.html")
def find(actor: Actor, query: people.listing.ColleagueQuery) -> list[people.listing.Colleague]:
    """Find colleagues by part of the name, or by account or number."""
    return people.listing.colleagues(actor, query)
