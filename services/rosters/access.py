"""The only functions that fetch a roster for somebody: fetch and permission in one statement."""

from sqlalchemy import Select, select

from kit.errors import NotFound
from models.base import db
from models.enums import AudienceKind
from models.rosters import Roster
from services import people
from services.people import AnyActor, Permission, PersonView

EDIT = Permission.ROSTERS_ROSTER_EDIT


def departments(actor: AnyActor) -> Select[str]:
    """Ids of the departments whose rosters the actor makes."""
    return people.departments_within(actor, EDIT)


def roster(actor: AnyActor, roster_id: str) -> Roster:
    """A roster that the actor may make; `NotFound` when it is absent or not theirs."""
    actor.require(EDIT)
    found = select(Roster).where(Roster.id == roster_id, Roster.department_id.in_(departments(actor)))
    # what a conditional UPDATE changed in this transaction went past the session's memory
    row = db.session.scalars(found, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound()
    return row


def check_department(actor: AnyActor, department_id: str) -> None:
    """`NotFound` unless the actor makes the rosters of this department."""
    actor.require(EDIT)
    reach = departments(actor).subquery()
    if db.session.scalar(select(reach.c.id).where(reach.c.id == department_id)) is None:
        raise NotFound()


def members(department_id: str) -> list[PersonView]:
    """The active people of a department with all below it, by department and name."""
    ids = db.session.scalars(people.audience(AudienceKind.DEPARTMENT, department_id)).all()
    return sorted(people.many(ids).values(), key=lambda one: (one.department_name, one.name, one.id))
