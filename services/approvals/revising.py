"""Sent back and changed: to the applicant, who edits and submits again, or to an earlier step that decides anew.

What was decided before stays in the history; whether it still counts after a change is for the chain to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, or_, select, update

from kit.errors import Conflict, NotFound
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Act, InstanceState, StepState, TaskState
from services import notices, platform
from services.approvals import access, choosing, engine, flows, parts, stored, tasks, trail
from services.approvals.access import Held
from services.approvals.commands import newest, summary_of, written
from services.approvals.deciding import take
from services.approvals.events import Resumed, Returned
from services.approvals.routing import Applicant
from services.approvals.rules import changes, limits
from services.approvals.rules.chains import Chain
from services.approvals.rules.conditions import Facts
from services.approvals.rules.refusals import AlreadyDecided, ContentChanged
from services.approvals.rules.signing import SPOKEN
from services.approvals.running import Running, lock
from services.approvals.trail import Entry
from services.approvals.views import Copy, Row
from services.approvals.wishes import SendAgain, SendBack
from services.people import Actor
from templates_msg import Message


def send_back(actor: Actor, task_id: str, wish: SendBack) -> None:
    """Sends a request back to its applicant, or to an earlier step; the reason is shown to whoever gets it."""
    held = access.task(actor, task_id)
    running = held.running
    if wish.seen is not None and wish.seen != running.version:
        raise ContentChanged()
    if running.state != InstanceState.PENDING:
        raise AlreadyDecided(access.what_happened(actor, held.id))
    target = _target(held, wish.to) if wish.to else None
    take(actor, held, state=TaskState.CLOSED)
    whither = f"环节“{target.name}”" if target else "申请人"
    said = Entry(Act.RETURNED, held.step_name, actor.person_id, held.place_of(actor), comment=wish.reason)
    trail.note(running.id, replace(said, step_name=f"{held.step_name} → {target.name}" if target else held.step_name))
    after = {"task": held.id, "to": target.id if target else None}
    platform.audit.record(actor, "approvals.send_back", running.name, person_id=running.applicant_id, after=after)
    notices.settle_card(tasks.card_key(held.id), f"已退回{whither}")
    if target:
        _reopen(running, target)
    else:
        _to_applicant(actor, running, wish.reason)


def _to_applicant(actor: Actor, running: Running, reason: str) -> None:
    engine.close_open(running, f"{actor.name}已退回")
    engine.close_unreached(running)
    if not platform.moved(Instance, running.id, InstanceState.PENDING, state=InstanceState.RETURNED, paused_at=None):
        raise AlreadyDecided()
    link = f"/h5/approvals/{running.id}"
    facts = {"name": actor.name, "title": running.title, "words": reason, "link": link}
    key = f"returned:{running.id}:{running.round}"
    notices.notify(running.applicant_id, Message("approvals/returned", facts), key=key)
    platform.publish(Returned(running.subject, running.subject_id, running.id, actor.person_id, reason))


def _target(held: Held, step_id: str) -> Any:
    """The earlier step, with its place; `Conflict` when it has nothing to decide anew."""
    columns = (Step.id, Step.name, Step.stage, Step.branch, Step.position)
    mine = db.session.execute(select(*columns).where(Step.id == held.step_id)).one()
    ours = (Step.instance_id == held.running.id, Step.round == held.running.round, Step.state == StepState.APPROVED)
    found = db.session.execute(select(*columns).where(*ours, Step.id == step_id)).first()
    is_before = found and (found.stage < mine.stage or (found.branch == mine.branch and found.position < mine.position))
    if not is_before:
        raise Conflict("只能退回到前面已同意的环节，请刷新后再选")
    return found


def _reopen(running: Running, target: Any) -> None:
    """The target and all behind it begin anew; branches beside it stay as they are."""
    beside = (Step.stage == target.stage) & (Step.branch == target.branch) & (Step.position >= target.position)
    ours = (Step.instance_id == running.id, Step.round == running.round, or_(Step.stage > target.stage, beside))
    behind = list(db.session.scalars(select(Step.id).where(*ours)))
    for step_id in [one for one in engine.open_steps(running.id) if one in behind]:
        tasks.close(step_id, StepState.CLOSED, tasks.pending(step_id), "已退回前面的环节")
    spoken = update(Task).where(Task.step_id.in_(behind), Task.state.in_(SPOKEN))
    platform.changed(spoken.values(state=TaskState.VOIDED))
    again = update(Step).where(Step.id.in_(behind))
    platform.changed(again.values(state=StepState.WAITING, opened_at=None, closed_at=None))
    left = parts.restore(running)
    shown = parts.asked(left) if left.version > running.version else []
    engine.conclude(left, engine.go_on(left), None)
    parts.ask_anew(left, shown)


def revise(  # noqa: PLR0913 — what a request consists of
    subject: str,
    subject_id: str,
    actor: Actor,
    facts: Facts,
    message: Message,
    details: Sequence[Row] = (),
    choices: Mapping[str, Sequence[str]] | None = None,
    copy: Copy | None = None,
) -> InstanceState:
    """The applicant changed a request that waits, or that was sent back; its owner has measured it anew and checked
    whose it is. It goes through its chain again, in the version it began with; how it stands then.

    The arguments are those of `start`. `AlreadyDecided` when it came too late.
    """
    running = lock(newest(subject, subject_id))
    chain = _chain(running)
    title, template, card = written(message, facts)
    facts = flows.told(Applicant(actor.person_id, actor.department_id), facts)
    chosen = choosing.checked(chain, facts, choices or running.choices or {}, actor.person_id)
    new = {"title": title, "template": template, "facts": card, "compared": stored.freeze(facts), "choices": chosen}
    said = Entry(Act.REVISED, actor_id=actor.person_id)
    return _restart(actor, running, chain, said, {**new, "summary": summary_of(message, details, copy)})


def send_again(actor: Actor, instance_id: str, wish: SendAgain) -> None:
    """The applicant submits a request that was sent back as it is, with an explanation."""
    mine = select(Instance.id).where(Instance.id == instance_id, Instance.applicant_id == actor.person_id)
    if db.session.scalar(mine) is None:
        raise NotFound()
    running = lock(instance_id)
    if running.state != InstanceState.RETURNED:
        raise Conflict("这项申请没有被退回，不用重新提交")
    said = Entry(Act.REVISED, actor_id=actor.person_id, comment=wish.comment)
    _restart(actor, running, _chain(running), said, {})
    platform.publish(Resumed(running.subject, running.subject_id, running.id))


def _chain(running: Running) -> Chain:
    began = select(Instance.flow_version, Instance.chain).where(Instance.id == running.id)
    version, chain = db.session.execute(began).one()
    return Chain.model_validate(chain) if chain else flows.chain_of(running.subject, version)


def _restart(actor: Actor, running: Running, chain: Chain, said: Entry, new: dict[str, Any]) -> InstanceState:
    if running.state not in limits.ALIVE:
        raise AlreadyDecided("这项申请已经审批完，不能再修改")
    engine.close_open(running, "申请人已修改")
    engine.close_unreached(running)
    facts = stored.thaw(new.get("compared", running.compared))
    is_covered = running.part is None and changes.is_no_more(stored.thaw(running.compared), facts)
    counts_from = running.counts_from if chain.policies.keeps_approvals and is_covered else running.round + 1
    counted = {"version": running.version + 1, "round": running.round + 1, "counts_from": counts_from, "part": None}
    now = {**new, **counted, "state": InstanceState.PENDING, "paused_at": None}
    if not platform.moved(Instance, running.id, running.state, **now):
        raise AlreadyDecided()
    again = replace(running, **{name: value for name, value in now.items() if name != "summary"})
    position = db.session.scalar(select(func.max(Step.position)).where(Step.instance_id == running.id))
    whom = Applicant(actor.person_id, actor.department_id)
    progress = engine.begin(again, whom, chain, said, (position or 0) + 1)
    platform.audit.record(actor, "approvals.revise", running.name, person_id=running.applicant_id)
    return engine.conclude(again, progress, None)
