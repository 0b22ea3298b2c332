"""Forms on the phone: found in the catalogue, filled in with and without scripts, decided, printed, asked again."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from kit.ids import new_id
from models.enums import Role
from services import leave, platform
from tests.factories import forms as make_forms
from tests.factories import people as make
from tests.support.clients import Someone

H5 = Callable[..., Someone]
HTMX = {"HX-Request": "true"}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
EXPENSE = {
    "v.purpose": "拜访客户", "v.items.0.day": "2026-03-01", "v.items.0.kind": "交通", "v.items.0.amount": "30",
    "v.items.2.day": "2026-03-01", "v.items.2.kind": "餐饮", "v.items.2.amount": "12.5",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _company(app: Flask) -> None:
    make_forms.shipped()
    platform.transact(leave.ensure_kinds)
    top = make.department("公司")
    team = make.department("研发部", parent=top)
    wang = make.person("wang", "王五", dept=team, leads=True)
    make.person("li", "李雷", superior=wang, dept=team)
    make.person("fei", "费财务", dept=top, roles=(Role.PAYROLL,))


def form(who: Someone, path: str, **fields: Any) -> Any:
    return who.post(path, data={"_key": new_id(), **fields}, headers=HTMX)


def submitted(who: Someone, code: str, fields: dict[str, Any]) -> str:
    answer = form(who, f"/forms/{code}/requests", **fields)
    assert answer.status_code == 204, answer.text
    return str(answer.headers["HX-Redirect"])


def test_the_catalogue_offers_every_request_and_finds_by_words(h5: H5) -> None:
    page = h5("li").get("/catalogue").text
    for path in ("/h5/leave/new", "/h5/attendance/corrections/new", "/h5/forms/expense", "/h5/forms/resignation"):
        assert f'href="{path}"' in page
    found = h5("li").get("/catalogue", query_string={"q": "发票"}).text
    assert "/h5/forms/expense" in found
    assert "/h5/leave/new" not in found
    assert "没有找到" in h5("li").get("/catalogue", query_string={"q": "登月"}).text


def test_a_preview_computes_says_who_approves_and_which_fields_apply(h5: H5) -> None:
    page = form(h5("li"), "/forms/expense/preview", **EXPENSE).text
    assert "42.50 元" in page
    assert "王五" in page
    assert "费财务" in page
    shown = form(h5("li"), "/forms/certificate/preview", **{"v.kind": "其他证明", "v.takes": "自取"}).text
    assert 'data-shown="kind which use copies language takes"' in shown


def test_without_scripts_the_page_is_drawn_again_with_the_next_row(h5: H5) -> None:
    page = h5("li").post("/forms/expense/fill", data=EXPENSE).text
    assert 'value="12.5"' in page
    assert 'name="v.items.2.amount"' in page
    assert "42.50 元" in page


def test_what_was_submitted_is_seen_by_both_and_printed(h5: H5) -> None:
    place = submitted(h5("li"), "expense", EXPENSE)
    page = h5("li").get(place).text
    assert "李雷报销42.50 元" in page
    assert "撤回" in page
    listed = h5("wang").get("/approvals").text
    assert "李雷报销42.50 元" in listed
    seen = h5("wang").get(f"/approvals/form:expense/{place.rpartition('/')[2]}").text
    assert "<td>12.50 元</td>" in seen
    assert '<input type="hidden" name="seen" value="1">' in seen
    assert "报销事项" in h5("wang").get(f"{place}/print").text
    assert h5("fei").get(place).status_code == 404


def test_faults_are_listed_in_place(h5: H5) -> None:
    answer = form(h5("li"), "/forms/expense/requests", **{**EXPENSE, "v.items.0.amount": "abc", "v.purpose": ""})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#problem")
    assert "费用明细第 1 行的金额" in answer.text
    assert "用途" in answer.text


def test_files_come_with_the_form_and_stay_with_its_draft(h5: H5) -> None:
    li = h5("li")
    draft = {"v.purpose": "出差", "u.receipts.0": (BytesIO(PNG), "发票.png")}
    assert form(li, "/forms/expense/drafts", **draft).headers["HX-Redirect"] == "/h5/catalogue"
    page = li.get("/catalogue").text
    draft_id = page.partition("draft=")[2][:26]
    page = li.get("/forms/expense", query_string={"draft": draft_id}).text
    file_id = page.partition('name="v.receipts.0" value="')[2][:26]
    assert "发票.png" in page
    whole = {**EXPENSE, "v.items.0.amount": "500", "v.receipts.0": file_id, "draft_id": draft_id}
    place = submitted(li, "expense", whole)
    assert place.endswith(draft_id)
    assert h5("wang").get(f"{place}/files/{file_id}").data == PNG
    assert "草稿" not in li.get("/catalogue").text


def test_a_draft_is_thrown_away(h5: H5) -> None:
    li = h5("li")
    form(li, "/forms/trip/drafts", **{"v.city": "杭州"})
    draft_id = li.get("/catalogue").text.partition("draft=")[2][:26]
    assert form(li, f"/forms/drafts/{draft_id}/discard").status_code == 204
    assert li.get("/forms/trip", query_string={"draft": draft_id}).status_code == 404


def test_withdrawn_and_asked_again_like_before(h5: H5) -> None:
    li = h5("li")
    place = submitted(li, "expense", EXPENSE)
    assert form(li, f"{place}/withdraw").status_code == 204
    assert "没有等您审批的申请" in h5("wang").get("/approvals").text
    again = li.get("/forms/expense", query_string={"like": place.rpartition("/")[2]}).text
    assert 'value="拜访客户"' in again
    assert 'value="12.50"' in again


def test_the_tracker_leads_to_the_page_of_each_request(h5: H5) -> None:
    li = h5("li")
    place = submitted(li, "expense", EXPENSE)
    tracked = li.get("/approvals/mine", query_string={"q": "报销"}).text
    assert "李雷报销42.50 元" in tracked
    assert place in li.get(f"/approvals/form:expense/{place.rpartition('/')[2]}").text


def test_the_inbox_and_the_tracker_are_searched_by_words_kind_person_and_date(h5: H5) -> None:
    """Also for forms HR designed, whose titles need not say what they are called."""
    car = {"title": "车辆使用", "request_title": "{applicant}去{where}",
           "fields": [{"name": "where", "title": "去哪里", "type": "text"}]}  # fmt: skip
    make_forms.published("car", car)
    li = h5("li")
    submitted(li, "car", {"v.where": "机场"})
    submitted(li, "expense", EXPENSE)

    def found(who: Someone, path: str, **sought: str) -> set[str]:
        page = who.get(path, query_string=sought).text
        return {title for title in ("李雷去机场", "李雷报销42.50 元") if title in page}

    both = {"李雷去机场", "李雷报销42.50 元"}
    for who, path in ((h5("wang"), "/approvals"), (li, "/approvals/mine")):
        assert found(who, path) == both
        assert found(who, path, q="车辆") == {"李雷去机场"}
        assert found(who, path, q="机场") == {"李雷去机场"}
        assert found(who, path, q="李雷") == both
        assert found(who, path, subject="form:expense") == {"李雷报销42.50 元"}
        assert found(who, path, first_day="2026-03-02", last_day="2026-03-02") == both
        assert found(who, path, first_day="2026-03-03") == set()
        assert found(who, path, subject="", first_day="", last_day="") == both
    assert found(h5("wang"), "/approvals", person="李雷") == both
    assert found(h5("wang"), "/approvals", person="费财务") == set()
    assert "没有找到相关的待办" in h5("wang").get("/approvals", query_string={"person": "费财务"}).text


def test_an_approver_agrees_to_some_rows_and_the_amounts_follow(h5: H5) -> None:
    place = submitted(h5("li"), "expense", EXPENSE)
    about = f"/approvals/form:expense/{place.rpartition('/')[2]}"
    page = h5("wang").get(about).text
    assert "2026年3月1日，餐饮，12.50 元" in page
    act = page.partition('hx-post="/h5/approvals/tasks/')[2][:26]
    rows = f"/approvals/tasks/{act}/rows"
    for chosen, sentence in (([], "请勾选要同意的行"), (["1", "2"], "请直接点同意"), (["3"], "请勾选要同意的行")):
        answer = form(h5("wang"), rows, rows=chosen, seen="1")
        assert (answer.status_code, sentence in answer.text) == (422, True), answer.text
    assert form(h5("wang"), rows, rows=["2"], seen="1", comment="打车费请找行政").status_code == 204
    assert "同意费用明细第 2 行：1 行，金额合计 12.50 元（申请 2 行，金额合计 42.50 元）" in h5("fei").get(about).text
    paying = h5("fei").get(about).text.partition('hx-post="/h5/approvals/tasks/')[2][:26]
    assert form(h5("fei"), f"/approvals/tasks/{paying}/decision", decision="approve").status_code == 204
    kept = h5("li").get(place).text
    assert "李雷报销12.50 元" in kept
    assert "交通" not in kept
    assert "第 2 行" in kept


def test_a_form_that_does_not_divide_offers_no_part(h5: H5) -> None:
    trip = {"v.city": "杭州", "v.span.from": "2026-03-04", "v.span.to": "2026-03-04", "v.reason": "拜访"}
    place = submitted(h5("li"), "trip", trip)
    assert "只同意一部分" not in h5("wang").get(f"/approvals/form:trip/{place.rpartition('/')[2]}").text


def test_what_waits_is_changed_on_its_page(h5: H5) -> None:
    li = h5("li")
    place = submitted(li, "expense", EXPENSE)
    page = li.get(f"{place}/change").text
    assert 'value="拜访客户"' in page
    assert f'action="{place}/change"' in page
    more = {**EXPENSE, "v.items.0.amount": "37.5"}
    assert "50.00 元" in form(li, f"{place}/change/preview", **more).text
    assert 'value="37.5"' in li.post(f"{place}/change/fill", data=more).text
    assert form(li, f"{place}/change", **more).headers["HX-Redirect"] == place
    assert "李雷报销50.00 元" in h5("wang").get("/approvals").text
