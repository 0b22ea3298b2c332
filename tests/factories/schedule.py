"""Shifts and their assignment."""

from datetime import date

from models.base import db
from models.enums import AudienceKind
from models.people import Department, Person
from models.schedule import Assignment, ShiftRow
from services import platform

LONG_AGO = date(2020, 1, 1)


def shift(
    name: str = "早班", segments: tuple[tuple[int, int], ...] = ((540, 720), (780, 1080)), **more: object
) -> ShiftRow:
    """A shift, eight hours unless said otherwise; times in minutes from midnight."""
    content = {"late_grace": 0, "early_grace": 0, "weekdays": [], "works_holidays": False, **more}
    with platform.unit_of_work():
        made = ShiftRow(name=name, content={"segments": [list(edges) for edges in segments], **content})
        db.session.add(made)
    return made


def assigned(
    given: ShiftRow, to: Person | Department | None = None, starts_on: date = LONG_AGO, ends_on: date | None = None
) -> Assignment:
    """The shift is that of a person, of a department, or of the whole company."""
    scope = {Person: AudienceKind.PERSON, Department: AudienceKind.DEPARTMENT}.get(type(to), AudienceKind.COMPANY)
    with platform.unit_of_work():
        made = Assignment(
            shift_id=given.id,
            scope=scope,
            person_id=to.id if isinstance(to, Person) else None,
            department_id=to.id if isinstance(to, Department) else None,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        db.session.add(made)
    return made
