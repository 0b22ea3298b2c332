"""The pages every browser surface has: login, logout, step-up. `pages(door)` makes them for one surface."""

from urllib.parse import quote

from flask import Blueprint, Response

from entrypoints import login, step_up
from entrypoints.http import OWN, PUBLIC, endpoint
from entrypoints.login import Door, Returned, Wanted
from entrypoints.results import Redirect
from services import people
from services.people import Actor


def pages(door: Door) -> Blueprint:
    """A blueprint with the session pages of the door's surface."""
    bp = Blueprint("session", __name__)
    _add_login(bp, door)
    _add_step_up(bp, door)
    return bp


def _add_login(bp: Blueprint, door: Door) -> None:
    @bp.get("/login")
    @endpoint(needs=PUBLIC, outside=True, query=Wanted)
    def begin(query: Wanted) -> Response:
        """Go to WeCom, which knows who is there."""
        return login.begin(door, query.next)

    @bp.get("/login/return")
    @endpoint(needs=PUBLIC, outside=True, query=Returned)
    def finish(query: Returned) -> Response:
        """Come back from WeCom and go on to the page that was wanted."""
        return login.finish(door, query)

    @bp.post("/logout")
    @endpoint(needs=OWN)
    def leave(actor: Actor) -> Response:
        """End this session."""
        return login.leave(actor, door.surface, f"/{door.surface}/goodbye")

    @bp.get("/goodbye")
    @endpoint(needs=PUBLIC, outside=True, page=f"{door.surface}/session/goodbye.html")
    def goodbye() -> None:
        """Say that the session is over; a page that needs a session would log in again at once."""


def _add_step_up(bp: Blueprint, door: Door) -> None:
    @bp.get("/step-up")
    @endpoint(needs=OWN, query=Wanted, page=f"{door.surface}/session/step_up.html")
    def ask(actor: Actor, query: Wanted) -> step_up.StepUpPage:
        """Ask for the PIN or code, or have one set."""
        return step_up.page(actor, login.next_page(door, query.next))

    @bp.post("/step-up")
    @endpoint(needs=OWN, outside=True, body=step_up.ProofForm, per_minute=30)
    def prove(actor: Actor, body: step_up.ProofForm) -> Redirect:
        """Prove oneself and go on."""
        step_up.prove(actor, body.secret)
        return Redirect(login.next_page(door, body.next))

    @bp.post("/step-up/pin")
    @endpoint(needs=OWN, body=step_up.NewPinForm, per_minute=30)
    def set_pin(actor: Actor, body: step_up.NewPinForm) -> Redirect:
        """Set the PIN and go on."""
        people.step_up.set_pin(actor, step_up.method(), body)
        return Redirect(login.next_page(door, body.next))

    @bp.post("/step-up/totp")
    @endpoint(needs=OWN, body=Wanted, per_minute=30)
    def begin_totp(actor: Actor, body: Wanted) -> Redirect:
        """Make a TOTP seed and show it."""
        people.step_up.begin_totp(actor, step_up.method())
        return Redirect(f"/{door.surface}/step-up?next={quote(login.next_page(door, body.next), safe='')}")
