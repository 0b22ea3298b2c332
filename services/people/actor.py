"""The actor: who is acting now, proven by a session or a verified callback, and what they may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, false, or_, select
from sqlalchemy.orm import aliased

from kit.errors import Forbidden, NotFound
from kit.ids import PersonId
from models.enums import PersonStatus, Role
from models.people import Department, Grant, Membership, Person
from services import platform
from services.people import permissions, rules
from services.people.permissions import Permission, Scope


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. `grants` are the roles held, each with the department it is limited to, or `None`."""

    person_id: PersonId
    userid: str
    name: str
    department_id: str | None
    is_manager: bool
    grants: tuple[tuple[Role, str | None], ...] = ()
    session_id: str | None = None
    csrf: str = ""
    stepped_up_at: datetime | None = None
    allowed: Mapping[Permission, Scope] = field(default_factory=dict, repr=False)

    @property
    def label(self) -> str:
        """How audit and logs name this actor."""
        return self.person_id

    @property
    def is_system(self) -> bool:
        return False

    def may(self, permission: Permission) -> bool:
        """Has the permission at some scope; which rows it reaches is another question."""
        return permission in self.allowed

    def require(self, permission: Permission) -> None:
        """Raises `Forbidden` with the sentence of the permissions page."""
        if not self.may(permission):
            raise Forbidden(permissions.denial(permission))


@dataclass(frozen=True)
class System:
    """The system itself, under the name of the job or command that acts."""

    job: str

    @property
    def label(self) -> str:
        return f"system:{self.job}"

    @property
    def is_system(self) -> bool:
        return True

    def may(self, permission: Permission) -> bool:
        return True

    def require(self, permission: Permission) -> None:
        """The system may."""


AnyActor = Actor | System


WHO = (Person.id, Person.userid, Person.name, Person.department_id, Person.is_manager, Person.status)
HELD = (Grant.role, Grant.department_id.label("limited_to"))
# built once: every request begins with one of these
_ACTORS = select(*WHO, *HELD).outerjoin(Grant, Grant.person_id == Person.id)
_BY_USERID = _ACTORS.where(Person.userid == bindparam("userid"))
_BY_ID = _ACTORS.where(Person.id == bindparam("person_id"))


def actor_of(rows: Sequence[Any], **session: Any) -> Actor | None:
    """The actor told of by rows of `WHO` and `HELD`, one row for each role; `None` unless they work here now."""
    if not rows or rows[0].status != PersonStatus.ACTIVE:
        return None
    person, grants = rows[0], tuple((Role(row.role), row.limited_to) for row in rows if row.role)
    allowed = permissions.of_roles([role for role, _ in grants], is_manager=person.is_manager)
    return Actor(PersonId(person.id), person.userid, person.name, person.department_id, person.is_manager, grants,
                 allowed=allowed, **session)  # fmt: skip


def by_userid(userid: str) -> Actor:
    """The active employee with this WeCom userid (compared without case, as WeCom does); else `NotFound`."""
    actor = actor_of(platform.rows(_BY_USERID, {"userid": rules.normal_userid(userid)}))
    if actor is None:
        raise NotFound("通讯录中没有您的在职信息，请联系人事")
    return actor


def by_id(person_id: str) -> Actor:
    """The active employee with this id; else `NotFound`."""
    actor = actor_of(platform.rows(_BY_ID, {"person_id": person_id}))
    if actor is None:
        raise NotFound()
    return actor


def within(actor: AnyActor, permission: Permission) -> Select[str]:
    """One SELECT of the ids of all people whom `actor` may treat under `permission`.

    Lists use it as `person_id IN (…)`, single fetches as part of their own WHERE: the two cannot disagree.
    """
    if isinstance(actor, System):
        return select(Person.id)
    holding = _limits(actor, permission)
    if None in holding:
        return select(Person.id)
    reach: list[ColumnElement[bool]] = (
        [Person.department_id.in_(below_departments([limit for limit in holding if limit]))] if holding else []
    )
    if actor.is_manager and permission in permissions.MANAGER:
        reach += [Person.id == actor.person_id, Person.id.in_(reports_of(actor.person_id))]
    return select(Person.id).where(or_(false(), *reach))


def departments_within(actor: AnyActor, permission: Permission) -> Select[str]:
    """Ids of the departments that `actor` may treat as a whole under `permission`: those a role is limited to, those
    they lead where managers may, and all below these."""
    if covers_all(actor, permission):
        return select(Department.id)
    assert isinstance(actor, Actor)
    limits = [limit for limit in _limits(actor, permission) if limit]
    reach: list[ColumnElement[bool]] = [Department.id.in_(below_departments(limits))] if limits else []
    if actor.is_manager and permission in permissions.MANAGER:
        led = select(Membership.department_id).where(Membership.person_id == actor.person_id, Membership.is_leader)
        reach.append(Department.id.in_(below_departments(led)))
    return select(Department.id).where(or_(false(), *reach))


def covers_all(actor: AnyActor, permission: Permission) -> bool:
    """May treat everybody under `permission`: for acts on the whole company, which no department may decide."""
    return isinstance(actor, System) or None in _limits(actor, permission)


def _limits(actor: Actor, permission: Permission) -> list[str | None]:
    """For each role that allows it, the department it is limited to, or `None`."""
    return [limit for role, limit in actor.grants if permission in permissions.ROLES[role]]


def below_departments(department_ids: Sequence[str] | Select[str]) -> Select[str]:
    """Ids of these departments and all below them.

    With paths from departments known beforehand MariaDB reads ranges of the path's index and begins here; joined by
    path it cannot tell how few departments match, and checks every person instead.
    """
    top, below = aliased(Department), aliased(Department)
    if not isinstance(department_ids, Select):
        paths = (select(Department.path).where(Department.id == one).scalar_subquery() for one in department_ids)
        return select(below.id).where(or_(false(), *(below.path.startswith(path) for path in paths)))
    return select(below.id).join(top, below.path.startswith(top.path)).where(top.id.in_(department_ids))


def reports_of(person_id: str) -> Select[str]:
    """Ids of direct and indirect reports, and of everyone in the departments (and below) that the person leads."""
    chain = select(Person.id, Person.superior_id).where(Person.superior_id == person_id).cte("reports", recursive=True)
    chain = chain.union(select(Person.id, Person.superior_id).where(Person.superior_id == chain.c.id))
    led = select(Membership.department_id).where(Membership.person_id == person_id, Membership.is_leader)
    members = select(Membership.person_id).where(
        Membership.department_id.in_(below_departments(led)), Membership.person_id != person_id
    )
    return select(chain.c.id).where(chain.c.id != person_id).union(members).subquery().select()
