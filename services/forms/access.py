"""The only functions that fetch a filled-in form for somebody: fetch and permission together."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from kit.errors import NotFound
from models.base import db
from models.enums import FormState, Viewer
from models.forms import FormRequest
from services import approvals, people
from services.forms.catalog import FAMILY
from services.people import Actor, AnyActor, Permission

IS_DRAFT = FormRequest.state == FormState.DRAFT


@dataclass(frozen=True)
class Seen:
    """A submitted form, and as what its reader sees it."""

    row: FormRequest
    viewers: frozenset[Viewer]


def draft(actor: Actor, draft_id: str) -> FormRequest:
    """The actor's own draft."""
    return _one(FormRequest.id == draft_id, FormRequest.person_id == actor.person_id, IS_DRAFT)


def own(actor: Actor, request_id: str) -> FormRequest:
    """What the actor submitted."""
    return _one(FormRequest.id == request_id, FormRequest.person_id == actor.person_id, ~IS_DRAFT)


def request(actor: Actor, request_id: str) -> Seen:
    """A submitted form: for its applicant, those asked to approve it or told of it, and HR; else `NotFound`."""
    row = _one(FormRequest.id == request_id, ~IS_DRAFT)
    viewers = _viewers(actor, row)
    if not viewers:
        raise NotFound()
    return Seen(row, viewers)


def _viewers(actor: Actor, row: FormRequest) -> frozenset[Viewer]:
    subject = f"{FAMILY}:{row.code}"
    asked, told = (FormRequest.id.in_(found(actor, subject)) for found in (approvals.asked, approvals.told))
    hats = {
        Viewer.APPLICANT: FormRequest.person_id == actor.person_id,
        Viewer.APPROVER: asked | told,
        Viewer.HR: looked_after(actor),
    }
    worn = db.session.execute(select(*hats.values()).where(FormRequest.id == row.id)).one()
    return frozenset(viewer for viewer, is_worn in zip(hats, worn, strict=True) if is_worn)


def looked_after(actor: AnyActor) -> ColumnElement[bool]:
    """The submitted forms of the people whose forms this actor handles."""
    reach = people.within(actor, Permission.FORMS_REQUEST_READ)
    return FormRequest.person_id.in_(reach) & ~IS_DRAFT


def voidable(actor: Actor, request_id: str) -> FormRequest:
    """A form HR may take back."""
    actor.require(Permission.FORMS_REQUEST_VOID)
    reach = people.within(actor, Permission.FORMS_REQUEST_VOID)
    return _one(FormRequest.id == request_id, FormRequest.person_id.in_(reach), ~IS_DRAFT)


def _one(*conditions: ColumnElement[bool]) -> FormRequest:
    # what a conditional UPDATE changed in this transaction went past the session's memory
    found = select(FormRequest).where(*conditions)
    row = db.session.scalars(found, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound()
    return row
