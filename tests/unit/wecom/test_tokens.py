"""Tokens: fetched once, shared, refreshed once per operation, and not asked for with a wrong secret."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import fakeredis
import pytest

import wecom
from kit import clock
from tests.support import settings
from tests.support.wire import Wire, client
from wecom import BadCredentials, Later, MemoryTokens, RedisTokens, StaleToken, Token, TokenStore
from wecom.tokens import Keeper

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
WRONG_SECRET = {"errcode": 40001, "errmsg": "invalid credential"}


def redis_tokens() -> TokenStore:
    return RedisTokens(fakeredis.FakeRedis())


STORES = [pytest.param(MemoryTokens, id="memory"), pytest.param(redis_tokens, id="redis")]


@pytest.fixture(params=STORES)
def store(request: Any) -> Any:
    return request.param()


def soon(value: str = "T1", seconds: int = 3600) -> Token:
    return Token(value, clock.now() + timedelta(seconds=seconds))


# Stores


def test_a_store_keeps_replaces_and_forgets_by_value(store: TokenStore) -> None:
    assert store.get("k") is None
    store.put("k", soon("T1"))
    store.put("k", soon("T2"))
    store.forget("k", "T1")
    found = store.get("k")
    assert found is not None
    assert (found.value, found.is_fresh) == ("T2", True)
    store.forget("k", "T2")
    store.forget("k", "T2")
    assert store.get("k") is None


def test_only_one_claim_at_a_time(store: TokenStore) -> None:
    with (
        store.refreshing("k", 30) as first,
        store.refreshing("k", 30) as second,
        store.refreshing("other", 30) as other,
    ):
        assert (first, second, other) == (True, False, True)
    with store.refreshing("k", 30) as again:
        assert again
    with pytest.raises(ZeroDivisionError), store.refreshing("k", 30):
        _ = 1 / 0
    with store.refreshing("k", 30) as after_a_failure:
        assert after_a_failure


def test_a_dead_process_loses_its_claim_in_redis() -> None:
    store = redis_tokens()
    with store.refreshing("k", 0.05):
        time.sleep(0.1)
        with store.refreshing("k", 30) as taken_over:
            assert taken_over
        with store.refreshing("k", 30) as still_there:
            assert still_there


def test_redis_keeps_an_expired_token_for_a_moment_at_most() -> None:
    store = redis_tokens()
    store.put("k", soon(seconds=-5))
    time.sleep(0.01)
    assert store.get("k") is None


def test_redis_is_opened_by_its_address() -> None:
    assert isinstance(RedisTokens.at("redis://127.0.0.1:6379/0"), RedisTokens)


def test_a_token_is_given_up_before_it_ends_and_hidden_in_its_repr() -> None:
    with clock.frozen(NOW):
        assert Token.lasting("T", 7200).expires_at == NOW + timedelta(seconds=6900)
        assert Token.lasting("T", 280).expires_at == NOW + timedelta(seconds=140)
    assert "secret" not in repr(Token("secret", NOW))


# Fetching


def test_a_token_is_fetched_once_and_shared_by_clients(wire: Wire, store: TokenStore) -> None:
    for _ in range(2):
        tencent = client(wire, tokens=store)
        tencent.menu.current()
        tencent.menu.current()
    assert len(wire.calls("gettoken")) == 1
    assert wire.calls("gettoken")[0].params == {"corpid": settings.CORP, "corpsecret": settings.AGENT_SECRET}


def test_a_token_near_its_end_is_replaced(wire: Wire) -> None:
    tencent = client(wire)
    with clock.frozen(NOW):
        tencent.menu.current()
    with clock.frozen(NOW + timedelta(seconds=6900)):
        tencent.menu.current()
    assert [asked.params["access_token"] for asked in wire.calls("menu/get")] == ["T1", "T2"]


def test_applications_have_their_own_tokens(wire: Wire) -> None:
    agents = [
        {"name": "hr", "agent_id": 1000002, "secret": "s1"},
        {"name": "checkin", "agent_id": 1000003, "secret": "s2"},
    ]
    store = MemoryTokens()
    tencent = client(wire, tokens=store, agents=agents)
    tencent.menu.current()
    tencent.checkin.rules(["lihua"], NOW)
    assert [asked.params["corpsecret"] for asked in wire.calls("gettoken")] == ["s1", "s2"]
    assert set(store._tokens) == {f"{settings.CORP}:hr", f"{settings.CORP}:checkin"}


@pytest.mark.parametrize("clients", [1, 4])
def test_a_stampede_fetches_once(wire: Wire, store: TokenStore, clients: int) -> None:
    """Forty threads of one or four processes, which share only the store, find no token at one instant."""

    def slowly(_: Any) -> dict[str, Any]:
        time.sleep(0.05)
        return {"errcode": 0, "access_token": "T1", "expires_in": 7200}

    wire.answers("gettoken", slowly)
    tencents = [client(wire, tokens=store, in_flight=64) for _ in range(clients)]
    barrier = threading.Barrier(40)

    def ask(number: int) -> None:
        barrier.wait()
        tencents[number % clients].menu.current()

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(ask, range(40)))
    assert len(wire.calls("gettoken")) == 1
    assert len(wire.calls("menu/get")) == 40


def test_who_waits_too_long_for_another_process_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryTokens()
    monkeypatch.setattr("wecom.tokens.LEASE_SECONDS", 0.12)
    with store.refreshing("k", 30), pytest.raises(Later, match="too long"):
        Keeper(store).current("k", soon)


def test_who_waits_gets_what_the_other_process_fetched() -> None:
    store = MemoryTokens()
    other = threading.Timer(0.08, lambda: store.put("k", soon("theirs")))
    with store.refreshing("k", 30):
        other.start()
        assert Keeper(store).current("k", lambda: soon("ours")) == "theirs"


# Refusals


@pytest.mark.parametrize("errcode", [40014, 42001, 40001, 41001])
def test_a_refused_token_is_refreshed_once_and_the_call_repeated(wire: Wire, errcode: int) -> None:
    wire.answers("menu/get", {"errcode": errcode, "errmsg": "stale"}, {"errcode": 0, "button": [{"name": "x"}]})
    assert client(wire).menu.current() == [{"name": "x"}]
    assert [asked.params["access_token"] for asked in wire.calls("menu/get")] == ["T1", "T2"]


@pytest.mark.parametrize(
    "act",
    [
        lambda tencent: tencent.menu.current(),
        lambda tencent: tencent.menu.delete(),
        lambda tencent: tencent.messages.send(wecom.Recipients.of("lihua"), wecom.Text(content="x")),
        lambda tencent: tencent.media.upload("file", "a.txt", b"123456"),
        lambda tencent: tencent.media.download("M"),
        lambda tencent: tencent.oauth.who("C"),
    ],
)
def test_a_token_that_is_always_refused_costs_one_refresh(wire: Wire, act: Callable[[wecom.Client], Any]) -> None:
    for api in ("menu/get", "menu/delete", "message/send", "media/upload", "media/get", "auth/getuserinfo"):
        wire.answers(api, {"errcode": 42001, "errmsg": "access_token expired"})
    with pytest.raises(StaleToken) as caught:
        act(client(wire))
    assert caught.value.errcode == 42001
    assert len(wire.calls("gettoken")) == 2
    assert len(wire.asked) == 4


def test_a_token_that_another_process_has_replaced_is_taken_not_fetched(wire: Wire) -> None:
    store = MemoryTokens()
    ours, theirs = client(wire, tokens=store), client(wire, tokens=store)
    ours.menu.current()
    wire.answers("menu/get", lambda asked: {"errcode": 40014 if asked.params["access_token"] == "T1" else 0})
    theirs.menu.current()  # finds T1 refused, fetches T2
    ours.menu.current()  # still remembers T1
    assert [asked.params["access_token"] for asked in wire.calls("menu/get")] == ["T1", "T1", "T2", "T1", "T2"]
    assert len(wire.calls("gettoken")) == 2


def test_only_the_refused_value_is_dropped() -> None:
    keeper = Keeper(MemoryTokens())
    assert keeper.current("k", lambda: soon("T2")) == "T2"
    keeper.forget("k", "T1")
    assert keeper.current("k", lambda: soon("T3")) == "T2"


def test_a_wrong_secret_is_tried_three_times_then_nobody_asks_for_ten_minutes(wire: Wire, store: TokenStore) -> None:
    wire.answers("gettoken", WRONG_SECRET)
    tencents = [client(wire, tokens=store) for _ in range(2)]
    for number in range(6):
        with pytest.raises(BadCredentials) as caught:
            tencents[number % 2].menu.current()
        assert 590 < caught.value.wait_seconds <= 600
    assert len(wire.calls("gettoken")) == 3
    assert wire.calls("menu/get") == []


def test_after_ten_minutes_the_mended_secret_is_tried_again(wire: Wire) -> None:
    tencent = client(wire, tokens=MemoryTokens())
    wire.answers("gettoken", *[WRONG_SECRET] * 3, {"errcode": 0, "access_token": "T9", "expires_in": 7200})
    with clock.frozen(NOW):
        for _ in range(4):
            with pytest.raises(BadCredentials):
                tencent.menu.current()
    with clock.frozen(NOW + timedelta(seconds=601)):
        tencent.menu.current()
    assert wire.calls("menu/get")[0].params["access_token"] == "T9"


def test_a_good_answer_ends_the_count_of_refusals(wire: Wire) -> None:
    good = {"errcode": 0, "access_token": "T", "expires_in": 7200}
    wire.answers("gettoken", WRONG_SECRET, WRONG_SECRET, good, WRONG_SECRET, WRONG_SECRET, good)
    store = MemoryTokens()
    for _ in range(2):
        for _ in range(2):
            with pytest.raises(BadCredentials):
                client(wire, tokens=store).menu.current()
        client(wire, tokens=store).menu.current()
        store.forget(f"{settings.CORP}:hr", "T")
    assert len(wire.calls("gettoken")) == 6


@pytest.mark.parametrize(
    "answer", [{}, {"access_token": ""}, {"access_token": 5, "expires_in": 1}, {"access_token": "T"}]
)
def test_half_a_token_is_no_token(wire: Wire, answer: dict[str, Any]) -> None:
    wire.answers("gettoken", {"errcode": 0, **answer})
    with pytest.raises(Later, match="field"):
        client(wire).menu.current()
    assert wire.calls("menu/get") == []
