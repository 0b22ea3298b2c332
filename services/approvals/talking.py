"""What people say about a request: comments with a paper, a question to the applicant, and the answer.

While a question waits for its answer, the clocks of the request stand still; for how long, `unanswered` says.
"""

from sqlalchemy import select, update

from kit import clock
from kit.errors import Conflict, NotFound
from models.approvals import ApprovalHistory as History
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalTask as Task
from models.base import db
from models.enums import Act, InstanceState, TaskState
from services import notices, platform
from services.approvals import access, deadlines, delegations, trail
from services.approvals.rules import refusals
from services.approvals.running import Running, lock
from services.approvals.trail import Entry
from services.approvals.wishes import Question, Remark
from services.people import Actor
from templates_msg import Message

PURPOSE = "approval_remark"


def comment(actor: Actor, instance_id: str, wish: Remark) -> None:
    """Anybody who may read a request may say something about it; those it concerns are told."""
    row = access.instance(actor, Instance.id == instance_id)
    file_id = _keep(actor, wish)
    trail.note(row.id, Entry(Act.COMMENTED, actor_id=actor.person_id, comment=wish.text, file_id=file_id))
    _tell(actor, [row.applicant_id, *asked(row.id, row.subject, row.applicant_id)], row, wish.text)


def ask(actor: Actor, task_id: str, wish: Question) -> None:
    """An approver asks the applicant; until the answer no deadline passes."""
    held = access.task(actor, task_id)
    running = held.running
    if running.state != InstanceState.PENDING:
        raise refusals.AlreadyDecided(access.what_happened(actor, held.id))
    if running.paused_at is not None:
        raise Conflict("已有问题在等申请人回答，请等回答后再问")
    paused = update(Instance).where(Instance.id == running.id, Instance.paused_at.is_(None))
    platform.changed(paused.values(paused_at=clock.now()))
    said = Entry(Act.ASKED, held.step_name, actor.person_id, held.place_of(actor), comment=wish.text)
    trail.note(running.id, said)
    _tell(actor, [running.applicant_id], running, wish.text)


def answer(actor: Actor, instance_id: str, wish: Remark) -> None:
    """The applicant answers, and the clocks go on."""
    mine = select(Instance.id).where(Instance.id == instance_id, Instance.applicant_id == actor.person_id)
    if db.session.scalar(mine) is None:
        raise NotFound()
    running = lock(instance_id)
    if running.paused_at is None:
        raise Conflict("现在没有等您回答的问题")
    file_id = _keep(actor, wish)
    resume(running)
    trail.note(running.id, Entry(Act.ANSWERED, actor_id=actor.person_id, comment=wish.text, file_id=file_id))
    _tell(actor, asked(running.id, running.subject, running.applicant_id), running, wish.text)


def paper(actor: Actor, instance_id: str, file_id: str) -> platform.files.File:
    """A paper that somebody added to the history of a request the actor may read."""
    row = access.instance(actor, Instance.id == instance_id)
    if not access.shows_all(actor, row):
        raise NotFound()
    named = select(History.seq).where(History.instance_id == row.id, History.file_id == file_id)
    if db.session.scalar(named.limit(1)) is None:
        raise NotFound()
    return platform.files.fetch(file_id, PURPOSE)


def _keep(actor: Actor, wish: Remark) -> str | None:
    if wish.paper is None:
        return None
    file_id = platform.files.store(actor.person_id, PURPOSE, wish.paper)
    db.session.flush()  # the history refers to it
    return file_id


def resume(running: Running) -> None:
    """Lets the clocks of a request go on that stood still since `paused_at`."""
    assert running.paused_at is not None
    platform.changed(update(Instance).where(Instance.id == running.id).values(paused_at=None))
    ticking = select(Task.id, Task.person_id, Task.due_at).where(
        Task.instance_id == running.id, Task.state == TaskState.OPEN, Task.due_at.is_not(None)
    )
    for task in db.session.execute(ticking).all():
        due_at = deadlines.moved_on(task.person_id, task.due_at, running.paused_at)
        platform.changed(update(Task).where(Task.id == task.id).values(due_at=due_at))


def asked(instance_id: str, subject: str, applicant_id: str) -> list[str]:
    """Who is asked now, or stands in for them."""
    opened = select(Task.person_id).where(Task.instance_id == instance_id, Task.state == TaskState.OPEN)
    return [one.told(applicant_id) for one in delegations.asked(db.session.scalars(opened).all(), subject)]


def _tell(actor: Actor, person_ids: list[str], about: Running | Instance, words: str) -> None:
    told = [one for one in person_ids if one != actor.person_id]
    facts = {"name": actor.name, "title": about.title, "words": words, "link": f"/h5/approvals/{about.id}"}
    key = f"said:{about.id}:{actor.person_id}:{clock.now().isoformat()}"
    notices.notify(told, Message("approvals/said", facts), key=key)
