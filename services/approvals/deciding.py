"""Decisions: approve or refuse a task, wholly or in part, on a page, by a card's button or several at once."""

from dataclasses import dataclass, replace

from kit import clock, log
from kit.errors import AppError, Conflict, NotFound
from models.approvals import ApprovalTask as Task
from models.enums import Act, Decision, InstanceState, StepState, TaskState
from services import notices, platform
from services.approvals import access, engine, flows, parts, tasks, trail
from services.approvals.access import Held
from services.approvals.rules import limits, signing
from services.approvals.rules.refusals import AlreadyDecided, ContentChanged
from services.approvals.rules.signing import PENDING
from services.approvals.trail import Entry
from services.approvals.views import DecisionOut, OneDecided
from services.approvals.wishes import Decide, DecideMany
from services.people import Actor

TASK_AFTER = {Decision.APPROVE: TaskState.APPROVED, Decision.REJECT: TaskState.REJECTED}
ACT_OF = {Decision.APPROVE: Act.APPROVED, Decision.REJECT: Act.REJECTED}
WORDS = {Decision.APPROVE: "已同意", Decision.REJECT: "已驳回"}
logger = log.get(__name__)


@dataclass(frozen=True)
class Doer:
    """Who decided, and what cards call them; no id for the clock."""

    id: str | None
    name: str


def decide(actor: Actor, task_id: str, wish: Decide) -> DecisionOut:
    """Approves or refuses a task of the actor's (or one delegated to them today), wholly or in part.

    `AlreadyDecided` (409) tells the loser of a race who decided; `ContentChanged` (409) when the request is no longer
    what was seen; `NotFound` when the task is not theirs.
    """
    held = access.task(actor, task_id)
    if wish.seen is not None and wish.seen != held.running.version:
        raise ContentChanged()
    made = _decide(actor, held, wish)
    notices.settle_card(tasks.card_key(held.id), WORDS[wish.decision])
    return made


def tap(actor: Actor, action_id: str, verb: str, reason: str = "") -> str:
    """Decides by a card's button; the words that replace the buttons.

    A refusal carries the reason that was chosen on the card; without one it says so. `Conflict` and `NotFound` have
    titles short enough for a button.
    """
    held = access.tapped(actor, action_id)
    if verb not in set(Decision):
        raise NotFound("没有这个操作")
    if limits.is_expired(held.action_expires_at, clock.now()):
        raise Conflict("卡片已过期，请到待办处理")
    decision = Decision(verb)
    comment = (reason or limits.NO_REASON) if decision is Decision.REJECT else ""
    _decide(actor, held, Decide.model_construct(decision=decision, comment=comment))
    return WORDS[decision]


def _decide(actor: Actor, held: Held, wish: Decide) -> DecisionOut:
    running, decision = held.running, wish.decision
    if running.state != InstanceState.PENDING:
        raise AlreadyDecided(access.what_happened(actor, held.id))
    take(actor, held, state=TASK_AFTER[decision])
    _note(actor, held, wish)
    after = {"task": held.id, "for": held.place_of(actor)}
    platform.audit.record(actor, f"approvals.{decision}", running.name, person_id=running.applicant_id, after=after)
    shown: parts.Shown = []
    if wish.part is not None:
        shown = parts.asked(running)
        held = replace(held, running=parts.keep(running, held.id, wish.part))
    state = go_on(held, decision, Doer(actor.person_id, actor.name), wish.comment)
    parts.ask_anew(held.running, shown)
    logger.info("approvals.decided", extra={"instance": running.id, "task": held.id, "decision": decision})
    return DecisionOut(task=TASK_AFTER[decision], instance=state)


def take(actor: Actor, held: Held, *, state: TaskState) -> None:
    """The decision itself: of any number of hands on an open task exactly one changes the row."""
    decided = {"state": state, "decided_by": actor.person_id, "decided_at": clock.now()}
    if not platform.moved(Task, held.id, TaskState.OPEN, **decided):
        raise AlreadyDecided(access.what_happened(actor, held.id))


def _note(actor: Actor, held: Held, wish: Decide) -> None:
    running, place = held.running, held.place_of(actor)
    entries = [Entry(ACT_OF[wish.decision], held.step_name, actor.person_id, place, comment=wish.comment)]
    if wish.part is not None:
        said = flows.part_of(running, wish.part)
        entries.append(Entry(Act.APPROVED_PART, held.step_name, actor.person_id, place, comment=said))
    trail.note(running.id, *entries)


def go_on(held: Held, decision: Decision, by: Doer, comment: str = "") -> InstanceState:
    """What a decision on a task means for its step and the request; how the request stands then."""
    given = tasks.of_step(held.step_id)
    verdict = signing.standing(held.mode, held.needed, [one.part for one in given])
    if verdict is None:
        if any(one.place.waits_for == held.id for one in given):
            tasks.open_waiting(held.running, held.step_id, tasks.node_of(held.step_id), held.id)
        return InstanceState.PENDING
    left = [one for one in given if one.state in PENDING]
    tasks.close(held.step_id, verdict, left, f"{by.name}{WORDS[decision]}")
    return _settle(held, verdict, by.id, comment)


def _settle(held: Held, verdict: StepState, actor_id: str | None, comment: str) -> InstanceState:
    if verdict is StepState.APPROVED and not held.is_last:
        return engine.conclude(held.running, engine.go_on(held.running), actor_id, comment)
    state = InstanceState.APPROVED if verdict is StepState.APPROVED else InstanceState.REJECTED
    if not held.is_alone and state is InstanceState.REJECTED:
        engine.close_open(held.running, "申请已被驳回")
    engine.finish(held.running, state, actor_id, comment)
    return state


def decide_many(actor: Actor, wish: DecideMany) -> list[OneDecided]:
    """Decides several tasks, each as if alone: one that cannot be decided stops none of the others."""
    return [_one_of_many(actor, one.task_id, wish, one.seen) for one in wish.tasks]


def _one_of_many(actor: Actor, task_id: str, wish: DecideMany, seen: int) -> OneDecided:
    try:
        with platform.savepoint():
            decide(actor, task_id, Decide(decision=wish.decision, comment=wish.comment, seen=seen))
    except AppError as refusal:
        return OneDecided(task_id=task_id, is_done=False, problem=refusal.title)
    return OneDecided(task_id=task_id, is_done=True, problem="")
