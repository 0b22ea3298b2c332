"""The engine as a state machine (R33): whatever people do in whatever order, no illegal move is made.

One request after the other goes through a chain with branches, counting and turns while people decide, pass on, send
back, change, ask, move, go on leave, resign and come back, and while whoever owns the request refuses now and then to
settle it. After each act: at most one decision ended the request, nobody was asked about their own, whoever decided
was asked at that time and spoke once, what is left of a request is what the approvals that stand left of it, somebody
is asked or will be after the next sweep, and the history only grew.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import hypothesis
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from kit import clock
from kit.errors import AppError, Conflict, Invalid
from kit.ids import new_id
from models.approvals import ApprovalDelegation, ApprovalHistory, ApprovalInstance, ApprovalStep, ApprovalTask
from models.base import db
from models.enums import (
    Absent,
    ApproverKind,
    Decision,
    FactKind,
    InstanceState,
    NodeKind,
    PersonStatus,
    Signing,
    SignMode,
    StepState,
    TaskState,
    Vacancy,
)  # fmt: skip
from models.people import Person
from services import approvals, people, platform, wiring
from services.approvals import Approver, Away, Chain, Fact, Node, Policies, Sla, absence
from services.approvals.rules import limits
from services.approvals.rules.signing import PENDING, SPOKEN
from templates_msg import Message
from tests.conftest import MONDAY_MORNING
from tests.factories.approvals import HEAD, HR, SUPERIOR, company

STEPS, EXAMPLES = 30, 16
USERIDS = ("boss", "chief", "lead", "li", "hua", "hong")
DECIDED = {TaskState.APPROVED, TaskState.REJECTED}
ENDED = {InstanceState.APPROVED, InstanceState.REJECTED, InstanceState.WITHDRAWN}
SPAN = Sla(remind_after=2, escalate_after=4, act_after=8, act=Decision.APPROVE)
NODES = {
    "plain": (Node(name="上级", approvers=(SUPERIOR,)), Node(name="人事", approvers=(HR,))),
    "turns": (Node(name="依次", approvers=(SUPERIOR, HEAD, HR), mode=SignMode.IN_TURN),),
    "count": (Node(name="两人", approvers=(SUPERIOR, HEAD, HR), mode=SignMode.N_OF_M, needed=2),),
    "all": (Node(name="会签", approvers=(SUPERIOR, HEAD, HR), mode=SignMode.COUNTERSIGN, sla=SPAN),),
    "branches": (
        Node(name="并行", kind=NodeKind.PARALLEL, branches=(
            (Node(name="上级", approvers=(SUPERIOR,), sla=SPAN),),
            (Node(name="人事", approvers=(HR,), mode=SignMode.COUNTERSIGN),),
        )),
        Node(name="老板", approvers=(Approver(kind=ApproverKind.DEPARTMENT_HEAD, level=2),)),
    ),
    "judged": (
        Node(name="标准", kind=NodeKind.AUTO, test="days < 9", reason="太久"), Node(name="上级", approvers=(SUPERIOR,)),
    ),
}  # fmt: skip
POLICIES = {
    "default": Policies(),
    "goes_up": Policies(absent=Absent.GO_UP),
    "keeps": Policies(keeps_approvals=True, departed=Vacancy.HR),
    "skips": Policies(vacant=Vacancy.SKIP, own=Vacancy.SKIP, departed=Vacancy.SKIP),
}


def some_days(_id: str, part: dict[str, Any], before: dict[str, Any] | None) -> str:
    if before and int(part["days"]) > int(before["days"]):
        raise Invalid(f"前面的审批人只同意 {before['days']} 天")
    return f"{part['days']} 天"


approvals.declare("walk", "外勤", Chain(nodes=NODES["plain"]), {"days": Fact("天数", FactKind.NUMBER)}, some_days)


class Engine(RuleBasedStateMachine):
    """People at work on one request; `superiors` are whose they are at the beginning of each."""

    superiors: ClassVar[dict[str, str | None]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.instance_id, self.subject_id = "", ""
        self.now = MONDAY_MORNING
        self.acts = 0
        self.trail: list[tuple[int, str]] = []
        self.ended: list[Any] = []
        self.away: dict[str, Away] = {}
        self.refuses = False
        self.tellers = list(absence._tellers)
        absence._tellers[:] = [self.who_is_away]

    def who_is_away(self, person_ids: Collection[str], now: datetime) -> dict[str, Away]:
        return {one: self.away[one] for one in person_ids if one in self.away and now < self.away[one].back_at}

    @initialize(nodes=st.sampled_from(sorted(NODES)), policies=st.sampled_from(sorted(POLICIES)),
                applicant=st.sampled_from(USERIDS), days=st.integers(1, 8))  # fmt: skip
    def submit(self, nodes: str, policies: str, applicant: str, days: int) -> None:
        for person in db.session.scalars(select(Person)):
            person.status, person.superior_id = PersonStatus.ACTIVE, self.superiors[person.id]
        platform.connect({**wiring.REACTIONS, approvals.Decided: (self.settle,)})
        self.applicant, self.subject_id = people.by_userid(applicant), new_id()
        chain = Chain(nodes=NODES[nodes], policies=POLICIES[policies])
        with platform.unit_of_work():
            wish = approvals.SaveFlow(based_on=approvals.flow("walk").version, definition=chain.model_dump_json())
            approvals.save(people.System("tests"), "walk", wish)
            facts = {"days": Decimal(days)}
            made = approvals.start("walk", self.subject_id, self.applicant, facts, self.message(days))
        self.instance_id = made.id

    def settle(self, event: approvals.Decided) -> None:
        """Whoever owns the request does what it is for, or cannot."""
        if self.refuses:
            raise Conflict("现在不能这样安排")
        self.ended.append(event)

    def message(self, days: int) -> Message:
        facts = {
            "applicant": self.applicant.name,
            "subject": "外勤",
            "title": f"外勤{days}天",
            "rows": [],
            "link": "/h5",
        }
        return Message("approvals/request", facts)

    def do(self, act: Callable[[], object]) -> None:
        """Does it as one request would; what is refused leaves nothing behind."""
        with clock.frozen(self.now), suppress(AppError), platform.unit_of_work():
            act()

    def task(self, pick: int) -> tuple[Any, Any]:
        """Some task of the request, decided or not, and whoever holds it."""
        tasks = self.tasks()
        if not tasks:
            return None, None
        one = tasks[pick % len(tasks)]
        return one, people.by_id(one.person_id) if self.is_active(one.person_id) else None

    def tasks(self) -> list[ApprovalTask]:
        ours = select(ApprovalTask).where(ApprovalTask.instance_id == self.instance_id).order_by(ApprovalTask.id)
        return list(db.session.scalars(ours, execution_options={"populate_existing": True}))

    def is_active(self, person_id: str) -> bool:
        return db.session.scalar(select(Person.status).where(Person.id == person_id)) == PersonStatus.ACTIVE

    def by_holder(self, pick: int, act: Callable[[Any, str], object]) -> None:
        self.acts += 1
        task, holder = self.task(pick)
        if holder is not None:
            self.do(lambda: act(holder, task.id))

    @rule(pick=st.integers(0, 30), decision=st.sampled_from(["approve"] * 4 + ["reject"]),
          part=st.sampled_from([None, None, "1", "2", "3"]))  # fmt: skip
    def decide(self, pick: int, decision: str, part: str | None) -> None:
        some = {"days": part} if part and decision == "approve" else None
        wish = approvals.Decide(decision=Decision(decision), comment="理由", part=some)
        self.by_holder(pick, lambda who, task: approvals.decide(who, task, wish))

    @rule(pick=st.integers(0, 30), stranger=st.sampled_from(USERIDS))
    def tap_anothers(self, pick: int, stranger: str) -> None:
        task, _ = self.task(pick)
        if task is not None:
            self.do(lambda: approvals.tap(people.by_userid(stranger), task.action_id, "approve"))

    @rule(pick=st.integers(0, 30), to=st.sampled_from(USERIDS))
    def transfer(self, pick: int, to: str) -> None:
        wish = approvals.Transfer(to=to)
        self.by_holder(pick, lambda who, task: approvals.transfer(who, task, wish))

    @rule(which=st.integers(0, 5))
    def transfer_to_who_has_spoken(self, which: int) -> None:
        tasks = self.tasks()
        pairs = [
            (number, one.person_id)
            for number, task in enumerate(tasks)
            for one in tasks
            if task.state == TaskState.OPEN and one.step_id == task.step_id and one.state in SPOKEN
        ]
        if pairs:
            number, person_id = pairs[which % len(pairs)]
            wish = approvals.Transfer(to=people.get(person_id).userid)
            self.by_holder(number, lambda who, task: approvals.transfer(who, task, wish))

    def voices(self, states: Collection[TaskState]) -> list[str]:
        """The userids of those whose tasks are in these states."""
        named = select(Person.userid).join(ApprovalTask, ApprovalTask.person_id == Person.id)
        theirs = named.where(ApprovalTask.instance_id == self.instance_id, ApprovalTask.state.in_(states))
        return list(db.session.scalars(theirs))

    @rule(pick=st.integers(0, 30), to=st.sampled_from(USERIDS), when=st.sampled_from(Signing))
    def add_signer(self, pick: int, to: str, when: Signing) -> None:
        wish = approvals.AddSigner(to=to, when=when)
        self.by_holder(pick, lambda who, task: approvals.add_signer(who, task, wish))

    @rule(pick=st.integers(0, 30), step=st.none() | st.integers(0, 5))
    def send_back(self, pick: int, step: int | None) -> None:
        steps = list(db.session.scalars(select(ApprovalStep.id).where(ApprovalStep.instance_id == self.instance_id)))
        to = steps[step % len(steps)] if step is not None and steps else None
        wish = approvals.SendBack(to=to, reason="请修改")
        self.by_holder(pick, lambda who, task: approvals.send_back(who, task, wish))

    @rule(pick=st.integers(0, 30), days=st.sampled_from(["1", "2"]))
    def approve_a_part_and_send_it_back(self, pick: int, days: str) -> None:
        wish = approvals.Decide(decision=Decision.APPROVE, part={"days": days})
        self.by_holder(pick, lambda who, task: approvals.decide(who, task, wish))
        approved = ApprovalStep.instance_id == self.instance_id, ApprovalStep.state == StepState.APPROVED
        steps = list(db.session.scalars(select(ApprovalStep.id).where(*approved).order_by(ApprovalStep.position)))
        asked = [number for number, task in enumerate(self.tasks()) if task.state == TaskState.OPEN]
        if steps and asked:
            back = approvals.SendBack(to=steps[pick % len(steps)], reason="再看")
            self.by_holder(asked[0], lambda who, task: approvals.send_back(who, task, back))

    @rule(days=st.integers(1, 9))
    def edit(self, days: int) -> None:
        facts = {"days": Decimal(days)}
        self.do(lambda: approvals.revise("walk", self.subject_id, self.applicant, facts, self.message(days)))

    @rule()
    def submit_again(self) -> None:
        wish = approvals.SendAgain(comment="已说明")
        self.do(lambda: approvals.send_again(self.applicant, self.instance_id, wish))

    @rule(pick=st.integers(0, 30))
    def ask(self, pick: int) -> None:
        self.by_holder(pick, lambda who, task: approvals.ask(who, task, approvals.Question(text="为何？")))

    @rule()
    def answer(self) -> None:
        self.do(lambda: approvals.answer(self.applicant, self.instance_id, approvals.Remark(text="因为")))

    @precondition(lambda self: self.acts > 8)
    @rule()
    def withdraw(self) -> None:
        self.do(lambda: approvals.withdraw("walk", self.subject_id, self.applicant))

    @rule(who=st.sampled_from(USERIDS), to=st.sampled_from(USERIDS))
    def delegate(self, who: str, to: str) -> None:
        today = clock.local(self.now).date()
        wish = approvals.Delegate(to=to, first_day=today, last_day=today, subject="walk")
        self.do(lambda: approvals.delegate(people.by_userid(who), wish))

    @rule(who=st.sampled_from(USERIDS), is_told=st.booleans())
    def resign(self, who: str, is_told: bool) -> None:
        if who == self.applicant.userid:
            return  # the request of somebody who leaves is its owner's to take back

        def leave() -> None:
            person = db.session.scalars(select(Person).where(Person.userid == who)).one()
            person.status = PersonStatus.INACTIVE
            db.session.flush()
            if is_told:
                platform.publish(people.Left(person.id))

        self.do(leave)

    @rule(superior=st.sampled_from(USERIDS))
    def move(self, superior: str) -> None:
        """The applicant gets another superior, or is brought back to their own."""
        if superior == self.applicant.userid:
            return

        def change() -> None:
            person = db.session.get_one(Person, self.applicant.person_id)
            person.superior_id = db.session.scalars(select(Person.id).where(Person.userid == superior)).one()
            db.session.flush()
            platform.publish(people.Moved(person.id, person.department_id, person.superior_id))

        self.do(change)

    @rule(refuses=st.booleans())
    def settle_or_refuse(self, refuses: bool) -> None:
        self.refuses = refuses

    @rule(who=st.sampled_from(USERIDS), hours=st.integers(1, 60))
    def take_leave(self, who: str, hours: int) -> None:
        today = clock.local(self.now).date()
        person_id = db.session.scalars(select(Person.id).where(Person.userid == who)).one()
        self.away[person_id] = Away(today, today, self.now + timedelta(hours=hours))

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with clock.frozen(self.now), platform.unit_of_work():
            approvals.rescue({})  # whatever is refused, the sweep itself goes through
        self.somebody_is_asked()

    def somebody_is_asked(self) -> None:
        """After a sweep somebody is asked, unless nobody could be found."""
        if self.state() != InstanceState.PENDING:
            return
        assert self.voices([TaskState.OPEN]) or "stuck" in {one for _, one in self.entries()}

    @invariant()
    def at_most_one_decision(self) -> None:
        if not self.instance_id:
            return
        assert len(self.ended) <= 1
        state = self.state()
        assert bool(self.ended) == (state in {InstanceState.APPROVED, InstanceState.REJECTED})

    def state(self) -> str:
        db.session.expire_all()
        return db.session.scalar(select(ApprovalInstance.state).where(ApprovalInstance.id == self.instance_id))

    @invariant()
    def who_decided_was_asked(self) -> None:
        ours = select(ApprovalTask).where(ApprovalTask.instance_id == self.instance_id)
        for task in db.session.scalars(ours):
            assert task.person_id != self.applicant.person_id
            assert task.decided_by != self.applicant.person_id
            if task.state in DECIDED and task.decided_by not in (None, task.person_id):
                given = (ApprovalDelegation.from_id == task.person_id) & (ApprovalDelegation.to_id == task.decided_by)
                assert db.session.scalar(select(ApprovalDelegation.id).where(given).limit(1))

    @invariant()
    def what_has_ended_asks_nobody_and_what_waits_is_open(self) -> None:
        if not self.instance_id:
            return
        state = self.state()
        opened = select(ApprovalTask.state).where(
            ApprovalTask.instance_id == self.instance_id, ApprovalTask.state.in_([TaskState.OPEN, TaskState.WAITING])
        )
        steps = select(ApprovalStep.state).where(
            ApprovalStep.instance_id == self.instance_id, ApprovalStep.state.in_([StepState.OPEN, StepState.WAITING])
        )
        if state == InstanceState.PENDING:
            assert StepState.OPEN in set(db.session.scalars(steps))
        else:
            assert not list(db.session.scalars(opened))
            assert not list(db.session.scalars(steps))
        assert (state in limits.ALIVE) == (self.open_key() is not None)

    def open_key(self) -> str | None:
        return db.session.scalar(select(ApprovalInstance.open_key).where(ApprovalInstance.id == self.instance_id))

    @invariant()
    def nobody_speaks_twice_in_a_step(self) -> None:
        spoken = select(ApprovalTask.step_id, ApprovalTask.person_id).where(
            ApprovalTask.instance_id == self.instance_id,
            ApprovalTask.state.in_([*PENDING, *SPOKEN]),
        )
        voices = [tuple(row) for row in db.session.execute(spoken)]
        assert len(voices) == len(set(voices))

    @invariant()
    def what_is_left_is_what_approvals_that_stand_left(self) -> None:
        if not self.instance_id:
            return
        db.session.expire_all()
        row = db.session.get_one(ApprovalInstance, self.instance_id)
        joined = select(ApprovalTask.part).join(ApprovalStep, ApprovalStep.id == ApprovalTask.step_id)
        mine = (ApprovalTask.instance_id == row.id, ApprovalTask.state == TaskState.APPROVED)
        said = db.session.scalars(joined.where(*mine, ApprovalStep.round == row.round))
        standing = [int(part["days"]) for part in said if part]
        assert (int(row.part["days"]) if row.part else None) == min(standing, default=None)

    @invariant()
    def an_approval_was_somebodys(self) -> None:
        if self.instance_id and self.state() == InstanceState.APPROVED:
            said = {one for _, one in self.entries()}
            assert said & {"approved", "timed_out"}

    @invariant()
    def the_history_only_grows(self) -> None:
        now = self.entries()
        assert now[: len(self.trail)] == self.trail
        self.trail = now

    def entries(self) -> list[tuple[int, str]]:
        ours = select(ApprovalHistory.seq, ApprovalHistory.act).where(ApprovalHistory.instance_id == self.instance_id)
        return [(seq, act) for seq, act in db.session.execute(ours.order_by(ApprovalHistory.seq))]

    def teardown(self) -> None:
        absence._tellers[:] = self.tellers
        wiring.connect()


def test_no_illegal_move_in_any_order_of_acts(app: Flask) -> None:
    company()
    Engine.superiors = {one.id: one.superior_id for one in db.session.scalars(select(Person))}
    hidden = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much]
    settings = hypothesis.settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=hidden,
        derandomize=True,
        phases=[hypothesis.Phase.generate],
    )
    run_state_machine_as_test(Engine, settings=settings)
