"""An approver sees how similar requests were decided at this node lately; and the trail tells all, with the waits."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from kit import clock
from kit.ids import new_id
from models.base import db
from models.enums import PersonStatus
from models.people import Person
from services import approvals, people, platform, wiring
from services.approvals import InstanceOut
from templates_msg import Message
from tests.factories.approvals import HEAD, SUPERIOR, Company, ask, company, node, open_tasks, save_chain
from tests.support.clients import Someone

Api = Callable[..., Someone]


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


def ask_kind(applicant: Person, kind: str) -> InstanceOut:
    """A trip of this kind."""
    facts = {"applicant": applicant.name, "subject": "出差", "title": "出差", "rows": [], "link": "/h5/approvals"}
    with platform.unit_of_work():
        compared = {"days": Decimal(1), "kind": kind}
        actor = people.by_id(applicant.id)
        return approvals.start("trip", new_id(), actor, compared, Message("approvals/request", facts))


def decide(trip: InstanceOut, userid: str, decision: str = "approve", minutes: int = 0) -> None:
    with clock.frozen(clock.now() + timedelta(minutes=minutes)), platform.unit_of_work():
        task_id = open_tasks(trip)[userid].id
        approvals.decide(people.by_userid(userid), task_id, approvals.Decide(decision=decision, comment="说明"))


def seen(api: Api, trip: InstanceOut, who: str = "lead", task: str = "") -> Any:
    return api(who).get(f"/approvals/tasks/{open_tasks(trip)[task or who].id}/precedents")


def counts(answer: Any) -> tuple[int, int, int]:
    told = answer.json
    return told["decided"], told["approved"], told["rejected"]


def test_decisions_of_the_node_on_the_same_kind_are_counted(staff: Company, api: Api) -> None:
    for decision in ("approve", "approve", "reject"):
        decide(ask_kind(staff.li, "abroad"), "lead", decision)
    decide(ask_kind(staff.li, "home"), "lead", "reject")
    assert counts(seen(api, ask_kind(staff.li, "abroad"))) == (3, 2, 1)
    assert counts(seen(api, ask_kind(staff.li, "home"))) == (1, 0, 1)
    fresh = seen(api, ask_kind(staff.li, "sea")).json
    assert (fresh["decided"], fresh["since"]) == (0, None)


def test_other_nodes_and_open_requests_do_not_count(staff: Company, api: Api) -> None:
    long = ask(staff.li, "5")
    decide(long, "lead")
    assert counts(seen(api, ask(staff.li))) == (0, 0, 0)
    decide(long, "chief", "reject")
    assert counts(seen(api, ask(staff.li))) == (1, 1, 0)
    other = ask(staff.li, "5")
    decide(other, "lead")
    assert counts(seen(api, other, "chief")) == (1, 0, 1)


def test_only_the_last_ones_count(staff: Company, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for minutes in range(30):
        with clock.frozen(clock.now() + timedelta(minutes=minutes)):
            decide(ask(staff.li), "lead", "reject" if minutes < 10 else "approve")
    assert counts(seen(api, ask(staff.li))) == (20, 20, 0)


def test_only_who_may_decide_may_ask(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    assert [seen(api, trip, who, "lead").status_code for who in ("li", "hua", "chief")] == [404, 404, 404]
    assert seen(api, trip).status_code == 200


def test_it_is_one_statement(staff: Company, statements: list[str]) -> None:
    decide(ask(staff.li), "lead")
    actor, task_id = people.by_id(staff.lead.id), open_tasks(ask(staff.li))["lead"].id
    db.session.commit()
    statements.clear()
    approvals.precedents(actor, task_id)
    assert len(statements) == 1


def test_the_phone_page_of_an_approver_shows_them(staff: Company, h5: Api) -> None:
    decide(ask(staff.li), "lead")
    decide(ask(staff.li), "lead", "reject")
    trip = ask(staff.li)
    page = h5("lead").get(f"/approvals/{trip.id}").text
    assert "最近 2 次审批" in page
    assert "同意 1，驳回 1" in page
    assert "最近 2 次审批" not in h5("li").get(f"/approvals/{trip.id}").text


def test_the_history_says_how_long_it_lay_before_whom(staff: Company, api: Api) -> None:
    save_chain(node("直接上级", SUPERIOR), node("部门负责人", HEAD))
    trip = ask(staff.li)
    decide(trip, "lead", minutes=90)
    with clock.frozen(clock.now() + timedelta(minutes=100)), platform.unit_of_work():
        task_id = open_tasks(trip)["chief"].id
        approvals.transfer(people.by_userid("chief"), task_id, approvals.Transfer(to="boss", reason="请您定夺"))
    decide(trip, "boss", "reject", minutes=160)
    history = api("li").get(f"/approvals/instances/{trip.id}").json["history"]
    assert [(one["title"], one["note"], one["waited_minutes"]) for one in history] == [
        ("李雷提交申请", "", None),
        ("直接上级：等待组长审批", "", None),
        ("直接上级：组长同意", "说明", 90),
        ("部门负责人：等待部长审批", "", None),
        ("部门负责人：部长转交给老板", "请您定夺", 10),
        ("部门负责人：老板驳回", "说明", 60),
    ]


def test_the_pages_show_the_wait(staff: Company, h5: Api, console: Api) -> None:
    trip = ask(staff.li)
    decide(trip, "lead", minutes=90)
    for page in (h5("li").get(f"/approvals/{trip.id}"), console("hua").get(f"/approvals/{trip.id}")):
        assert "等待 1小时30分" in page.text


def test_an_approver_who_is_gone_leaves_a_word_even_where_others_remain(staff: Company, api: Api) -> None:
    save_chain(node("会审", HEAD, SUPERIOR))
    trip = ask(staff.li)
    assert set(open_tasks(trip)) == {"lead", "chief"}
    with platform.unit_of_work():
        for gone in (staff.lead, staff.hua, staff.hong):  # nobody is left in the fallback role either
            db.session.get_one(Person, gone.id).status = PersonStatus.INACTIVE
    platform.transact(lambda: wiring.WORKERS["approvals.rescue"]({"slot": "now"}))
    titles = [one["title"] for one in api("li").get(f"/approvals/instances/{trip.id}").json["history"]]
    assert titles[-1] == "会审：组长已不能审批，改由部长审批"
    assert set(open_tasks(trip)) == {"chief"}
