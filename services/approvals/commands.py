"""What people do with requests: begin, decide, pass on, urge, withdraw. One handler per act; every way in calls it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select, update

import templates_msg
from kit import clock, log
from kit.errors import Conflict, NotFound, TooMany
from kit.ids import new_id
from kit.text import clip
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Act, Decision, InstanceState, StepState, TaskState
from services import notices, platform
from services.approvals import access, delegations, engine, flows, rules, stored, trail
from services.approvals.access import Held
from services.approvals.engine import Running
from services.approvals.routing import Applicant
from services.approvals.rules import AlreadyDecided, Facts
from services.approvals.schemas import Decide, DecisionOut, InstanceOut, Row, Transfer
from services.approvals.trail import Entry
from services.people import Actor, AnyActor
from templates_msg import Message

TASK_AFTER = {Decision.APPROVE: TaskState.APPROVED, Decision.REJECT: TaskState.REJECTED}
ACT_OF = {Decision.APPROVE: Act.APPROVED, Decision.REJECT: Act.REJECTED}
WORDS = {Decision.APPROVE: "已同意", Decision.REJECT: "已驳回"}
LONGEST_TITLE = 200
logger = log.get(__name__)


def start(
    subject: str, subject_id: str, applicant: Actor, facts: Facts, message: Message, details: Sequence[Row] = ()
) -> InstanceOut:
    """Sends a request on its way and asks the first approvers.

    `facts` are what conditions look at; `message` is the card of the approvers, its buttons carry the verbs `approve`
    and `reject`; `details` are what the page shows in full, by default the words of the card. `NoApprover` when nobody
    can decide, `Conflict` when the same thing waits for a decision already.
    """
    flow = flows.in_force(subject)
    running = Running(
        new_id(), subject, subject_id, applicant.person_id, message.template, stored.freeze(message.facts),
        InstanceState.PENDING,
    )  # fmt: skip
    about = {**_face(message, details), "flow_version": flow.version, "compared": stored.freeze(facts)}
    now, open_key = clock.now(), f"{subject}:{subject_id}"
    if not platform.first(Instance, **vars(running), **about, created_at=now, open_key=open_key):
        raise Conflict("这项申请正在审批中，请等待结果或先撤回")
    whom = Applicant(applicant.person_id, applicant.department_id)
    opened = engine.begin(running, whom, flow.chain, flow.chain.route(facts))
    logger.info("approvals.started", extra={"instance": running.id, "subject": subject})
    return InstanceOut(
        id=running.id,
        subject=subject,
        subject_id=subject_id,
        title=about["title"],
        applicant=applicant.name,
        state=running.state,
        started_at=now,
        ended_at=None,
        waiting_for=list(opened.names),
    )


def _face(message: Message, details: Sequence[Row]) -> dict[str, Any]:
    """The title of the request and the rows of its page."""
    rows = [list(row) for row in details or _rows_of(message)]
    return {"title": clip(templates_msg.title(message), LONGEST_TITLE), "summary": {"rows": rows}}


def _rows_of(message: Message) -> list[Row]:
    card = templates_msg.render(message)["template_card"]
    said = [("说明", card["main_title"]["desc"])] if card["main_title"].get("desc") else []
    return said + [(row["keyname"], row["value"]) for row in card.get("horizontal_content_list", ())]


def decide(actor: Actor, task_id: str, wish: Decide) -> DecisionOut:
    """Approves or refuses a task of the actor's (or one delegated to them today).

    `AlreadyDecided` (409) tells the loser of a race who decided; `NotFound` when the task is not theirs.
    """
    held = access.task(actor, task_id)
    made = _decide(actor, held, wish.decision, wish.comment)
    notices.settle_card(engine.card_key(held.id), WORDS[wish.decision])
    return made


def tap(actor: Actor, action_id: str, verb: str, reason: str = "") -> str:
    """Decides by a card's button; the words that replace the buttons.

    A refusal carries the reason that was chosen on the card; without one it says so. `Conflict` and `NotFound` have
    titles short enough for a button.
    """
    held = access.tapped(actor, action_id)
    if verb not in set(Decision):
        raise NotFound("没有这个操作")
    if rules.is_expired(held.action_expires_at, clock.now()):
        raise Conflict("卡片已过期，请到待办处理")
    decision = Decision(verb)
    _decide(actor, held, decision, (reason or rules.NO_REASON) if decision is Decision.REJECT else "")
    return WORDS[decision]


def _decide(actor: Actor, held: Held, decision: Decision, comment: str) -> DecisionOut:
    running = held.running
    _take(actor, held, state=TASK_AFTER[decision])
    act = ACT_OF[decision]
    trail.note(running.id, Entry(act, held.step_name, actor.person_id, held.place_of(actor), comment=comment))
    after = {"task": held.id, "for": held.place_of(actor)}
    platform.audit.record(actor, f"approvals.{decision}", _name(running), person_id=running.applicant_id, after=after)
    state = _go_on(actor, held, decision, comment)
    logger.info("approvals.decided", extra={"instance": running.id, "task": held.id, "decision": decision})
    return DecisionOut(task=TASK_AFTER[decision], instance=state)


def _take(actor: Actor, held: Held, *, state: TaskState) -> None:
    """The decision itself: of any number of hands on an open task exactly one changes the row."""
    decided = {"state": state, "decided_by": actor.person_id, "decided_at": clock.now()}
    if not platform.moved(Task, held.id, TaskState.OPEN, **decided):
        raise AlreadyDecided(access.what_happened(actor, held.id))


def _go_on(actor: Actor, held: Held, decision: Decision, comment: str) -> InstanceState:
    left = engine.open_tasks(held.step_id)
    outcome = rules.outcome(held.mode, decision, len(left))
    if outcome is None:
        return InstanceState.PENDING
    engine.close_step(held.step_id, outcome, left, f"{actor.name}{WORDS[decision]}")
    if outcome is StepState.APPROVED and not held.is_last and engine.open_next(held.running):
        return InstanceState.PENDING
    state = InstanceState.APPROVED if outcome is StepState.APPROVED else InstanceState.REJECTED
    engine.finish(held.running, state, actor.person_id, comment)
    return state


def transfer(actor: Actor, task_id: str, wish: Transfer) -> None:
    """Gives a task to a colleague, who gets a card of their own; the old card is dead."""
    held = access.task(actor, task_id)
    to = delegations.colleague(wish.to, but_not=actor.person_id)
    running = held.running
    if to.id == running.applicant_id:
        raise Conflict("不能转交给申请人本人，请另选一位同事")
    if to.id in {person_id for _, person_id in engine.open_tasks(held.step_id)}:
        raise Conflict(f"{to.name}已在这一步的审批人中，请另选一位同事")
    _take(actor, held, state=TaskState.TRANSFERRED)
    entry = Entry(Act.TRANSFERRED, held.step_name, actor.person_id, held.place_of(actor), to.id, wish.reason)
    trail.note(running.id, entry)
    after = {"task": held.id, "to": to.id}
    platform.audit.record(actor, "approvals.transfer", _name(running), person_id=running.applicant_id, after=after)
    notices.settle_card(engine.card_key(held.id), f"已转交{to.name}")
    engine.hand_out(running, held.step_id, delegations.asked([to.id]), is_passed_on=True)


def urge(actor: Actor, instance_id: str) -> None:
    """The applicant asks those who are asked to hurry; once in a working interval, `TooMany` before that."""
    now = clock.now()
    mine = (Instance.id == instance_id) & (Instance.applicant_id == actor.person_id)
    row = db.session.execute(select(Instance.state, Instance.title).where(mine)).first()
    if row is None:
        raise NotFound()
    if row.state != InstanceState.PENDING:
        raise Conflict("这项申请已经结束，不用催办了")
    rested = or_(Instance.urged_at.is_(None), Instance.urged_at <= now - rules.URGE_PAUSE)
    if not platform.changed(update(Instance).where(mine, rested).values(urged_at=now)):
        raise TooMany("刚催过了，请过一会儿再催", retry_after=int(rules.URGE_PAUSE.total_seconds()))
    trail.note(instance_id, Entry(Act.URGED, actor_id=actor.person_id))
    asked = select(Task.person_id).where(Task.instance_id == instance_id, Task.state == TaskState.OPEN)
    told = [one.told(actor.person_id) for one in delegations.asked(db.session.scalars(asked).all())]
    facts = {"applicant": actor.name, "title": row.title, "link": f"/h5/approvals/{instance_id}"}
    message = Message("approvals/urged", facts)
    notices.notify(told, message, key=f"urged:{instance_id}:{now:%Y%m%d%H%M}")


def withdraw(subject: str, subject_id: str, actor: AnyActor) -> None:
    """Takes a pending request back; its owner has checked whose it is. `AlreadyDecided` when it came too late.

    The owner knows that it withdrew, so nothing is published.
    """
    ours = (Instance.subject == subject) & (Instance.subject_id == subject_id)
    newest = select(Instance.id).where(ours).order_by(Instance.created_at.desc(), Instance.id.desc()).limit(1)
    instance_id = db.session.scalar(newest)
    if instance_id is None:
        raise NotFound()
    running = engine.lock(instance_id)
    if running.state != InstanceState.PENDING:
        raise AlreadyDecided("这项申请已经审批完，不能撤回了")
    _close_open_step(running)
    doer = actor.person_id if isinstance(actor, Actor) else None
    engine.end(running, InstanceState.WITHDRAWN, doer)
    trail.note(running.id, Entry(Act.WITHDRAWN, actor_id=doer))
    platform.audit.record(actor, "approvals.withdraw", _name(running), person_id=running.applicant_id)


def _close_open_step(running: Running) -> None:
    opened = select(Step.id).where(Step.instance_id == running.id, Step.state == StepState.OPEN)
    for step_id in db.session.scalars(opened):
        engine.close_step(step_id, StepState.CLOSED, engine.open_tasks(step_id), "申请人已撤回")


def _name(running: Running) -> str:
    return f"{running.subject}:{running.subject_id}"
