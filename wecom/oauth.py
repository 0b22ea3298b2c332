"""Login: in the WeCom client, in a desktop browser and from the mini-program (pages 91022, 91023, 98152, 91507).

WeCom says who is there; whether that person may enter is decided elsewhere. A visitor who is not a member, and any
answer that is not exactly a userid, is `Refused`.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pydantic import Field

from wecom.answers import Answer, Record
from wecom.caller import Caller
from wecom.errors import InvalidMessage, Refused, Spent
from wecom.limits import is_userid

LONGEST_CODE = 512
LONGEST_STATE = 128


@dataclass(frozen=True, slots=True)
class Who:
    """A member; the ticket (half an hour) exists only after consent to the private scope."""

    userid: str
    user_ticket: str | None = field(default=None, repr=False)


class Detail(Record):
    """What the member agreed to show; `None` where nothing was shown. `gender`: "0" unknown, "1" male, "2" female."""

    userid: str = Field(min_length=1, max_length=64)
    gender: str | None = None
    avatar: str | None = None
    qr_code: str | None = None
    mobile: str | None = None
    email: str | None = None
    biz_mail: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class LoginPages:
    """Where browsers are sent: the addresses of WeCom's two login pages."""

    authorize_url: str
    login_url: str


class OAuth:
    """Web login as one application."""

    def __init__(self, caller: Caller, pages: LoginPages) -> None:
        self._caller = caller
        self._pages = pages

    def authorize_url(self, redirect_uri: str, state: str, *, is_private: bool = False) -> str:
        """Where a page inside the WeCom client is sent; silent unless `is_private` asks for consent."""
        application = self._caller.application
        query = {
            "appid": application.corp_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": "snsapi_privateinfo" if is_private else "snsapi_base",
            "state": _checked_state(state),
            "agentid": application.agent_id,
        }
        return f"{self._pages.authorize_url}?{urlencode(query)}#wechat_redirect"

    def login_url(self, redirect_uri: str, state: str) -> str:
        """Where a desktop browser is sent to log in by scanning."""
        application = self._caller.application
        query = {
            "login_type": "CorpApp",
            "appid": application.corp_id,
            "agentid": application.agent_id,
            "redirect_uri": redirect_uri,
            "state": _checked_state(state),
        }
        return f"{self._pages.login_url}?{urlencode(query)}"

    def who(self, code: str) -> Who:
        """The member behind a code, which works once within five minutes; `Spent` afterwards."""
        answer = self._caller.once("auth/getuserinfo", code=_checked_code(code))
        ticket = answer.fields.get("user_ticket")
        return Who(_member(answer, "userid", "UserId"), ticket if isinstance(ticket, str) and ticket else None)

    def detail(self, user_ticket: str) -> Detail:
        """The private fields the member agreed to show; `Spent` when the ticket is over."""
        return self._caller.read("auth/getuserdetail", {"user_ticket": user_ticket}).record(Detail)


class MiniProgram:
    """Login from the mini-program that is linked to the application."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def userid(self, js_code: str) -> str:
        """The member behind a code of `wx.qy.login`. The session key is dropped: nothing here decrypts with it."""
        code = _checked_code(js_code)
        answer = self._caller.once("miniprogram/jscode2session", js_code=code, grant_type="authorization_code")
        if answer.fields.get("corpid") != self._caller.application.corp_id:
            raise Refused("the code belongs to another corporation", api=answer.api)
        return _member(answer, "userid")


def _member(answer: Answer, *spellings: str) -> str:
    value: Any = next((answer.fields[name] for name in spellings if name in answer.fields), None)
    if not is_userid(value):
        raise Refused("the visitor is not a member", api=answer.api)
    return str(value)


def _checked_code(code: str) -> str:
    is_text = isinstance(code, str) and code.isprintable()
    if not is_text or not 0 < len(code.encode(errors="replace")) <= LONGEST_CODE:
        raise Spent("not a login code")
    return code


def _checked_state(state: str) -> str:
    if not (state.isascii() and state.isalnum()) or len(state) > LONGEST_STATE:
        raise InvalidMessage("state", f"needs 1 to {LONGEST_STATE} letters and digits")
    return state
