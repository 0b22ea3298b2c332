"""The only functions that fetch a request or a draft for somebody: fetch and permission in one statement."""

from sqlalchemy import ColumnElement, or_, select

from kit.errors import NotFound
from models.base import db
from models.leave import LeaveRequest, LeaveSaved
from services import approvals, people
from services.leave.flows import LEAVE
from services.people import Actor, AnyActor, Permission


def proven_request(actor: Actor, request_id: str) -> LeaveRequest:
    """A request whose proof the actor may open."""
    return _one(LeaveRequest.id == request_id, proof(actor))


def own_request(actor: Actor, request_id: str) -> LeaveRequest:
    """The actor's own request; `NotFound` when it is not there or not theirs."""
    return _one(LeaveRequest.id == request_id, LeaveRequest.person_id == actor.person_id)


def draft(actor: Actor, draft_id: str) -> LeaveSaved:
    """The actor's own draft; `NotFound` when it is not there or not theirs."""
    mine = select(LeaveSaved).where(LeaveSaved.id == draft_id, LeaveSaved.person_id == actor.person_id)
    row = db.session.scalars(mine).first()
    if row is None:
        raise NotFound()
    return row


def request(actor: AnyActor, request_id: str) -> LeaveRequest:
    """A request the actor may see: their own, or one of the people they look after."""
    return _one(LeaveRequest.id == request_id, seen(actor))


def seen(actor: AnyActor) -> ColumnElement[bool]:
    """The requests this actor may see."""
    theirs = LeaveRequest.person_id.in_(people.within(actor, Permission.LEAVE_REQUEST_READ))
    return theirs if not isinstance(actor, Actor) else or_(LeaveRequest.person_id == actor.person_id, theirs)


def proof(actor: Actor) -> ColumnElement[bool]:
    """The requests whose proof this actor may open: those they may see, and those they were asked to approve."""
    return or_(seen(actor), LeaveRequest.id.in_(approvals.asked(actor, LEAVE)))


def _one(*conditions: ColumnElement[bool]) -> LeaveRequest:
    # what a conditional UPDATE changed in this transaction went past the session's memory
    found = select(LeaveRequest).where(*conditions)
    row = db.session.scalars(found, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound()
    return row


def balances_of(actor: AnyActor, person_id: str) -> str:
    """The person's id, if the actor may see their balances: their own, or of people they look after."""
    if isinstance(actor, Actor) and person_id == actor.person_id:
        return person_id
    reach = people.within(actor, Permission.LEAVE_BALANCE_READ).subquery()
    found = db.session.scalar(select(reach).where(reach.c.id == person_id))
    if found is None:
        raise NotFound()
    return str(found)
