"""What forms do when others speak: a decision settles or returns a form, somebody who leaves takes theirs back."""

from sqlalchemy import delete, select

from models.base import db
from models.enums import FormState, InstanceState
from models.forms import FormRequest
from services import approvals, notices, platform
from services.approvals import Decided, Resumed, Returned
from services.forms import commands, dividing, effects, queries
from services.forms.catalog import FAMILY
from services.people import Left, System
from templates_msg import Message

LEAVING = System("forms.left")


def on_decided(event: Decided) -> None:
    """Settles the form that was decided, does what it is for, and tells whose it is."""
    if not event.subject.startswith(f"{FAMILY}:"):
        return
    is_approved = event.state == InstanceState.APPROVED
    # what was sent back and never submitted again is refused where it lies
    before = db.session.scalar(select(FormRequest.state).where(FormRequest.id == event.subject_id))
    was = before if before in queries.ALIVE else FormState.PENDING
    commands.end(event.subject_id, was, FormState.APPROVED if is_approved else FormState.REJECTED)
    row = db.session.get_one(FormRequest, event.subject_id)
    if is_approved and event.part:
        dividing.keep(row, event.part)
    if is_approved:
        effects.of(row.code).apply(queries.filed(row))
    facts = {"title": row.title, "is_approved": is_approved, "comment": event.comment, "request_id": row.id}
    notices.notify(row.person_id, Message("forms/decided", facts), key=f"decided:{event.instance_id}")


def on_returned(event: Returned) -> None:
    """The form that was sent back waits for its applicant."""
    _move(event, FormState.PENDING, FormState.RETURNED)


def on_resumed(event: Resumed) -> None:
    """The form that was submitted again as it was waits for approval."""
    _move(event, FormState.RETURNED, FormState.PENDING)


def _move(event: Returned | Resumed, before: FormState, after: FormState) -> None:
    if event.subject.startswith(f"{FAMILY}:"):
        platform.moved(FormRequest, event.subject_id, before, state=after)


def on_left(event: Left) -> None:
    """Ends what waits for approval and forgets the drafts."""
    theirs = FormRequest.person_id == event.person_id
    columns = (FormRequest.id, FormRequest.code, FormRequest.state)
    for request_id, code, state in db.session.execute(
        select(*columns).where(theirs, FormRequest.state.in_(queries.ALIVE))
    ).all():
        approvals.withdraw(f"{FAMILY}:{code}", request_id, LEAVING)
        commands.end(request_id, state, FormState.WITHDRAWN)
    platform.changed(delete(FormRequest).where(theirs, FormRequest.state == FormState.DRAFT))
