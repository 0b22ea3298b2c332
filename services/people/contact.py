"""Mobile and mail: sealed at rest, told by the member's consent or by HR's import, shown masked."""

import json

from pydantic import ConfigDict
from sqlalchemy import select, update

from kit.schema import View
from kit.text import mask
from models.base import db
from models.enums import Gender
from models.people import Person
from services import platform
from services.people.actor import Actor

GENDERS = {"1": Gender.MALE, "2": Gender.FEMALE}  # WeCom's numbers (page 95833); "0" says nothing


class Contact(View):
    """How to reach somebody outside WeCom; `None` where nobody told us."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    mobile: str | None = None
    email: str | None = None

    def masked(self) -> "Contact":
        """The same, recognisable to its owner and useless to others."""
        name, _, host = (self.email or "").partition("@")
        return Contact(
            mobile=mask(self.mobile) if self.mobile else None,
            email=f"{mask(name, 1, 0)}@{host}" if self.email else None,
        )


def contact_of(person_id: str) -> Contact:
    """What we know; whoever asks shows it masked, or has a reason for more."""
    sealed = db.session.scalar(select(Person.sealed_contact).where(Person.id == person_id))
    return opened(person_id, sealed)


def opened(person_id: str, sealed: bytes | None) -> Contact:
    """The contact in a sealed column."""
    if sealed is None:
        return Contact()
    return Contact.model_validate_json(platform.vault.sealer().open(_context(person_id), sealed))


def sealed(person_id: str, contact: Contact) -> bytes:
    """The column's value for a contact."""
    return platform.vault.sealer().seal(_context(person_id), json.dumps(contact.model_dump()).encode())


def merged(before: Contact, mobile: str | None, email: str | None) -> Contact:
    """What is told replaces what was known; what is not told stays."""
    return Contact(mobile=mobile or before.mobile, email=email or before.email)


def tell(actor: Actor, mobile: str | None, email: str | None, gender: str | None) -> None:
    """Keeps what the member agreed to show; `gender` as WeCom writes it."""
    contact = merged(contact_of(actor.person_id), mobile, email)
    values: dict[str, object] = {"sealed_contact": sealed(actor.person_id, contact)}
    if gender in GENDERS:
        values["gender"] = GENDERS[gender]
    platform.changed(update(Person).where(Person.id == actor.person_id).values(**values))
    told = [name for name, value in (("mobile", mobile), ("email", email), ("gender", gender in GENDERS)) if value]
    platform.audit.record(
        actor, "people.person.consent", actor.person_id, person_id=actor.person_id, after={"told": told}
    )


def _context(person_id: str) -> str:
    return f"person.contact:{person_id}"
