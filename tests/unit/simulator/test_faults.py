"""Scripted misfortune, inline and over a real socket."""

import threading

import pytest
import requests
from werkzeug.serving import make_server

from simulator import Cut, TimedOut, create_app
from tests.wsgi_adapter import WSGIAdapter

MESSAGE = {"touser": "lihua", "msgtype": "text", "agentid": 1000002, "text": {"content": "hi"}}


@pytest.fixture
def wire(twin):
    """A `requests` session whose wire is the twin, in this process."""
    session = requests.Session()
    session.mount("https://wecom.test", WSGIAdapter(create_app(twin)))
    return session


@pytest.fixture
def send(wire, api):
    token = api.token()
    return lambda: wire.post(f"https://wecom.test/cgi-bin/message/send?access_token={token}", json=MESSAGE)


@pytest.mark.parametrize("code", [-1, 45009, 6000, 45033])
def test_an_errcode_strikes_as_often_as_asked_and_has_no_effect(twin, send, code):
    twin.fault("message/send", code, times=2)
    assert [send().json()["errcode"] for _ in range(3)] == [code, code, 0]
    assert len(twin.chat("lihua")) == 1


def test_42001_and_40014_really_end_the_token(twin, send):
    twin.fault("message/send", 42001)
    assert [send().json()["errcode"] for _ in range(2)] == [42001, 42001]
    twin.fault("message/send", 40014)
    assert [send().json()["errcode"] for _ in range(2)] == [40014, 40014]


@pytest.mark.parametrize(("after", "received"), [(False, 0), (True, 1)])
@pytest.mark.parametrize(("kind", "raised"), [("timeout", requests.ReadTimeout), ("cut", requests.ConnectionError)])
def test_silence_and_cuts_come_before_or_after_the_effect(twin, send, kind, raised, after, received):
    twin.fault("message/send", kind, after=after)
    with pytest.raises(raised):
        send()
    assert len(twin.chat("lihua")) == received


def test_spoilt_answers(twin, send):
    twin.fault("message/send", "html")
    twin.fault("message/send", "502")
    twin.fault("message/send", "truncated")
    page, gateway, half = send(), send(), send()
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=UTF-8")
    assert gateway.status_code == 502
    with pytest.raises(requests.JSONDecodeError):
        half.json()
    assert len(twin.chat("lihua")) == 1


def test_slowness_delays_and_changes_nothing(twin, send):
    twin.fault("message/send", "slow", seconds=0.01)
    assert send().json()["errcode"] == 0


def test_only_the_named_call_is_struck(twin, api, send):
    twin.fault("message/recall", -1, times=None)
    assert send().json()["errcode"] == 0
    twin.fault("message/*", -1, times=None)
    assert send().json()["errcode"] == -1
    assert api.get("gettoken")["errcode"] == 40013


def test_chance_is_the_same_for_the_same_seed(twin, send):
    def struck():
        twin.faults.__init__(seed=7)
        twin.fault("message/send", -1, times=None, probability=0.3)
        return [send().json()["errcode"] for _ in range(20)]

    first = struck()
    assert set(first) == {0, -1}
    assert struck() == first


def test_good_weather_returns(twin, send):
    twin.fault("*", -1, times=None)
    twin.faults.clear()
    assert send().json()["errcode"] == 0


def test_an_unknown_fault_is_refused(twin):
    with pytest.raises(ValueError, match="unknown fault"):
        twin.fault("*", "earthquake")
    with pytest.raises(ValueError, match="probability"):
        twin.fault("*", -1, probability=2)


def test_the_log_names_the_fault_and_hides_the_token(twin, api, send):
    twin.fault("message/send", -1)
    send()
    call = twin.calls[-1]
    assert (call.api, call.errcode, call.fault, call.agent) == ("message/send", -1, "-1", "")
    send()
    assert twin.calls[-1].agent == "hr"
    assert api.token() not in "".join(c.query + c.answer for c in twin.calls)


def test_inline_exceptions_tell_whether_the_work_was_done():
    assert TimedOut(worked=True).worked
    assert "after" in str(Cut(worked=True))


@pytest.fixture
def address(twin):
    server = make_server("127.0.0.1", 0, create_app(twin), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}/cgi-bin"
    server.shutdown()
    server.server_close()


def test_over_a_socket_silence_is_silent_and_a_cut_cuts(twin, api, address):
    url = f"{address}/message/send?access_token={api.token()}"
    twin.fault("message/send", "cut", after=True)
    with pytest.raises(requests.ConnectionError):
        requests.post(url, json=MESSAGE, timeout=2)
    twin.fault("message/send", "timeout", seconds=0.3)
    with pytest.raises(requests.Timeout):
        requests.post(url, json=MESSAGE, timeout=0.1)
    assert requests.post(url, json=MESSAGE, timeout=2).json()["errcode"] == 0
    assert len(twin.chat("lihua")) == 2
