"""HR watches requests and edits chains: checked, tried out before it is saved, never changed under a request."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models.base import db
from models.enums import Role
from models.platform import AuditRecord
from tests.factories import leave as leaving
from tests.factories.approvals import Company, ask, company, open_tasks
from tests.factories.people import person
from tests.support.clients import Someone

Console = Callable[..., Someone]
HTMX = {"HX-Request": "true"}
HR_ONLY = {"nodes": [{"name": "人事", "approvers": [{"kind": "role", "role": "hr"}]}]}


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


def save(who: Someone, chain: Any, based_on: int = 0) -> Any:
    text = chain if isinstance(chain, str) else json.dumps(chain)
    return who.post("/approvals/flows/trip", data={"based_on": str(based_on), "definition": text}, headers=HTMX)


def test_the_chains_are_listed_with_their_steps(staff: Company, console: Console) -> None:
    page = console("hua").get("/approvals/flows").text
    assert "直接上级 → 部门负责人 → 人事" in page
    assert "出厂设置" in page


def test_a_chain_is_shown_in_words_with_its_versions(staff: Company, console: Console) -> None:
    page = console("hua").get("/approvals/flows/trip").text
    assert "天数大于3" in page
    assert "角色“人事”" in page
    assert "days（天数）" in page
    assert console("hua").get("/approvals/flows/nothing").status_code == 404


def test_kinds_of_leave_are_called_by_their_names(staff: Company, console: Console) -> None:
    leaving.kinds()
    page = console("hua").get("/approvals/flows/leave").text
    assert "假别为其中之一：产假、延长产假、流产假、陪产假、工伤假" in page


def test_a_saved_chain_is_a_new_version_for_requests_from_now_on(staff: Company, console: Console) -> None:
    before = ask(staff.li)
    assert save(console("hua"), HR_ONLY).headers["HX-Redirect"] == "/console/approvals/flows/trip"
    after = ask(staff.li)
    assert (set(open_tasks(before)), set(open_tasks(after))) == ({"lead"}, {"hua", "hong"})
    page = console("hua").get("/approvals/flows/trip?version=0").text
    assert "第 1 版" in page
    assert "人事小华 保存于" in page
    assert "以第 0 版为底" in page
    (record,) = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "approvals.flow.save"))
    assert (record.subject, len(record.before["nodes"]), len(record.after["nodes"])) == ("trip:1", 3, 1)


def test_two_who_edit_the_same_version_do_not_overwrite_each_other(staff: Company, console: Console) -> None:
    assert save(console("hua"), HR_ONLY).status_code == 204
    late = save(console("hong"), HR_ONLY)
    assert (late.status_code, "流程刚被他人修改过" in late.text) == (409, True)
    assert save(console("hong"), HR_ONLY, based_on=1).status_code == 204


SUPERIOR = {"name": "上级", "approvers": [{"kind": "superior"}]}
REFUSED = {
    "not JSON": ("nodes: []", "不是有效的 JSON"),
    "no nodes": ({"nodes": []}, "格式不正确"),
    "nothing without a condition": (
        {"nodes": [{**SUPERIOR, "when": [[{"field": "days", "op": "gt", "value": 3}]]}]}, "至少要有一个环节不带条件",
    ),
    "an unknown field": (
        {"nodes": [SUPERIOR, {**SUPERIOR, "when": [[{"field": "pay", "op": "gt", "value": 3}]]}]}, "没有的字段 pay",
    ),
    "an unknown role": (
        {"nodes": [{"name": "人事", "approvers": [{"kind": "role", "role": "king"}]}]}, "不在可选范围内",
    ),
    "a person who is not there": (
        {"nodes": [{"name": "财务", "approvers": [{"kind": "person", "person_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}]}]},
        "不存在或已离职",
    ),
    "a script": ({"nodes": [{**SUPERIOR, "script": "x"}]}, "没有这一项"),
}  # fmt: skip


@pytest.mark.parametrize(("chain", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_chain_that_makes_no_sense_is_refused_with_the_place(
    staff: Company, console: Console, chain: Any, sentence: str
) -> None:
    answer = save(console("hua"), chain)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert "出厂设置" in console("hua").get("/approvals/flows").text


def test_a_chain_is_tried_out_before_it_is_saved(staff: Company, console: Console) -> None:
    chain = json.dumps(
        {"nodes": [SUPERIOR, {**HR_ONLY["nodes"][0], "when": [[{"field": "days", "op": "gt", "value": 5}]]}]}
    )
    fields = {"definition": chain, "applicant": "李雷", "facts": "days = 6"}
    route = console("hua").post("/approvals/flows/trip/try", data=fields, headers=HTMX)
    assert all(name in route.text for name in ("组长", "人事小华", "人事小红"))
    short = console("hua").post("/approvals/flows/trip/try", data={**fields, "facts": ""}, headers=HTMX)
    assert "人事小华" not in short.text
    assert "出厂设置" in console("hua").get("/approvals/flows").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"applicant": "某某"}, "没有找到这位同事"),
        ({"facts": "pay = 1"}, "没有字段 pay"),
        ({"facts": "days = 多"}, "天数要填写数字"),
    ],
)
def test_a_trial_says_what_is_wrong_with_it(
    staff: Company, console: Console, fields: dict[str, str], sentence: str
) -> None:
    whole = {"definition": json.dumps(HR_ONLY), "applicant": "li", **fields}
    answer = console("hua").post("/approvals/flows/trip/try", data=whole, headers=HTMX)
    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_hr_lists_filters_sorts_and_pages_requests(staff: Company, console: Console) -> None:
    for days in ("1", "2", "3"):
        ask(staff.li, days)
    ask(staff.lead)
    hua = console("hua")
    assert hua.get("/approvals").text.count("申请出差") == 4
    assert hua.get("/approvals?applicant=组长").text.count("申请出差") == 1
    assert "没有符合条件" in hua.get("/approvals?state=approved").text
    assert "没有符合条件" in hua.get("/approvals?last_day=2026-03-01").text
    assert hua.get("/approvals?subject=trip&first_day=2026-03-02&sort=started").text.count("申请出差") == 4
    first = hua.get("/approvals?limit=3").text
    assert (first.count("申请出差"), "下一页" in first) == (3, True)
    assert hua.get("/approvals?sort=title").status_code == 422


@pytest.mark.parametrize(("form", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK\x03\x04")])
def test_the_list_is_exported(staff: Company, console: Console, form: str, start: bytes) -> None:
    ask(staff.li)
    file = console("hua").get(f"/approvals?format={form}")
    assert file.data.startswith(start)
    assert "attachment" in file.headers["Content-Disposition"]


def test_hr_opens_a_request_with_its_history(staff: Company, console: Console) -> None:
    page = console("hua").get(f"/approvals/{ask(staff.li).id}").text
    assert "等待组长审批" in page
    assert "拜访客户" in page


@pytest.mark.parametrize(
    ("role", "list_status", "flow_status"),
    [(None, 403, 403), (Role.AUDITOR, 200, 403), (Role.HR, 200, 200), (Role.PAYROLL, 403, 403)],
)
def test_who_may_see_and_who_may_edit(
    staff: Company, console: Console, role: Role | None, list_status: int, flow_status: int
) -> None:
    person("somebody", roles=(role,) if role else ())
    who = console("somebody")
    assert (who.get("/approvals").status_code, who.get("/approvals/flows").status_code) == (list_status, flow_status)
    assert (save(who, HR_ONLY).status_code == 204) is (flow_status == 200)


def test_hr_begins_with_a_ready_made_chain_that_fits_the_subject(staff: Company, console: Console) -> None:
    page = console("hua").get("/approvals/flows/trip").text
    assert "?ready=superior_then_hr" in page
    assert "?ready=expense_by_amount" not in page  # a trip tells no amount
    chosen = console("hua").get("/approvals/flows/trip?ready=superior_with_copy").text
    assert "以现成流程“直接上级审批，抄送人事”为底" in chosen
    assert "抄送人事" in chosen
