"""The sweep looks after everybody: a request that cannot be helped is told to HR and holds up none of the others."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock
from kit.errors import Conflict
from models.approvals import ApprovalHistory, ApprovalInstance, ApprovalTask
from models.base import db
from models.enums import Deadline, Decision, PersonStatus, Role, SignMode, TaskState, Vacancy
from models.people import Person
from models.platform import Promise
from services import approvals, people, platform, wiring
from services.approvals import Chain, Decided, InstanceOut, Node, Policies, Sla, orphans, timing
from tests.factories.approvals import HR, SUPERIOR, Company, ask, company, node, open_tasks, save_chain
from tests.factories.people import person

REFUSED = "这一天已改为上班日，不能这样安排"


@pytest.fixture
def staff(app: Flask) -> Company:
    return company()


@pytest.fixture
def poisoned(app: Flask) -> Iterator[set[str]]:
    """Requests (by subject id) that whoever owns them refuses to settle."""
    subjects: set[str] = set()

    def settle(event: Decided) -> None:
        if event.subject_id in subjects:
            raise Conflict(REFUSED)

    platform.connect({**wiring.REACTIONS, Decided: (settle,)})
    yield subjects
    wiring.connect()


def sweep(day: int = 2, hour: float = 12) -> None:
    with clock.frozen(clock.at_local(date(2026, 3, day), int(hour * 60))), platform.unit_of_work():
        approvals.rescue({"slot": f"{day}-{hour}"})


def by_clock(**limits: Any) -> None:
    save_chain(Node(name="直接上级", approvers=(SUPERIOR,), sla=Sla(act_after=1, act=Decision.APPROVE, **limits)))


def state(trip: InstanceOut) -> str:
    return db.session.scalar(select(ApprovalInstance.state).where(ApprovalInstance.id == trip.id))


def acts(trip: InstanceOut) -> list[str]:
    of = ApprovalHistory.instance_id == trip.id
    return list(db.session.scalars(select(ApprovalHistory.act).where(of).order_by(ApprovalHistory.seq)))


def told(trip: InstanceOut) -> int:
    """How often HR heard of it."""
    ours = Promise.dedupe_key.like(f"blocked:{trip.id}:%")
    return db.session.scalar(select(func.count()).select_from(Promise).where(ours)) or 0


def lose(*gone: Person) -> None:
    with platform.unit_of_work():
        for one in gone:
            db.session.get_one(Person, one.id).status = PersonStatus.INACTIVE


def test_what_the_clock_cannot_do_stops_nobody_else_and_is_told_to_hr(staff: Company, poisoned: set[str]) -> None:
    by_clock()
    poison, good = ask(staff.li), ask(staff.li)
    poisoned.add(poison.subject_id)
    sweep()
    assert (state(poison), state(good)) == ("pending", "approved")
    assert (list(open_tasks(poison)), acts(poison)[-1], told(poison)) == (["lead"], "blocked", 1)
    assert "timed_out" not in acts(poison)


def test_what_was_refused_is_tried_once_a_day_and_told_once(staff: Company, poisoned: set[str]) -> None:
    by_clock()
    trip = ask(staff.li)
    poisoned.add(trip.subject_id)
    for day, hour in ((2, 12), (2, 12.25), (2, 20), (3, 12), (3, 12.25)):
        sweep(day, hour)
    assert (acts(trip).count("blocked"), told(trip)) == (1, 2)
    poisoned.clear()
    sweep(4)
    assert state(trip) == "approved"


def test_an_approver_still_decides_what_the_clock_could_not(
    staff: Company, poisoned: set[str], api: Callable[..., Any]
) -> None:
    by_clock()
    trip = ask(staff.li)
    poisoned.add(trip.subject_id)
    sweep()
    poisoned.clear()
    body = {"decision": "reject", "comment": "改期"}
    assert api("lead").post(f"/approvals/tasks/{open_tasks(trip)['lead'].id}/decision", json=body).status_code == 200


def test_a_fault_of_the_program_stops_nobody_else_either(staff: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    by_clock()
    first, second = ask(staff.li), ask(staff.li)
    act = timing._act

    def broken(held: Any, *more: Any) -> None:
        if held.running.id == first.id:
            raise ZeroDivisionError
        act(held, *more)

    monkeypatch.setitem(timing.DONE, Deadline.ACT, broken)
    sweep()
    assert (state(first), state(second), told(first)) == ("pending", "approved", 1)


def keep(chain: Chain) -> None:
    with platform.unit_of_work():
        wish = approvals.SaveFlow(based_on=approvals.flow("trip").version, definition=chain.model_dump_json())
        approvals.save(people.System("tests"), "trip", wish)


def test_somebody_can_leave_though_a_request_of_theirs_cannot_go_on(staff: Company, poisoned: set[str]) -> None:
    both = node("会签", HR, mode=SignMode.COUNTERSIGN)
    keep(Chain(nodes=(both,), policies=Policies(departed=Vacancy.SKIP)))
    trip = ask(staff.li)
    with platform.unit_of_work():
        approvals.decide(people.by_userid("hua"), open_tasks(trip)["hua"].id, approvals.Decide(decision="approve"))
    poisoned.add(trip.subject_id)
    with platform.unit_of_work():
        db.session.get_one(Person, staff.hong.id).status = PersonStatus.INACTIVE
        db.session.flush()
        platform.publish(people.Left(staff.hong.id))
    assert (state(trip), acts(trip)[-1]) == ("pending", "blocked")
    poisoned.clear()
    sweep()
    assert state(trip) == "approved"


def test_those_who_cannot_be_helped_do_not_keep_the_others_waiting(
    staff: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "AT_ONCE", 2)
    keep(Chain(nodes=(node("人事", HR),), policies=Policies(departed=Vacancy.HR)))
    stuck = [ask(staff.li) for _ in range(5)]
    save_chain(node("直接上级", SUPERIOR))
    helped = ask(staff.li)
    lose(staff.hua, staff.hong)
    sweep_to_the_end("first")
    assert all((acts(one).count("stuck"), told(one)) == (1, 0) for one in stuck)  # there is no HR to hear it
    with platform.unit_of_work():
        db.session.get_one(ApprovalTask, open_tasks(helped)["lead"].id).state = TaskState.TRANSFERRED
    sweep_to_the_end("second")
    assert list(open_tasks(helped)) == ["lead"]
    person("newhr", superior=staff.boss, roles=(Role.HR,))
    sweep_to_the_end("third")
    assert all(list(open_tasks(one)) == ["newhr"] for one in stuck)


def sweep_to_the_end(slot: str) -> None:
    """The sweep, with all that it promises to look after next."""
    seen: set[str] = set()
    more: list[dict[str, Any]] = [{"slot": slot}]
    while more:
        with platform.unit_of_work():
            for payload in more:
                approvals.rescue(payload)
        promised = select(Promise.dedupe_key, Promise.payload)
        kept = promised.where(Promise.dedupe_key.like(f"{orphans.JOB}:{slot}:%"))
        found = {key: payload for key, payload in db.session.execute(kept) if key not in seen}
        seen |= set(found)
        more = list(found.values())


def test_deadlines_beyond_the_first_two_hundred_pass_as_well(
    staff: Company, poisoned: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "AT_ONCE", 2)
    by_clock()
    trips = [ask(staff.li) for _ in range(4)]
    poisoned.update(one.subject_id for one in trips[:2])
    for quarter in range(3):
        sweep(2, 12 + quarter / 4)
    assert [state(one) for one in trips] == ["pending", "pending", "approved", "approved"]
    waiting = select(func.count()).where(ApprovalTask.state == TaskState.OPEN)
    assert db.session.scalar(waiting) == 2
