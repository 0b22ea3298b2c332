"""Login: where people are sent, and who WeCom's answer lets in (R02)."""

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

import wecom
from tests.support import settings
from tests.support.wire import Wire, client
from wecom import InvalidMessage, Refused, Spent, Who

STATE = "a1B2" * 8


def test_the_authorize_page_gets_every_parameter_and_the_fragment(tencent: wecom.Client) -> None:
    url = tencent.oauth.authorize_url("https://hr.example.com/h5/login?x=1&y=2", STATE)
    assert url.endswith("#wechat_redirect")
    assert parse_qsl(urlsplit(url).query) == [
        ("appid", settings.CORP),
        ("redirect_uri", "https://hr.example.com/h5/login?x=1&y=2"),
        ("response_type", "code"),
        ("scope", "snsapi_base"),
        ("state", STATE),
        ("agentid", "1000002"),
    ]
    assert "scope=snsapi_privateinfo&" in tencent.oauth.authorize_url("https://hr.example.com/", STATE, is_private=True)


def test_the_desktop_page(tencent: wecom.Client) -> None:
    url = tencent.oauth.login_url("https://hr.example.com/console/login", STATE)
    assert url.startswith("http://wecom.test/wwlogin/sso/login?login_type=CorpApp&")
    assert parse_qs(urlsplit(url).query)["redirect_uri"] == ["https://hr.example.com/console/login"]


@pytest.mark.parametrize("state", ["", "a" * 129, "a-b", "状态", "a b", "a&b=c"])
def test_a_state_of_another_form_is_a_mistake_of_ours(state: str, tencent: wecom.Client) -> None:
    with pytest.raises(InvalidMessage):
        tencent.oauth.authorize_url("https://hr.example.com/", state)
    with pytest.raises(InvalidMessage):
        tencent.oauth.login_url("https://hr.example.com/", state)


@pytest.mark.parametrize(
    ("answer", "who"),
    [
        ({"userid": "LiHua"}, Who("LiHua")),
        ({"UserId": "lihua", "DeviceId": ""}, Who("lihua")),
        ({"userid": "lihua", "user_ticket": "U"}, Who("lihua", "U")),
        ({"userid": "lihua", "user_ticket": ""}, Who("lihua")),
        ({"userid": "lihua", "user_ticket": 7}, Who("lihua")),
    ],
)
def test_a_member_is_let_through_as_written(answer: Any, who: Who, wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("auth/getuserinfo", answer)
    assert tencent.oauth.who("CODE") == who
    assert wire.asked[-1].params == {"access_token": "T1", "code": "CODE"}
    assert "U" not in repr(who).replace("user_ticket", "").replace("Who", "").replace("userid", "")


NOBODY = [
    {"openid": "oX"}, {"external_userid": "wmX"}, {"userid": ""}, {"userid": None}, {"userid": 0}, {"userid": []},
    {"userid": {}}, {"userid": False}, {"userid": True}, {"userid": 1.0}, {"userid": ["lihua"]}, {"userid": " lihua"},
    {"userid": "lihua\u200b"}, {"userid": "lihua\n"}, {"userid": "lihua\0"}, {"userid": "ｌihua"}, {"userid": "a" * 65},
    {"userid": "", "UserId": "lihua"}, {"OpenId": "oX"}, {},
]  # fmt: skip


@pytest.mark.parametrize("answer", NOBODY, ids=str)
def test_whoever_is_not_exactly_a_member_is_refused(answer: Any, wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("auth/getuserinfo", answer)
    wire.answers("miniprogram/jscode2session", {"corpid": settings.CORP, **answer})
    with pytest.raises(Refused):
        tencent.oauth.who("CODE")
    if answer.get("UserId") is None:
        with pytest.raises(Refused):
            tencent.miniprogram.userid("CODE")


@pytest.mark.parametrize("code", ["", "a" * 513, "a\nb", "\ud800", None, 5, ["a"]])
def test_what_cannot_be_a_code_never_leaves(code: Any, wire: Wire, tencent: wecom.Client) -> None:
    for act in (tencent.oauth.who, tencent.miniprogram.userid):
        with pytest.raises(Spent):
            act(code)
    assert wire.asked == []


def test_a_used_code_begins_the_flow_again(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("auth/getuserinfo", {"errcode": 40029, "errmsg": "invalid code"})
    with pytest.raises(Spent):
        tencent.oauth.who("CODE")
    assert len(wire.calls("auth/getuserinfo")) == 1


def test_private_fields_after_consent(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("auth/getuserdetail", {"userid": "lihua", "gender": "1", "mobile": "13800000000", "extra": 1})
    detail = tencent.oauth.detail("TICKET")
    assert (detail.mobile, detail.gender, detail.email) == ("13800000000", "1", None)
    assert wire.asked[-1].json == {"user_ticket": "TICKET"}


def test_mini_program_login_returns_the_member_and_drops_the_session_key(wire: Wire) -> None:
    agents = [
        {"name": "hr", "agent_id": 1, "secret": "s1"},
        {"name": "miniprogram", "agent_id": 2, "secret": "s2"},
    ]
    wire.answers("miniprogram/jscode2session", {"corpid": settings.CORP, "userid": "lihua", "session_key": "K"})
    assert client(wire, agents=agents).miniprogram.userid("CODE") == "lihua"
    assert wire.calls("gettoken")[0].params["corpsecret"] == "s2"
    assert wire.asked[-1].params == {"access_token": "T1", "js_code": "CODE", "grant_type": "authorization_code"}


@pytest.mark.parametrize("corpid", ["wwother", "", None])
def test_another_corporations_mini_program_is_refused(corpid: Any, wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("miniprogram/jscode2session", {"corpid": corpid, "userid": "lihua"})
    with pytest.raises(Refused, match="corporation"):
        tencent.miniprogram.userid("CODE")
