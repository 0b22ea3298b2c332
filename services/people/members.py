"""Members of the directory, many or one, brought to what WeCom tells in a few statements whatever their number.

Every reading carries the instant it began. A person remembers the newest one, and older ones change nothing: so the
order in which readings are applied does not matter (reliability R26).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select, true, update
from sqlalchemy.orm import aliased

from kit import clock
from kit.ids import new_id
from models.base import db
from models.enums import PersonStatus
from models.people import Grant, LoginSession, Membership, Person
from services import platform
from services.people import moves, rules
from services.people.actor import System
from services.people.events import Joined, Left, Moved
from services.people.told import MemberTold
from services.people.tree import department_ids

DIRECTORY = System("directory")
PART = 500
_UNSYNCHRONIZED = {"synchronize_session": False}


@dataclass
class Changes:
    """What became of people while they were brought up to date; `superiors` are those who had one of them before."""

    joined: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    superiors: set[str] = field(default_factory=set)

    def tell(self) -> None:
        """Publishes the events, once everything is in place."""
        db.session.expire_all()
        for person_id in self.joined:
            platform.publish(Joined(person_id))
        for person in _people(sorted(self.moved)):
            platform.publish(Moved(person.id, person.department_id, person.superior_id))
        for person_id in self.left:
            platform.publish(Left(person_id))


def _people(person_ids: Sequence[str]) -> Iterable[Person]:
    for at in range(0, len(person_ids), PART):
        yield from db.session.scalars(select(Person).where(Person.id.in_(person_ids[at : at + PART])))


def apply(members: Sequence[MemberTold], read_at: datetime) -> Changes:
    """Creates and updates these members; whoever was told of by a newer reading stays as they are."""
    told = {userid: one for one in members if (userid := rules.normal_userid(one.userid))}
    known = {row.userid: row for row in _known(None if len(told) > PART else list(told))}
    stale = {userid for userid, row in known.items() if row.synced_at and row.synced_at > read_at}
    changes, departments = Changes(), department_ids()
    told = moves.followed({userid: one for userid, one in told.items() if userid not in stale}, departments)
    rows = {userid: _row(one, known.get(userid), departments) for userid, one in told.items()}
    fresh = [row for userid, row in rows.items() if userid not in known]
    if fresh:
        db.session.execute(insert(Person), fresh)
    altered = [row for userid, row in rows.items() if userid in known and _differs(row, known[userid])]
    if altered:
        db.session.execute(update(Person), altered)
    _mark_read(list(told), read_at)
    _note(changes, rows, known)
    _sync_memberships({rows[userid]["id"]: one for userid, one in told.items()}, departments)
    _leave(changes.left, read_at)
    return changes


def _mark_read(userids: list[str], read_at: datetime) -> None:
    for at in range(0, len(userids), PART):
        told = update(Person).where(Person.userid.in_(userids[at : at + PART])).values(synced_at=read_at)
        db.session.execute(told, execution_options=_UNSYNCHRONIZED)


def _known(userids: list[str] | None) -> Sequence[Any]:
    columns = (Person.id, Person.userid, Person.name, Person.status, Person.department_id, Person.superior_id,
               Person.superior_userid, Person.position, Person.left_on, Person.synced_at)  # fmt: skip
    wanted = true() if userids is None else Person.userid.in_(userids)
    return db.session.execute(select(*columns).where(wanted)).all()


def _row(one: MemberTold, known: Any, departments: dict[int, str]) -> dict[str, Any]:
    """The person's columns after this telling; what was not told keeps its value."""
    userid = rules.normal_userid(one.userid) or ""
    superior = rules.superior_in(userid, one.superiors or ())
    is_same_superior = known is not None and (one.superiors is None or superior == known.superior_userid)
    return {
        "id": known.id if known else new_id(),
        "userid": userid,
        "name": (one.name or (known.name if known else userid))[:64],
        "status": PersonStatus.ACTIVE if one.is_active else PersonStatus.INACTIVE,
        "department_id": rules.home_of(one.departments, one.home, departments),
        "superior_userid": known.superior_userid if is_same_superior else superior,
        "superior_id": known.superior_id if is_same_superior else None,
        "position": (one.position if one.position is not None else known.position if known else "")[:128],
        "left_on": known.left_on if known and not one.is_active else None,
    }


def _differs(row: dict[str, Any], known: Any) -> bool:
    return any(getattr(known, name) != value for name, value in row.items())


def _note(changes: Changes, rows: dict[str, dict[str, Any]], known: dict[str, Any]) -> None:
    for userid, row in rows.items():
        before = known.get(userid)
        changes.superiors.update([before.superior_id] if before and before.superior_id else [])
        was_active = before is not None and before.status == PersonStatus.ACTIVE
        is_active = row["status"] == PersonStatus.ACTIVE
        if is_active and not was_active:
            changes.joined.append(row["id"])
        elif was_active and not is_active:
            changes.left.append(row["id"])
        elif before and was_active and row["department_id"] != before.department_id:
            changes.moved.add(row["id"])


def _sync_memberships(told: dict[str, MemberTold], departments: dict[int, str]) -> None:
    wanted = {
        (person_id, departments[number]): number in one.leads
        for person_id, one in told.items()
        for number in one.departments
        if number in departments
    }
    present = {(row.person_id, row.department_id): row.is_leader for row in _memberships(list(told))}
    gone = [key for key in present if key not in wanted]
    for person_id, department_id in gone:
        here = (Membership.person_id == person_id, Membership.department_id == department_id)
        db.session.execute(delete(Membership).where(*here), execution_options=_UNSYNCHRONIZED)
    rows = [{"person_id": p, "department_id": d, "is_leader": leads} for (p, d), leads in wanted.items()]
    fresh = [row for row in rows if (row["person_id"], row["department_id"]) not in present]
    if fresh:
        db.session.execute(insert(Membership), fresh)
    altered = [row for row in rows if present.get((row["person_id"], row["department_id"])) == (not row["is_leader"])]
    if altered:
        db.session.execute(update(Membership), altered)


def _memberships(person_ids: list[str]) -> Iterable[Any]:
    columns = select(Membership.person_id, Membership.department_id, Membership.is_leader)
    for at in range(0, len(person_ids), PART):
        yield from db.session.execute(columns.where(Membership.person_id.in_(person_ids[at : at + PART])))


def leave(condition: ColumnElement[bool], read_at: datetime) -> Changes:
    """Whoever is active, meets the condition and was not told of by a newer reading has left."""
    older = or_(Person.synced_at.is_(None), Person.synced_at <= read_at)
    active = Person.status == PersonStatus.ACTIVE
    left = list(db.session.scalars(select(Person.id).where(active, older, condition)))
    for at in range(0, len(left), PART):
        gone = update(Person).where(Person.id.in_(left[at : at + PART]))
        gone = gone.values(status=PersonStatus.INACTIVE, synced_at=read_at)
        db.session.execute(gone, execution_options=_UNSYNCHRONIZED)
    _leave(left, read_at)
    return Changes(left=left)


def _leave(person_ids: Sequence[str], read_at: datetime) -> None:
    """Ends what somebody who left could still do: sessions and roles; a role is not given back by returning."""
    day = clock.local(read_at).date()
    for at in range(0, len(person_ids), PART):
        part = person_ids[at : at + PART]
        dated = update(Person).where(Person.id.in_(part), Person.left_on.is_(None)).values(left_on=day)
        for statement in (
            dated,
            delete(LoginSession).where(LoginSession.person_id.in_(part)),
            delete(Grant).where(Grant.person_id.in_(part)),
        ):
            db.session.execute(statement, execution_options=_UNSYNCHRONIZED)
    for person_id in person_ids:
        platform.audit.record(DIRECTORY, "people.person.leave", person_id, person_id=person_id)


def link(changes: Changes, userids: Sequence[str] | None = None) -> None:
    """Points people to their superiors by userid and settles who is a manager; `None` looks at everybody."""
    superior = aliased(Person)
    near = true() if userids is None else or_(Person.userid.in_(userids), Person.superior_userid.in_(userids))
    unlinked = or_(Person.superior_id.is_(None), Person.superior_id != superior.id)
    rows = db.session.execute(
        select(Person.id, Person.superior_id.label("before"), superior.id.label("superior_id"))
        .join(superior, superior.userid == Person.superior_userid)
        .where(unlinked, near)
    ).all()
    if rows:
        db.session.execute(update(Person), [{"id": row.id, "superior_id": row.superior_id} for row in rows])
    changes.moved.update({row.id for row in rows} - set(changes.joined) - set(changes.left))
    _settle_managers(true() if userids is None else _near(userids, changes.superiors))


def _near(userids: Sequence[str], superiors: set[str]) -> ColumnElement[bool]:
    """The people themselves, their superiors now, and their superiors before."""
    report = aliased(Person)
    present = select(report.superior_id).where(report.userid.in_(userids), report.superior_id.is_not(None))
    return or_(Person.userid.in_(userids), Person.id.in_(superiors), Person.id.in_(present))


def _settle_managers(among: ColumnElement[bool]) -> None:
    report = aliased(Person)
    has_reports = exists().where(report.superior_id == Person.id, report.status == PersonStatus.ACTIVE)
    leads = exists().where(Membership.person_id == Person.id, Membership.is_leader)
    for is_manager, truly in ((True, or_(has_reports, leads)), (False, ~or_(has_reports, leads))):
        wrong = select(Person.id).where(Person.is_manager == (not is_manager), truly, among)
        rows = [{"id": person_id, "is_manager": is_manager} for person_id in db.session.scalars(wrong)]
        if rows:
            db.session.execute(update(Person), rows)
