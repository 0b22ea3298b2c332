"""A card, tapped: one encrypted delivery decides, and every other tap hears why it does not (R28, R32)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock
from models.approvals import ApprovalHistory, ApprovalInstance
from models.base import db
from models.platform import Delivery
from services import approvals, people, platform, wiring
from simulator import Twin
from tests.conftest import MONDAY_MORNING
from tests.factories.approvals import HR, SUPERIOR, Company, ask, company, node, open_tasks, save_chain
from tests.support.clients import Someone

Drain = Callable[[], int]
Api = Callable[..., Someone]


@pytest.fixture
def staff(app: Flask, twin: Twin) -> Company:
    """The company, in WeCom's directory as well."""
    made = company()
    with twin.quiet():
        for one in (made.boss, made.chief, made.lead, made.li, made.hua, made.hong):
            twin.add_member(one.userid, one.name)
    return made


@pytest.fixture
def decided(app: Flask) -> Iterator[list[approvals.Decided]]:
    """What the owner of the subject hears."""
    heard: list[approvals.Decided] = []
    platform.connect({**wiring.REACTIONS, approvals.Decided: (heard.append,)})
    yield heard
    wiring.connect()


def state(trip: approvals.InstanceOut) -> str:
    db.session.expire_all()
    return db.session.scalar(select(ApprovalInstance.state).where(ApprovalInstance.id == trip.id))


def forge(twin: Twin, userid: str, key: str) -> str:
    """An authentic delivery with any key in it: what the product wrote on the button."""
    delivery = twin.event(userid, "template_card_event", key, TaskId="anything", CardType="button_interaction")
    assert delivery.accepted
    return str((delivery.reply or {}).get("Button", {}).get("ReplaceName", ""))


def test_a_tap_decides_and_the_button_says_so(staff: Company, twin: Twin, drain: Drain, decided: list[Any]) -> None:
    trip = ask(staff.li)
    drain()
    card = twin.card("lead")
    assert (card.title, list(card.buttons.values())) == ("李雷申请出差1天", ["同意", "驳回"])
    twin.tap("lead", card, "同意")
    assert (twin.card("lead").greyed, state(trip)) == ("已同意", "approved")
    assert [(event.decided_by, event.state) for event in decided] == [(staff.lead.id, "approved")]
    assert twin.complaints == []


def test_a_refusal_by_tap_says_that_no_reason_was_given(
    staff: Company, twin: Twin, drain: Drain, decided: list[Any]
) -> None:
    trip = ask(staff.li)
    drain()
    twin.tap("lead", twin.card("lead"), "驳回")
    assert (twin.card("lead").greyed, state(trip)) == ("已驳回", "rejected")
    assert decided[0].comment == "（卡片驳回，未填写理由）"


def test_a_refusal_by_tap_carries_the_reason_chosen_on_the_card(
    staff: Company, twin: Twin, drain: Drain, decided: list[Any]
) -> None:
    trip = ask(staff.li)
    drain()
    twin.tap("lead", twin.card("lead"), "驳回", {"reason": "请先与我当面沟通"})
    assert (state(trip), decided[0].comment) == ("rejected", "请先与我当面沟通")
    other = ask(staff.li)
    drain()
    twin.tap("lead", twin.card("lead"), "同意", {"reason": "请先与我当面沟通"})
    assert (state(other), decided[1].comment) == ("approved", "")
    assert twin.complaints == []


def test_after_the_first_step_the_next_card_goes_out(staff: Company, twin: Twin, drain: Drain) -> None:
    trip = ask(staff.li, "5")
    drain()
    twin.tap("lead", twin.card("lead"), "同意")
    drain()
    twin.tap("chief", twin.card("chief", "李雷申请出差5天"), "同意")
    assert state(trip) == "approved"


def test_the_others_cards_are_settled_with_the_name_of_who_decided(staff: Company, twin: Twin, drain: Drain) -> None:
    save_chain(node("人事", HR))
    trip = ask(staff.li)
    drain()
    late = twin.card("hong")
    twin.tap("hua", twin.card("hua"), "同意")
    twin.tap("hong", late, "驳回")  # before the card could be settled
    assert (twin.card("hong").greyed, state(trip)) == ("人事小华已同意", "approved")
    second = ask(staff.li)
    drain()
    twin.tap("hua", twin.card("hua"), "驳回")
    drain()
    assert (twin.card("hong").greyed, state(second)) == ("人事小华已驳回", "rejected")


def test_a_card_decided_on_the_phone_page_is_settled_too(staff: Company, twin: Twin, drain: Drain, api: Api) -> None:
    trip = ask(staff.li)
    drain()
    task_id = open_tasks(trip)["lead"].id
    api("lead").post(f"/approvals/tasks/{task_id}/decision", json={"decision": "approve"})
    drain()
    assert twin.card("lead").greyed == "已同意"


def test_a_second_tap_and_a_repeated_delivery_change_nothing(
    staff: Company, twin: Twin, drain: Drain, decided: list[Any]
) -> None:
    ask(staff.li)
    drain()
    card = twin.card("lead")
    action_id = next(iter(card.buttons)).partition(":")[2]
    twin.habits.duplicates = 2
    twin.tap("lead", card, "同意")
    twin.habits.duplicates = 0
    assert forge(twin, "lead", f"reject:{action_id}") == "您已同意"
    assert len(decided) == 1


@pytest.mark.parametrize("who", ["li", "chief", "boss", "hua"])
def test_a_forwarded_card_gives_no_right(staff: Company, twin: Twin, who: str) -> None:
    trip = ask(staff.li)
    action_id = open_tasks(trip)["lead"].action_id
    assert forge(twin, who, f"approve:{action_id}") == "您不是这一步的审批人"
    assert state(trip) == "pending"


WRONG = [
    "approve:", "approve:unknown", "approve", "delete:{id}", "approve:{id}x", "{id}", "APPROVE:{id}", "approve:{task}",
    "approve:{instance}",
]  # fmt: skip


@pytest.mark.parametrize("key", WRONG)
def test_a_key_that_is_not_one_of_ours_does_nothing(staff: Company, twin: Twin, key: str) -> None:
    trip = ask(staff.li)
    task = open_tasks(trip)["lead"]
    words = forge(twin, "lead", key.format(id=task.action_id, task=task.id, instance=trip.id))
    assert words
    assert state(trip) == "pending"


def test_a_former_approvers_card_is_dead(staff: Company, twin: Twin, drain: Drain, api: Api) -> None:
    trip = ask(staff.li)
    drain()
    task = open_tasks(trip)["lead"]
    api("lead").post(f"/approvals/tasks/{task.id}/transfer", json={"to": "chief"})
    assert forge(twin, "lead", f"approve:{task.action_id}") == "您已转交他人"
    drain()
    assert twin.card("lead").greyed == "已转交部长"
    twin.tap("chief", twin.card("chief"), "同意")
    assert state(trip) == "approved"


def test_the_card_of_an_old_step_does_not_decide_the_next(staff: Company, twin: Twin, drain: Drain) -> None:
    save_chain(node("一审", SUPERIOR), node("二审", HR))
    trip = ask(staff.li)
    action_id = open_tasks(trip)["lead"].action_id
    drain()
    twin.tap("lead", twin.card("lead"), "同意")
    assert forge(twin, "lead", f"approve:{action_id}") == "您已同意"
    assert set(open_tasks(trip)) == {"hua", "hong"}


def test_a_late_tap_after_withdrawal_says_so(staff: Company, twin: Twin, drain: Drain) -> None:
    trip = ask(staff.li)
    drain()
    card = twin.card("lead")
    with platform.unit_of_work():
        approvals.withdraw("trip", trip.subject_id, people.by_id(staff.li.id))
    twin.tap("lead", card, "同意")
    assert (twin.card("lead").greyed, state(trip)) == ("申请人已撤回", "withdrawn")


def test_a_card_older_than_two_weeks_sends_to_the_list(staff: Company, twin: Twin) -> None:
    trip = ask(staff.li)
    action_id = open_tasks(trip)["lead"].action_id
    with clock.frozen(MONDAY_MORNING + timedelta(days=14)):
        assert forge(twin, "lead", f"approve:{action_id}") == "卡片已过期，请到待办处理"
    with clock.frozen(MONDAY_MORNING + timedelta(days=14, seconds=-1)):
        assert forge(twin, "lead", f"approve:{action_id}") == "已同意"
    assert state(trip) == "approved"


def test_a_delegates_tap_counts_until_the_delegation_ends(staff: Company, twin: Twin, drain: Drain, api: Api) -> None:
    wish = {"to": "hua", "first_day": "2026-03-02", "last_day": "2026-03-02"}
    api("lead").post("/approvals/delegations", json=wish)
    first, second = ask(staff.li), ask(staff.lead)
    drain()
    twin.tap("hua", twin.card("hua", "李雷申请出差"), "同意")
    assert state(first) == "approved"
    third = ask(staff.li)
    with clock.frozen(MONDAY_MORNING + timedelta(days=1)):
        assert forge(twin, "hua", f"approve:{open_tasks(third)['lead'].action_id}") == "您不是这一步的审批人"
    assert (state(second), state(third)) == ("pending", "pending")


def test_every_misdirected_tap_leaves_a_record(staff: Company, twin: Twin) -> None:
    trip = ask(staff.li)
    forge(twin, "li", f"approve:{open_tasks(trip)['lead'].action_id}")
    assert db.session.scalars(select(Delivery.result)).all() == ["refused: 您不是这一步的审批人"]
    decisions = select(func.count()).select_from(ApprovalHistory).where(ApprovalHistory.act == "approved")
    assert db.session.scalar(decisions) == 0


def test_a_tap_costs_the_same_few_statements_in_small_and_large_tables(
    staff: Company, twin: Twin, drain: Drain, statements: list[str]
) -> None:
    def cost() -> int:
        ask(staff.li)
        drain()
        card = twin.card("lead")
        statements.clear()
        twin.tap("lead", card, "同意")
        return len(statements)

    few = cost()
    for _ in range(30):
        ask(staff.li)
    assert cost() == few <= 11
