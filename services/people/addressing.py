"""Whom messages can be addressed to: the departments and tags there are, and the accounts behind a choice of people."""

from typing import Any

from sqlalchemy import BindParameter, Select, select

from models.base import db
from models.enums import PersonStatus
from models.people import Department, Person, Tag


def userids(person_ids: Select[str]) -> list[tuple[str, str]]:
    """`(id, userid)` of the selected people, by id; the selection may have an order and a limit of its own."""
    chosen = person_ids.subquery()
    accounts = select(Person.id, Person.userid).join(chosen, chosen.c[0] == Person.id).order_by(Person.id)
    return [(row.id, row.userid) for row in db.session.execute(accounts)]


def accounts(person_ids: BindParameter[Any]) -> Select[str]:
    """The userids of those of these people who still work here; for use in a statement."""
    return select(Person.userid).where(Person.id.in_(person_ids), Person.status == PersonStatus.ACTIVE)


def department_tree() -> list[tuple[str, str]]:
    """`(id, name)` of the active departments, each below its parent, the names indented by their depth."""
    rows = db.session.execute(
        select(Department.id, Department.parent_id, Department.name)
        .where(Department.is_active)
        .order_by(Department.sort.desc(), Department.wecom_id)
    ).all()
    here = {row.id for row in rows}
    below: dict[str | None, list[tuple[str, str]]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in here else None, []).append((row.id, row.name))
    return list(_walk(below, None, 0))


def _walk(below: dict[str | None, list[tuple[str, str]]], parent: str | None, depth: int) -> list[tuple[str, str]]:
    return [
        line
        for department_id, name in below.get(parent, [])
        for line in [(department_id, "　" * depth + name), *_walk(below, department_id, depth + 1)]
    ]


def tag_names() -> dict[str, str]:
    """The tags by id, in the order of their names."""
    return {row.id: row.name for row in db.session.execute(select(Tag.id, Tag.name).order_by(Tag.name))}
