"""Reads about people that other domains stand on. No permission is asked here: the caller knows why it asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import aliased

from kit.errors import NotFound
from models.base import db
from models.enums import AudienceKind, PersonStatus, Role
from models.people import Department, Grant, Membership, Person, Tag, TagDepartment, Tagging
from services import platform
from services.people.actor import below_departments
from services.people.schemas import PersonView

IN_ONE_STATEMENT = 900  # SQLite's parameters are limited


def get(person_id: str) -> PersonView:
    """The person, active or not; `NotFound` when there is none."""
    found = many([person_id]).get(person_id)
    if found is None:
        raise NotFound()
    return found


# built once: hardly a request does without it
VIEWS = select(
    Person.id, Person.userid, Person.name, Person.department_id, Person.superior_id, Person.is_manager, Person.position,
    Person.employee_number, Person.gender, Person.hired_on, Person.first_worked_on, Person.left_on, Person.status,
    func.coalesce(Department.name, "").label("department_name"),
).outerjoin(Department, Department.id == Person.department_id)  # fmt: skip
"""People as others know them, each with the name of the home department; rows for `PersonView`."""
_NAMED = VIEWS.where(Person.id.in_(bindparam("ids", expanding=True)))
_DATES = select(Person.id, Person.hired_on, Person.left_on).where(Person.id.in_(bindparam("ids", expanding=True)))


def many(person_ids: Iterable[str]) -> dict[str, PersonView]:
    """The people with these ids, active or not; unknown ids are left out."""
    wanted = list(dict.fromkeys(person_ids))
    parts = [wanted[at : at + IN_ONE_STATEMENT] for at in range(0, len(wanted), IN_ONE_STATEMENT)]
    return {row.id: view_of(row) for part in parts for row in platform.rows(_NAMED, {"ids": part})}


@dataclass(frozen=True, slots=True)
class Employment:
    """From the first to the last day that somebody works here, as far as the dates are known."""

    hired_on: date | None
    left_on: date | None

    def __contains__(self, day: date) -> bool:
        return (self.hired_on or day) <= day <= (self.left_on or day)


def employed(person_ids: Iterable[str]) -> dict[str, Employment]:
    """When these people work or worked here: `many` for those who need nothing else."""
    wanted = list(dict.fromkeys(person_ids))
    parts = [wanted[at : at + IN_ONE_STATEMENT] for at in range(0, len(wanted), IN_ONE_STATEMENT)]
    return {
        row.id: Employment(row.hired_on, row.left_on) for part in parts for row in platform.rows(_DATES, {"ids": part})
    }


def known_as(names: Iterable[str]) -> dict[str, PersonView]:
    """The people behind these employee numbers or userids (any case), by the text asked for.

    An employee number wins over another person's userid of the same text.
    """
    wanted = [name for name in dict.fromkeys(names) if name]
    found: dict[str, PersonView] = {}
    for at in range(0, len(wanted), IN_ONE_STATEMENT // 2):
        part = wanted[at : at + IN_ONE_STATEMENT // 2]
        either = or_(Person.employee_number.in_(part), Person.userid.in_([name.lower() for name in part]))
        views = [view_of(row) for row in db.session.execute(VIEWS.where(either))]
        by_userid = {view.userid: view for view in views}
        by_number = {view.employee_number: view for view in views if view.employee_number}
        found |= {n: view for n in part if (view := by_number.get(n) or by_userid.get(n.lower()))}
    return found


def view_of(row: Any) -> PersonView:
    """What others may know of a person."""
    return PersonView.model_validate(row)


def superior_of(person_id: str, level: int = 1) -> str | None:
    """The `level`-th superior still active: along the direct superiors, then along the heads of the departments.

    Superiors who left are passed over without being counted; nobody is met twice, so a circle ends.
    """
    links, met, here = _upward(person_id), {person_id}, person_id
    for _ in range(level):
        following = _next_active(links, here, met) or _head_above(links, here, met)
        if following is None:
            return None
        if following not in links:
            links |= _upward(following)
        met.add(following)
        here = following
    return here


def _chain() -> Select[str, str | None, PersonStatus, str | None]:
    columns = (Person.id, Person.superior_id, Person.status, Person.department_id)
    chain = select(*columns).where(Person.id == bindparam("person_id")).cte("upward", recursive=True)
    return select(chain.union(select(*columns).where(Person.id == chain.c.superior_id)))


_UPWARD = _chain()


def _upward(person_id: str) -> dict[str, Any]:
    """The person and everybody above along the direct superiors, by id."""
    return {row.id: row for row in platform.rows(_UPWARD, {"person_id": person_id})}


def _next_active(links: dict[str, Any], here: str, met: set[str]) -> str | None:
    seen = set(met)
    following = links[here].superior_id if here in links else None
    while following in links and following not in seen:
        if links[following].status == PersonStatus.ACTIVE:
            return str(following)
        seen.add(following)
        following = links[following].superior_id
    return None


def _head_above(links: dict[str, Any], here: str, met: set[str]) -> str | None:
    department_id = links[here].department_id if here in links else None
    if department_id is None:
        return None
    above, home = aliased(Department), aliased(Department)
    heads = db.session.execute(
        _heads()
        .join(above, above.id == Membership.department_id)
        .join(home, home.path.startswith(above.path))
        .where(home.id == department_id)
        .order_by(above.path.desc(), Person.id)
    ).scalars()
    return next((head for head in heads if head not in met), None)


def heads_of(department_id: str, level: int = 1) -> list[str]:
    """The active leaders of the department (level 1) or of one further up; empty when nobody leads it."""
    path = db.session.scalar(select(Department.path).where(Department.id == department_id))
    parts = (path or "").strip("/").split("/")
    if not path or level > len(parts):
        return []
    asked = "/" + "".join(f"{part}/" for part in parts[: len(parts) - level + 1])
    led = select(Department.id).where(Department.path == asked)
    return list(db.session.scalars(_heads().where(Membership.department_id.in_(led)).order_by(Person.id)))


def _heads() -> Select[str]:
    return (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.is_leader, Person.status == PersonStatus.ACTIVE)
    )


def holders_of(role: Role, for_person_id: str | None = None) -> list[str]:
    """The active people who hold the role, company-wide or for the department of the person it is about."""
    reach: ColumnElement[bool] = Grant.department_id.is_(None)
    if for_person_id is not None:
        home, limit = aliased(Department), aliased(Department)
        covering = (
            select(limit.id)
            .join(home, home.path.startswith(limit.path))
            .join(Person, Person.department_id == home.id)
            .where(Person.id == for_person_id)
        )
        reach = or_(reach, Grant.department_id.in_(covering))
    holding = select(Grant.person_id).where(Grant.role == role, reach)
    return list(db.session.scalars(_active(Person.id.in_(holding)).order_by(Person.id)))


def audience(kind: AudienceKind, value: str = "") -> Select[str]:
    """Ids of the active people meant; `value` is a role, or the id of a department (with all below), tag or person."""
    return _active(*MEANT[kind](value)) if kind in MEANT else _active(false())


def _members(department_ids: Select[str]) -> ColumnElement[bool]:
    return Person.id.in_(select(Membership.person_id).where(Membership.department_id.in_(department_ids)))


def _tagged(tag_id: str) -> ColumnElement[bool]:
    departments = select(TagDepartment.department_id).where(TagDepartment.tag_id == tag_id)
    wearers = Person.id.in_(select(Tagging.person_id).where(Tagging.tag_id == tag_id))
    return or_(wearers, _members(below_departments(departments)))


MEANT: dict[AudienceKind, Callable[[str], tuple[ColumnElement[bool], ...]]] = {
    AudienceKind.COMPANY: lambda _: (),
    AudienceKind.DEPARTMENT: lambda value: (_members(below_departments([value])),),
    AudienceKind.TAG: lambda value: (_tagged(value),),
    AudienceKind.ROLE: lambda value: (Person.id.in_(select(Grant.person_id).where(Grant.role == value)),),
    AudienceKind.PERSON: lambda value: (Person.id == value,),
}


def at_home_in(department_id: str | BindParameter[str]) -> Select[str, str]:
    """`(id, name)` of the active people whose own department this is, without those below; for use in a statement."""
    return _active(Person.department_id == department_id).add_columns(Person.name)


def named(person_ids: BindParameter[Any]) -> Select[str, str]:
    """`(id, name)` of these people, active or not; for use in a statement."""
    return select(Person.id, Person.name).where(Person.id.in_(person_ids))


def active_ids() -> Select[str]:
    """The ids of everybody who works here now."""
    return _active()


def worked_since(day: date) -> Select[str]:
    """The ids of everybody who works here now or has left on that day or later."""
    has_left = and_(Person.status == PersonStatus.INACTIVE, Person.left_on >= day)
    return select(Person.id).where(or_(Person.status == PersonStatus.ACTIVE, has_left))


def homes() -> Select[str, str | None]:
    """`(id, department_id)` of everybody, active or not; for use in a statement."""
    return select(Person.id, Person.department_id)


def _active(*conditions: Any) -> Select[str]:
    return select(Person.id).where(Person.status == PersonStatus.ACTIVE, *conditions)


def matching(text: str) -> Select[str]:
    """Ids of the people, active or not, whose name contains the text or whose number or userid it is."""
    is_named = Person.name.contains(text, autoescape=True)
    return select(Person.id).where(or_(is_named, Person.employee_number == text, Person.userid == text.lower()))


def lineages(person_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Each person's home department and those above it, nearest first; people without a department are left out."""
    home, above, wanted = aliased(Department), aliased(Department), list(dict.fromkeys(person_ids))
    found: dict[str, tuple[str, ...]] = {}
    for at in range(0, len(wanted), IN_ONE_STATEMENT):
        rows = db.session.execute(
            select(Person.id, above.id)
            .join(home, home.id == Person.department_id)
            .join(above, home.path.startswith(above.path))
            .where(Person.id.in_(wanted[at : at + IN_ONE_STATEMENT]))
            .order_by(above.path.desc())
        )
        for person_id, department_id in rows:
            found[person_id] = (*found.get(person_id, ()), department_id)
    return found


def lineage(person_id: str | BindParameter[str]) -> Select[str]:
    """The ids of the person's home department and those above it, for use inside another statement."""
    home, above = aliased(Department), aliased(Department)
    return (
        select(above.id)
        .join(home, home.path.startswith(above.path))
        .join(Person, Person.department_id == home.id)
        .where(Person.id == person_id)
    )


def tags_of(person_id: str) -> list[str]:
    """The names of the tags that the person wears, also by a department they belong to."""
    worn = select(Tagging.tag_id).where(Tagging.person_id == person_id)
    shared = select(TagDepartment.tag_id).where(TagDepartment.department_id.in_(lineage(person_id)))
    return list(
        db.session.scalars(select(Tag.name).where(or_(Tag.id.in_(worn), Tag.id.in_(shared))).order_by(Tag.name))
    )


def tags_of_many(person_ids: Iterable[str]) -> dict[str, list[str]]:
    """The same for many people, for each who wears any; a fixed count of statements for every 900 of them."""
    wanted = list(dict.fromkeys(person_ids))
    worn: dict[str, set[str]] = {}
    for at in range(0, len(wanted), IN_ONE_STATEMENT):
        own = select(Tagging.person_id, Tag.name).join(Tag, Tag.id == Tagging.tag_id)
        for person_id, name in db.session.execute(own.where(Tagging.person_id.in_(wanted[at : at + IN_ONE_STATEMENT]))):
            worn.setdefault(person_id, set()).add(name)
    shared = db.session.execute(select(TagDepartment.department_id, Tag.name).join(Tag, Tag.id == TagDepartment.tag_id))
    by_department: dict[str, set[str]] = {}
    for department_id, name in shared:
        by_department.setdefault(department_id, set()).add(name)
    for person_id, homes in lineages(wanted).items() if by_department else ():
        for home in homes:
            worn.setdefault(person_id, set()).update(by_department.get(home, ()))
    return {person_id: sorted(names) for person_id, names in worn.items() if names}


def department_names(department_ids: Iterable[str]) -> dict[str, str]:
    """What these departments are called; unknown ids are left out."""
    rows = db.session.execute(select(Department.id, Department.name).where(Department.id.in_(set(department_ids))))
    return {department_id: name for department_id, name in rows}
