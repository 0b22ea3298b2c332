"""Approvers on leave (R36): the chain says who decides instead, and all can read it; why they are away, nobody."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from kit import clock
from models.base import db
from models.enums import Absent, ApproverKind, LeaveState, SignMode
from models.leave import LeaveRequest
from models.people import Person
from services import approvals, leave, people, platform
from services.approvals import Approver, Chain, InstanceOut, Node, Policies
from services.leave.answers import away
from tests.factories import leave as grants
from tests.factories.approvals import HR, SUPERIOR, Company, ask, company, node, open_tasks, save_chain
from tests.support.clients import Someone

Api = Callable[..., Someone]
COVERED = "直接上级：组长3月2日至6日休假，改由部长审批"


@pytest.fixture
def staff(app: Flask) -> Company:
    grants.kinds()
    return company()


def at(day: int, hour: float) -> datetime:
    """An hour of a day in March 2026; the 2nd is a Monday, and now it is 09:30 there."""
    return clock.at_local(date(2026, 3, day), int(hour * 60))


def on_leave(who: Person, first: int = 2, last: int = 6, *, state: LeaveState = LeaveState.APPROVED) -> str:
    """Personal leave on these days of March; nobody has to know that it is personal, nor why."""
    asked = at(first, 8)
    with clock.frozen(asked), platform.unit_of_work():
        days = {"first_day": date(2026, 3, first), "last_day": date(2026, 3, last)}
        made = leave.apply(people.by_id(who.id), leave.Apply(kind="personal", reason="家里有事", **days))
        db.session.execute(update(LeaveRequest).where(LeaveRequest.id == made.id).values(state=state))
    return made.id


def chain(absent: Absent, *nodes: Node) -> None:
    with platform.unit_of_work():
        made = Chain(nodes=nodes or (node("直接上级", SUPERIOR),), policies=Policies(absent=absent))
        wish = approvals.SaveFlow(based_on=approvals.flow("trip").version, definition=made.model_dump_json())
        approvals.save(people.System("tests"), "trip", wish)


def named(*persons: Person, mode: SignMode = SignMode.OR_SIGN, **more: Any) -> Node:
    who = tuple(Approver(kind=ApproverKind.PERSON, person_id=one.id) for one in persons)
    return Node(name="直接上级", approvers=who, mode=mode, **more)


def delegate(api: Api, who: str, to: str) -> None:
    body = {"to": to, "first_day": "2026-03-02", "last_day": "2026-03-06"}
    assert api(who).post("/approvals/delegations", json=body).status_code == 201


def trail(api: Api, trip: InstanceOut) -> list[str]:
    return [one["title"] for one in api("li").get(f"/approvals/instances/{trip.id}").json["history"]]


def foreseen(applicant: Person) -> list[tuple[list[str], list[str]]]:
    """Whom the preview names, and what it says of them."""
    steps = approvals.preview("trip", people.by_id(applicant.id), {"days": 1, "city": "杭州"})
    return [(step.approvers, step.notes) for step in steps]


def sweep(moment: datetime) -> None:
    with clock.frozen(moment), platform.unit_of_work():
        approvals.rescue({})


def test_somebody_away_is_replaced_by_whoever_stands_above_and_all_of_it_is_told(staff: Company, api: Api) -> None:
    on_leave(staff.lead)
    assert foreseen(staff.li) == [(["部长"], [COVERED.removeprefix("直接上级：")])]
    trip = ask(staff.li)
    assert list(open_tasks(trip)) == ["chief"]
    told = trail(api, trip)
    assert told[1:3] == [COVERED, "直接上级：等待部长审批"]
    assert not any("事假" in one or "家里" in one for one in told)


@pytest.mark.parametrize(
    ("absent", "asked", "words"),
    [
        (Absent.STAND_IN, "lead", "组长3月2日至6日休假，由受托的人事小红代为审批"),
        (Absent.GO_UP, "chief", "组长3月2日至6日休假，改由部长审批"),
        (Absent.WAIT, "lead", "组长3月2日至6日休假，回来后审批"),
    ],
)
def test_the_chain_says_whether_a_delegate_or_the_superior_decides_or_it_waits(
    staff: Company, api: Api, absent: Absent, asked: str, words: str
) -> None:
    delegate(api, "lead", "hong")
    on_leave(staff.lead)
    chain(absent)
    assert foreseen(staff.li)[0][1] == [words]
    trip = ask(staff.li)
    assert list(open_tasks(trip)) == [asked]
    assert f"直接上级：{words}" in trail(api, trip)


def test_a_node_has_a_policy_of_its_own(staff: Company) -> None:
    on_leave(staff.lead)
    chain(Absent.GO_UP, Node(name="直接上级", approvers=(SUPERIOR,), absent=Absent.WAIT))
    assert list(open_tasks(ask(staff.li))) == ["lead"]


def test_a_delegate_who_is_away_as_well_does_not_count(staff: Company, api: Api) -> None:
    delegate(api, "lead", "hong")
    on_leave(staff.lead)
    on_leave(staff.hong)
    assert list(open_tasks(ask(staff.li))) == ["chief"]


def test_the_delegate_who_is_the_applicant_does_not_count(staff: Company, api: Api) -> None:
    delegate(api, "lead", "li")
    on_leave(staff.lead)
    assert list(open_tasks(ask(staff.li))) == ["chief"]


def test_it_goes_up_past_everybody_who_is_away_and_past_the_applicant(staff: Company) -> None:
    on_leave(staff.lead)
    on_leave(staff.chief)
    assert list(open_tasks(ask(staff.li))) == ["boss"]
    save_chain(named(staff.lead))
    (hr,) = open_tasks(ask(staff.boss))  # lead, chief: away; boss: the applicant
    assert hr in {"hua", "hong"}


def test_a_circle_of_superiors_ends(staff: Company) -> None:
    with platform.unit_of_work():
        db.session.get_one(Person, staff.chief.id).superior_id = staff.lead.id
    on_leave(staff.lead)
    on_leave(staff.chief)
    assert set(open_tasks(ask(staff.li))) <= {"boss", "hua", "hong"}


def test_with_nobody_else_there_the_approver_is_waited_for(staff: Company, api: Api) -> None:
    for one in (staff.lead, staff.chief, staff.boss, staff.hua, staff.hong):
        on_leave(one)
    trip = ask(staff.li)
    assert list(open_tasks(trip)) == ["lead"]
    assert "直接上级：组长3月2日至6日休假，回来后审批" in trail(api, trip)


def test_where_others_are_enough_nobody_is_replaced(staff: Company) -> None:
    on_leave(staff.hua)
    save_chain(node("人事", HR))
    assert set(open_tasks(ask(staff.li))) == {"hua", "hong"}
    save_chain(node("人事", HR, mode=SignMode.COUNTERSIGN))
    assert set(open_tasks(ask(staff.li))) == {"boss", "hong"}


def test_in_turn_the_heir_takes_the_place_in_the_row(staff: Company) -> None:
    on_leave(staff.lead)
    save_chain(named(staff.lead, staff.hua, mode=SignMode.IN_TURN))
    assert list(open_tasks(ask(staff.li))) == ["chief"]


def test_who_has_agreed_already_is_not_replaced(staff: Company, api: Api) -> None:
    save_chain(named(staff.lead), Node(name="复核", approvers=(SUPERIOR,)), node("人事", HR))
    trip = ask(staff.li)
    on_leave(staff.lead)
    body = {"decision": "approve"}
    api("lead").post(f"/approvals/tasks/{open_tasks(trip)['lead'].id}/decision", json=body)
    assert set(open_tasks(trip)) == {"hua", "hong"}


@pytest.mark.parametrize("state", [LeaveState.PENDING, LeaveState.WITHDRAWN, LeaveState.REJECTED])
def test_leave_that_is_not_approved_is_no_absence(staff: Company, state: LeaveState) -> None:
    on_leave(staff.lead, state=state)
    assert list(open_tasks(ask(staff.li))) == ["lead"]


def test_a_day_worked_in_the_midst_of_leave_is_no_absence(staff: Company) -> None:
    made = on_leave(staff.lead)
    with platform.unit_of_work():
        worked = ["2026-03-04", "2026-03-05 am"]
        db.session.execute(update(LeaveRequest).where(LeaveRequest.id == made).values(gaps=worked))
    asked = {}
    for day in (3, 4, 5, 6):
        with clock.frozen(at(day, 10)):
            asked[day] = list(open_tasks(ask(staff.li)))
    assert asked == {3: ["chief"], 4: ["lead"], 5: ["lead"], 6: ["chief"]}


def test_who_is_back_soon_is_waited_for(staff: Company) -> None:
    on_leave(staff.lead, 2, 2)
    with clock.frozen(at(2, 13)):
        assert list(open_tasks(ask(staff.li))) == ["chief"]
    with clock.frozen(at(2, 15)):
        assert list(open_tasks(ask(staff.li))) == ["lead"]


def test_the_step_that_opens_later_looks_when_it_opens(staff: Company, api: Api) -> None:
    save_chain(named(staff.hua), Node(name="上级", approvers=(SUPERIOR,)))
    on_leave(staff.lead, 3, 6)
    trip = ask(staff.li)
    with clock.frozen(at(3, 10)):
        api("hua").post(f"/approvals/tasks/{open_tasks(trip)['hua'].id}/decision", json={"decision": "approve"})
    assert list(open_tasks(trip)) == ["chief"]


# ── what waits already ──


def test_what_is_overdue_while_its_approver_is_away_goes_up_and_on(staff: Company, api: Api) -> None:
    trip = ask(staff.li)  # Monday 09:30
    on_leave(staff.lead, 3, 6)
    on_leave(staff.chief, 4, 6)
    sweep(at(2, 17))
    assert list(open_tasks(trip)) == ["lead"]
    sweep(at(3, 9.25))
    assert list(open_tasks(trip)) == ["chief"]
    sweep(at(3, 17))  # the new approver has his own eight hours
    assert list(open_tasks(trip)) == ["chief"]
    sweep(at(4, 9.25))
    assert list(open_tasks(trip)) == ["boss"]
    told = trail(api, trip)
    assert "直接上级：组长3月3日至6日休假，改由部长审批" in told
    assert "直接上级：部长3月4日至6日休假，改由老板审批" in told


def test_where_the_chain_waits_or_a_delegate_decides_the_sweep_leaves_it_and_says_nothing(
    staff: Company, api: Api
) -> None:
    chain(Absent.WAIT)
    waits = ask(staff.li)
    chain(Absent.STAND_IN)
    delegate(api, "lead", "hong")
    trusted = ask(staff.li)
    on_leave(staff.lead, 3, 6)
    before = trail(api, waits), trail(api, trusted)
    for hour in (9.25, 9.5):
        sweep(at(3, hour))
    assert (list(open_tasks(waits)), list(open_tasks(trusted))) == (["lead"], ["lead"])
    assert (trail(api, waits), trail(api, trusted)) == before


def test_while_a_question_is_open_nothing_is_taken_away(staff: Company, api: Api) -> None:
    trip = ask(staff.li)
    api("lead").post(f"/approvals/tasks/{open_tasks(trip)['lead'].id}/question", json={"text": "为何？"})
    on_leave(staff.lead, 3, 6)
    sweep(at(3, 9.25))
    assert list(open_tasks(trip)) == ["lead"]


def test_of_two_who_may_decide_one_is_enough(staff: Company) -> None:
    save_chain(node("人事", HR))
    trip = ask(staff.li)
    on_leave(staff.hua, 3, 6)
    sweep(at(3, 9.25))
    assert set(open_tasks(trip)) == {"hua", "hong"}


# ── what it costs ──


def test_many_people_are_asked_about_in_one_statement(staff: Company, statements: list[str]) -> None:
    for one in (staff.lead, staff.chief):
        on_leave(one)
    everybody = list(db.session.scalars(select(Person.id)))
    away.away_at(everybody, clock.now())  # the rules of the kind are read once
    statements.clear()
    found = away.away_at(everybody, clock.now())
    assert set(found) == {staff.lead.id, staff.chief.id}
    assert len(statements) == 1


def test_a_preview_of_many_nodes_asks_once(staff: Company, statements: list[str]) -> None:
    save_chain(*(named(one).model_copy(update={"name": one.userid}) for one in (staff.lead, staff.chief, staff.boss)))
    statements.clear()
    foreseen(staff.li)
    assert sum("leave_segment" in one for one in statements) == 1


def test_whoever_tries_a_chain_sees_it_too(staff: Company, api: Api) -> None:
    on_leave(staff.lead)
    wish = approvals.TryFlow(definition=approvals.flow("trip").definition, applicant="li", facts="days = 1")
    (step,) = approvals.try_out("trip", wish)
    assert (step.approvers, step.notes) == (["部长"], ["组长3月2日至6日休假，改由部长审批"])
