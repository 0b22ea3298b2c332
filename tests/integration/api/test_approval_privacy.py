"""Who is told of a request sees less than who decides it, and who stood in for a day sees what they decided."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models.approvals import ApprovalInstance, ApprovalTask
from models.base import db
from models.enums import ApproverKind, NodeKind, SignMode, TaskState
from models.people import Person
from models.platform import Promise
from services import approvals, people, platform
from services.approvals import Approver, Node
from tests.factories import forms as make_forms
from tests.factories import leave as grants
from tests.factories import people as make
from tests.factories.approvals import SUPERIOR, save_chain
from tests.integration.hostile.world import PNG
from tests.support.clients import Someone

Ways = Callable[..., Someone]


@pytest.fixture
def team(app: Flask) -> dict[str, Person]:
    """Wang decides Li's leave; Cao is sent copies; Mei is a colleague."""
    grants.kinds()
    dept = make.department("研发部")
    wang = make.person("wang", "王五", dept=dept, leads=True)
    made = {"wang": wang, "cao": make.person("cao", "曹抄送"), "mei": make.person("mei", "韩梅梅", dept=dept)}
    made["li"] = make.person("li", "李雷", superior=wang, dept=dept)
    return made


def copied_to(person: Person, subject: str) -> None:
    to = Approver(kind=ApproverKind.PERSON, person_id=person.id)
    tell = Node(name="知会", kind=NodeKind.COPY, approvers=(to,))
    save_chain(tell, Node(name="上级", approvers=(SUPERIOR,)), subject=subject)


def sick(api: Ways, **more: Any) -> str:
    """Three days of sick leave with its proof; the request."""
    days = {"kind": "sick", "first_day": "2026-03-09", "last_day": "2026-03-11", "reason": "抑郁症"}
    made = api("li").post("/leave/requests", data={**days, **more, "proof": (io.BytesIO(PNG), "诊断.png")})
    assert made.status_code == 201, made.json
    return str(made.json["id"])


def instance() -> str:
    return str(db.session.scalar(select(ApprovalInstance.id)))


def opened() -> str:
    return str(db.session.scalar(select(ApprovalTask.id).where(ApprovalTask.state == TaskState.OPEN)))


def test_a_copy_of_sick_leave_tells_when_and_not_why(team: dict[str, Person], api: Ways, h5: Ways) -> None:
    copied_to(team["cao"], "leave")
    request = sick(api)
    place = f"/approvals/instances/{instance()}"
    api("wang").post(f"/approvals/tasks/{opened()}/question", json={"text": "抑郁症多久了"})
    answer = {"text": "抑郁症半年", "paper": (io.BytesIO(PNG), "病历.png")}
    assert api("li").post(f"{place}/answer", data=answer).status_code == 204

    whole, copy = api("wang").get(place), api("cao").get(place)
    assert ("抑郁症" in whole.text, "病假" in whole.text) == (True, True)
    assert copy.status_code == 200
    assert ("抑郁" in copy.text, "病假" in copy.text) == (False, False)
    assert copy.json["title"] == "李雷申请请假3天"
    assert copy.json["rows"] == [["时间", "3月9日至3月11日"], ["时长", "3天"]]
    assert [one["act"] for one in copy.json["history"]] == [one["act"] for one in whole.json["history"]]

    paper = next(one["file_id"] for one in whole.json["history"] if one["file_id"])
    assert api("wang").get(f"{place}/papers/{paper}").status_code == 200
    assert api("cao").get(f"{place}/papers/{paper}").status_code == 404
    assert h5("wang").get(f"/h5/leave/requests/{request}/proof").status_code == 200
    assert h5("cao").get(f"/h5/leave/requests/{request}/proof").status_code == 404
    page = h5("cao").get(f"/h5/approvals/{instance()}")
    assert (page.status_code, "抑郁" in page.text, "证明材料" in page.text) == (200, False, False)


def test_the_message_of_a_copy_is_as_discreet(team: dict[str, Person], api: Ways) -> None:
    copied_to(team["cao"], "leave")
    sick(api)
    sent = db.session.scalars(select(Promise.payload).where(Promise.dedupe_key.like("copied:%"))).one()
    assert "李雷申请请假3天" in str(sent)
    assert "病假" not in str(sent)


def test_what_is_not_sensitive_is_copied_in_full(team: dict[str, Person], api: Ways) -> None:
    copied_to(team["cao"], "leave")
    day = {"kind": "personal", "first_day": "2026-03-09", "last_day": "2026-03-09", "reason": "搬家"}
    api("li").post("/leave/requests", json=day)
    assert "搬家" in api("cao").get(f"/approvals/instances/{instance()}").text


def test_a_changed_request_stays_discreet(team: dict[str, Person], api: Ways) -> None:
    copied_to(team["cao"], "leave")
    request = sick(api)
    days = {"kind": "sick", "first_day": "2026-03-09", "last_day": "2026-03-10", "reason": "焦虑"}
    assert api("li").put(f"/leave/requests/{request}", json=days).status_code == 200
    copy = api("cao").get(f"/approvals/instances/{instance()}")
    assert (copy.json["title"], "焦虑" in copy.text) == ("李雷申请请假2天", False)


def test_whose_turn_has_not_come_opens_no_proof_yet(team: dict[str, Person], api: Ways, h5: Ways) -> None:
    two = (SUPERIOR, Approver(kind=ApproverKind.PERSON, person_id=team["cao"].id))
    save_chain(Node(name="依次", approvers=two, mode=SignMode.IN_TURN), subject="leave")
    proof = f"/h5/leave/requests/{sick(api)}/proof"
    assert h5("cao").get(proof).status_code == 404
    api("wang").post(f"/approvals/tasks/{opened()}/decision", json={"decision": "approve"})
    assert h5("cao").get(proof).status_code == 200


# ── who stands in ──


def stand_in(api: Ways) -> None:
    today = {"first_day": "2026-03-02", "last_day": "2026-03-02"}
    assert api("wang").post("/approvals/delegations", json={"to": "mei", **today}).status_code == 201


def reads(api: Ways, h5: Ways, request: str) -> tuple[int, int]:
    """What the stand-in gets of the request and of its proof."""
    proof = f"/h5/leave/requests/{request}/proof"
    return api("mei").get(f"/approvals/instances/{instance()}").status_code, h5("mei").get(proof).status_code


def test_who_stands_in_reads_nothing_that_was_decided_before(team: dict[str, Person], api: Ways, h5: Ways) -> None:
    save_chain(Node(name="上级", approvers=(SUPERIOR,)), subject="leave")
    request = sick(api)
    api("wang").post(f"/approvals/tasks/{opened()}/decision", json={"decision": "approve"})
    stand_in(api)
    assert reads(api, h5, request) == (404, 404)


def test_who_stands_in_reads_what_they_may_decide_and_what_they_decided(
    team: dict[str, Person], api: Ways, h5: Ways
) -> None:
    save_chain(Node(name="上级", approvers=(SUPERIOR,)), subject="leave")
    request = sick(api)
    stand_in(api)
    assert reads(api, h5, request) == (200, 200)
    body = {"decision": "approve"}
    assert api("mei").post(f"/approvals/tasks/{opened()}/decision", json=body).status_code == 200
    (given,) = api("wang").get("/approvals/delegations").json
    with platform.unit_of_work():
        approvals.revoke(people.by_userid("wang"), given["id"])
    assert reads(api, h5, request) == (200, 200)


# ── forms ──


def test_a_form_is_still_shown_to_those_it_is_copied_to(team: dict[str, Person], api: Ways, h5: Ways) -> None:
    make_forms.published("small", {"title": "小单", "fields": [{"name": "a", "title": "内容", "type": "text"}]})
    copied_to(team["cao"], "form:small")
    made = api("li").post("/forms/small/requests", json={"values": {"a": "笔"}}).json
    assert "笔" in h5("cao").get(f"/h5/approvals/{instance()}").text
    assert api("cao").get(f"/forms/requests/{made['id']}").status_code == 200


def test_a_form_that_is_changed_keeps_the_chain_it_began_with(team: dict[str, Person], api: Ways) -> None:
    form = {"title": "小单", "fields": [{"name": "a", "title": "内容", "type": "text"}]}
    named = {"kind": "person", "person_id": team["cao"].id}
    make_forms.published("small", form)
    made = api("li").post("/forms/small/requests", json={"values": {"a": "笔"}}).json
    make_forms.published("small", {**form, "chain": {"nodes": [{"name": "另一人", "approvers": [named]}]}})
    assert api("li").put(f"/forms/requests/{made['id']}", json={"values": {"a": "纸"}}).status_code == 200
    assert api("li").get(f"/approvals/instances/{instance()}").json["waiting_for"] == ["王五"]
    assert api("cao").get("/approvals/tasks").json["items"] == []
