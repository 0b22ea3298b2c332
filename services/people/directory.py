"""The directory follows WeCom: whole at night and by command, person by person when a callback says so.

A callback is only a hint; what counts is the reading it leads to. People are never deleted.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from kit import log
from models.base import db
from models.enums import PersonStatus
from models.people import LoginSession, Person
from services import platform
from services.people import members, rules, tree
from services.people.told import DepartmentTold, MemberTold, Snapshot, Synced, TagTold

__all__ = ["DepartmentTold", "MemberTold", "Snapshot", "Synced", "TagTold"]

logger = log.get(__name__)


def sync(snapshot: Snapshot, *, is_trusted: bool = False) -> Synced:
    """Makes departments, people and tags what the snapshot says; repeating it changes nothing.

    Whoever is absent becomes inactive. A snapshot that would leave fewer than half of the people is refused with
    `SuspiciousSnapshot`, unless an operator says that it is to be trusted.
    """
    present = {userid for one in snapshot.members if one.is_active and (userid := rules.normal_userid(one.userid))}
    known = set(active_userids())
    if not is_trusted and rules.would_empty(len(known), len(known & present)):
        logger.error("directory.snapshot_refused", extra={"known": len(known), "present": len(known & present)})
        raise rules.SuspiciousSnapshot()
    tree.sync_departments(snapshot.departments)
    changes = members.apply(snapshot.members, snapshot.read_at)
    absent = sorted(known - {rules.normal_userid(one.userid) for one in snapshot.members})
    for at in range(0, len(absent), members.PART):
        gone = members.leave(Person.userid.in_(absent[at : at + members.PART]), snapshot.read_at)
        changes.left.extend(gone.left)
    members.link(changes)
    tree.sync_tags(snapshot.tags)
    changes.tell()
    done = Synced(len(present), len(changes.joined), len(changes.left), len(changes.moved))
    _record(done)
    return done


def _record(done: Synced) -> None:
    counts = {"people": done.people, "joined": done.joined, "left": done.left, "moved": done.moved}
    logger.info("directory.synced", extra=counts)
    if done.joined or done.left or done.moved:
        platform.audit.record(members.DIRECTORY, "people.directory.sync", "directory", after=counts)


def sync_member(told: MemberTold, read_at: datetime) -> None:
    """Makes one person what an authoritative reading said, unless a newer one has been applied."""
    changes = members.apply([told], read_at)
    userid = rules.normal_userid(told.userid)
    members.link(changes, [userid] if userid else [])
    changes.tell()


def member_gone(userid: str, read_at: datetime) -> None:
    """An authoritative reading did not find this member: inactive, sessions ended, `Left` published."""
    normal = rules.normal_userid(userid)
    if normal is None:
        return
    changes = members.leave(Person.userid == normal, read_at)
    if changes.left:
        superior = db.session.scalar(select(Person.superior_id).where(Person.userid == normal))
        changes.superiors.update([superior] if superior else [])
        members.link(changes, [normal])
    changes.tell()


def rename(old: str, new: str) -> None:
    """The same person under a new userid: history stays with them. Nothing if the new one is somebody already."""
    before, after = rules.normal_userid(old), rules.normal_userid(new)
    if before is None or after is None or _exists(after):
        return
    for column in (Person.userid, Person.superior_userid):
        renamed = update(Person).where(column == before).values({column: after})
        db.session.execute(renamed, execution_options={"synchronize_session": False})
    platform.audit.record(members.DIRECTORY, "people.person.rename", after, before={"userid": before})


def _exists(userid: str) -> bool:
    return db.session.scalar(select(Person.id).where(Person.userid == userid)) is not None


def end_sessions(userid: str) -> None:
    """Ends every session of whoever has this userid, at once; the reading that follows says what else is true."""
    normal = rules.normal_userid(userid)
    theirs = select(Person.id).where(Person.userid == normal)
    platform.changed(delete(LoginSession).where(LoginSession.person_id.in_(theirs)))


def sync_departments(told: Sequence[DepartmentTold]) -> None:
    """Makes the tree of departments what a complete reading of it said."""
    tree.sync_departments(told)


def sync_tag(told: TagTold) -> None:
    """Makes one tag what an authoritative reading said."""
    tree.sync_tag(told)


def active_userids() -> list[str]:
    """The userids of everybody active."""
    return list(db.session.scalars(select(Person.userid).where(Person.status == PersonStatus.ACTIVE)))


def unknown_departments(numbers: Sequence[int]) -> bool:
    """Does a member belong to a department that we have not heard of? Then the tree must be read first."""
    return not set(numbers) <= tree.department_ids().keys()
