"""Rosters of departments, filled as a picture: a line for each person, a letter for each day."""

from datetime import date, timedelta

from models.people import Department, Person
from models.schedule import ShiftRow
from services import people, platform, rosters
from services.rosters import planning
from services.rosters.planning import Said

NEXT_MONDAY = date(2026, 3, 9)
SYSTEM = people.System("tests")


def begun(dept: Department, days: int = 7, first: date = NEXT_MONDAY) -> str:
    """An empty roster."""
    with platform.unit_of_work():
        wish = rosters.NewRoster(department_id=dept.id, first_day=first, last_day=first + timedelta(days=days - 1))
        return rosters.begin(SYSTEM, wish)


def filled(roster_id: str, shifts: dict[str, ShiftRow], first: date = NEXT_MONDAY, **lines: tuple[Person, str]) -> None:
    """Writes lines such as `(li, "ee-")` into a draft; `-` is rest, a space is nothing."""
    said = {
        (person.id, day): Said(person.id, day, shifts[code].id if code != "-" else None)
        for person, line in lines.values()
        for day, code in ((first + timedelta(days=n), code) for n, code in enumerate(line))
        if code != " "
    }
    with platform.unit_of_work():
        planning.put(rosters.access.roster(SYSTEM, roster_id), said)


def needed(dept: Department, at_least: int, **more: object) -> None:
    """A department needs so many people."""
    with platform.unit_of_work():
        rosters.add_minimum(SYSTEM, rosters.MinimumWish(department_id=dept.id, at_least=at_least, **more))


def published(roster_id: str) -> None:
    """The roster is in force, whatever it leaves unmet."""
    with platform.unit_of_work():
        seen = rosters.check(SYSTEM, roster_id)
        rosters.publish(SYSTEM, roster_id, rosters.Publish(version=seen.version, unmet=seen.unmet))
