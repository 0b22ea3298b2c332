"""Time and loss: deadlines in the approver's own hours, each once; nobody waits for somebody who is gone (R36)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from models.approvals import ApprovalHistory, ApprovalInstance
from models.base import db
from models.enums import Decision, PersonStatus, Role, SignMode, Vacancy
from models.people import Membership, Person
from models.platform import Promise
from services import approvals, people, platform
from services.approvals import Chain, InstanceOut, Node, Policies, Sla
from tests.factories.approvals import HEAD, HR, SUPERIOR, Company, ask, company, node, open_tasks, save_chain
from tests.factories.people import person
from tests.support.clients import Someone

Api = Callable[..., Someone]


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


def at(day: int, hour: float) -> datetime:
    """An hour of a day in March 2026; the 2nd is a Monday."""
    return clock.at_local(date(2026, 3, day), int(hour * 60))


def sweep(moment: datetime) -> None:
    with clock.frozen(moment), platform.unit_of_work():
        approvals.rescue({})


def limited(**limits: Any) -> None:
    """A chain with a time limit on its first node."""
    save_chain(Node(name="直接上级", approvers=(SUPERIOR,), sla=Sla(**limits)), node("人事", HR))


def acts(trip: InstanceOut) -> list[str]:
    of = ApprovalHistory.instance_id == trip.id
    return list(db.session.scalars(select(ApprovalHistory.act).where(of).order_by(ApprovalHistory.seq)))


def reminders() -> list[str]:
    kept = select(Promise.dedupe_key).where(Promise.dedupe_key.like("due:%"))
    return list(db.session.scalars(kept))


def state(trip: InstanceOut) -> str:
    return db.session.scalar(select(ApprovalInstance.state).where(ApprovalInstance.id == trip.id))


# ── deadlines ──


def test_working_hours_pass_and_nothing_else(staff: Company) -> None:
    limited(remind_after=8)
    trip = ask(staff.li)  # Monday 09:30: eight hours of work end on Tuesday at 09:30
    for moment in (at(2, 20), at(3, 3), at(3, 9.25)):
        sweep(moment)
        assert acts(trip)[-1] == "opened"
    sweep(at(3, 9.5))
    assert acts(trip)[-1] == "reminded"


def test_a_scheduler_that_was_down_reminds_once(staff: Company) -> None:
    limited(remind_after=2)
    ask(staff.li)
    for moment in (at(9, 10), at(9, 10.25), at(9, 10.5), at(10, 10)):
        sweep(moment)
    assert len(reminders()) == 1


def test_what_waits_too_long_goes_up_once_and_is_decided_at_last(staff: Company, api: Api) -> None:
    limited(remind_after=1, escalate_after=2, act_after=4, act=Decision.APPROVE)
    trip = ask(staff.li)
    sweep(at(2, 10.5))
    sweep(at(2, 11.5))
    assert (list(open_tasks(trip)), acts(trip)[-1]) == (["chief"], "escalated")
    for moment in (at(2, 11.75), at(2, 13.5), at(2, 14)):
        sweep(moment)
        assert list(open_tasks(trip)) == ["chief"]
    sweep(at(2, 14.5))
    assert set(open_tasks(trip)) == {"hua", "hong"}
    titles = [one["title"] for one in api("li").get(f"/approvals/instances/{trip.id}").json["history"]]
    assert "直接上级：组长超过时限未处理，改由部长审批" in titles
    assert "直接上级：超过时限未处理，按流程同意" in titles


def test_the_clock_may_refuse(staff: Company) -> None:
    limited(act_after=3, act=Decision.REJECT)
    trip = ask(staff.li)
    sweep(at(2, 15))
    assert (state(trip), open_tasks(trip)) == ("rejected", {})


def test_it_may_go_up_to_a_role_but_not_to_the_applicant(staff: Company) -> None:
    limited(escalate_after=1, escalate_to=Role.HR)
    trip, own = ask(staff.li), ask(staff.hua)
    sweep(at(2, 12))
    assert set(open_tasks(trip)) < {"hua", "hong"}
    assert list(open_tasks(own)) == ["hong"]


def test_with_nobody_above_the_task_stays(staff: Company) -> None:
    limited(escalate_after=1)
    trip = ask(staff.chief)
    sweep(at(2, 12))
    assert list(open_tasks(trip)) == ["boss"]


def test_an_answered_question_gives_back_the_time_that_was_left(staff: Company, api: Api) -> None:
    limited(remind_after=2)
    trip = ask(staff.li)  # 09:30, so two hours end at 11:30
    with clock.frozen(at(2, 10.5)):
        place = f"/approvals/tasks/{open_tasks(trip)['lead'].id}/question"
        api("lead").post(place, json={"text": "谁接替？"})
    sweep(at(2, 12))
    with clock.frozen(at(3, 9)):
        api("li").post(f"/approvals/instances/{trip.id}/answer", data={"text": "小王"})
    sweep(at(3, 9.75))
    assert reminders() == []
    sweep(at(3, 10))
    assert len(reminders()) == 1


def test_a_decision_stops_the_clock(staff: Company, api: Api) -> None:
    limited(act_after=3, act=Decision.REJECT)
    trip = ask(staff.li)
    api("lead").post(f"/approvals/tasks/{open_tasks(trip)['lead'].id}/decision", json={"decision": "approve"})
    sweep(at(3, 15))
    assert state(trip) == "pending"


# ── nobody waits for somebody who is gone ──


def lose(who: Person) -> None:
    """Somebody is gone, and nobody told the product: only the sweep can see it."""
    with platform.unit_of_work():
        db.session.get_one(Person, who.id).status = PersonStatus.INACTIVE


def circle(staff: Company) -> None:
    with platform.unit_of_work():
        db.session.get_one(Person, staff.lead.id).superior_id = staff.li.id


def headless(_staff: Company) -> None:
    with platform.unit_of_work():
        for row in db.session.scalars(select(Membership).where(Membership.is_leader)):
            row.is_leader = False


@pytest.mark.parametrize("step", range(3))
@pytest.mark.parametrize("trouble", [None, circle, headless])
def test_at_each_step_somebody_else_takes_over_within_a_sweep(
    staff: Company, api: Api, step: int, trouble: Callable[[Company], None] | None
) -> None:
    if trouble:
        trouble(staff)
    save_chain(node("直接上级", SUPERIOR), node("部门负责人", HEAD), node("人事", HR))
    trip = ask(staff.li)
    for _ in range(step):
        if state(trip) == "pending":
            userid, task = next(iter(open_tasks(trip).items()))
            api(userid).post(f"/approvals/tasks/{task.id}/decision", json={"decision": "approve"})
    if state(trip) != "pending":
        return
    asked = open_tasks(trip)
    for userid in asked:
        lose(db.session.scalars(select(Person).where(Person.userid == userid)).one())
    if set(asked) >= {"hua", "hong"}:
        person("newhr", roles=(Role.HR,))
    sweep(at(2, 9.75))
    heirs = open_tasks(trip)
    assert heirs
    assert not set(heirs) & {*asked, "li"}
    assert "reassigned" in acts(trip)


@pytest.mark.parametrize(
    ("way", "heirs"),
    [(Vacancy.GO_UP, {"chief"}), (Vacancy.HR, {"hua", "hong"}), (Vacancy.FALLBACK, {"hua", "hong"})],
)
def test_the_chain_says_who_follows_somebody_who_left(staff: Company, way: Vacancy, heirs: set[str]) -> None:
    with platform.unit_of_work():
        chain = Chain(nodes=(node("直接上级", SUPERIOR),), policies=Policies(departed=way))
        wish = approvals.SaveFlow(based_on=0, definition=chain.model_dump_json())
        approvals.save(people.System("tests"), "trip", wish)
    trip = ask(staff.li)
    lose(staff.lead)
    sweep(at(2, 9.75))
    assert set(open_tasks(trip)) <= heirs
    assert open_tasks(trip)


def test_when_the_last_of_several_is_dropped_what_the_others_said_is_enough(staff: Company, api: Api) -> None:
    with platform.unit_of_work():
        both = node("会签", HR, mode=SignMode.COUNTERSIGN)
        chain = Chain(nodes=(both,), policies=Policies(departed=Vacancy.SKIP))
        wish = approvals.SaveFlow(based_on=0, definition=chain.model_dump_json())
        approvals.save(people.System("tests"), "trip", wish)
    trip = ask(staff.li)
    api("hua").post(f"/approvals/tasks/{open_tasks(trip)['hua'].id}/decision", json={"decision": "approve"})
    lose(staff.hong)
    sweep(at(2, 9.75))
    assert state(trip) == "approved"


def test_a_place_that_is_dropped_leaves_the_others_and_is_asked_anew_when_it_was_the_last(staff: Company) -> None:
    with platform.unit_of_work():
        chain = Chain(nodes=(node("人事", HR),), policies=Policies(departed=Vacancy.SKIP))
        wish = approvals.SaveFlow(based_on=0, definition=chain.model_dump_json())
        approvals.save(people.System("tests"), "trip", wish)
    trip = ask(staff.li)
    lose(staff.hua)
    sweep(at(2, 9.75))
    assert list(open_tasks(trip)) == ["hong"]
    lose(staff.hong)
    person("newhr", roles=(Role.HR,))
    sweep(at(2, 10))
    assert list(open_tasks(trip)) == ["newhr"]
