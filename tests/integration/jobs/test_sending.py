"""What is promised reaches WeCom once, in order, and comes back as an answer, whatever happens on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from entrypoints.jobs import outside, worker
from kit import clock
from models.base import db
from models.enums import PromiseState
from models.platform import Promise
from services import notices, platform
from simulator import Twin
from templates_msg import Message
from tests.conftest import MONDAY_MORNING
from tests.factories import notices as make

LATE = MONDAY_MORNING + timedelta(hours=14)  # 23:30


def tell(person_id: str | list[str], title: str, **options: Any) -> None:
    facts = {"title": title, "summary": "正文", "sender": "人事部", "link": "/h5/notices"}
    template = "notices/must_confirm" if "actions" in options else "notices/notice"
    with platform.unit_of_work():
        notices.notify(person_id, Message(template, facts), **{"key": title, **options})


def promised(kind: str = "message.send") -> list[Promise]:
    db.session.expire_all()
    return db.session.query(Promise).filter_by(kind=kind).order_by(Promise.seq).all()


def titles(twin: Twin, userid: str) -> list[str]:
    return [seen.title for seen in twin.chat(userid)]


def test_a_message_arrives_with_links_to_this_installation(twin: Twin, drain: Callable[[], int]) -> None:
    (li,) = make.staff(twin, "lilei")
    tell(li.id, "放假")
    drain()
    (card,) = twin.chat("lilei")
    assert card.body["card_action"]["url"] == "https://hr.example.com/h5/notices"
    assert twin.complaints == []


def test_the_same_key_is_one_message(twin: Twin, drain: Callable[[], int]) -> None:
    (li,) = make.staff(twin, "lilei")
    for _ in range(3):
        tell(li.id, "放假")
    drain()
    assert titles(twin, "lilei") == ["放假"]


def test_who_has_left_gets_nothing(twin: Twin, drain: Callable[[], int]) -> None:
    li, han = make.staff(twin, "lilei", "han")
    han.status = "inactive"
    tell([li.id, han.id], "放假")
    drain()
    assert (titles(twin, "lilei"), titles(twin, "han")) == (["放假"], [])


def test_at_night_only_what_is_urgent_arrives(twin: Twin, drain: Callable[[], int]) -> None:
    (li,) = make.staff(twin, "lilei")
    with clock.frozen(LATE):
        tell(li.id, "平常")
        tell(li.id, "紧急", urgent=True)
        drain()
        assert titles(twin, "lilei") == ["紧急"]
    with clock.frozen(MONDAY_MORNING + timedelta(hours=22, minutes=29)):  # 07:59
        drain()
        assert titles(twin, "lilei") == ["紧急"]
    with clock.frozen(MONDAY_MORNING + timedelta(hours=22, minutes=30)):
        drain()
    assert titles(twin, "lilei") == ["紧急", "平常"]


def test_buttons_turn_grey_when_it_is_decided_elsewhere(twin: Twin, drain: Callable[[], int]) -> None:
    (li,) = make.staff(twin, "lilei")
    tell(li.id, "确认", actions={"confirm_notice": "01A"})
    drain()
    assert "confirm_notice:01A" in twin.card("lilei").buttons
    with platform.unit_of_work():
        notices.settle_card("确认", "韩梅梅已处理")
    drain()
    assert twin.card("lilei").greyed == "韩梅梅已处理"


def test_a_card_that_is_decided_before_it_leaves_is_not_sent(twin: Twin, drain: Callable[[], int]) -> None:
    (li,) = make.staff(twin, "lilei")
    tell(li.id, "确认", actions={"confirm_notice": "01A"})
    with platform.unit_of_work():
        notices.settle_card("确认", "已处理")
    drain()
    assert twin.chat("lilei") == []


def test_a_card_whose_time_is_over_is_left_as_it_is(twin: Twin, drain: Callable[[], int]) -> None:
    (li,) = make.staff(twin, "lilei")
    tell(li.id, "确认", actions={"confirm_notice": "01A"})
    drain()
    with clock.frozen(MONDAY_MORNING + timedelta(hours=73)):
        with platform.unit_of_work():
            notices.settle_card("确认", "已处理")
        drain()
    assert twin.card("lilei").greyed == ""
    assert [p.state for p in promised("card.settle")] == [PromiseState.KEPT]


def test_whom_wecom_does_not_know_is_said_in_the_answer(twin: Twin, drain: Callable[[], int]) -> None:
    (li,) = make.staff(twin, "lilei")
    ghost = make.make.person("ghost")
    tell([li.id, ghost.id], "放假")
    tell(ghost.id, "只给他")
    drain()
    both, alone = promised()
    assert both.answer["failed"] == ["ghost"]
    assert alone.state == PromiseState.REFUSED
    assert "81013" in alone.last_error


def test_a_wrong_setting_costs_no_message(twin: Twin, drain: Callable[[], int]) -> None:
    (li,) = make.staff(twin, "lilei")
    twin.fault("message/send", 60020)
    tell(li.id, "放假")
    drain()
    assert [(p.state, p.attempts) for p in promised()] == [(PromiseState.WAITING, 0)]
    with clock.frozen(MONDAY_MORNING + timedelta(seconds=outside.ADMINISTRATOR_NEEDS_SECONDS)):
        drain()
    assert titles(twin, "lilei") == ["放假"]


def test_sixty_messages_to_one_person_all_arrive_in_order(twin: Twin, drain: Callable[[], int]) -> None:
    """R40: WeCom drops the 31st of a minute in silence; ours wait their turn."""
    (li,) = make.staff(twin, "lilei")
    wanted = [f"第{n}条" for n in range(60)]
    for title in wanted:
        tell(li.id, title)
    for second in range(0, 300, 5):
        with clock.frozen(MONDAY_MORNING + timedelta(seconds=second)):
            drain()
    assert titles(twin, "lilei") == wanted
    assert twin.mailroom.dropped == []


FAULTS = [-1, 42001, "timeout", "cut", "html", "truncated", "502"]


def test_with_every_tenth_call_failing_each_of_300_messages_arrives_once(app: Flask, twin: Twin) -> None:
    """R37 at small scale: some failures come before the effect, some after it, and nobody can tell which."""
    people = make.staff(twin, *(f"p{n}" for n in range(30)))
    for n in range(300):
        tell(people[n % 30].id, f"第{n}条")
    for kind in FAULTS:
        twin.fault("message/send", kind, times=None, probability=0.1 / len(FAULTS) / 2)
        twin.fault("message/send", kind, times=None, probability=0.1 / len(FAULTS) / 2, after=kind not in (-1, 42001))
    db.session.commit()
    kinds = outside.workers(app)
    for minute in range(240):
        with clock.frozen(MONDAY_MORNING + timedelta(minutes=minute)):
            worker.drain(kinds)
        if all(p.state == PromiseState.KEPT for p in promised()):
            break
    assert sum(rule.hits for rule in twin.faults.rules) >= 15
    for n, person in enumerate(people):
        assert titles(twin, person.userid) == [f"第{m}条" for m in range(n, 300, 30)]


def test_many_people_are_told_in_calls_of_a_thousand(
    app: Flask, twin: Twin, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notices.sending.RECEIVERS_PER_CALL", 2)
    staff = make.staff(twin, *(f"p{n}" for n in range(5)))
    tell([one.id for one in staff], "放假")
    drain()
    assert [len(promise.payload["userids"]) for promise in promised()] == [2, 2, 1]
    assert all(titles(twin, one.userid) == ["放假"] for one in staff)
