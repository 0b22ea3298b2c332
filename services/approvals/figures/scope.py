"""Which steps and decisions figures are about: those of the period, within the reach of whoever looks."""

from sqlalchemy import ColumnElement

from kit import clock
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.enums import StepState, TaskState
from services import people
from services.approvals.figures.schemas import FiguresQuery
from services.people import Actor, Permission

DECIDED = (StepState.APPROVED, StepState.REJECTED)
SPOKEN = (TaskState.APPROVED, TaskState.REJECTED)
REQUEST_OF_STEP = (Instance, Instance.id == Step.instance_id)
Conditions = list[ColumnElement[bool]]


def about(actor: Actor, query: FiguresQuery) -> Conditions:
    """Requests of the subject, within the actor's reach."""
    reach = Instance.applicant_id.in_(people.within(actor, Permission.APPROVALS_INSTANCE_READ))
    return [reach, Instance.subject == query.subject] if query.subject else [reach]


def in_period(query: FiguresQuery) -> Conditions:
    """Steps decided in the period."""
    period = query.period
    day_after = clock.at_local(period.last, 24 * 60)
    return [Step.state.in_(DECIDED), Step.closed_at >= clock.at_local(period.first), Step.closed_at < day_after]


def spoken(actor: Actor, query: FiguresQuery) -> Conditions:
    """What people decided in those steps."""
    by_people = [Task.state.in_(SPOKEN), Task.decided_by.is_not(None)]
    return [*by_people, *in_period(query), *about(actor, query)]
