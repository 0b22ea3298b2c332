"""Acts besides plain deciding: sending back, changing, adding signers, talking, deciding in part and by the dozen."""

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from kit.errors import AppError, Conflict, Invalid
from models.approvals import ApprovalDelegation, ApprovalHistory, ApprovalInstance, ApprovalTask
from models.base import db
from models.enums import FactKind, SignMode, TaskState
from models.people import Person
from services import approvals, people, platform, wiring
from services.approvals import Chain, Fact, InstanceOut, Node, Policies
from templates_msg import Message
from tests.conftest import MONDAY_MORNING
from tests.factories.approvals import HEAD, HR, SUPERIOR, Company, ask, company, node, open_tasks, save_chain
from tests.integration.hostile.world import PNG
from tests.support.clients import Someone

Api = Callable[..., Someone]


def halves(_subject_id: str, part: dict[str, Any], before: dict[str, Any] | None) -> str:
    """Approving some of the days of a stay."""
    if not str(part.get("days", "")).isdecimal():
        raise Invalid("请填写同意的天数")
    if before and int(part["days"]) > int(before["days"]):
        raise Invalid(f"前面的审批人只同意 {before['days']} 天")
    return f"{part['days']} 天"


STAY = Chain(nodes=(Node(name="直接上级", approvers=(SUPERIOR,)), Node(name="人事", approvers=(HR,))))
approvals.declare("stay", "驻场", STAY, {"days": Fact("天数", FactKind.NUMBER)}, halves)


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


@pytest.fixture
def heard(app: Flask) -> Iterator[list[Any]]:
    """What the owners of the subjects hear."""
    events: list[Any] = []
    told = (approvals.Decided, approvals.Returned, approvals.Resumed)
    platform.connect({**wiring.REACTIONS, **{kind: (events.append,) for kind in told}})
    yield events
    wiring.connect()


def message(title: str = "驻场") -> Message:
    facts = {"applicant": "李雷", "subject": "驻场", "title": title, "rows": [], "link": "/h5/approvals"}
    return Message("approvals/request", facts)


def stay(applicant: Person, days: int = 5) -> InstanceOut:
    with platform.unit_of_work():
        actor = people.by_id(applicant.id)
        return approvals.start("stay", applicant.id, actor, {"days": Decimal(days)}, message())


def revise(trip: InstanceOut, applicant: Person, days: int) -> None:
    with platform.unit_of_work():
        actor = people.by_id(applicant.id)
        approvals.revise(trip.subject, trip.subject_id, actor, {"days": Decimal(days)}, message(f"驻场{days}天"))


def task(trip: InstanceOut, userid: str) -> str:
    return open_tasks(trip)[userid].id


def act(api: Api, userid: str, trip: InstanceOut, what: str, **body: Any) -> Any:
    """What this person does with the task they hold."""
    return api(userid).post(f"/approvals/tasks/{task(trip, userid)}/{what}", json=body)


def approve(api: Api, userid: str, trip: InstanceOut, **more: Any) -> Any:
    return act(api, userid, trip, "decision", decision="approve", **more)


def shown(who: Someone, trip: InstanceOut) -> Any:
    return who.get(f"/approvals/instances/{trip.id}").json


def titles(who: Someone, trip: InstanceOut) -> list[str]:
    return [one["title"] for one in shown(who, trip)["history"]]


# ── sent back ──


def test_sent_back_to_the_applicant_it_asks_nobody_until_it_is_submitted_again(
    staff: Company, api: Api, heard: list[Any]
) -> None:
    trip = stay(staff.li)
    approve(api, "lead", trip)
    old = open_tasks(trip)["hua"]
    assert act(api, "hua", trip, "return", reason="请补充行程").status_code == 204
    assert [type(event) for event in heard] == [approvals.Returned]
    seen = shown(api("li"), trip)
    assert (seen["state"], seen["may_send_again"], open_tasks(trip)) == ("returned", True, {})
    late = api("hua").post(f"/approvals/tasks/{old.id}/decision", json={"decision": "approve"})
    assert (late.status_code, late.json["title"]) == (409, "已退回申请人")
    assert api("li").post(f"/approvals/instances/{trip.id}/urge").status_code == 409

    again = api("li").post(f"/approvals/instances/{trip.id}/resubmit", json={"comment": "行程见说明"})

    assert (again.status_code, list(open_tasks(trip)), type(heard[-1])) == (204, ["lead"], approvals.Resumed)
    assert titles(api("li"), trip)[-2:] == ["李雷修改后重新提交", "直接上级：等待组长审批"]
    approve(api, "lead", trip)
    assert approve(api, "hua", trip).json["instance"] == "approved"


def test_only_the_applicant_submits_again_and_only_what_was_sent_back(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    place, body = f"/approvals/instances/{trip.id}/resubmit", {"comment": "好"}
    assert (api("li").post(place, json=body).status_code, api("hua").post(place, json=body).status_code) == (409, 404)


def test_what_was_sent_back_can_be_withdrawn(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    act(api, "lead", trip, "return", reason="不需要")
    with platform.unit_of_work():
        approvals.withdraw("stay", trip.subject_id, people.by_id(staff.li.id))
    assert shown(api("li"), trip)["state"] == "withdrawn"
    assert stay(staff.li).state == "pending"


def test_sent_back_to_an_earlier_step_that_step_decides_anew(staff: Company, api: Api) -> None:
    save_chain(node("直接上级", SUPERIOR), node("部门负责人", HEAD), node("人事", HR))
    trip = ask(staff.li)
    approve(api, "lead", trip)
    approve(api, "chief", trip)
    earlier = shown(api("hua"), trip)["may_return_to"]
    assert [one["name"] for one in earlier] == ["直接上级", "部门负责人"]
    assert act(api, "hua", trip, "return", reason="请核实", to=earlier[0]["id"]).status_code == 204
    assert list(open_tasks(trip)) == ["lead"]
    for userid in ("lead", "chief"):
        assert approve(api, userid, trip).json["instance"] == "pending"
    assert approve(api, "hong", trip).json["instance"] == "approved"
    assert "人事 → 直接上级：人事小华退回" in titles(api("li"), trip)


def test_a_step_behind_or_beside_is_no_place_to_send_back_to(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    steps = shown(api("lead"), trip)["steps"]
    for step in steps:
        assert act(api, "lead", trip, "return", reason="不对", to=step["id"]).status_code == 409
    assert list(open_tasks(trip)) == ["lead"]


# ── changed ──


def test_after_a_change_everybody_is_asked_anew_and_the_old_cards_are_dead(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    approve(api, "lead", trip)
    old = open_tasks(trip)["hua"]
    revise(trip, staff.li, 7)
    assert (list(open_tasks(trip)), shown(api("li"), trip)["title"]) == (["lead"], "驻场7天")
    with pytest.raises(AppError), platform.unit_of_work():
        approvals.tap(people.by_userid("hua"), old.action_id, "approve")
    voided = db.session.get(ApprovalTask, old.id)
    assert voided.state == TaskState.CLOSED


def test_a_chain_may_keep_what_was_approved(staff: Company, api: Api) -> None:
    with platform.unit_of_work():
        chain = Chain(nodes=STAY.nodes, policies=Policies(keeps_approvals=True))
        wish = approvals.SaveFlow(based_on=0, definition=chain.model_dump_json())
        approvals.save(people.System("tests"), "stay", wish)
    trip = stay(staff.li)
    approve(api, "lead", trip)
    revise(trip, staff.li, 4)
    assert set(open_tasks(trip)) == {"hua", "hong"}
    revise(trip, staff.li, 30)
    assert list(open_tasks(trip)) == ["lead"]  # that much nobody has approved


def test_an_approval_of_a_part_does_not_cover_the_whole_after_a_change(staff: Company, api: Api) -> None:
    with platform.unit_of_work():
        chain = Chain(nodes=STAY.nodes, policies=Policies(keeps_approvals=True))
        wish = approvals.SaveFlow(based_on=0, definition=chain.model_dump_json())
        approvals.save(people.System("tests"), "stay", wish)
    trip = stay(staff.li)
    approve(api, "lead", trip, part={"days": "3"})
    revise(trip, staff.li, 5)
    assert list(open_tasks(trip)) == ["lead"]


def test_a_decision_binds_to_what_was_seen(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    seen = shown(api("lead"), trip)["version"]
    revise(trip, staff.li, 7)
    for what, body in (("decision", {"decision": "approve"}), ("return", {"reason": "不对"})):
        stale = act(api, "lead", trip, what, seen=seen, **body)
        assert (stale.status_code, stale.json["title"]) == (409, "申请内容已变化，请刷新")
    assert approve(api, "lead", trip, seen=seen + 1).status_code == 200


def test_what_has_ended_cannot_be_changed(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    act(api, "lead", trip, "decision", decision="reject", comment="不行")
    with pytest.raises(approvals.AlreadyDecided):
        revise(trip, staff.li, 7)


# ── approved in part ──


def test_a_part_is_told_to_the_next_and_to_the_owner(staff: Company, api: Api, heard: list[Any]) -> None:
    trip = stay(staff.li)
    assert shown(api("lead"), trip)["may_approve_part"] is True
    assert approve(api, "lead", trip, part={"days": "3"}).status_code == 200
    seen = shown(api("hua"), trip)
    assert (seen["part"], seen["version"]) == ({"days": "3"}, 2)
    assert "直接上级：组长只同意其中一部分：3 天" in titles(api("li"), trip)
    assert approve(api, "hua", trip, seen=1).status_code == 409
    approve(api, "hua", trip, seen=2)
    assert [event.part for event in heard] == [{"days": "3"}]


def test_a_part_has_to_make_sense_to_its_subject(staff: Company, api: Api) -> None:
    trip, whole = stay(staff.li), ask(staff.li)
    assert approve(api, "lead", trip, part={"days": "几"}).status_code == 422
    assert approve(api, "lead", whole, part={"days": "3"}).status_code == 422
    assert act(api, "lead", trip, "decision", decision="reject", comment="不", part={"days": "3"}).status_code == 422
    assert (list(open_tasks(trip)), list(open_tasks(whole))) == (["lead"], ["lead"])


def test_those_asked_beside_get_a_new_card_when_less_is_left(staff: Company, api: Api) -> None:
    with platform.unit_of_work():
        chain = Chain(nodes=(node("会签", HR, mode=SignMode.COUNTERSIGN),))
        wish = approvals.SaveFlow(based_on=0, definition=chain.model_dump_json())
        approvals.save(people.System("tests"), "stay", wish)
    trip = stay(staff.li)
    old = open_tasks(trip)["hong"]
    approve(api, "hua", trip, part={"days": "3"})
    late = api("hong").post(f"/approvals/tasks/{old.id}/decision", json={"decision": "approve"})
    assert (late.status_code, late.json["title"]) == (409, "内容已变化，请刷新")
    assert approve(api, "hong", trip).json["instance"] == "approved"


# ── signers ──


def add(api: Api, userid: str, trip: InstanceOut, to: str, when: str) -> Any:
    return act(api, userid, trip, "signers", to=to, when=when)


def test_a_signer_before_decides_first(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    old = open_tasks(trip)["lead"]
    assert add(api, "lead", trip, "boss", "before").status_code == 204
    assert list(open_tasks(trip)) == ["boss"]
    assert approve(api, "boss", trip).json["instance"] == "pending"
    assert open_tasks(trip)["lead"].action_id != old.action_id
    approve(api, "lead", trip)
    assert set(open_tasks(trip)) == {"hua", "hong"}
    assert "直接上级：组长加签，请老板先审批" in titles(api("li"), trip)


def test_a_signer_after_decides_when_i_have(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    add(api, "lead", trip, "boss", "after")
    assert list(open_tasks(trip)) == ["lead"]
    approve(api, "lead", trip)
    assert list(open_tasks(trip)) == ["boss"]
    approve(api, "boss", trip)
    assert set(open_tasks(trip)) == {"hua", "hong"}


def test_a_signer_beside_has_to_agree_as_well(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    add(api, "lead", trip, "boss", "with")
    approve(api, "lead", trip)
    assert list(open_tasks(trip)) == ["boss"]
    assert act(api, "boss", trip, "decision", decision="reject", comment="不行").json["instance"] == "rejected"


@pytest.mark.parametrize("to", ["li", "lead", "boss", "nobody"])
def test_a_signer_is_a_colleague_who_is_not_asked_yet_and_never_the_applicant(
    staff: Company, api: Api, to: str
) -> None:
    trip = stay(staff.li)
    add(api, "lead", trip, "boss", "with")
    assert add(api, "lead", trip, to, "with").status_code in (409, 422)
    assert set(open_tasks(trip)) == {"lead", "boss"}


def test_when_the_one_waited_for_leaves_those_behind_wait_for_the_heir(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    add(api, "lead", trip, "hua", "before")
    with platform.unit_of_work():
        db.session.get(Person, staff.hua.id).status = "inactive"
    with platform.unit_of_work():
        approvals.rescue({})
    assert list(open_tasks(trip)) == ["boss"]
    approve(api, "boss", trip)
    assert list(open_tasks(trip)) == ["lead"]


# ── talk ──


def test_a_question_stops_the_clocks_until_it_is_answered(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    assert act(api, "lead", trip, "question", text="谁接替？").status_code == 204
    assert act(api, "lead", trip, "question", text="还有？").status_code == 409
    seen = shown(api("li"), trip)
    assert (seen["may_answer"], seen["history"][-1]["note"]) == (True, "谁接替？")
    with clock.frozen(clock.at_local(date(2026, 3, 4), 600)), platform.unit_of_work():
        approvals.remind_overdue({"slot": "any"})
    assert "reminded" not in [one["act"] for one in shown(api("li"), trip)["history"]]
    place = f"/approvals/instances/{trip.id}/answer"
    assert api("lead").post(place, data={"text": "我"}).status_code == 404
    assert api("li").post(place, data={"text": "小王"}).status_code == 204
    assert api("li").post(place, data={"text": "小王"}).status_code == 409
    assert approve(api, "lead", trip).status_code == 200


def test_a_comment_may_bring_a_paper_that_those_concerned_can_open(staff: Company, api: Api) -> None:
    trip = stay(staff.li)
    place = f"/approvals/instances/{trip.id}"
    said = {"text": "见附件", "paper": (io.BytesIO(PNG), "行程.png")}
    assert api("li").post(f"{place}/comments", data=said).status_code == 204
    assert api("boss").post(f"{place}/comments", data={"text": "路过"}).status_code == 404
    entry = shown(api("lead"), trip)["history"][-1]
    assert (entry["title"], entry["note"]) == ("李雷评论", "见附件")
    paper = f"{place}/papers/{entry['file_id']}"
    assert (api("lead").get(paper).data, api("boss").get(paper).status_code) == (PNG, 404)
    other = stay(staff.lead)
    assert api("lead").get(f"/approvals/instances/{other.id}/papers/{entry['file_id']}").status_code == 404


# ── by the dozen ──


def test_several_are_decided_at_once_each_as_if_alone(staff: Company, api: Api) -> None:
    good, changed, foreign = stay(staff.li), ask(staff.li), ask(staff.lead)
    asked = [
        {"task_id": task(good, "lead"), "seen": 1},
        {"task_id": task(changed, "lead"), "seen": 9},
        {"task_id": task(foreign, "chief"), "seen": 1},
    ]
    answer = api("lead").post("/approvals/tasks/decisions", json={"tasks": asked, "decision": "approve"})
    assert [(one["is_done"], one["problem"]) for one in answer.json] == [
        (True, ""), (False, "申请内容已变化，请刷新"), (False, "没有找到，或您无权查看"),
    ]  # fmt: skip
    assert (set(open_tasks(good)), list(open_tasks(changed))) == ({"hua", "hong"}, ["lead"])


# ── delegation by kind ──


def delegate(who: Someone, to: str, **more: Any) -> Any:
    days = {"first_day": "2026-03-02", "last_day": "2026-03-03"}
    return who.post("/approvals/delegations", json={"to": to, **days, **more})


def test_a_delegation_may_be_of_one_kind_only(staff: Company, api: Api) -> None:
    assert delegate(api("lead"), "hua", subject="trip").json["about"] == "出差"
    trip, other = ask(staff.li), stay(staff.li)
    assert [one["id"] for one in api("hua").get("/approvals/tasks").json["items"]] == [task(trip, "lead")]
    refused = api("hua").post(f"/approvals/tasks/{task(other, 'lead')}/decision", json={"decision": "approve"})
    allowed = api("hua").post(f"/approvals/tasks/{task(trip, 'lead')}/decision", json={"decision": "approve"})
    assert (refused.status_code, allowed.status_code) == (404, 200)


def test_kinds_may_go_to_different_colleagues_but_none_to_two(staff: Company, api: Api) -> None:
    lead = api("lead")
    assert delegate(lead, "hua", subject="trip").status_code == 201
    assert delegate(lead, "hong", subject="stay").status_code == 201
    assert delegate(lead, "hong", subject="trip").status_code == 409
    assert delegate(lead, "hong").status_code == 409
    assert delegate(lead, "hong", subject="nothing").status_code == 422


def test_delegations_are_not_chained_within_a_kind(staff: Company, api: Api) -> None:
    delegate(api("hua"), "hong", subject="trip")
    assert delegate(api("lead"), "hua", subject="trip").status_code == 409
    assert delegate(api("lead"), "hua", subject="stay").status_code == 201
    with platform.unit_of_work():  # even one that slipped in is not followed
        days = {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 2)}
        db.session.add(ApprovalDelegation(from_id=staff.lead.id, to_id=staff.hua.id, subject="trip", **days))
    trip = ask(staff.li)
    answer = api("hong").post(f"/approvals/tasks/{task(trip, 'lead')}/decision", json={"decision": "approve"})
    assert answer.status_code == 404


# ── what stays constant ──


def test_the_history_only_grows_whatever_is_done(staff: Company, api: Api) -> None:
    trip = stay(staff.li)

    def entries() -> list[tuple[int, str]]:
        ours = select(ApprovalHistory.seq, ApprovalHistory.act).where(ApprovalHistory.instance_id == trip.id)
        return [(seq, one) for seq, one in db.session.execute(ours.order_by(ApprovalHistory.seq))]

    before = entries()
    for what in (
        lambda: act(api, "lead", trip, "question", text="?"),
        lambda: add(api, "lead", trip, "boss", "before"),
        lambda: act(api, "boss", trip, "return", reason="改"),
        lambda: revise(trip, staff.li, 3),
        lambda: approve(api, "lead", trip),
        lambda: approve(api, "hong", trip),
    ):
        what()
        assert entries()[: len(before)] == before
        assert len(entries()) > len(before)
        before = entries()
    assert db.session.scalar(select(ApprovalInstance.state).where(ApprovalInstance.id == trip.id)) == "approved"


def test_nobody_withdraws_twice(staff: Company) -> None:
    trip = stay(staff.li)
    with platform.unit_of_work():
        approvals.withdraw("stay", trip.subject_id, people.by_id(staff.li.id))
    with pytest.raises(Conflict), clock.frozen(MONDAY_MORNING + timedelta(hours=1)), platform.unit_of_work():
        approvals.withdraw("stay", trip.subject_id, people.by_id(staff.li.id))
