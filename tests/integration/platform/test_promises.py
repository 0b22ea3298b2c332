"""Promises are kept once, in order, by whoever holds the claim."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from entrypoints.jobs import keeper
from kit import clock
from kit.errors import Conflict, Upstream
from models.base import db
from models.enums import PromiseState
from models.platform import Promise
from services import platform, wiring
from services.platform import Claimed, Terms, promises

pytestmark = pytest.mark.usefixtures("app")


def _promise(kind: str = "test.work", *, key: str | None = None, **terms: Any) -> str | None:
    with platform.unit_of_work():
        return platform.promise(kind, {"n": 1}, dedupe_key=key, terms=Terms(**terms))


def _claim(limit: int = 10, lease: timedelta = promises.LEASE) -> list[Claimed]:
    return platform.transact(lambda: promises.claim(limit, lease))


def _row(promise_id: str | None) -> Promise:
    db.session.expire_all()
    return db.session.scalars(select(Promise).where(Promise.id == promise_id)).one()


def test_a_promise_made_twice_is_one() -> None:
    assert _promise(key="card:1")
    assert _promise(key="card:1") is None
    assert len(_claim()) == 1


def test_many_promises_are_one_statement_and_still_unique() -> None:
    with platform.unit_of_work():
        assert platform.promise_many("test.work", [({"n": n}, f"k:{n}") for n in range(50)]) == 50
        assert platform.promise_many("test.work", [({"n": n}, f"k:{n}") for n in range(60)]) == 10


def test_what_is_not_due_waits(app: Flask) -> None:
    _promise(due_at=clock.now() + timedelta(minutes=5))
    assert _claim() == []
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert len(_claim()) == 1


def test_urgent_ones_go_first() -> None:
    _promise("test.bulk", priority=platform.BULK)
    _promise("test.urgent", priority=platform.URGENT)
    assert [c.kind for c in _claim()] == ["test.urgent", "test.bulk"]


def test_a_lane_keeps_its_order() -> None:
    first, second = _promise(lane="member:lihua"), _promise(lane="member:lihua")
    [claimed] = _claim()
    assert claimed.id == first
    assert _claim() == []
    platform.transact(lambda: promises.settle(claimed))
    assert [c.id for c in _claim()] == [second]


@pytest.mark.parametrize("lease", [promises.LEASE, timedelta(seconds=10)])
def test_a_claim_is_exclusive_until_its_lease_ends(lease: timedelta) -> None:
    _promise()
    [early] = _claim(lease=lease)
    with clock.frozen(clock.now() + lease - timedelta(seconds=1)):
        assert _claim() == []
    with clock.frozen(clock.now() + lease + timedelta(seconds=1)):
        [late] = _claim()
        assert late.attempt == 2
        assert not platform.transact(lambda: promises.settle(early)), "the frozen holder woke up and wrote"
        assert platform.transact(lambda: promises.settle(late))


def test_failures_wait_longer_and_longer_until_death() -> None:
    made = _promise()
    at = clock.now()
    for _ in range(promises.TRIES):
        at += timedelta(hours=1)
        with clock.frozen(at):
            [claimed] = _claim()
            platform.transact(lambda c=claimed: promises.postpone(c, "no answer"))
    assert _row(made).state == PromiseState.DEAD
    assert [f.id for f in promises.failed(5)] == [made]
    assert platform.transact(lambda: promises.retry(made or ""))
    with clock.frozen(at):
        assert len(_claim()) == 1


def test_a_rate_window_costs_no_try() -> None:
    made = _promise()
    [claimed] = _claim()
    platform.transact(lambda: promises.postpone(claimed, "45009", 60))
    assert (_row(made).attempts, _row(made).state) == (0, PromiseState.WAITING)


def test_pauses_grow_but_not_for_ever() -> None:
    assert promises.pause(1) < promises.pause(6) < promises.pause(30) <= promises.LONGEST_PAUSE * 1.25


def test_what_nobody_began_can_be_taken_back() -> None:
    _promise(key="reminder:1")
    assert platform.transact(lambda: promises.cancel("reminder:1"))
    assert not platform.transact(lambda: promises.cancel("reminder:1"))
    assert _claim() == []


class TestKeeper:
    """What becomes of a promise by what its work says."""

    def _keep(self, monkeypatch: pytest.MonkeyPatch, work: Any, outside: Any = None) -> Promise:
        made = _promise()
        if work:
            monkeypatch.setitem(wiring.WORKERS, "test.work", work)
        [claimed] = _claim()
        keeper.keep(claimed, {"test.work": outside} if outside else {})
        return _row(made)

    def test_work_done_is_settled_with_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self._keep(monkeypatch, lambda payload: None).state == PromiseState.KEPT

    def test_a_rule_that_says_no_is_final(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_payload: Any) -> None:
            raise Conflict("已经结束")

        row = self._keep(monkeypatch, refuse)
        assert (row.state, row.last_error) == (PromiseState.REFUSED, "已经结束")

    @pytest.mark.parametrize("error", [Upstream(), RuntimeError("boom")])
    def test_a_failure_is_tried_again(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        def fail(_payload: Any) -> None:
            raise error

        row = self._keep(monkeypatch, fail)
        assert (row.state, row.attempts) == (PromiseState.WAITING, 1)

    def test_an_answer_from_outside_is_stored_and_heard(self, monkeypatch: pytest.MonkeyPatch) -> None:
        heard: list[Any] = []
        monkeypatch.setitem(wiring.ANSWERED, "test.work", lambda payload, answer: heard.append((payload, answer)))
        row = self._keep(monkeypatch, None, lambda payload: {"msgid": "m1"})
        assert (row.state, row.answer) == (PromiseState.KEPT, {"msgid": "m1"})
        assert heard == [({"n": 1}, {"msgid": "m1"})]

    def test_a_permanent_no_from_outside_is_heard(self, monkeypatch: pytest.MonkeyPatch) -> None:
        heard: list[Any] = []
        monkeypatch.setitem(wiring.REFUSED, "test.work", lambda payload, reason: heard.append(reason))

        def refuse(_payload: Any) -> dict[str, Any]:
            raise keeper.Refusal("81013")

        assert self._keep(monkeypatch, None, refuse).state == PromiseState.REFUSED
        assert heard == ["81013"]

    def test_outside_may_ask_to_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def wait(_payload: Any) -> dict[str, Any]:
            raise keeper.Wait(60, "45009")

        row = self._keep(monkeypatch, None, wait)
        assert (row.state, row.attempts) == (PromiseState.WAITING, 0)
