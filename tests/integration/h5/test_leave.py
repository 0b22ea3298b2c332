"""Leave on the phone: pages that say what one has, what a wish would cost, and what became of it."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from kit.ids import new_id
from models.base import db
from models.enums import Gender
from models.platform import AuditRecord
from services import approvals, people, platform
from services.approvals import Decide
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
FORM = {"kind": "annual", "first_day": "2026-03-04", "last_day": "2026-03-04", "from_half": "pm", "to_half": "pm"}


@pytest.fixture
def li(app: Flask, h5: Ways) -> Someone:
    """Li with five days and a superior."""
    grants.kinds()
    wang = make.person("wangwu", "王五", leads=True)
    grants.lot(make.person("lilei", "李雷", superior=wang, gender=Gender.MALE), 5)
    return h5("lilei")


def post(who: Someone, path: str, **form: object) -> str:
    """Sends a form as htmx does; where it leads."""
    answer = who.post(path, data={**form, "_key": new_id()}, headers={"HX-Request": "true"})
    assert answer.status_code == 204, answer.text
    return answer.headers["HX-Redirect"]


def approve() -> None:
    with platform.unit_of_work():
        wang = people.by_userid("wangwu")
        (task,) = approvals.my_tasks(wang, approvals.MineQuery()).items
        approvals.decide(wang, task.id, Decide(decision="approve"))


def test_from_the_balance_to_a_request_and_back(li: Someone) -> None:
    assert "5天" in li.get("/leave").text
    where = post(li, "/leave/requests", **FORM, reason="看牙")
    page = li.get(where).text
    assert "年假0.5天" in page
    assert "3月4日下午" in page
    assert "撤回申请" in page
    assert "4.5天" in li.get("/leave").text
    assert "看牙" in page
    post(li, f"{where}/withdraw")
    assert "已撤回" in li.get(where).text
    ledger = li.get("/leave/ledger?kind=annual").text
    assert ledger.index("撤回申请，退回额度") < ledger.index("申请年假0.5天") < ledger.index("发放 5 天")


def test_whoever_was_asked_to_approve_may_open_the_proof_and_is_recorded(li: Someone, h5: Ways) -> None:
    for userid in ("dong", "hanmeimei"):
        make.person(userid)
    where = post(li, "/leave/requests", **FORM)
    request_id = where.rpartition("/")[2]
    shown = lambda userid: h5(userid).get(f"/approvals/leave/{request_id}").text  # noqa: E731
    opened = lambda userid: h5(userid).get(f"{where}/proof").status_code  # noqa: E731
    assert f"{where}/proof" not in shown("wangwu"), "there is none yet"
    post(li, f"{where}/proof", proof=(BytesIO(b"%PDF-1.4 note"), "病历.pdf"))
    assert opened("dong") == 404, "not asked yet"
    with platform.unit_of_work():
        wang = people.by_userid("wangwu")
        (task,) = approvals.my_tasks(wang, approvals.MineQuery()).items
        approvals.transfer(wang, task.id, approvals.Transfer(to="dong"))
    assert f"{where}/proof" in shown("dong")
    assert [opened(userid) for userid in ("dong", "wangwu", "hanmeimei")] == [200, 200, 404]
    read = select(AuditRecord.actor).where(AuditRecord.action == "leave.proof.read").order_by(AuditRecord.seq)
    assert list(db.session.scalars(read)) == [people.by_userid(userid).label for userid in ("dong", "wangwu")]


def test_a_delegate_may_open_the_proof_while_it_waits(li: Someone, h5: Ways) -> None:
    make.person("dong")
    where = post(li, "/leave/requests", **FORM, proof=(BytesIO(b"%PDF-1.4 note"), "病历.pdf"))
    post(h5("wangwu"), "/approvals/delegations", to="dong", first_day="2026-03-02", last_day="2026-03-06")
    assert h5("dong").get(f"{where}/proof").status_code == 200
    approve()
    assert h5("dong").get(f"{where}/proof").status_code == 404, "it was not theirs to decide"


def test_the_choice_of_a_kind_leads_to_its_form(li: Someone) -> None:
    choice = li.get("/leave/new").text
    assert "年假" in choice
    assert "探亲假" not in choice
    annual, marriage, personal = (li.get(f"/leave/new?kind={kind}").text for kind in ("annual", "marriage", "personal"))
    assert 'name="from_half"' in annual
    assert 'name="from_time"' not in annual
    assert 'name="from_half"' not in marriage
    assert "结婚证" in marriage
    assert 'name="from_time"' in personal
    assert "请选择假别" in li.get("/leave/new?kind=unheard").text


def test_the_form_shows_its_cost_or_the_reason_against_it(li: Someone) -> None:
    fine = li.get("/leave/preview", query_string=FORM).text
    assert "0.5天" in fine
    assert "4.5天" in fine
    saturday = {**FORM, "first_day": "2026-03-07", "last_day": "2026-03-07"}
    assert "都不是您的工作时间" in li.get("/leave/preview", query_string=saturday).text
    long = {**FORM, "last_day": "2026-03-31"}
    assert "余额不足" in li.get("/leave/preview", query_string=long).text


def test_a_request_is_not_in_the_way_of_its_own_change(li: Someone) -> None:
    """All five days are held: on the same days the preview still fits, and the balance counts what comes back."""
    whole = {**FORM, "from_half": "am", "first_day": "2026-03-09", "last_day": "2026-03-13"}
    asked = li.post(
        "/leave/requests", data={**whole, "reason": "旅行", "_key": new_id()}, headers={"HX-Request": "true"}
    )
    request_id = asked.headers["HX-Redirect"].rpartition("/")[2]
    assert f"/h5/leave/preview?editing={request_id}" in li.get(f"/leave/requests/{request_id}/edit").text
    shorter = {**whole, "last_day": "2026-03-12"}
    assert "不能提交" in li.get("/leave/preview", query_string=shorter).text
    fine = li.get("/leave/preview", query_string={**shorter, "editing": request_id}).text
    assert ("不能提交" in fine, "4天" in fine, "1天" in fine) == (False, True, True)
    assert (
        "不能提交" in li.get("/leave/preview", query_string={**shorter, "kind": "personal", "editing": request_id}).text
    )
    assert "不能提交" in li.get("/leave/preview", query_string={**shorter, "editing": new_id()}).text


def test_a_refused_form_says_why_and_changes_nothing(li: Someone) -> None:
    form = {**FORM, "kind": "marriage", "event_on": "2026-02-20", "from_half": "am", "_key": new_id()}
    answer = li.post("/leave/requests", data=form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#problem"
    assert "需要上传结婚证" in answer.text
    assert "还没有请假记录" in li.get("/leave/requests").text


def test_a_form_sent_twice_is_one_request(li: Someone) -> None:
    form = {**FORM, "_key": new_id()}
    first, second = (li.post("/leave/requests", data=form, headers={"HX-Request": "true"}) for _ in range(2))
    assert first.headers["HX-Redirect"] == second.headers["HX-Redirect"]


def test_approved_leave_shows_its_way_and_asks_for_cancelling(li: Someone) -> None:
    where = post(li, "/leave/requests", **FORM)
    approve()
    page = li.get(where).text
    assert "已批准" in page
    assert "王五" in page
    post(li, f"{where}/cancel", reason="会议改期")
    assert "销假申请正在审批中" in li.get(where).text
    approve()
    assert "已取消" in li.get(where).text
    assert "5天" in li.get("/leave").text


def test_the_way_of_a_cancellation_says_that_it_is_one(li: Someone) -> None:
    where = post(li, "/leave/requests", **FORM)
    approve()
    post(li, f"{where}/cancel", reason="会议改期")
    post(li, f"{where}/withdraw")
    told = re.findall(r"李雷[^<]*申请", li.get(where).text.partition("审批进度")[2])
    assert told == ["李雷提交申请", "李雷提交销假申请", "李雷撤回销假申请"]


def test_a_half_in_the_middle_is_picked_with_its_refund_in_view(li: Someone) -> None:
    long = {"first_day": "2026-03-09", "last_day": "2026-03-11", "from_half": "am", "to_half": "pm"}
    where = post(li, "/leave/requests", **{**FORM, **long})
    approve()
    assert f"{where}/part" in li.get(where).text
    page = li.get(f"{where}/part").text
    assert page.count('type="checkbox" name="days"') == 6
    assert "本次销假" not in li.get(f"{where}/refund").text, "nothing is picked yet"
    seen = li.get(f"{where}/refund?days=2026-03-10+am&days=2026-03-11").text
    assert [words in seen for words in ("1.5天", "退回2026年年假", "王五")] == [True] * 3
    none = li.post(f"{where}/part", data={"reason": "开会", "_key": new_id()}, headers={"HX-Request": "true"})
    assert (none.status_code, "销假的日子" in none.text) == (422, True)
    post(li, f"{where}/part", reason="开会", days=["2026-03-10 am", "2026-03-11"])
    assert li.get(f"{where}/part").status_code == 409
    approve()
    assert "3月9日至3月10日（3月10日上午除外）" in li.get(where).text


def test_a_proof_is_handed_in_later_and_shown(li: Someone) -> None:
    where = post(li, "/leave/requests", **{**FORM, "kind": "sick"})
    note = (BytesIO(b"%PDF-1.4 note"), "病历.pdf")
    post(li, f"{where}/proof", proof=note)
    assert li.get(f"{where}/proof").data == b"%PDF-1.4 note"
    assert "查看" in li.get(where).text


def test_lists_filter_by_state_and_the_team_page_names_who_is_away(li: Someone, h5: Ways) -> None:
    post(li, "/leave/requests", **FORM)
    assert "年假 0.5天" in li.get("/leave/requests?state=pending").text
    assert "还没有请假记录" in li.get("/leave/requests?state=rejected").text
    assert "大家都在" in li.get("/leave/team").text
    assert "李雷" in h5("wangwu").get("/leave/team").text
    assert li.get("/leave/team?first=2026-01-01&last=2026-12-31").status_code == 422


def test_the_days_one_came_from_the_chat_with_are_filled_in(li: Someone) -> None:
    page = li.get("/leave/new?kind=annual&first_day=2026-03-11&last_day=2026-03-12").text
    assert str(date(2026, 3, 11)) in page
    assert str(date(2026, 3, 12)) in page
