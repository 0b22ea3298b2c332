"""Login through WeCom in a browser: away with a state of ours, back with a code that WeCom exchanges for a userid.

The state is checked and used up before the code is looked at (reliability R01). No transaction is open while WeCom
thinks. Whatever is wrong ends on a page, never in another login: a circle would never end.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, current_app, request
from pydantic import BaseModel, Field

import wecom
from entrypoints import answers, auth
from kit.errors import AppError, Forbidden, Upstream
from kit.ids import new_secret
from models.enums import LoginFlow, Surface
from services import people, platform
from services.people import Opened
from wecom.oauth import OAuth

BROWSER, BROWSER_SECONDS = "browser", 600
MOST_TRIES = 1
NO_ENTRY = "您没有进入管理台的权限；如需要，请联系系统管理员授予角色"


class Wanted(BaseModel):
    """Where to go after login; anything that is not a page of this surface becomes its front page."""

    next: str = Field("", max_length=2000)


class Returned(BaseModel):
    """What WeCom sends the browser back with; without a code the person refused."""

    code: str = Field("", max_length=600)
    state: str = Field("", max_length=200)


@dataclass(frozen=True)
class Door:
    """One way to come in by browser: `address` makes WeCom's page for an application, a return address and a state."""

    flow: LoginFlow
    surface: Surface
    back: str
    address: Callable[[OAuth, str, str], str]

    @property
    def home(self) -> str:
        return f"/{self.surface}/"


def client() -> wecom.Client:
    """The application's client."""
    found: wecom.Client = current_app.extensions["wecom"]
    return found


def begin(door: Door, next_path: str, tries: int = 0) -> Response:
    """Sends the browser to WeCom, with a state that only this browser can bring back."""
    browser = request.cookies.get(auth.cookie_name(BROWSER)) or new_secret()
    path = next_page(door, next_path)
    state = platform.transact(lambda: people.sessions.begin_login(door.flow, browser, path, tries))
    back = current_app.config["PUBLIC_URL"] + door.back
    response = answers.redirect(door.address(client().oauth, back, state))
    auth.set_cookie(response, BROWSER, browser, BROWSER_SECONDS)
    return response


def next_page(door: Door, path: str) -> str:
    """A page of the door's surface to go on to, never its login again."""
    local = auth.local_path(path, door.home)
    return door.home if local.startswith(f"{door.home}login") else local


def arrive(door: Door, query: Returned) -> tuple[people.sessions.Arrival, wecom.Who] | Response:
    """Takes the browser back: state first, then the code. No transaction is open afterwards.

    A code that is already spent (a reload, the back button) begins the flow once more, once.
    """
    browser = request.cookies.get(auth.cookie_name(BROWSER), "")
    arrival = platform.transact(lambda: people.sessions.finish_login(door.flow, browser, query.state))
    if not query.code:
        raise Forbidden("登录已取消，请重新打开本页")
    try:
        return arrival, client().oauth.who(query.code)
    except wecom.Spent:
        if arrival.tries < MOST_TRIES:
            return begin(door, arrival.next_path, arrival.tries + 1)
        raise Forbidden("登录码已失效，请关闭本页后从企业微信重新进入") from None
    except wecom.WecomError as error:
        raise refusal(error) from None


def finish(door: Door, query: Returned) -> Response:
    """Opens a session for whoever WeCom names, and goes on to the page that was wanted."""
    came = arrive(door, query)
    if isinstance(came, Response):
        return came
    arrival, who = came
    opened = platform.transact(lambda: open_session(who.userid, door.surface))
    return auth.start(onward(arrival), opened, door.surface)


def onward(arrival: people.sessions.Arrival) -> Response:
    """To the page that was wanted before WeCom was asked."""
    return answers.redirect(arrival.next_path)


def refusal(error: wecom.WecomError) -> AppError:
    """What to say when WeCom did not name one of our people."""
    if isinstance(error, wecom.Refused):
        return Forbidden("没有识别到您的企业成员身份，请使用本企业的企业微信打开")
    return Upstream()


def open_session(userid: str, surface: Surface) -> Opened:
    """A session for an active employee; the console only opens to people who may do something there."""
    actor = people.by_userid(userid)
    if surface is Surface.CONSOLE and not actor.allowed:
        raise Forbidden(NO_ENTRY)
    platform.audit.record(actor, "people.session.open", surface, person_id=actor.person_id)
    return people.sessions.open_session(actor, surface)


def leave(actor: people.Actor, surface: Surface, goodbye: str) -> Response:
    """Logout: the session ends on the server, the cookie goes."""
    people.sessions.close_session(actor)
    response = answers.redirect(goodbye)
    auth.set_cookie(response, surface, "", 0)
    return response
