"""Lists of people: HR's with filters, order and export, and the one in which everybody finds a colleague."""

from datetime import date
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from kit.pages import Page, PageQuery
from kit.schema import Identifier, View, Wish
from models.base import db
from models.enums import PersonStatus, Role
from models.people import Department, Grant, Membership, Person
from services import platform
from services.people import queries
from services.people.actor import Actor, below_departments, within
from services.people.permissions import Permission

MOST_EXPORTED = 20_000
LONG_AGO = date(1, 1, 1)
MOST_FOUND = 20


class PeopleQuery(PageQuery):
    """Filters and order of HR's list of people."""

    q: str | None = Field(None, max_length=64, description="part of a name, or a userid or employee number")
    department_id: Identifier | None = None
    role: Role | None = None
    status: Literal["active", "inactive", "all"] = "active"
    sort: Literal["name", "-name", "number", "-number", "hired", "-hired"] = "name"
    format: Literal["html", "xlsx", "csv"] = "html"


class PersonLine(View):
    """A line of HR's list."""

    id: str
    name: str
    userid: str
    employee_number: str | None
    department_name: str
    superior_name: str
    position: str
    hired_on: date | None
    left_on: date | None
    status: PersonStatus


class Colleague(View):
    """What everybody may know of everybody who works here."""

    id: str
    name: str
    department_name: str
    position: str


_NAME = func.coalesce(Person.name, "").label("by_name")
_NUMBER = func.coalesce(Person.employee_number, "").label("by_number")
_HIRED = func.coalesce(Person.hired_on, LONG_AGO).label("by_hired_on")
ORDERS = {
    "name": platform.keyset.Order(_NAME, str, Person.id),
    "number": platform.keyset.Order(_NUMBER, str, Person.id),
    "hired": platform.keyset.Order(_HIRED, date, Person.id),
}
COLUMNS = (
    Person.id, Person.name, Person.userid, Person.employee_number, Person.position, Person.hired_on, Person.left_on,
    Person.status, _NAME, _NUMBER, _HIRED,
)  # fmt: skip


def people_page(actor: Actor, query: PeopleQuery) -> Page[PersonLine]:
    """The people within the actor's reach, a page at a time."""
    cut = _listing(actor, query).page(query)
    return Page(items=[_line(row) for row in cut.rows], next_cursor=cut.next_cursor)


def people_file(actor: Actor, query: PeopleQuery) -> list[PersonLine]:
    """The same list whole, to be taken away: recorded."""
    rows = _listing(actor, query).first(MOST_EXPORTED)
    facts = {
        "rows": len(rows),
        "filters": query.model_dump(mode="json", exclude={"cursor", "limit"}, exclude_none=True),
    }
    platform.audit.record(actor, "people.person.export", "people", after=facts)
    return [_line(row) for row in rows]


def _listing(actor: Actor, query: PeopleQuery) -> platform.keyset.Listing:
    superior = aliased(Person)
    conditions: list[ColumnElement[bool]] = [Person.id.in_(within(actor, Permission.PEOPLE_PERSON_READ))]
    conditions += [Person.id.in_(queries.matching(query.q.strip()))] if query.q else []
    conditions += [Person.id.in_(_members(query.department_id))] if query.department_id else []
    conditions += [Person.id.in_(select(Grant.person_id).where(Grant.role == query.role))] if query.role else []
    conditions += [Person.status == query.status] if query.status != "all" else []
    found = (
        select(*COLUMNS, Department.name.label("department"), superior.name.label("superior"))
        .outerjoin(Department, Department.id == Person.department_id)
        .outerjoin(superior, superior.id == Person.superior_id)
        .where(*conditions)
    )
    return platform.keyset.listing(found, ORDERS, query.sort)


def _members(department_id: str) -> Select[str]:
    return select(Membership.person_id).where(Membership.department_id.in_(below_departments([department_id])))


def _line(row: Any) -> PersonLine:
    return PersonLine(
        id=row.id,
        name=row.name,
        userid=row.userid,
        employee_number=row.employee_number,
        department_name=row.department or "",
        superior_name=row.superior or "",
        position=row.position,
        hired_on=row.hired_on,
        left_on=row.left_on,
        status=PersonStatus(row.status),
    )


class ColleagueQuery(Wish):
    """Looking for a colleague by part of the name, or by userid or employee number."""

    q: str = Field("", max_length=64)


def colleagues(_actor: Actor, query: ColleagueQuery) -> list[Colleague]:
    """The first people found who work here now; nothing for an empty question."""
    text = query.q.strip()
    if not text:
        return []
    found = queries.VIEWS.where(Person.status == PersonStatus.ACTIVE, Person.id.in_(queries.matching(text)))
    rows = db.session.execute(found.order_by(Person.name, Person.id).limit(MOST_FOUND))
    return [
        Colleague(id=row.id, name=row.name, department_name=row.department_name, position=row.position) for row in rows
    ]
