"""One voice each: nobody speaks twice in a step, whichever way a task comes to them, and turns go on without those who
are gone."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from models.approvals import ApprovalInstance, ApprovalTask
from models.base import db
from models.enums import ApproverKind, PersonStatus, SignMode
from models.people import Person
from services import approvals, people, platform
from services.approvals import Approver, InstanceOut, Node, Sla
from tests.factories.approvals import HR, SUPERIOR, Company, ask, company, open_tasks, save_chain
from tests.factories.people import person
from tests.support.clients import Someone

Api = Callable[..., Someone]


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


def asked(mode: SignMode, *persons: Person, needed: int | None = None, sla: Sla | None = None) -> Node:
    """These people in one step."""
    named = tuple(Approver(kind=ApproverKind.PERSON, person_id=one.id) for one in persons)
    return Node(name="几人", approvers=named, mode=mode, needed=needed, sla=sla)


def act(api: Api, userid: str, trip: InstanceOut, what: str = "decision", **body: str) -> int:
    task = open_tasks(trip)[userid]
    said = body or {"decision": "approve"}
    return api(userid).post(f"/approvals/tasks/{task.id}/{what}", json=said).status_code


def sweep(day: int = 2, hour: float = 10) -> None:
    with clock.frozen(at(day, hour)), platform.unit_of_work():
        approvals.rescue({})


def at(day: int, hour: float) -> datetime:
    return clock.at_local(date(2026, 3, day), int(hour * 60))


def lose(who: Person) -> None:
    with platform.unit_of_work():
        db.session.get_one(Person, who.id).status = PersonStatus.INACTIVE


def move(who: Person, superior: Person) -> None:
    """Somebody gets another superior, and everybody hears it."""
    with platform.unit_of_work():
        db.session.get_one(Person, who.id).superior_id = superior.id
        db.session.flush()
        platform.publish(people.Moved(who.id, who.department_id, superior.id))


def state(trip: InstanceOut) -> str:
    return db.session.scalar(select(ApprovalInstance.state).where(ApprovalInstance.id == trip.id))


def speakers(trip: InstanceOut) -> list[str]:
    """Whose decisions stand."""
    spoken = ApprovalTask.state.in_(["approved", "rejected"])
    ours = select(Person.userid).join(ApprovalTask, ApprovalTask.person_id == Person.id)
    return sorted(db.session.scalars(ours.where(ApprovalTask.instance_id == trip.id, spoken)))


COUNTING = [(SignMode.COUNTERSIGN, None), (SignMode.N_OF_M, 2)]

# ── nobody speaks twice ──


@pytest.mark.parametrize(("mode", "needed"), COUNTING)
@pytest.mark.parametrize(("what", "more"), [("transfer", {}), ("signers", {"when": "with"})])
def test_who_has_spoken_gets_no_second_task_from_a_colleague(
    staff: Company, api: Api, mode: SignMode, needed: int | None, what: str, more: dict[str, str]
) -> None:
    save_chain(asked(mode, staff.hua, staff.boss, needed=needed))
    trip = ask(staff.li)
    assert act(api, "hua", trip) == 200
    assert act(api, "boss", trip, what, to="hua", **more) == 409
    assert list(open_tasks(trip)) == ["boss"]


def test_who_spoke_in_somebodys_place_gets_no_second_task(staff: Company, api: Api) -> None:
    save_chain(asked(SignMode.COUNTERSIGN, staff.lead, staff.boss))
    trip = ask(staff.li)
    days = {"first_day": "2026-03-02", "last_day": "2026-03-02"}
    api("lead").post("/approvals/delegations", json={"to": "hua", **days})
    lead = open_tasks(trip)["lead"]
    assert api("hua").post(f"/approvals/tasks/{lead.id}/decision", json={"decision": "approve"}).status_code == 200
    assert act(api, "boss", trip, "transfer", to="hua") == 409


@pytest.mark.parametrize(("mode", "needed"), COUNTING)
def test_what_waits_too_long_does_not_go_up_to_who_has_spoken(
    staff: Company, api: Api, mode: SignMode, needed: int | None
) -> None:
    save_chain(asked(mode, staff.lead, staff.chief, needed=needed, sla=Sla(escalate_after=1)))
    trip = ask(staff.li)
    act(api, "chief", trip)
    sweep(3)
    assert list(open_tasks(trip)) == ["lead"]


@pytest.mark.parametrize(("mode", "needed"), COUNTING)
def test_who_has_spoken_inherits_no_task(staff: Company, api: Api, mode: SignMode, needed: int | None) -> None:
    save_chain(asked(mode, staff.lead, staff.chief, needed=needed))
    trip = ask(staff.li)
    act(api, "chief", trip)
    lose(staff.lead)
    sweep()
    assert len(open_tasks(trip)) == 1
    assert not set(open_tasks(trip)) & {"chief", "lead"}


def test_who_refused_in_a_step_that_is_decided_anew_is_asked_once(staff: Company, api: Api) -> None:
    save_chain(asked(SignMode.N_OF_M, staff.hua, staff.boss, staff.hong, needed=2), asked(SignMode.OR_SIGN, staff.lead))
    trip = ask(staff.chief)
    act(api, "hua", trip, decision="reject", comment="不行")
    act(api, "boss", trip)
    act(api, "hong", trip)
    first = api("lead").get(f"/approvals/instances/{trip.id}").json["steps"][0]["id"]
    assert act(api, "lead", trip, "return", reason="再议", to=first) == 204
    assert set(open_tasks(trip)) == {"hua", "boss", "hong"}
    assert speakers(trip) == []
    for userid in ("hua", "boss"):
        act(api, userid, trip)
    assert speakers(trip) == ["boss", "hua"]


# ── turns go on ──

IN_TURN = Node(name="依次", approvers=(SUPERIOR, HR), mode=SignMode.IN_TURN)


def in_turn(trip: InstanceOut, api: Api) -> list[str]:
    """Everybody who is asked, one after the other, until nobody is."""
    order = []
    while state(trip) == "pending":
        (userid,) = open_tasks(trip)
        order.append(userid)
        act(api, userid, trip)
    return order


def test_in_turn_whoever_waited_waits_for_the_new_superior(staff: Company, api: Api) -> None:
    save_chain(IN_TURN)
    trip = ask(staff.li)
    move(staff.li, person("newlead", "新组长", superior=staff.boss))
    assert list(open_tasks(trip)) == ["newlead"]
    assert in_turn(trip, api)[0] == "newlead"
    assert (state(trip), speakers(trip)) == ("approved", ["hong", "hua", "newlead"])


def test_in_turn_a_superior_whose_turn_has_not_come_is_replaced_too(staff: Company, api: Api) -> None:
    save_chain(Node(name="依次", approvers=(HR, SUPERIOR), mode=SignMode.IN_TURN))
    trip = ask(staff.li)
    move(staff.li, person("newlead", "新组长", superior=staff.boss))
    assert in_turn(trip, api)[-1] == "newlead"
    assert speakers(trip) == ["hong", "hua", "newlead"]


@pytest.mark.parametrize("is_first", [True, False])
def test_in_turn_a_new_superior_who_is_asked_anyhow_leaves_nobody_waiting(
    staff: Company, api: Api, is_first: bool
) -> None:
    save_chain(Node(name="依次", approvers=(SUPERIOR, HR) if is_first else (HR, SUPERIOR), mode=SignMode.IN_TURN))
    trip = ask(staff.li)
    move(staff.li, staff.hua)
    assert sorted(in_turn(trip, api)) == ["hong", "hua"]


def test_who_moves_there_and_back_has_the_old_superior_again(staff: Company, api: Api) -> None:
    save_chain(IN_TURN)
    trip = ask(staff.li)
    move(staff.li, person("newlead", "新组长", superior=staff.boss))
    move(staff.li, staff.lead)
    assert list(open_tasks(trip)) == ["lead"]


def test_in_turn_the_place_of_the_second_is_taken_at_once_when_they_leave(staff: Company, api: Api) -> None:
    save_chain(asked(SignMode.IN_TURN, staff.hua, staff.lead, staff.hong))
    trip = ask(staff.li)
    act(api, "hua", trip)
    lose(staff.lead)
    sweep()
    assert list(open_tasks(trip)) == ["chief"]
    assert in_turn(trip, api) == ["chief", "hong"]


def test_a_step_in_which_everybody_only_waits_goes_on_with_the_next_sweep(staff: Company, api: Api) -> None:
    save_chain(IN_TURN)
    trip = ask(staff.li)
    with platform.unit_of_work():  # as a fault of an earlier release left it
        db.session.get_one(ApprovalTask, open_tasks(trip)["lead"].id).state = "transferred"
    assert open_tasks(trip) == {}
    sweep()
    assert len(in_turn(trip, api)) == 2
    assert state(trip) == "approved"
