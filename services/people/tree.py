"""Departments and tags of the directory, brought to what WeCom tells; each reading is complete in itself."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from kit.ids import new_id
from models.base import Base, db
from models.people import Department, Person, Tag, TagDepartment, Tagging
from services.people import rules
from services.people.told import DepartmentTold, TagTold


def sync_departments(told: Sequence[DepartmentTold]) -> None:
    """Makes the tree what WeCom told: new, renamed, moved; those absent become inactive, never deleted."""
    if not told:
        raise rules.SuspiciousSnapshot()
    known = {row.wecom_id: row for row in db.session.scalars(select(Department))}
    ids = {one.number: known[one.number].id if one.number in known else new_id() for one in told}
    places = rules.paths({one.number: one.parent for one in told})
    ordered = sorted(told, key=lambda one: len(places[one.number]))  # a parent exists before its children name it
    fresh = [one for one in ordered if one.number not in known]
    if fresh:
        db.session.execute(insert(Department), [_row(one, ids, places) for one in fresh])
    for one in told:
        if one.number in known:
            _update(known[one.number], _row(one, ids, places, known[one.number].name))
    for number in known.keys() - ids.keys():
        known[number].is_active = False
    db.session.flush()  # members and tags find the tree by statements


def _row(one: DepartmentTold, ids: dict[int, str], places: dict[int, str], name: str = "") -> dict[str, Any]:
    return {
        "id": ids[one.number],
        "wecom_id": one.number,
        "name": (one.name or name or f"部门 {one.number}")[:128],
        "parent_id": ids.get(one.parent) if places[one.number] != f"/{one.number}/" else None,
        "path": places[one.number],
        "sort": one.order,
        "is_active": True,
    }


def _update(row: Department, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def department_ids() -> dict[int, str]:
    """Our ids by WeCom's numbers."""
    rows = db.session.execute(select(Department.wecom_id, Department.id).where(Department.is_active))
    return {number: department_id for number, department_id in rows}


def sync_tags(told: Iterable[TagTold]) -> None:
    """Makes the tags what WeCom told; tags that are gone are deleted."""
    told = list(told)
    gone = Tag.wecom_id.not_in([one.number for one in told])
    db.session.execute(delete(Tag).where(gone), execution_options={"synchronize_session": False})
    for one in told:
        sync_tag(one)


def sync_tag(told: TagTold) -> None:
    """Makes one tag what WeCom told: its name, who wears it, which departments wear it whole."""
    tag_id = db.session.scalar(select(Tag.id).where(Tag.wecom_id == told.number))
    if tag_id is None:
        tag_id = new_id()
        db.session.execute(insert(Tag), [{"id": tag_id, "wecom_id": told.number, "name": told.name[:64]}])
    db.session.execute(update(Tag).where(Tag.id == tag_id).values(name=told.name[:64]))
    userids = [userid for userid in map(rules.normal_userid, told.userids) if userid]
    people = set(db.session.scalars(select(Person.id).where(Person.userid.in_(userids))))
    numbers = Department.wecom_id.in_(told.departments)
    departments = set(db.session.scalars(select(Department.id).where(numbers)))
    _wear(Tagging, tag_id, "person_id", people)
    _wear(TagDepartment, tag_id, "department_id", departments)


def _wear(table: Any, tag_id: str, column: str, wanted: set[str]) -> None:
    wearer = getattr(table, column)
    present = set(db.session.scalars(select(wearer).where(table.tag_id == tag_id)))
    _remove(table, table.tag_id == tag_id, wearer.in_(present - wanted))
    if wanted - present:
        db.session.execute(insert(table), [{"tag_id": tag_id, column: one} for one in wanted - present])


def _remove(table: type[Base], *conditions: Any) -> None:
    db.session.execute(delete(table).where(*conditions), execution_options={"synchronize_session": False})
