"""The wire distrusted: what is sent, how long we wait, and what becomes of every odd answer."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

import wecom
from kit.log import JsonLines
from tests.support import settings
from tests.support.wire import Page, Wire, client
from wecom import InvalidMessage, Later, Misconfigured, Recipients, Refused, Spent, StaleToken, Text, Throttled
from wecom.errors import WecomError

HTML = Page(b"<html>502 Bad Gateway</html>")


def send(tencent: wecom.Client) -> Any:
    return tencent.messages.send(Recipients.of("lihua"), Text(content="x"))


def read(tencent: wecom.Client) -> Any:
    return tencent.menu.current()


def failure(act: Callable[[], Any]) -> WecomError:
    with pytest.raises(WecomError) as caught:
        act()
    return caught.value


# What is sent


def test_every_call_has_both_timeouts_and_goes_to_the_configured_base(wire: Wire) -> None:
    tencent = client(wire, connect_timeout_seconds=2, read_timeout_seconds=5)
    read(tencent)
    send(tencent)
    assert {asked.timeout for asked in wire.asked} == {(2.0, 5.0)}
    assert [asked.api for asked in wire.asked] == ["gettoken", "menu/get", "message/send"]


def test_the_environment_has_no_say_and_cookies_are_not_kept(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    wire.answers("menu/get", Page(b"{}", headers={"Set-Cookie": "a=b; Path=/"}))
    tencent = client(wire)
    read(tencent)
    read(tencent)
    assert "Cookie" not in wire.asked[-1].headers
    assert tencent._transport._session.trust_env is False


def test_without_a_session_of_the_caller_it_makes_its_own() -> None:
    from kit import config

    tencent = wecom.connect(
        config.parse(settings.values("sqlite://"), "tests").wecom, wecom.MemoryTokens(), wecom.MemoryMeter()
    )
    assert tencent._transport._session.trust_env is False


def test_half_a_character_is_not_sent(tencent: wecom.Client, wire: Wire) -> None:
    with pytest.raises(InvalidMessage):
        tencent.messages.recall("\ud800")
    assert wire.calls("message/recall") == []


# What comes back


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (-1, Later), (6000, Later), (45033, Later), (301070, Later), (45009, Throttled), (40014, StaleToken),
        (60020, Misconfigured), (48002, Misconfigured), (43012, Misconfigured), (40013, Misconfigured),
        (40029, Spent), (60140, Spent), (84014, Spent), (42052, Spent),
        (60111, Refused), (81013, Refused), (42014, Refused), (45029, Refused), (99999999, Refused),
    ],
)  # fmt: skip
def test_each_error_number_says_what_to_do(errcode: int, kind: type[WecomError], wire: Wire) -> None:
    wire.answers("message/send", {"errcode": errcode, "errmsg": "words"})
    error = failure(lambda: send(client(wire)))
    assert type(error) is kind
    assert (error.errcode, error.api) == (errcode, "message/send")
    assert str(error) == f"message/send {errcode} words"
    assert not getattr(error, "is_ambiguous", False)


LOST = [
    pytest.param(requests.ReadTimeout("x"), id="read timeout"),
    pytest.param(requests.ConnectionError(ProtocolError("cut", OSError())), id="cut"),
    pytest.param(requests.exceptions.ChunkedEncodingError("x"), id="cut in the body"),
    pytest.param(HTML, id="a page"),
    pytest.param(Page(b"Bad", 502), id="502"),
    pytest.param(Page(b'{"errcode":0}', 500), id="500 with JSON"),
    pytest.param(Page(b"", 204), id="204"),
    pytest.param(b"", id="nothing"),
    pytest.param(b'{"errcode": 0, "msg', id="cut JSON"),
    pytest.param(b"\xff\xfe{}", id="not UTF-8"),
    pytest.param(b"null", id="null"),
    pytest.param([], id="a list"),
    pytest.param(b'"ok"', id="a string"),
    pytest.param({"errcode": "0"}, id="errcode as text"),
    pytest.param({"errcode": None}, id="no errcode"),
    pytest.param({"errcode": True}, id="errcode true"),
    pytest.param({"errcode": 0.0}, id="errcode with a point"),
    pytest.param(b'{"a": NaN}', id="NaN"),
    pytest.param(b'{"errcode":' + b"1" * 5000 + b"}", id="a number without end"),
    pytest.param(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="nested without end"),
    pytest.param(b'{"a": "\\ud800"}', id="half a character"),
    pytest.param(b'{"a":"' + b"x" * (1 << 20) + b'"}', id="longer than a mebibyte"),
]


@pytest.mark.parametrize("answer", LOST)
def test_a_lost_answer_is_ambiguous_for_a_write_and_not_for_a_read(answer: Any, wire: Wire) -> None:
    wire.answers("message/send", answer)
    wire.answers("menu/get", answer)
    tencent = client(wire)
    for act, is_ambiguous in ((send, True), (read, False)):
        error = failure(lambda act=act: act(tencent))
        assert type(error) is Later
        assert (error.is_ambiguous, error.errcode) == (is_ambiguous, None)
    assert len(wire.calls("message/send")) == len(wire.calls("menu/get")) == 1


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectTimeout("x"),
        requests.exceptions.SSLError("self-signed"),
        requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "refused"))),  # type: ignore[arg-type]
    ],
)
def test_what_never_reached_wecom_is_not_ambiguous(error: Exception, wire: Wire) -> None:
    wire.answers("message/send", error)
    caught = failure(lambda: send(client(wire)))
    assert isinstance(caught, Later)
    assert not caught.is_ambiguous


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(status: int, wire: Wire) -> None:
    wire.answers("message/send", Page(b"", status, {"Location": "http://elsewhere.test/steal"}))
    error = failure(lambda: send(client(wire)))
    assert str(status) in str(error)
    assert len(wire.asked) == 2  # a request to another host would have failed: no adapter carries it


def test_fifty_megabytes_are_not_read(wire: Wire) -> None:
    class Endless(bytes):
        pass

    wire.answers("menu/get", Page(Endless(b"x" * (50 << 20)), headers={"Content-Type": "application/json"}))
    assert "too long" in str(failure(lambda: read(client(wire))))


def test_an_answer_that_drips_is_given_up(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(0, 10_000, 20))
    monkeypatch.setattr("wecom.transport.clock.ticks", lambda: next(now))
    assert "too slow" in str(failure(lambda: read(client(wire))))


@pytest.mark.parametrize("fields", [{}, {"errmsg": "ok"}, {"errcode": 0, "surprise": [1, 2]}])
def test_an_answer_without_errcode_or_with_more_than_we_know_is_good(fields: dict[str, Any], wire: Wire) -> None:
    wire.answers("menu/get", fields)
    assert read(client(wire)) == []


@pytest.mark.parametrize(
    ("api", "answer", "act"),
    [
        ("menu/get", {"button": "x"}, read),
        ("menu/get", {"button": [1]}, read),
        ("message/send", {"msgid": 7}, send),
        ("user/get", {"userid": 7}, lambda t: t.contacts.member("x")),
        ("user/get", {}, lambda t: t.contacts.member("x")),
        ("user/list", {"userlist": [{"userid": "a", "department": "x"}]}, lambda t: t.contacts.members(1)),
        ("user/list", {"userlist": {"a": 1}}, lambda t: t.contacts.members(1)),
        ("tag/get", {"partylist": ["1"]}, lambda t: t.contacts.tag(1)),
        ("media/upload", {"media_id": "M", "created_at": "9" * 5000}, lambda t: t.media.upload("file", "a", b"123456")),
        ("oa/getapprovaldetail", {"info": []}, lambda t: t.approval.detail("1")),
    ],
)
def test_fields_of_a_wrong_type_are_named(api: str, answer: Any, act: Any, wire: Wire) -> None:
    wire.answers(api, answer)
    error = failure(lambda: act(client(wire, contacts={})))
    assert isinstance(error, Later)
    assert "wrong type" in str(error)
    assert error.api == api


# Repeats


def test_a_read_is_repeated_twice_while_wecom_is_busy(wire: Wire, no_rest: list[float]) -> None:
    wire.answers("menu/get", {"errcode": -1, "errmsg": "busy"}, {"errcode": 6000, "errmsg": "busy"}, {"errcode": 0})
    assert read(client(wire)) == []
    assert len(wire.calls("menu/get")) == 3
    assert len(no_rest) == 2
    assert all(0.05 < rest < 1 for rest in no_rest)


def test_never_more_than_three_tries_and_writes_are_left_to_their_queue(wire: Wire) -> None:
    for api in ("menu/get", "message/send", "auth/getuserinfo"):
        wire.answers(api, {"errcode": -1, "errmsg": "busy"})
    tencent = client(wire)
    for act in (read, send, lambda t: t.oauth.who("code")):
        assert type(failure(lambda act=act: act(tencent))) is Later
    calls = [len(wire.calls(api)) for api in ("menu/get", "message/send", "auth/getuserinfo")]
    assert calls == [3, 1, 1]


# Secrets

SECRETS = TOKEN, SECRET, CODE, TICKET, JS_CODE = tuple(f"marker-{number}" for number in range(5))


def test_no_secret_reaches_a_log_line_an_error_or_a_traceback(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    agents = [{"name": "hr", "agent_id": 1, "secret": SECRET}]
    tencent = client(wire, agents=agents, contacts={})
    leaky = f"invalid credential, hint: [{' '.join(SECRETS)}] access_token={TOKEN}&code={CODE}"
    wire.answers(
        "gettoken",
        {"errcode": 40001, "errmsg": f"secret {SECRET}"},
        {"access_token": TOKEN, "expires_in": 7200},
    )
    wire.answers("menu/get", {"errcode": 60111, "errmsg": f"token {TOKEN}"})
    wire.answers("auth/getuserinfo", {"errcode": 40029, "errmsg": f"code={CODE}"}, requests.ReadTimeout(leaky))
    wire.answers("miniprogram/jscode2session", requests.ConnectionError(leaky))
    wire.answers("auth/getuserdetail", HTML)
    acts: list[Callable[[], Any]] = [
        lambda: read(tencent),
        lambda: read(tencent),
        lambda: tencent.oauth.who(CODE),
        lambda: tencent.oauth.who(CODE),
        lambda: tencent.miniprogram.userid(JS_CODE),
        lambda: tencent.oauth.detail(TICKET),
    ]
    written = []
    for act in acts:
        try:
            act()
        except WecomError as error:
            logging.getLogger("test").exception("failed")
            written += [str(error), repr(error), error.text]
        else:
            pytest.fail("each of these fails")
    written += [JsonLines().format(record) for record in caplog.records]
    written += [repr(tencent._own.application), repr(tencent._transport), repr(tencent)]
    for line in written:
        assert not [secret for secret in SECRETS if secret in line], line


def test_each_call_is_one_line(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    wire.answers("message/send", {"errcode": 81013, "errmsg": "x"})
    failure(lambda: send(client(wire)))
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records if record.msg == "wecom.call"]
    assert [(line["api"], line["error_code"], line["outcome"], line["level"]) for line in lines] == [
        ("gettoken", 0, "ok", "info"),
        ("message/send", 81013, "Refused", "warning"),
    ]
    assert all(isinstance(line["ms"], int) for line in lines)
    assert lines[0]["application"] == f"{settings.CORP}:hr"


def test_error_texts_are_short_and_on_one_line(wire: Wire) -> None:
    wire.answers("message/send", {"errcode": 60111, "errmsg": "x\x1b[31m\0" + "长" * 5000})
    error = failure(lambda: send(client(wire)))
    assert len(error.text) == 300
    assert "\x1b" not in error.text
