"""Shifts and their assignment."""

from datetime import date

from models.base import db
from models.enums import AudienceKind
from models.people import Department, Person
from models.schedule import Assignment, RotationRow, ShiftRow
from services import people, platform, schedule

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


def rotation(name: str, *turns: ShiftRow | None) -> RotationRow:
    """Shifts that follow each other day by day; `None` is rest."""
    with platform.unit_of_work():
        made = RotationRow(name=name, content={"turns": [turn.id if turn else None for turn in turns]})
        db.session.add(made)
    return made


def rostered(person: Person, day: date, given: ShiftRow | None) -> None:
    """A published roster names this day of a person."""
    with platform.unit_of_work():
        schedule.rostered.put(None, [schedule.rostered.Named(person.id, day, given.id if given else None)])


def own_day(name: str, first: date, *, is_worked: bool = False, dept: Department | None = None) -> None:
    """A day of the company's own, or of a department's."""
    wish = schedule.LocalDayWish(name=name, first=first, is_worked=is_worked, department_id=dept.id if dept else None)
    with platform.unit_of_work():
        schedule.add_local_days(people.System("tests"), wish)


def assigned(
    given: ShiftRow | RotationRow,
    to: Person | Department | None = None,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
    position: int = 0,
) -> Assignment:
    """The shift is that of a person, of a department, or of the whole company."""
    scope = {Person: AudienceKind.PERSON, Department: AudienceKind.DEPARTMENT}.get(type(to), AudienceKind.COMPANY)
    with platform.unit_of_work():
        made = Assignment(
            shift_id=given.id if isinstance(given, ShiftRow) else None,
            rotation_id=given.id if isinstance(given, RotationRow) else None,
            position=position,
            scope=scope,
            person_id=to.id if isinstance(to, Person) else None,
            department_id=to.id if isinstance(to, Department) else None,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        db.session.add(made)
    return made
