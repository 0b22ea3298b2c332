"""Reading WeCom's directory: its records become the plain values that people understands.

Readings happen outside any transaction; each remembers when it began, so that an older one never wins.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from typing import Any

import wecom
from kit import clock, log
from services import people, platform
from wecom.contacts import Contacts, Department, Member

DISABLED, LEFT = 2, 5
UNKNOWN_MEMBER, NOT_VISIBLE, UNKNOWN_DEPARTMENT = 60111, 60011, 60003
AT_ONCE = 8
logger = log.get(__name__)

Payload = dict[str, Any]


def sync(client: wecom.Client, *, is_trusted: bool = False) -> people.directory.Synced:
    """Reads the whole directory and makes ours the same; anything that fails leaves ours as it is."""
    known = platform.transact(people.directory.active_userids, writes=False)
    snapshot = read(client, known)
    return platform.transact(lambda: people.directory.sync(snapshot, is_trusted=is_trusted))


def read(client: wecom.Client, known: Iterable[str] = ()) -> people.directory.Snapshot:
    """The whole directory. Somebody known but not met is asked for by name: they may have moved while we walked."""
    began, contacts = clock.now(), client.contacts
    departments = tuple(_department(one) for one in contacts.departments())
    met = {one.userid.lower(): _member(one) for one in _walk(contacts, [one.number for one in departments])}
    missing = [userid for userid in known if userid not in met]
    if len(missing) <= len(met):  # otherwise something is wrong with what we may see, and asking cannot mend it
        met |= {userid: told for userid in missing if (told := _member_or_none(contacts, userid))}
    tags = tuple(_tag(contacts, one.id, one.name) for one in contacts.tags())
    return people.directory.Snapshot(began, departments, tuple(met.values()), tags)


def read_member(client: wecom.Client, payload: Payload) -> Payload:
    """Reads one member and applies what was read: changed, new, or gone."""
    began, contacts, userid = clock.now(), client.contacts, payload["userid"]
    try:
        told = _member(contacts.member(userid))
    except wecom.Refused as error:
        return _unseen(userid, error, began)
    if platform.transact(lambda: people.directory.unknown_departments(told.departments), writes=False):
        read_departments(client, {})
    platform.transact(lambda: people.directory.sync_member(told, began))
    return {}


def _unseen(userid: str, error: wecom.Refused, began: datetime) -> Payload:
    if error.errcode == UNKNOWN_MEMBER:
        platform.transact(lambda: people.directory.member_gone(userid, began))
        return {"gone": True}
    if error.errcode == NOT_VISIBLE:  # perhaps our view was narrowed by mistake: the nightly reading has a guard
        logger.warning("directory.member_not_visible")
        return {"visible": False}
    raise error


def read_departments(client: wecom.Client, _payload: Payload) -> Payload:
    """Reads the tree of departments and applies it."""
    told = [_department(one) for one in client.contacts.departments()]
    platform.transact(lambda: people.directory.sync_departments(told))
    return {}


def read_tag(client: wecom.Client, payload: Payload) -> Payload:
    """Reads one tag and applies it; its name comes from the list of tags."""
    number, contacts = payload["tag_id"], client.contacts
    name = next((one.name for one in contacts.tags() if one.id == number), None)
    if name is not None:
        told = _tag(contacts, number, name)
        platform.transact(lambda: people.directory.sync_tag(told))
    return {}


def sync_all(client: wecom.Client, _payload: Payload) -> Payload:
    """The nightly promise: everything."""
    done = sync(client)
    return {"people": done.people, "joined": done.joined, "left": done.left, "moved": done.moved}


KEPT: dict[str, Callable[[wecom.Client, Payload], Payload]] = {
    "directory.sync": sync_all,
    "directory.read_departments": read_departments,
    "directory.read_member": read_member,
    "directory.read_tag": read_tag,
}
"""Promise kind → the reading that keeps it."""


def _walk(contacts: Contacts, departments: list[int]) -> Iterator[Member]:
    """Everybody, department by department, several at a time: a large company is read within a worker's lease."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="directory") as pool:
        asked = [pool.submit(copy_context().run, _members, contacts, number) for number in departments]
        for answer in asked:
            yield from answer.result()


def _members(contacts: Contacts, department: int) -> list[Member]:
    try:
        return contacts.members(department)
    except wecom.Refused as error:
        if error.errcode == UNKNOWN_DEPARTMENT:  # deleted while we walked, so it was empty
            return []
        raise


def _member_or_none(contacts: Contacts, userid: str) -> people.directory.MemberTold | None:
    try:
        return _member(contacts.member(userid))
    except wecom.Refused as error:
        if error.errcode in (UNKNOWN_MEMBER, NOT_VISIBLE):
            return None
        raise


def _department(one: Department) -> people.directory.DepartmentTold:
    return people.directory.DepartmentTold(one.id, one.name, one.parent_id, one.order)


def _member(one: Member) -> people.directory.MemberTold:
    """A disabled account (2) or one that left (5) is inactive; one not yet activated (4) is an employee like others."""
    return people.directory.MemberTold(
        userid=one.userid,
        name=one.name,
        departments=one.departments,
        leads=frozenset(d for d, leads in zip(one.departments, one.is_leader_in, strict=False) if leads),
        home=one.main_department,
        superiors=one.direct_leaders,
        position=one.position,
        is_active=one.status not in (DISABLED, LEFT),
    )


def _tag(contacts: Contacts, number: int, name: str) -> people.directory.TagTold:
    wearers = contacts.tag(number)
    return people.directory.TagTold(number, name, wearers.userids, wearers.departments)
