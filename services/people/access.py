"""The only functions that fetch a person for somebody: fetch and permission together."""

from sqlalchemy import select

from kit.errors import NotFound
from models.base import db
from models.people import Person
from services.people.actor import AnyActor, within
from services.people.permissions import Permission


def person(actor: AnyActor, person_id: str, permission: Permission, *, for_change: bool = False) -> Person:
    """The person if `actor` may treat them under the permission, else `NotFound`; locked when it is for a change."""
    actor.require(permission)
    wanted = select(Person).where(Person.id == person_id, Person.id.in_(within(actor, permission)))
    found = db.session.scalars(wanted.with_for_update() if for_change else wanted).first()
    if found is None:
        raise NotFound()
    return found
