"""Login, logout and step-up of the mini-program."""

from datetime import datetime

from flask import Blueprint
from pydantic import Field

import wecom
from entrypoints import login, step_up
from entrypoints.http import OWN, PUBLIC, endpoint
from kit.errors import Forbidden
from kit.schema import View, Wish
from models.enums import Surface
from services import people, platform
from services.people import Actor, Opened

bp = Blueprint("session", __name__, url_prefix="/session")


class Code(Wish):
    """What `wx.qy.login` gave: good once, for five minutes."""

    code: str = Field(min_length=1, max_length=512)


class SessionView(View):
    """The token goes into `Authorization: Bearer …`; it is shown this once."""

    token: str
    expires_at: datetime
    person_id: str
    name: str


@bp.post("")
@endpoint(needs=PUBLIC, outside=True, body=Code, returns=SessionView, status=201, per_minute=30)
def begin(body: Code) -> SessionView:
    """Exchange a mini-program login code for a session."""
    try:
        userid = login.client().miniprogram.userid(body.code)
    except wecom.Spent:
        raise Forbidden("登录码已失效，请重新进入小程序") from None
    except wecom.WecomError as error:
        raise login.refusal(error) from None
    opened: Opened = platform.transact(lambda: login.open_session(userid, Surface.MINIPROGRAM))
    return SessionView(
        token=opened.token, expires_at=opened.expires_at, person_id=opened.actor.person_id, name=opened.actor.name
    )


@bp.delete("")
@endpoint(needs=OWN, status=204)
def leave(actor: Actor) -> None:
    """End this session."""
    people.sessions.close_session(actor)


@bp.get("/step-up")
@endpoint(needs=OWN, returns=people.step_up.StepUpView)
def step_up_state(actor: Actor) -> people.step_up.StepUpView:
    """Is a second proof set, and may it be set now?"""
    return people.step_up.state(actor, step_up.method())


@bp.post("/step-up")
@endpoint(needs=OWN, outside=True, body=people.step_up.Proof, status=204, per_minute=30)
def prove(actor: Actor, body: people.step_up.Proof) -> None:
    """Prove oneself again by PIN or TOTP; good for a few minutes on this session."""
    step_up.prove(actor, body.secret)


@bp.put("/step-up/pin")
@endpoint(needs=OWN, body=people.step_up.NewPin, status=204, per_minute=30)
def set_pin(actor: Actor, body: people.step_up.NewPin) -> None:
    """Set the PIN, right after login or right after proving the present one."""
    people.step_up.set_pin(actor, step_up.method(), body)


@bp.post("/step-up/totp")
@endpoint(needs=OWN, returns=people.step_up.StepUpView, per_minute=30)
def begin_totp(actor: Actor) -> people.step_up.StepUpView:
    """Make a TOTP seed; the first code that fits brings it into force."""
    people.step_up.begin_totp(actor, step_up.method())
    return people.step_up.state(actor, step_up.method())
