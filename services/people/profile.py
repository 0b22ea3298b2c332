"""One person on a page: for themselves, and for whoever may look after them."""

from sqlalchemy import select

from kit.schema import View
from models.base import db
from models.people import StepUpSecret
from services.people import access, grants
from services.people.actor import Actor
from services.people.contact import Contact, contact_of
from services.people.grants import GrantView
from services.people.permissions import Permission
from services.people.queries import get, many
from services.people.schemas import PersonView


class ProfileView(View):
    """A person with what belongs around them; the contact is masked."""

    person: PersonView
    superior_name: str
    contact: Contact
    roles: list[GrantView]
    has_step_up: bool


def mine(actor: Actor) -> ProfileView:
    """The actor's own profile."""
    return _profile(actor.person_id)


def profile(actor: Actor, person_id: str) -> ProfileView:
    """The profile of somebody the actor may read."""
    access.person(actor, person_id, Permission.PEOPLE_PERSON_READ)
    return _profile(person_id)


def _profile(person_id: str) -> ProfileView:
    person = get(person_id)
    superior = many([person.superior_id]).get(person.superior_id) if person.superior_id else None
    return ProfileView(
        person=person,
        superior_name=superior.name if superior else "",
        contact=contact_of(person_id).masked(),
        roles=grants.of_person(person_id),
        has_step_up=_has_step_up(person_id),
    )


def _has_step_up(person_id: str) -> bool:
    return db.session.scalar(select(StepUpSecret.person_id).where(StepUpSecret.person_id == person_id)) is not None
