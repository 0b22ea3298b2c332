"""A small company: departments, people, superiors, roles."""

from datetime import date

from models.base import db
from models.enums import Role
from models.people import Department, Grant, Membership, Person
from services import platform


def department(name: str = "研发部", parent: Department | None = None, wecom_id: int | None = None) -> Department:
    """A department below `parent`."""
    with platform.unit_of_work():
        number = wecom_id or (db.session.query(Department).count() + 1)
        path = f"{parent.path if parent else '/'}{number}/"
        made = Department(wecom_id=number, name=name, parent_id=parent.id if parent else None, path=path)
        db.session.add(made)
    return made


def person(
    userid: str,
    name: str = "",
    *,
    superior: Person | None = None,
    dept: Department | None = None,
    leads: bool = False,
    roles: tuple[Role, ...] = (),
    **columns: object,
) -> Person:
    """An employee, hired 2020-01-01 unless said otherwise; a superior becomes a manager by having a report."""
    with platform.unit_of_work():
        columns = {"hired_on": date(2020, 1, 1), "first_worked_on": date(2018, 1, 1), **columns}
        made = Person(
            userid=userid,
            name=name or userid,
            superior_id=superior.id if superior else None,
            department_id=dept.id if dept else None,
            is_manager=leads,
            **columns,
        )
        db.session.add(made)
        db.session.flush()
        if superior:
            superior.is_manager = True
        if dept:
            db.session.add(Membership(person_id=made.id, department_id=dept.id, is_leader=leads))
        db.session.add_all(Grant(person_id=made.id, role=role) for role in roles)
    return made
