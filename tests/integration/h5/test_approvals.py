"""Approving on the phone: the list with its count, one request, what I may do about it, my delegations."""

import io
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask

from kit.ids import new_id
from services import leave, people, platform
from tests.factories import leave as grants
from tests.factories.approvals import Company, ask, company, open_tasks
from tests.integration.hostile.world import PNG
from tests.support.clients import Someone

H5 = Callable[..., Someone]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


def form(who: Someone, path: str, **fields: str) -> Any:
    return who.post(path, data={"_key": new_id(), **fields}, headers=HTMX)


def test_the_list_shows_how_many_wait_and_leads_to_each(staff: Company, h5: H5) -> None:
    trips = [ask(staff.li), ask(staff.li)]
    page = h5("lead").get("/approvals").text
    assert "待我审批（2）" in page
    assert all(f"/h5/approvals/{trip.id}" in page for trip in trips)
    assert "没有等您审批的申请" in h5("hua").get("/approvals").text


def test_an_approver_agrees_and_is_taken_back_to_the_list(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    page = h5("lead").get(f"/approvals/{trip.id}").text
    assert "拜访客户" in page
    assert "组长" in page
    task_id = open_tasks(trip)["lead"].id
    assert f'hx-post="/h5/approvals/tasks/{task_id}/decision"' in page
    answer = form(h5("lead"), f"/approvals/tasks/{task_id}/decision", decision="approve")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/h5/approvals")
    seen = h5("li").get(f"/approvals/{trip.id}").text
    assert "直接上级：组长同意" in seen
    assert "同意这项申请？" not in seen


def test_a_refusal_without_a_reason_is_refused_in_place(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    path = f"/approvals/tasks/{open_tasks(trip)['lead'].id}/decision"
    answer = form(h5("lead"), path, decision="reject")
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#problem")
    assert "驳回时请写明理由" in answer.text
    assert form(h5("lead"), path, decision="reject", comment="请改到下周").status_code == 204
    assert "请改到下周" in h5("li").get(f"/approvals/{trip.id}").text


def test_the_same_form_sent_twice_decides_once(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    lead, key = h5("lead"), new_id()
    path = f"/approvals/tasks/{open_tasks(trip)['lead'].id}/decision"
    answers = [lead.post(path, data={"_key": key, "decision": "approve"}, headers=HTMX) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]


def test_the_applicant_sees_no_buttons_to_decide_but_one_to_urge(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    page = h5("li").get(f"/approvals/{trip.id}").text
    assert "催办" in page
    assert "/decision" not in page
    answer = form(h5("li"), f"/approvals/{trip.id}/urge")
    assert answer.headers["HX-Redirect"] == f"/h5/approvals/{trip.id}"
    assert "刚催过了" in form(h5("li"), f"/approvals/{trip.id}/urge").text


def test_a_card_leads_to_the_request_about_its_thing(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    assert "李雷申请出差1天" in h5("lead").get(f"/approvals/trip/{trip.subject_id}").text
    assert h5("chief").get(f"/approvals/trip/{trip.subject_id}").status_code == 404
    assert h5("lead").get(f"/approvals/leave/{trip.subject_id}").status_code == 404


def test_a_task_is_passed_on_by_name(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    path = f"/approvals/tasks/{open_tasks(trip)['lead'].id}/transfer"
    assert "没有找到这位同事" in form(h5("lead"), path, to="某某").text
    assert form(h5("lead"), path, to="部长", reason="请您定夺").headers["HX-Redirect"] == "/h5/approvals"
    assert "待我审批（1）" in h5("chief").get("/approvals").text


def test_my_requests_can_be_filtered(staff: Company, h5: H5) -> None:
    ask(staff.li)
    assert "等待组长" in h5("li").get("/approvals/mine").text
    assert "没有这样的申请" in h5("li").get("/approvals/mine?state=rejected").text


def test_a_delegation_is_made_shown_to_both_and_revoked(staff: Company, h5: H5) -> None:
    made = form(h5("lead"), "/approvals/delegations", to="部长", first_day="2026-03-02", last_day="2026-03-06")
    assert made.headers["HX-Redirect"] == "/h5/approvals/delegations"
    mine, theirs = h5("lead").get("/approvals/delegations").text, h5("chief").get("/approvals/delegations").text
    assert "请人代我审批" in mine
    assert "撤销" in mine
    assert "我代人审批" in theirs
    assert "撤销" not in theirs
    revoke = mine.split('hx-post="/h5')[1].split('"')[0]
    assert form(h5("lead"), revoke).status_code == 204
    assert "请人代我审批" not in h5("lead").get("/approvals/delegations").text


def test_hostile_words_stay_words(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    words = "<script>alert(1)</script>{{ 7 * 7 }}"
    form(h5("lead"), f"/approvals/tasks/{open_tasks(trip)['lead'].id}/decision", decision="reject", comment=words)
    page = h5("li").get(f"/approvals/{trip.id}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page


def test_tasks_and_requests_are_found_by_their_words(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    for who, place in (("lead", "/approvals"), ("li", "/approvals/mine")):
        for words, is_found in (("出差", True), ("李雷", True), ("报销", False), ("%", False)):
            page = h5(who).get(place, query_string={"q": words}).text
            assert (f"/h5/approvals/{trip.id}" in page) is is_found, (place, words)


# ── every act is one tap away ──


def test_a_request_is_sent_back_explained_and_submitted_again(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    task_id = open_tasks(trip)["lead"].id
    assert "退回给" in h5("lead").get(f"/approvals/{trip.id}").text
    answer = form(h5("lead"), f"/approvals/tasks/{task_id}/return", reason="请补充行程", seen="1")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/h5/approvals")
    page = h5("li").get(f"/approvals/{trip.id}").text
    assert "已退回" in page
    assert "请补充行程" in page
    assert form(h5("li"), f"/approvals/{trip.id}/resubmit", comment="行程见附件").status_code == 204
    assert list(open_tasks(trip)) == ["lead"]


def test_a_question_is_asked_and_answered_with_a_paper(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    path = f"/approvals/tasks/{open_tasks(trip)['lead'].id}/question"
    assert form(h5("lead"), path, text="谁接替？").status_code == 204
    assert "回答审批人" in h5("li").get(f"/approvals/{trip.id}").text
    said = {"_key": new_id(), "text": "小王", "paper": (io.BytesIO(PNG), "交接.png")}
    assert h5("li").post(f"/approvals/{trip.id}/answer", data=said, headers=HTMX).status_code == 204
    page = h5("lead").get(f"/approvals/{trip.id}").text
    assert "附件：李雷回答" in page
    paper = re.search(rf"/h5(/approvals/{trip.id}/papers/\w+)", page)
    assert paper is not None
    assert h5("lead").get(paper[1]).data == PNG


def test_a_colleague_signs_first(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    path = f"/approvals/tasks/{open_tasks(trip)['lead'].id}/signers"
    assert form(h5("lead"), path, to="老板", when="before").status_code == 204
    assert list(open_tasks(trip)) == ["boss"]
    assert form(h5("boss"), f"/approvals/{trip.id}/comments", text="我先看看").status_code == 204
    assert "老板评论" in h5("li").get(f"/approvals/{trip.id}").text


def test_several_are_agreed_to_at_once_and_the_page_says_what_became_of_each(staff: Company, h5: H5) -> None:
    first, second = ask(staff.li), ask(staff.li)
    boxes = [f"{open_tasks(trip)['lead'].id}:{seen}" for trip, seen in ((first, 1), (second, 9))]
    listed = h5("lead").get("/approvals").text
    assert boxes[0] in listed
    chosen = {"_key": new_id(), "decision": "approve", "tasks": boxes}
    answer = h5("lead").post("/approvals/tasks/decisions", data=chosen)
    assert "已处理 1 项，共 2 项" in answer.text
    assert "申请内容已变化，请刷新" in answer.text
    assert list(open_tasks(second)) == ["lead"]


def test_what_changed_since_it_was_read_is_not_decided(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    path = f"/approvals/tasks/{open_tasks(trip)['lead'].id}/decision"
    answer = form(h5("lead"), path, decision="approve", seen="2")
    assert (answer.status_code, "申请内容已变化，请刷新" in answer.text) == (409, True)


def test_a_delegation_names_its_kind(staff: Company, h5: H5) -> None:
    days = {"first_day": "2026-03-02", "last_day": "2026-03-03"}
    assert form(h5("lead"), "/approvals/delegations", to="hua", subject="trip", **days).status_code == 204
    assert "只限出差" in h5("hua").get("/approvals/delegations").text


def test_an_approver_agrees_to_some_of_the_days(staff: Company, h5: H5) -> None:
    grants.kinds()
    with platform.unit_of_work():
        days = {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 13)}
        asked = leave.apply(people.by_id(staff.li.id), leave.Apply(kind="personal", reason="搬家", **days))
    page = h5("lead").get(f"/approvals/leave/{asked.id}").text
    options = {
        unescape(words): unescape(value) for value, words in re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)', page)
    }
    assert {"前3天：3月9日至3月11日", "后1天：3月13日"} <= set(options)
    path = re.search(r'hx-post="/h5(/approvals/tasks/\w+/decision)"', page)[1]
    answer = form(h5("lead"), path, decision="approve", seen="1", part=options["前3天：3月9日至3月11日"])
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/h5/approvals")
    head = h5("chief").get(f"/approvals/leave/{asked.id}").text
    assert "同意3月9日至3月11日，共3天（申请5天）" in head
    form(h5("chief"), re.search(r'hx-post="/h5(/approvals/tasks/\w+/decision)"', head)[1], decision="approve", seen="2")
    with platform.unit_of_work():
        kept = leave.my_request(people.by_id(staff.li.id), asked.id)
    assert (kept.state, kept.last_day, str(kept.days.normalize())) == ("approved", date(2026, 3, 11), "3")


def test_one_day_is_approved_whole(staff: Company, h5: H5) -> None:
    trip = ask(staff.li)
    assert "只同意一部分" not in h5("lead").get(f"/approvals/{trip.id}").text
