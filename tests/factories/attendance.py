"""Work places, punches, shifts: what a day of attendance is made of."""

from datetime import date, datetime, timedelta

from kit import clock
from models.attendance import Place
from models.attendance import Punch as Row
from models.base import db
from models.enums import Direction, PunchSource
from models.people import Department, Person
from services import attendance, people, platform
from services.attendance.geo import Datum

HEADQUARTERS = (31.1774276, 121.5272106)  # Shanghai, WGS-84
HEADQUARTERS_GCJ = (31.17530398364597, 121.531541859215)
THERE = {"latitude": HEADQUARTERS[0], "longitude": HEADQUARTERS[1], "accuracy": 20}
MONDAY = date(2026, 3, 2)


def place(
    name: str = "总部大楼",
    *,
    at: tuple[float, float] = HEADQUARTERS,
    radius: int = 300,
    dept: Department | None = None,
    has_code: bool = False,
) -> Place:
    """A work place with a circle around it."""
    wish = attendance.PlaceWish(
        name=name,
        latitude=at[0],
        longitude=at[1],
        datum=Datum.WGS84,
        radius=radius,
        department_id=dept.id if dept else None,
        has_code=has_code,
    )
    with platform.unit_of_work():
        made = attendance.add_place(people.System("tests"), wish)
    return db.session.get_one(Place, made.id)


def at(text: str, day: date = MONDAY) -> datetime:
    """09:05 on the day in company time; 30:00 is six in the morning after."""
    hours, minutes = (int(part) for part in text.split(":"))
    return clock.at_local(day, hours * 60 + minutes)


def punches(person: Person, text: str, day: date = MONDAY) -> None:
    """`in 09:00, out 18:00` of a day, as if punched then."""
    parts = [part.split() for part in text.split(",") if part.strip()]
    with platform.unit_of_work():
        db.session.add_all(
            Row(person_id=person.id, at=at(time, day), direction=Direction(direction), source=PunchSource.H5)
            for direction, time in parts
        )


def full_days(person: Person, first: date, last: date) -> None:
    """Somebody who was always on time."""
    for n in range((last - first).days + 1):
        punches(person, "in 08:55, out 18:05", first + timedelta(days=n))
