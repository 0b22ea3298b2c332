"""Roles: given and taken by an administrator, never by the holder, and every change ends the holder's sessions."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import ColumnElement, Select, delete, select

from kit.errors import Conflict, NotFound
from kit.ids import new_id
from kit.pages import Page, PageQuery
from kit.schema import Identifier, View, Wish
from models.base import db
from models.enums import PersonStatus, Role
from models.people import Department, Grant, Person
from services import platform
from services.people import access, permissions, rules, sessions
from services.people.actor import Actor, AnyActor
from services.people.permissions import Permission
from services.people.queries import matching


class GrantWish(Wish):
    """A role, company-wide or for one department and all below it."""

    role: Role
    department_id: Identifier | None = None


class GrantView(View):
    """A role that somebody holds."""

    id: str
    person_id: str
    person_name: str
    role: Role
    title: str
    department_name: str | None
    granted_at: datetime


def grant(actor: AnyActor, person_id: str, wish: GrantWish) -> GrantView:
    """Gives a role. Refused: to oneself, twice, to somebody who left, or beside a role it may not be joined with."""
    person = access.person(actor, person_id, Permission.PEOPLE_GRANT_EDIT, for_change=True)
    _refuse_own(actor, person_id)
    held = list(db.session.scalars(select(Grant).where(Grant.person_id == person_id)))
    _check(person, held, wish)
    given = Grant(
        id=new_id(),
        person_id=person_id,
        role=wish.role,
        department_id=_department(wish.department_id),
        granted_by=actor.person_id if isinstance(actor, Actor) else None,
    )
    db.session.add(given)
    db.session.flush()  # the view below reads it
    _tell(actor, "people.grant.give", given)
    return next(view for view in of_person(person_id) if view.id == given.id)


def _check(person: Person, held: list[Grant], wish: GrantWish) -> None:
    if person.status != PersonStatus.ACTIVE:
        raise Conflict("该员工已离职，不能授予角色")
    if any(one.role == wish.role and one.department_id == wish.department_id for one in held):
        raise Conflict("该员工已有这个角色")
    other = rules.incompatible_with(wish.role, [Role(one.role) for one in held], permissions.INCOMPATIBLE)
    if other is not None:
        titles = permissions.ROLE_TITLES
        raise rules.IncompatibleRoles(f"“{titles[wish.role]}”不能与“{titles[other]}”由同一人担任")


def _department(department_id: str | None) -> str | None:
    if department_id is not None and db.session.get(Department, department_id) is None:
        raise NotFound("没有这个部门")
    return department_id


def revoke(actor: AnyActor, grant_id: str) -> str:
    """Takes a role away; whose it was."""
    actor.require(Permission.PEOPLE_GRANT_EDIT)
    taken = db.session.get(Grant, grant_id)
    if taken is None:
        raise NotFound()
    access.person(actor, taken.person_id, Permission.PEOPLE_GRANT_EDIT)
    _refuse_own(actor, taken.person_id)
    if platform.changed(delete(Grant).where(Grant.id == grant_id)):
        _tell(actor, "people.grant.revoke", taken)
    return taken.person_id


def _refuse_own(actor: AnyActor, person_id: str) -> None:
    if isinstance(actor, Actor) and actor.person_id == person_id:
        raise rules.OwnGrant()


def _tell(actor: AnyActor, action: str, grant: Grant) -> None:
    sessions.end_all(grant.person_id)
    facts = {"role": grant.role, "department": grant.department_id}
    platform.audit.record(actor, action, grant.id, person_id=grant.person_id, after=facts)


def of_person(person_id: str) -> list[GrantView]:
    """The roles somebody holds; whoever asks has checked that they may know."""
    held = _with_names().where(Grant.person_id == person_id).order_by(Grant.role, Grant.id)
    return [_view(row) for row in platform.rows(held)]


class GrantsQuery(PageQuery):
    """Roles held in the company, by role and holder."""

    role: Role | None = None
    q: str | None = Field(None, max_length=64, description="part of a name, or a userid or employee number")
    sort: Literal["role", "-role", "granted", "-granted"] = "role"
    format: Literal["html", "xlsx", "csv"] = "html"


ORDERS = {
    "role": platform.keyset.Order(Grant.role, str, Grant.id),
    "granted": platform.keyset.Order(Grant.created_at, datetime, Grant.id),
}
MOST_EXPORTED = 20_000


def everyone(actor: AnyActor, query: GrantsQuery) -> Page[GrantView]:
    """All roles held in the company, a page at a time."""
    actor.require(Permission.PEOPLE_GRANT_EDIT)
    cut = _listing(query).page(query)
    return Page(items=[_view(row) for row in cut.rows], next_cursor=cut.next_cursor)


def everyone_file(actor: AnyActor, query: GrantsQuery) -> list[GrantView]:
    """The same as a list to take away: recorded."""
    actor.require(Permission.PEOPLE_GRANT_EDIT)
    rows = _listing(query).first(MOST_EXPORTED)
    platform.audit.record(actor, "people.grant.export", "grant", after={"rows": len(rows)})
    return [_view(row) for row in rows]


def _listing(query: GrantsQuery) -> platform.keyset.Listing:
    conditions: list[ColumnElement[bool]] = []
    conditions += [Grant.role == query.role] if query.role else []
    conditions += [Grant.person_id.in_(matching(query.q.strip()))] if query.q else []
    return platform.keyset.listing(_with_names().where(*conditions), ORDERS, query.sort)


def _with_names() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Grant.id, Grant.person_id, Grant.role, Grant.created_at,
            Person.name.label("person"), Department.name.label("department"),
        )
        .join(Person, Person.id == Grant.person_id)
        .outerjoin(Department, Department.id == Grant.department_id)
    )  # fmt: skip


def _view(row: Any) -> GrantView:
    role = Role(row.role)
    return GrantView(
        id=row.id,
        person_id=row.person_id,
        person_name=row.person,
        role=role,
        title=permissions.ROLE_TITLES[role],
        department_name=row.department,
        granted_at=row.created_at,
    )
