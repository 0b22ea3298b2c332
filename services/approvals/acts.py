"""What approvers do with a task besides deciding: pass it on, add a signer; and what applicants do: urge."""

from dataclasses import replace

from sqlalchemy import or_, select, update

from kit import clock
from kit.errors import Conflict, NotFound, TooMany
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Act, InstanceState, Signing, TaskState
from services import notices, platform
from services.approvals import access, delegations, tasks, trail
from services.approvals.access import Held
from services.approvals.deciding import take
from services.approvals.rules import limits, refusals
from services.approvals.tasks import Given, Place
from services.approvals.trail import Entry
from services.approvals.wishes import AddSigner, Transfer
from services.people import Actor, PersonView
from templates_msg import Message

ADDED = {Signing.BEFORE: "请{name}先审批", Signing.AFTER: "请{name}随后审批", Signing.WITH: "请{name}一同审批"}


def transfer(actor: Actor, task_id: str, wish: Transfer) -> None:
    """Gives a task to a colleague, who gets a card of their own; the old card is dead."""
    held = access.task(actor, task_id)
    given = tasks.of_step(held.step_id)
    to = _newcomer(actor, held, given, wish.to, "转交给")
    take(actor, held, state=TaskState.TRANSFERRED)
    entry = Entry(Act.TRANSFERRED, held.step_name, actor.person_id, held.place_of(actor), to.id, wish.reason)
    trail.note(held.running.id, entry)
    _record(actor, held, "approvals.transfer", to)
    notices.settle_card(tasks.card_key(held.id), f"已转交{to.name}")
    task = _mine(held, given)
    place = replace(task.place, is_passed_on=True, waits_for=None)
    tasks.hand_over(held.running, held.step_id, tasks.node_of(held.step_id), task, to.id, place)


def add_signer(actor: Actor, task_id: str, wish: AddSigner) -> None:
    """Asks a colleague to decide as well: before the actor's own decision, after it, or beside it."""
    held = access.task(actor, task_id)
    given = tasks.of_step(held.step_id)
    to, task, node = _newcomer(actor, held, given, wish.to, "请"), _mine(held, given), tasks.node_of(held.step_id)
    if task.state is not TaskState.OPEN:
        raise refusals.AlreadyDecided(access.what_happened(actor, held.id))
    place = Place(is_passed_on=True, is_added=True, waits_for=held.id if wish.when is Signing.AFTER else None)
    asked = delegations.asked([to.id], held.running.subject)
    (added,) = tasks.hand_out(held.running, held.step_id, node, asked, [place])
    if wish.when is Signing.BEFORE:
        tasks.take_away(task.id, TaskState.OPEN, TaskState.REPLACED, f"已请{to.name}先审批")
        tasks.hand_over(held.running, held.step_id, node, task, task.person_id, replace(task.place, waits_for=added))
    comment = "，".join(filter(None, (ADDED[wish.when].format(name=to.name), wish.reason)))
    entry = Entry(Act.ADDED, held.step_name, actor.person_id, held.place_of(actor), to.id, comment)
    trail.note(held.running.id, entry)
    _record(actor, held, "approvals.add_signer", to)


def _newcomer(actor: Actor, held: Held, given: list[Given], text: str, verb: str) -> PersonView:
    if held.running.state != InstanceState.PENDING:
        raise refusals.AlreadyDecided(access.what_happened(actor, held.id))
    to = delegations.colleague(text, but_not=actor.person_id)
    if to.id == held.running.applicant_id:
        raise Conflict(f"不能{verb}申请人本人，请另选一位同事")
    if to.id in tasks.taking_part(given):
        raise Conflict(f"{to.name}已在这一步的审批人中，请另选一位同事")
    return to


def _mine(held: Held, given: list[Given]) -> Given:
    return next(one for one in given if one.id == held.id)


def _record(actor: Actor, held: Held, action: str, to: PersonView) -> None:
    after = {"task": held.id, "to": to.id}
    platform.audit.record(actor, action, held.running.name, person_id=held.running.applicant_id, after=after)


def urge(actor: Actor, instance_id: str) -> None:
    """The applicant asks those who are asked to hurry; once in a working interval, `TooMany` before that."""
    now = clock.now()
    mine = (Instance.id == instance_id) & (Instance.applicant_id == actor.person_id)
    row = db.session.execute(select(Instance.state, Instance.title, Instance.subject).where(mine)).first()
    if row is None:
        raise NotFound()
    if row.state != InstanceState.PENDING:
        raise Conflict("这项申请现在不在审批中，不用催办")
    rested = or_(Instance.urged_at.is_(None), Instance.urged_at <= now - limits.URGE_PAUSE)
    if not platform.changed(update(Instance).where(mine, rested).values(urged_at=now)):
        raise TooMany("刚催过了，请过一会儿再催", retry_after=int(limits.URGE_PAUSE.total_seconds()))
    trail.note(instance_id, Entry(Act.URGED, actor_id=actor.person_id))
    asked = select(Task.person_id).where(Task.instance_id == instance_id, Task.state == TaskState.OPEN)
    people_asked = delegations.asked(db.session.scalars(asked).all(), row.subject)
    told = [one.told(actor.person_id) for one in people_asked]
    facts = {"applicant": actor.name, "title": row.title, "link": f"/h5/approvals/{instance_id}"}
    message = Message("approvals/urged", facts)
    notices.notify(told, message, key=f"urged:{instance_id}:{now:%Y%m%d%H%M}")
