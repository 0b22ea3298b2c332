"""HR designs a chain: what is wrong is told at its node, a draft is tried on real requests, versions are compared."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.approvals import ApprovalFlow, ApprovalInstance, ApprovalStep
from models.base import db
from models.enums import Role
from services import approvals
from services.approvals import bpmn
from services.approvals.rules.chains import Chain
from tests.factories.approvals import Company, ask, company
from tests.factories.people import person
from tests.support.clients import Someone

Console = Callable[..., Someone]
HTMX = {"HX-Request": "true"}
TRIP = "/approvals/flows/trip"
SUPERIOR = {"name": "直接上级", "approvers": [{"kind": "superior"}]}
HR = {"name": "人事", "approvers": [{"kind": "role", "role": "hr"}]}
COUPLE = {"name": "一起", "kind": "parallel", "branches": [[SUPERIOR], [HR]]}
STRANGER = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


def send(who: Someone, act: str, chain: Any) -> Any:
    text = chain if isinstance(chain, str) else json.dumps(chain)
    return who.post(f"{TRIP}/{act}", data={"definition": text}, headers=HTMX)


def save(who: Someone, chain: Any, based_on: int = 0) -> None:
    data = {"based_on": str(based_on), "definition": json.dumps(chain)}
    assert who.post(TRIP, data=data, headers=HTMX).status_code == 204


def bring(who: Someone, content: bytes) -> Any:
    return who.post(f"{TRIP}/import", data={"bpmn": (io.BytesIO(content), "a.bpmn")}, headers=HTMX)


def test_the_canvas_begins_with_the_version_that_was_chosen(staff: Company, console: Console) -> None:
    hua = console("hua")
    save(hua, {"nodes": [HR]})
    assert "以第 1 版为底" in hua.get(f"{TRIP}/design").text
    assert "以出厂设置为底" in hua.get(f"{TRIP}/design?version=0").text
    assert hua.get(f"{TRIP}/design?version=7").status_code == 404
    assert hua.get("/approvals/flows/nothing/design").status_code == 404


def test_the_canvas_begins_with_a_ready_made_chain(staff: Company, console: Console) -> None:
    page = console("hua").get(f"{TRIP}/design?ready=heads_countersign").text
    assert "以现成流程“两级部门负责人会签”为底" in page
    assert "countersign" in page
    assert console("hua").get(f"{TRIP}/design?ready=nothing").status_code == 404


def test_a_sound_draft_has_no_findings_and_changes_nothing(staff: Company, console: Console) -> None:
    assert send(console("hua"), "check", {"nodes": [SUPERIOR, COUPLE]}).json == []
    assert db.session.scalar(select(func.count()).select_from(ApprovalFlow)) == 0


WRONG = {
    "not JSON": ("nodes", "", "不是有效的 JSON"),
    "nobody asked": ({"nodes": [SUPERIOR, {"name": "空"}]}, "nodes.1", "要写明人员"),
    "an unknown role": (
        {"nodes": [SUPERIOR, {"name": "x", "approvers": [{"kind": "role", "role": "king"}]}]},
        "nodes.1", "人员：不在可选范围内",
    ),
    "inside a branch": (
        {"nodes": [SUPERIOR, {**COUPLE, "branches": [[SUPERIOR], [HR, {"name": "", "approvers": HR["approvers"]}]]}]},
        "nodes.1.branches.1.1", "名称：",
    ),
    "an unknown field": (
        {"nodes": [SUPERIOR, {**COUPLE, "branches": [[SUPERIOR], [{**HR, "condition": "pay > 3"}]]}]},
        "nodes.1.branches.1.0", "没有字段 pay",
    ),
    "somebody who is gone": (
        {"nodes": [SUPERIOR, {"name": "x", "approvers": [{"kind": "person", "person_id": STRANGER}]}]},
        "nodes.1", "不存在或已离职",
    ),
    "nobody asked for sure": ({"nodes": [{**SUPERIOR, "condition": "days > 3"}]}, "", "至少要有一个环节不带条件"),
}  # fmt: skip


@pytest.mark.parametrize(("chain", "place", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_at_its_node(
    staff: Company, console: Console, chain: Any, place: str, words: str
) -> None:
    (found,) = send(console("hua"), "check", chain).json
    assert (found["place"], words in found["message"]) == (place, True)


def test_what_the_applicant_is_not_asked_cannot_be_left_to_them(staff: Company, console: Console) -> None:
    choice = {"nodes": [{"name": "经办", "approvers": [{"kind": "choice"}]}]}
    body, place = {"definition": json.dumps(choice)}, "/approvals/flows/leave"
    (found,) = console("hua").post(f"{place}/check", data=body, headers=HTMX).json
    assert "“经办”不能由申请人自选" in found["message"]
    assert console("hua").post(place, data=body | {"based_on": "0"}, headers=HTMX).status_code == 422
    leave, trip = ({one.code for one in approvals.ready_made(subject)} for subject in ("leave", "trip"))
    assert leave < trip


def test_a_draft_is_tried_on_the_requests_of_the_last_days(staff: Company, console: Console) -> None:
    ask(staff.li, "1")
    ask(staff.li, "5")
    before = db.session.scalar(select(func.count()).select_from(ApprovalStep))
    head = {"name": "部门负责人", "approvers": [{"kind": "department_head"}], "condition": "days > 3"}
    manager = {"name": "总经理", "approvers": [{"kind": "person", "person_id": staff.boss.id}], "condition": "days > 4"}
    draft = {"nodes": [SUPERIOR, head, manager]}
    page = send(console("hua"), "replay", draft).text
    assert "有 2 份申请" in page
    assert "1 份" in page
    assert "总经理（" in page
    assert page.count("原来：") == 1
    assert db.session.scalar(select(func.count()).select_from(ApprovalStep)) == before


def test_a_draft_that_would_refuse_says_how_many(staff: Company, console: Console) -> None:
    ask(staff.li, "5")
    auto = {"name": "额度", "kind": "auto", "test": "days <= 2", "reason": "超过两天"}
    assert "1 份会被自动驳回" in send(console("hua"), "replay", {"nodes": [auto, SUPERIOR]}).text


def test_without_requests_the_trial_says_so_and_a_bad_draft_is_refused(staff: Company, console: Console) -> None:
    assert "没有这类申请" in send(console("hua"), "replay", {"nodes": [SUPERIOR]}).text
    assert send(console("hua"), "replay", {"nodes": []}).status_code == 422


def test_requests_taken_under_an_older_version_are_compared_with_that_version(staff: Company, console: Console) -> None:
    ask(staff.li, "1")
    save(console("hua"), {"nodes": [HR]})
    page = send(console("hua"), "replay", {"nodes": [HR]}).text
    assert db.session.scalar(select(ApprovalInstance.flow_version)) == 0
    assert "人事（角色“人事”）" in page
    assert "1 份" in page


@pytest.mark.parametrize(
    ("first", "then", "is_changed"),
    [
        ({}, {"mode": "countersign"}, True),
        ({}, {"approvers": HR["approvers"] + SUPERIOR["approvers"]}, False),
        ({"mode": "in_turn"}, {"mode": "in_turn", "approvers": HR["approvers"] + SUPERIOR["approvers"]}, True),
        ({}, {"sla": {"remind_after": 4}}, False),
    ],
)
def test_steps_are_compared_by_whom_they_ask_and_how(
    staff: Company, console: Console, first: Any, then: Any, is_changed: bool
) -> None:
    both = {"name": "两人", "approvers": SUPERIOR["approvers"] + HR["approvers"]}
    save(console("hua"), {"nodes": [both | first]})
    ask(staff.li, "1")
    page = send(console("hua"), "replay", {"nodes": [both | then]}).text
    assert ("<strong>1 份</strong>" in page, "<strong>0 份</strong>" in page) == (is_changed, not is_changed)


def test_a_namesake_is_somebody_else(staff: Company, console: Console) -> None:
    other = person("boss2", staff.boss.name)
    one, two = ({"nodes": [{"name": "总经理", "approvers": [{"kind": "person", "person_id": who.id}]}]}
                for who in (staff.boss, other))  # fmt: skip
    save(console("hua"), one)
    ask(staff.li, "1")
    assert "<strong>1 份</strong>" in send(console("hua"), "replay", two).text


def test_statements_do_not_grow_with_requests(staff: Company, console: Console, statements: list[str]) -> None:
    counts = []
    for who in (staff.li, staff.lead, staff.chief):
        ask(who, "5")
        hua = console("hua")
        statements.clear()
        send(hua, "replay", {"nodes": [HR]})
        counts.append(len(statements))
    assert counts[0] == counts[1] == counts[2]


def test_two_versions_are_compared_in_words(staff: Company, console: Console) -> None:
    hua = console("hua")
    renamed = {**HR, "name": "人力资源"}
    save(hua, {"nodes": [SUPERIOR, HR]})
    save(hua, {"nodes": [renamed, {**SUPERIOR, "condition": "days > 3"}, COUPLE], "policies": {"own": "hr"}}, 1)
    page = hua.get(f"{TRIP}/compare?first=1&second=2").text
    for words in (
        "改为“人力资源”", "条件：无 → days &gt; 3", "新增了这个环节：类型 并行分支",
        "审批人是申请人本人时：由更上一级审批 → 由人事审批",
    ):  # fmt: skip
        assert words in page
    assert "没有不同" in hua.get(f"{TRIP}/compare?first=2&second=2").text
    assert hua.get(f"{TRIP}/compare?first=2&second=9").status_code == 404


def test_a_draft_goes_out_as_bpmn_and_comes_back_the_same(staff: Company, console: Console) -> None:
    chain = {"nodes": [SUPERIOR, {**COUPLE, "condition": "days > 3"}]}
    file = send(console("hua"), "bpmn", chain)
    assert file.headers["Content-Disposition"].endswith("trip.bpmn")
    back = bring(console("hua"), file.data).json
    assert back["notes"] == []
    assert Chain.model_validate_json(back["definition"]) == Chain.model_validate(chain)


def test_a_file_from_elsewhere_says_what_is_missing_or_why_it_is_refused(staff: Company, console: Console) -> None:
    file = bpmn.export_chain(Chain.model_validate({"nodes": [SUPERIOR]}), "").decode()
    bare = file.replace('{"approvers": [{"kind": "superior"}]}', "{}")
    found = bring(console("hua"), bare.encode()).json
    assert found["notes"] == ["人工任务 node_1“直接上级”没有写明由谁审批，请补充"]
    assert json.loads(found["definition"])["nodes"] == [{"name": "直接上级", "kind": "approve"}]
    refused = bring(console("hua"), file.replace("userTask", "scriptTask").encode())
    assert (refused.status_code, "scriptTask（id：node_1" in refused.text) == (422, True)
    assert bring(console("hua"), b"x").status_code == 422


def test_a_colleague_is_found_for_a_node(staff: Company, console: Console) -> None:
    found = console("hua").get("/approvals/flows/colleague?who=李雷").json
    assert found == {"id": staff.li.id, "name": "李雷"}
    assert console("hua").get("/approvals/flows/colleague?who=某某").status_code == 422


@pytest.mark.parametrize(("role", "status"), [(None, 403), (Role.AUDITOR, 403), (Role.HR, 200), (Role.PAYROLL, 403)])
def test_who_may_design(staff: Company, console: Console, role: Role | None, status: int) -> None:
    person("somebody", roles=(role,) if role else ())
    who = console("somebody")
    answers = [who.get(f"{TRIP}/design"), send(who, "check", {"nodes": [SUPERIOR]}), send(who, "bpmn", {"nodes": [HR]})]
    assert [answer.status_code for answer in answers] == [status] * 3
