"""Brakes: what trips them, for how long, and what releases them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

import wecom
from tests.support.wire import Wire, client
from wecom import Later, MemoryMeter, Throttled
from wecom.throttle import Brake, Gate, Throttle

QUOTA = {"errcode": 45009, "errmsg": "reach max api daily quota limit"}


# The meter


def test_a_meter_holds_for_every_window(ticks: Any) -> None:
    meter = MemoryMeter(ticks)
    assert [meter.reserve("k", (2, 60)) for _ in range(2)] == [0, 0]
    ticks.now += 59
    assert meter.reserve("k", (2, 60)) == 1
    assert meter.reserve("other", (2, 60)) == 0
    ticks.now += 1
    assert [meter.reserve("k", (2, 60)) for _ in range(3)] == [0, 0, 60]


def test_a_meter_counts_threads_together() -> None:
    meter = MemoryMeter()
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: meter.reserve("k", (25, 60)), range(100)))
    assert sum(wait == 0 for wait in waits) == 25


# The quota of an interface


def throttled(act: Any) -> float:
    with pytest.raises(Throttled) as caught:
        act()
    return caught.value.wait_seconds


def test_after_45009_nobody_calls_for_a_minute_save_one_probe(wire: Wire, ticks: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("wecom.client.Throttle", lambda *args: Throttle(*args, ticks=ticks))
    tencent = client(wire, meter=MemoryMeter(ticks), contacts={})
    wire.answers("menu/get", QUOTA, QUOTA, {"errcode": 0})

    assert throttled(tencent.menu.current) == 60
    for _ in range(59):
        ticks.now += 1
        assert 0 < throttled(tencent.menu.current) <= 60
    assert len(wire.calls("menu/get")) == 1
    assert tencent.contacts.tags() == []  # the other interfaces go on

    ticks.now += 1
    assert throttled(tencent.menu.current) == 60  # the probe finds the quota still used up
    assert len(wire.calls("menu/get")) == 2
    ticks.now += 119
    assert 0 < throttled(tencent.menu.current) <= 1  # now for two minutes
    ticks.now += 1
    assert tencent.menu.current() == []
    assert tencent.menu.current() == []
    assert len(wire.calls("menu/get")) == 4


def test_calls_that_were_under_way_do_not_lengthen_the_pause(ticks: Any) -> None:
    brake = Brake(1, 60, 3600, ticks)
    for _ in range(8):
        brake.failed()
    assert brake.wait() == 60
    brake.passed()
    assert brake.wait() == 60


def test_a_pause_has_an_upper_bound(ticks: Any) -> None:
    brake = Brake(1, 60, 200, ticks)
    brake.failed()
    pauses = []
    for _ in range(4):
        ticks.now += brake.wait()
        assert brake.wait() == 0
        brake.failed()
        pauses.append(brake.wait())
    assert pauses == [120, 200, 200, 200]


def test_a_lost_probe_is_followed_by_another(ticks: Any) -> None:
    brake = Brake(1, 60, 3600, ticks)
    brake.failed()
    ticks.now += 60
    assert brake.wait() == 0
    assert brake.wait() == 60
    ticks.now += 60
    assert brake.wait() == 0


# Interfaces with a rate of their own


def test_slow_interfaces_are_kept_below_their_rate(wire: Wire, ticks: Any) -> None:
    tencent = client(wire, meter=MemoryMeter(ticks))
    for _ in range(600):
        tencent.vacation.quota("lihua")
    assert throttled(lambda: tencent.vacation.quota("lihua")) == 60
    assert len(wire.calls("oa/vacation/getuservacationquota")) == 600


# The line


def test_five_failures_in_a_row_open_the_line_and_one_probe_closes_it(wire: Wire, ticks: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("wecom.client.Throttle", lambda *args: Throttle(*args, ticks=ticks))
    tencent = client(wire)
    tencent.menu.delete()
    down = requests.ReadTimeout("x")
    wire.answers("menu/get", *[down] * 5, down, {"errcode": 0})
    for _ in range(5):
        with pytest.raises(Later):
            tencent.menu.current()
    for _ in range(3):
        assert 0 < throttled(tencent.menu.delete) <= 15
    ticks.now += 15
    with pytest.raises(Later):
        tencent.menu.current()  # the probe fails
    assert throttled(tencent.menu.current) == 15
    ticks.now += 15
    tencent.menu.current()
    tencent.menu.delete()
    assert len(wire.calls("menu/get")) == 7


def test_an_answer_in_between_starts_the_count_again(wire: Wire) -> None:
    tencent = client(wire)
    down, refusal = requests.ReadTimeout("x"), {"errcode": 60111, "errmsg": "x"}
    wire.answers("menu/get", *[down] * 4, refusal, *[down] * 4, refusal)
    for _ in range(10):
        with pytest.raises(wecom.WecomError) as caught:
            tencent.menu.current()
        assert not isinstance(caught.value, Throttled)


# Calls under way


def test_no_more_calls_are_under_way_than_configured(wire: Wire) -> None:
    lock, under_way, most = threading.Lock(), 0, 0
    release = threading.Event()

    def slowly(_: Any) -> dict[str, Any]:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        release.wait(0.02)
        with lock:
            under_way -= 1
        return {"errcode": 0}

    wire.answers("menu/get", slowly)
    tencent = client(wire, in_flight=3)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: tencent.menu.current(), range(12)))
    assert most == 3


def test_who_finds_no_place_in_time_comes_back_later() -> None:
    gate = Gate(1, patience_seconds=0.01)
    with gate.passing("a"), pytest.raises(Later, match="under way"), gate.passing("b"):
        pass
    with gate.passing("b"):
        pass


def test_45033_halves_what_an_interface_may_have_under_way(wire: Wire) -> None:
    busy = {"errcode": 45033, "errmsg": "api concurrent out of limit"}
    throttle = Throttle(MemoryMeter(), 8, 1)
    error = Later("busy", api="a", errcode=45033)
    for allowed in (4, 2, 1, 1):
        throttle.answered("app", "a", error)
        assert throttle.gate.allowed("a") == allowed
    assert throttle.gate.allowed("b") == 8
    for _ in range(20 * 7):
        throttle.answered("app", "a", None)
    assert throttle.gate.allowed("a") == 8
    wire.answers("message/recall", busy)
    with pytest.raises(Later) as caught:
        client(wire).messages.recall("M")
    assert not isinstance(caught.value, Throttled)
    assert not caught.value.is_ambiguous
