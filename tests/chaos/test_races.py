"""Two hands on one request at one instant: one decision, one settlement, one notice; the loser hears who won (R28)."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock
from kit.errors import AppError
from models.approvals import ApprovalDelegation, ApprovalHistory, ApprovalInstance, ApprovalTask
from models.base import db
from models.enums import Act, Decision, InstanceState, LeaveState, Role, SignMode, TaskState
from models.leave import LeaveEntry, LeaveRequest
from models.people import Person
from models.platform import Promise
from services import approvals, leave, people, platform
from templates_msg import Message
from tests.chaos.conftest import FULL
from tests.conftest import MONDAY_MORNING
from tests.factories import leave as grants
from tests.factories.approvals import HR, node, save_chain
from tests.factories.people import person
from tests.support.server import product_on_server

pytestmark = pytest.mark.mysql

ROUNDS = 1000 if FULL else 100
A_WORKER_ASKS = 10
WEDNESDAY = date(2026, 3, 11)

Hand = Callable[[], object]


@pytest.fixture
def server() -> Iterator[Flask]:
    """The product on a real server, with two in HR who decide everything."""
    with clock.frozen(MONDAY_MORNING), product_on_server("hr_races") as product:
        with product.app_context():
            person("hua", "人事小华", roles=(Role.HR,))
            person("hong", "人事小红", roles=(Role.HR,))
            grants.kinds()
        yield product


def requests(count: int) -> list[str]:
    """So many requests for a day of leave, each waiting for both; their ids."""
    made = []
    for number in range(0, count, A_WORKER_ASKS):
        worker = person(f"worker{number}")
        grants.lot(worker, A_WORKER_ASKS)
        days = [WEDNESDAY + timedelta(weeks=week) for week in range(min(A_WORKER_ASKS, count - number))]
        with platform.unit_of_work():
            actor = people.by_id(worker.id)
            made += [leave.apply(actor, leave.Apply(kind="annual", first_day=day, last_day=day)).id for day in days]
    return made


def action_of(request_id: str, userid: str) -> str:
    """What the buttons of this person's card carry."""
    return db.session.scalars(
        select(ApprovalTask.action_id)
        .join(ApprovalInstance, ApprovalInstance.id == ApprovalTask.instance_id)
        .join(Person, Person.id == ApprovalTask.person_id)
        .where(ApprovalInstance.subject_id == request_id, Person.userid == userid)
    ).one()


def tap(userid: str, action_id: str, verb: str) -> Hand:
    return lambda: approvals.tap(people.by_userid(userid), action_id, verb)


def race(server: Flask, rounds: Sequence[tuple[Hand, ...]]) -> list[tuple[str, ...]]:
    """All hands of each round at one instant, on connections of their own; what each of them heard."""
    hands = len(rounds[0])
    start = Barrier(hands)

    def hand(number: int) -> list[str]:
        heard = []
        for acts in rounds:
            with clock.frozen(MONDAY_MORNING), server.app_context():
                start.wait(60)
                try:
                    heard.append(str(platform.transact(acts[number])))
                except AppError as error:
                    heard.append(error.title)
        return heard

    with ThreadPoolExecutor(hands) as threads:
        return list(zip(*threads.map(hand, range(hands)), strict=True))


def test_of_two_who_decide_at_once_one_decides_and_the_other_is_told_who(server: Flask) -> None:
    with server.app_context():
        save_chain(node("人事", HR), subject="leave")
        asked = requests(ROUNDS)
        acts = [
            (tap("hua", action_of(one, "hua"), "approve"), tap("hong", action_of(one, "hong"), "reject"))
            for one in asked
        ]

    heard = race(server, acts)

    assert set(heard) <= {("已同意", "人事小华已同意"), ("人事小红已驳回", "已驳回")}
    approved = sum(left == "已同意" for left, _ in heard)
    with server.app_context():
        states = Counter(db.session.scalars(select(LeaveRequest.state)))
        assert states == Counter({"approved": approved, "rejected": ROUNDS - approved})
        decisions = select(ApprovalHistory.instance_id).where(ApprovalHistory.act.in_((Act.APPROVED, Act.REJECTED)))
        assert set(Counter(db.session.scalars(decisions)).values()) == {1}
        assert Counter(db.session.scalars(select(ApprovalTask.state))) == Counter(
            {TaskState.APPROVED: approved, TaskState.REJECTED: ROUNDS - approved, TaskState.CLOSED: ROUNDS}
        )
        of_requests = LeaveEntry.request_id.is_not(None)
        sums = select(LeaveEntry.request_id, func.sum(LeaveEntry.minutes), func.count()).where(of_requests)
        kept = Counter(
            (int(total), count) for _, total, count in db.session.execute(sums.group_by(LeaveEntry.request_id))
        )
        assert kept == +Counter({(-grants.A_DAY, 1): approved, (0, 2): ROUNDS - approved})
        told = db.session.scalars(select(Promise.dedupe_key).where(Promise.dedupe_key.like("decided:%"))).all()
        assert len(told) == len(set(told)) == ROUNDS


def test_two_countersigners_at_once_finish_it_once(server: Flask) -> None:
    rounds = ROUNDS // 2
    with server.app_context():
        save_chain(node("会签", HR, mode=SignMode.COUNTERSIGN), subject="leave")
        asked = requests(rounds)
        acts = [tuple(tap(who, action_of(one, who), "approve") for who in ("hua", "hong")) for one in asked]

    assert set(race(server, acts)) == {("已同意", "已同意")}

    with server.app_context():
        assert set(db.session.scalars(select(LeaveRequest.state))) == {LeaveState.APPROVED}
        assert set(db.session.scalars(select(ApprovalInstance.state))) == {InstanceState.APPROVED}
        told = select(func.count()).select_from(Promise).where(Promise.dedupe_key.like("decided:%"))
        assert db.session.scalar(told) == rounds


def test_withdrawing_and_deciding_at_once_end_it_once(server: Flask) -> None:
    rounds = ROUNDS // 2
    with server.app_context():
        save_chain(node("人事", HR), subject="leave")
        asked = requests(rounds)
        acts = [(withdraw(one), tap("hua", action_of(one, "hua"), "approve")) for one in asked]

    heard = race(server, acts)

    withdrawn = sum(left == "None" for left, _ in heard)
    assert set(heard) <= {("None", "申请人已撤回"), ("这项申请已经审批完，不能撤回了", "已同意")}
    with server.app_context():
        states = Counter(db.session.scalars(select(LeaveRequest.state)))
        assert states == +Counter({"withdrawn": withdrawn, "approved": rounds - withdrawn})
        of_requests = LeaveEntry.request_id.is_not(None)
        spent = db.session.scalar(select(func.sum(LeaveEntry.minutes)).where(of_requests))
        assert spent == -grants.A_DAY * (rounds - withdrawn)


def withdraw(request_id: str) -> Hand:
    def act() -> object:
        owner = db.session.scalar(select(LeaveRequest.person_id).where(LeaveRequest.id == request_id))
        return leave.withdraw(people.by_id(owner), request_id)

    return act


def rounds_of(count: int, other: Callable[[str], Hand]) -> list[tuple[Hand, Hand]]:
    """Approving against something else, on as many requests."""
    save_chain(node("人事", HR), subject="leave")
    return [(tap("hua", action_of(one, "hua"), "approve"), other(one)) for one in requests(count)]


def task_of(request_id: str, userid: str) -> str:
    """The task that this person holds."""
    return db.session.scalars(
        select(ApprovalTask.id)
        .join(ApprovalInstance, ApprovalInstance.id == ApprovalTask.instance_id)
        .join(Person, Person.id == ApprovalTask.person_id)
        .where(ApprovalInstance.subject_id == request_id, Person.userid == userid)
    ).one()


def sent_back(request_id: str) -> Hand:
    task_id, wish = task_of(request_id, "hong"), approvals.SendBack(reason="请补充")
    return lambda: approvals.send_back(people.by_userid("hong"), task_id, wish)


def test_of_approving_and_sending_back_at_once_one_happens(server: Flask) -> None:
    rounds = ROUNDS // 2
    with server.app_context():
        acts = rounds_of(rounds, sent_back)

    heard = race(server, acts)

    assert set(heard) <= {("已同意", "人事小华已同意"), ("已退回申请人", "None")}
    approved = sum(left == "已同意" for left, _ in heard)
    with server.app_context():
        states = Counter(db.session.scalars(select(ApprovalInstance.state)))
        assert states == +Counter({InstanceState.APPROVED: approved, InstanceState.RETURNED: rounds - approved})
        outcomes = select(ApprovalHistory.instance_id).where(ApprovalHistory.act.in_((Act.APPROVED, Act.RETURNED)))
        assert set(Counter(db.session.scalars(outcomes)).values()) == {1}


def changed(request_id: str) -> Hand:
    """The applicant changes the request; whoever approves at that instant approves one version or the other."""

    def act() -> None:
        row = db.session.scalars(select(LeaveRequest).where(LeaveRequest.id == request_id)).one()
        card = {"applicant": "", "subject": "请假", "title": "改期", "rows": [], "link": "/h5/approvals"}
        facts = {"days": row.days, "minutes": row.minutes, "kind": row.kind_code}
        approvals.revise("leave", row.id, people.by_id(row.person_id), facts, Message("approvals/request", card))

    return act


def test_of_approving_and_changing_at_once_one_happens(server: Flask) -> None:
    rounds = ROUNDS // 2
    with server.app_context():
        acts = rounds_of(rounds, changed)

    heard = race(server, acts)

    assert set(heard) <= {("已同意", "这项申请已经审批完，不能再修改"), ("申请人已修改", "None")}
    approved = sum(left == "已同意" for left, _ in heard)
    with server.app_context():
        stand = db.session.execute(select(ApprovalInstance.state, ApprovalInstance.version))
        versions = Counter((state, version) for state, version in stand)
        assert versions == +Counter(
            {(InstanceState.APPROVED, 1): approved, (InstanceState.PENDING, 2): rounds - approved}
        )


HALF_WAY = WEDNESDAY + timedelta(days=1)


def long_requests(count: int) -> list[str]:
    """So many requests for three days of leave, each waiting for both in HR; their ids."""
    made = []
    for number in range(count):
        worker = person(f"long{number}")
        grants.lot(worker, 5)
        with platform.unit_of_work():
            wish = leave.Apply(kind="annual", first_day=WEDNESDAY, last_day=WEDNESDAY + timedelta(days=2))
            made.append(leave.apply(people.by_id(worker.id), wish).id)
    return made


def in_part(request_id: str, userid: str) -> Hand:
    """Approving two of the three days."""
    task_id = task_of(request_id, userid)
    part = {"first_day": WEDNESDAY.isoformat(), "last_day": HALF_WAY.isoformat()}
    wish = approvals.Decide(decision=Decision.APPROVE, part=part)
    return lambda: approvals.decide(people.by_userid(userid), task_id, wish).instance.value


def _counted(*columns: Any) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row) for row in db.session.execute(select(*columns)))


def test_of_approving_in_part_approving_whole_and_withdrawing_at_once_one_happens(server: Flask) -> None:
    rounds = ROUNDS // 2
    with server.app_context():
        save_chain(node("人事", HR), subject="leave")
        asked = long_requests(rounds)
        acts = [(in_part(one, "hua"), tap("hong", action_of(one, "hong"), "approve"), withdraw(one)) for one in asked]

    heard = race(server, acts)

    late = "这项申请已经审批完，不能撤回了"
    won = Counter(heard)
    assert set(won) <= {
        ("approved", "人事小华已同意", late),
        ("人事小红已同意", "已同意", late),
        ("申请人已撤回", "申请人已撤回", "None"),
    }
    in_parts, whole, withdrawn = (
        sum(count for one, count in won.items() if one[place] == word)
        for place, word in ((0, "approved"), (1, "已同意"), (2, "None"))
    )
    assert in_parts + whole + withdrawn == rounds
    with server.app_context():
        states = _counted(ApprovalInstance.state, ApprovalInstance.version)
        assert states == +Counter(
            {
                (InstanceState.APPROVED, 2): in_parts,
                (InstanceState.APPROVED, 1): whole,
                (InstanceState.WITHDRAWN, 1): withdrawn,
            }
        )
        minutes = _counted(LeaveRequest.state, LeaveRequest.minutes)
        assert minutes == +Counter(
            {
                (LeaveState.APPROVED, 2 * grants.A_DAY): in_parts,
                (LeaveState.APPROVED, 3 * grants.A_DAY): whole,
                (LeaveState.WITHDRAWN, 3 * grants.A_DAY): withdrawn,
            }
        )
        of_requests = LeaveEntry.request_id.is_not(None)
        spent = db.session.scalar(select(func.sum(LeaveEntry.minutes)).where(of_requests)) or 0
        assert spent == -grants.A_DAY * (2 * in_parts + 3 * whole)
        said = select(ApprovalHistory.act, func.count()).group_by(ApprovalHistory.act)
        told = {act: count for act, count in db.session.execute(said)}
        assert told.get(Act.APPROVED_PART, 0) == in_parts
        assert told.get(Act.APPROVED, 0) == in_parts + whole
        assert told.get(Act.WITHDRAWN, 0) == withdrawn
        # nobody is shown a new card for a step that is over
        assert TaskState.REPLACED not in set(db.session.scalars(select(ApprovalTask.state)))


def test_of_two_who_delegate_to_each_other_at_once_one_does(server: Flask) -> None:
    rounds = min(ROUNDS, 100)
    with server.app_context():
        for number in range(rounds):
            person(f"a{number}", f"甲{number}")
            person(f"b{number}", f"乙{number}")
    heard = race(server, [(delegates(f"a{n}", f"b{n}"), delegates(f"b{n}", f"a{n}")) for n in range(rounds)])
    with server.app_context():
        assert db.session.scalar(select(func.count()).select_from(ApprovalDelegation)) == rounds
    assert all(sum("委托" in one for one in both) == 1 for both in heard)


def delegates(who: str, to: str) -> Hand:
    day = date(2026, 3, 2)
    return lambda: approvals.delegate(people.by_userid(who), approvals.Delegate(to=to, first_day=day, last_day=day)).id
