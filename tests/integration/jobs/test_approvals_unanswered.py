"""What waits for its applicant: they are reminded, and neither a question nor a return holds a request for ever."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from models.approvals import ApprovalHistory, ApprovalInstance
from models.base import db
from models.enums import FormState, LeaveState
from models.forms import FormRequest
from models.leave import LeaveRequest
from models.platform import Promise
from services import approvals, people, platform
from services.approvals import InstanceOut, Node, Sla
from tests.conftest import MONDAY_MORNING
from tests.factories import forms as make_forms
from tests.factories import leave as grants
from tests.factories.approvals import SUPERIOR, Company, ask, company, open_tasks, save_chain
from tests.support.clients import Someone

Api = Callable[..., Someone]


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


def sweep(days: float) -> None:
    """The sweep so many days after Monday, 2 March 2026, 09:30."""
    with clock.frozen(MONDAY_MORNING + timedelta(days=days)), platform.unit_of_work():
        approvals.rescue({})


def act(api: Api, trip: InstanceOut, what: str, **body: str) -> int:
    return api("lead").post(f"/approvals/tasks/{open_tasks(trip)['lead'].id}/{what}", json=body).status_code


def state(instance_id: str) -> str:
    return db.session.scalar(select(ApprovalInstance.state).where(ApprovalInstance.id == instance_id))


def acts(trip: InstanceOut) -> list[str]:
    of = ApprovalHistory.instance_id == trip.id
    return list(db.session.scalars(select(ApprovalHistory.act).where(of).order_by(ApprovalHistory.seq)))


def reminded() -> list[str]:
    """What applicants were reminded of, in order."""
    kept = select(Promise.payload).where(Promise.dedupe_key.like("awaited:%")).order_by(Promise.seq)
    return [one["message"]["template_card"]["quote_area"]["quote_text"] for one in db.session.scalars(kept)]


def test_the_applicant_is_reminded_of_a_question_every_other_day(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    act(api, trip, "question", text="谁接替？")
    for days in (1, 2, 2.1, 3, 4, 6):
        sweep(days)
    assert reminded() == [f"审批人的问题还没有回答，{left}天后审批继续计时" for left in (5, 3, 1)]


def test_a_scheduler_that_was_down_reminds_the_applicant_once(staff: Company, api: Api) -> None:
    act(api, ask(staff.li), "question", text="谁接替？")
    for days in (6, 6.1, 6.2):
        sweep(days)
    assert len(reminded()) == 1


def test_a_question_without_an_answer_lets_the_clocks_go_on(staff: Company, api: Api) -> None:
    save_chain(Node(name="直接上级", approvers=(SUPERIOR,), sla=Sla(remind_after=2)))
    trip = ask(staff.li)
    act(api, trip, "question", text="谁接替？")
    sweep(6.9)
    assert "unanswered" not in acts(trip)
    sweep(7)
    assert acts(trip)[-1] == "unanswered"
    seen = api("li").get(f"/approvals/instances/{trip.id}").json
    assert (seen["may_answer"], seen["history"][-1]["title"]) == (False, "申请人7天没有回答，审批继续计时")
    told = db.session.scalars(select(Promise.payload).where(Promise.dedupe_key.like("unanswered:%"))).one()
    assert told["userids"] == ["lead"]
    sweep(7 + 1 / 24)
    assert acts(trip)[-1] == "unanswered"  # two hours of work were left
    sweep(7 + 2 / 24)
    assert acts(trip)[-1] == "reminded"
    assert act(api, trip, "question", text="现在呢？") == 204


def test_an_answer_in_time_is_the_end_of_it(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    act(api, trip, "question", text="谁接替？")
    api("li").post(f"/approvals/instances/{trip.id}/answer", data={"text": "小王"})
    sweep(8)
    assert (reminded(), "unanswered" in acts(trip)) == ([], False)


def test_what_was_sent_back_and_left_lying_ends(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    act(api, trip, "return", reason="请补充")
    sweep(3)
    assert reminded() == ["申请已退回，请修改或说明后重新提交；27天后会自动结束"]
    sweep(29.9)
    assert state(trip.id) == "returned"
    sweep(30)
    assert (state(trip.id), acts(trip)[-1]) == ("rejected", "lapsed")
    again = api("li").post(f"/approvals/instances/{trip.id}/resubmit", json={"comment": "好"})
    assert again.status_code == 409


def test_the_days_count_from_the_last_return(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    act(api, trip, "return", reason="请补充")
    with clock.frozen(MONDAY_MORNING + timedelta(days=20)):
        api("li").post(f"/approvals/instances/{trip.id}/resubmit", json={"comment": "好"})
        act(api, trip, "return", reason="还不够")
    sweep(31)
    assert state(trip.id) == "returned"
    sweep(50)
    assert state(trip.id) == "rejected"


def test_how_long_it_waits_is_for_the_company_to_say(staff: Company, api: Api) -> None:
    with platform.unit_of_work():
        wish: dict[str, Any] = {"remind_days": 1, "question_days": 2, "returned_days": 3}
        platform.settings.change(people.System("tests"), "approvals.applicant", wish, staff.hua.id)
    trip = ask(staff.li)
    act(api, trip, "return", reason="请补充")
    sweep(3)
    assert state(trip.id) == "rejected"


def test_leave_that_was_left_lying_gives_back_what_it_held(staff: Company, api: Api) -> None:
    grants.kinds()
    grants.lot(staff.li, 5)
    days = {"kind": "annual", "first_day": "2026-04-13", "last_day": "2026-04-14", "reason": "休息"}
    made = api("li").post("/leave/requests", json=days).json["id"]
    (task,) = api("lead").get("/approvals/tasks").json["items"]
    api("lead").post(f"/approvals/tasks/{task['id']}/return", json={"reason": "改期"})
    assert left(api) == 3 * 480
    sweep(30)
    row = db.session.get_one(LeaveRequest, made, populate_existing=True)
    assert row.state == LeaveState.REJECTED
    assert left(api) == 5 * 480


def left(api: Api) -> int:
    """Minutes of leave that Li has."""
    return sum(lot["minutes"] for one in api("li").get("/leave/balances").json for lot in one["lots"])


def test_a_form_that_was_left_lying_ends_with_its_approval(staff: Company, api: Api) -> None:
    make_forms.published("small", {"title": "小单", "fields": [{"name": "a", "title": "内容", "type": "text"}]})
    made = api("li").post("/forms/small/requests", json={"values": {"a": "笔"}}).json["id"]
    (task,) = api("lead").get("/approvals/tasks").json["items"]
    api("lead").post(f"/approvals/tasks/{task['id']}/return", json={"reason": "改"})
    assert db.session.get_one(FormRequest, made, populate_existing=True).state == FormState.RETURNED
    sweep(30)
    assert db.session.get_one(FormRequest, made, populate_existing=True).state == FormState.REJECTED
