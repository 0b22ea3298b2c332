"""A request that comes back later meets the rules of then: sent back and submitted again, left behind, or too late."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock
from models.approvals import ApprovalInstance
from models.base import db
from models.enums import InstanceState, LeaveState
from models.leave import LeaveCancellation, LeaveEntry, LeaveRequest
from models.people import Person
from services import approvals, people, platform
from services.approvals import Decide
from services.leave import ledger
from services.leave.life import cancelling
from tests.factories import leave as grants
from tests.factories import people as make
from tests.factories import schedule as roster
from tests.support.clients import Someone

Ways = Callable[..., Someone]
JUNE = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)


@pytest.fixture
def li(app: Flask) -> Person:
    """Li has five days; Wang decides."""
    grants.kinds()
    team = make.department("研发部")
    wang = make.person("wangwu", "王五", dept=team, leads=True)
    person = make.person("lilei", "李雷", superior=wang, dept=team)
    grants.lot(person, 5)
    return person


def ask(first: str, last: str | None = None, kind: str = "annual", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "first_day": first, "last_day": last or first, **more}


def task() -> tuple[people.Actor, str]:
    wang = people.by_userid("wangwu")
    (waiting,) = approvals.my_tasks(wang, approvals.TaskQuery()).items
    return wang, waiting.id


def decide(decision: str = "approve") -> None:
    with platform.unit_of_work():
        wang, task_id = task()
        approvals.decide(wang, task_id, Decide(decision=decision))


def sent_back(me: Someone, plan: dict[str, Any]) -> tuple[str, str]:
    """A request that Wang sent back; its id and that of its approval."""
    made = me.post("/leave/requests", json=plan)
    assert made.status_code == 201, made.json
    with platform.unit_of_work():
        wang, task_id = task()
        approvals.send_back(wang, task_id, approvals.SendBack(reason="请核对日期"))
    found = select(ApprovalInstance.id).where(ApprovalInstance.subject_id == made.json["id"])
    return made.json["id"], db.session.scalars(found).one()


def again(me: Someone, instance_id: str) -> Any:
    return me.post(f"/approvals/instances/{instance_id}/resubmit", json={"comment": "已核对"})


def state(instance_id: str) -> str:
    return str(db.session.scalar(select(ApprovalInstance.state).where(ApprovalInstance.id == instance_id)))


class TestSubmittedAgain:
    def test_as_it_was_while_nothing_speaks_against_it(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        made, instance = sent_back(me, ask("2026-03-09", "2026-03-13"))
        assert again(me, instance).status_code == 204
        held = select(func.sum(LeaveEntry.minutes)).where(LeaveEntry.request_id == made)
        assert int(db.session.scalar(held) or 0) == -5 * grants.A_DAY
        decide()
        assert me.get(f"/leave/requests/{made}").json["state"] == "approved"

    def test_not_when_its_time_has_passed(self, li: Person, api: Ways) -> None:
        made, instance = sent_back(api("lilei"), ask("2026-03-09", "2026-03-13"))
        with clock.frozen(JUNE):
            answer = again(api("lilei"), instance)
        assert (answer.status_code, answer.json["title"]) == (409, "开始日期已超过 30 天，不能再补请，请联系人事")
        assert state(instance) == InstanceState.RETURNED
        assert made

    def test_not_against_a_rule_made_meanwhile(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        _, instance = sent_back(me, ask("2026-03-09", "2026-03-13"))
        grants.edit("annual", blackouts="2026-03-10..2026-03-11 盘点")
        assert again(me, instance).json["title"] == "3月10日不能请这种假：盘点，请改期"

    def test_not_with_another_length(self, li: Person, api: Ways) -> None:
        me = api("lilei")
        _, instance = sent_back(me, ask("2026-03-09", "2026-03-13"))
        roster.own_day("司庆", date(2026, 3, 11))
        assert "这次请假现在是4天，请点“修改申请”核对后再提交" in again(me, instance).json["title"]
        assert state(instance) == InstanceState.RETURNED


def test_nobody_decides_on_taking_leave_back_when_its_owner_has_left(li: Person, api: Ways) -> None:
    me = api("lilei")
    made = me.post("/leave/requests", json=ask("2026-03-09", "2026-03-13")).json["id"]
    decide()
    assert me.post(f"/leave/requests/{made}/cancel", json={"reason": "不休了"}).status_code == 200
    with platform.unit_of_work():
        platform.publish(people.Left(li.id))
    assert db.session.scalars(select(LeaveCancellation.state)).all() == [LeaveState.WITHDRAWN]
    assert approvals.my_tasks(people.by_userid("wangwu"), approvals.TaskQuery()).items == []


def test_what_is_taken_back_is_looked_at_once_nobody_else_changes_it(
    li: Person, api: Ways, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = api("lilei")
    made = me.post("/leave/requests", json=ask("2026-03-09", "2026-03-13")).json["id"]
    decide()
    lock = ledger.lock

    def waits(person_id: str) -> None:
        """Somebody else had the account first, and the leave ended meanwhile."""
        lock(person_id)
        cancelling.end(made, LeaveState.APPROVED, LeaveState.CANCELLED)

    monkeypatch.setattr(ledger, "lock", waits)
    answer = me.post(f"/leave/requests/{made}/cancel", json={"reason": "不休了"})
    assert (answer.status_code, answer.json["title"]) == (409, "只有审批中或已批准的请假可以取消")


def test_days_that_nothing_pays_are_named(li: Person, api: Ways) -> None:
    with clock.frozen(datetime(2026, 12, 28, 1, 30, tzinfo=UTC)):
        me, plan = api("lilei"), ask("2026-12-30", "2027-01-05")
        said = me.get("/leave/preview", query_string=plan).json["refusal"]
        assert "这些日期可用5天，还差2天（1月4日、1月5日没有可用的额度）" in said
        figures = {one["label"]: one["value"] for one in me.get("/leave/why-not", query_string=plan).json["figures"]}
        assert figures["没有可用额度的日子"] == "1月4日、1月5日"


def test_a_moved_request_names_the_colleague_as_people_do(li: Person, api: Ways) -> None:
    make.person("zhao1", "赵六")
    me = api("lilei")
    made = me.post("/leave/requests", json=ask("2026-03-09", cover="zhao1")).json["id"]
    decide()
    assert me.get(f"/leave/form?replaces={made}").json["cover"] == "赵六"
    make.person("zhao2", "赵六")
    assert me.get(f"/leave/form?replaces={made}").json["cover"] == "zhao1"
    assert db.session.scalar(select(func.count()).select_from(LeaveRequest)) == 1
