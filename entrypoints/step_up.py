"""Step-up on every surface: prove oneself again, set the PIN, begin a TOTP seed, by the method the operator chose."""

from flask import current_app
from pydantic import Field

from kit import qr
from kit.errors import StepUpRequired
from kit.schema import View
from models.enums import StepUpMethod
from services import people, platform
from services.people import Actor


class ProofForm(people.step_up.Proof):
    """A PIN or code, and the page to go on to."""

    next: str = Field("", max_length=2000)


class NewPinForm(people.step_up.NewPin):
    """A PIN, and the page to go on to."""

    next: str = Field("", max_length=2000)


class StepUpPage(View):
    """The page: how the person stands, the picture of a waiting seed, and where they were going."""

    state: people.step_up.StepUpView
    qr: str | None
    next: str


def method() -> StepUpMethod:
    """The method the operator chose."""
    return StepUpMethod(current_app.config["STEP_UP"])


def page(actor: Actor, next_path: str) -> StepUpPage:
    """What the page shows."""
    state = people.step_up.state(actor, method())
    return StepUpPage(state=state, qr=qr.data_uri(state.uri) if state.uri else None, next=next_path)


def demand(actor: Actor) -> None:
    """`StepUpRequired` unless this session has proven itself: for views where only some requests need it."""
    if not people.sessions.has_stepped_up(actor):
        raise StepUpRequired()


def prove(actor: Actor, secret: str) -> None:
    """Takes a try in a transaction of its own: a wrong one is remembered although the request is refused."""
    verdict = platform.transact(lambda: people.step_up.prove(actor, method(), secret))
    verdict.demand()
