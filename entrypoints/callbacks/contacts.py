"""Changes of the directory. An event is only a hint: it ends sessions where waiting would harm and has the truth read.

Events come late, twice and in any order; the reading they promise happens after them, so it cannot miss what they mean.
"""

from collections.abc import Callable
from datetime import timedelta

import wecom
from kit import clock
from services import people, platform
from services.platform import Terms
from wecom.events import Change, ContactChange
from wecom.replies import Reply

TREE_WINDOW_SECONDS = 10


def changed(inbound: wecom.Inbound) -> Reply | None:
    """Somebody or something changed (`change_contact`)."""
    change = ContactChange.parse(inbound)
    read = READINGS.get(change.change)
    if read is not None:
        read(change, inbound.key)
    return None


def seen(inbound: wecom.Inbound) -> Reply | None:
    """A member came into our visible range or left it; the directory says which, and whether they are still here."""
    _read_member(inbound.userid, inbound.key)
    return None


def _member(change: ContactChange, key: str) -> None:
    if change.new_userid:
        people.directory.rename(change.userid, change.new_userid)
    _read_member(change.new_userid or change.userid, key)


def _deleted_member(change: ContactChange, key: str) -> None:
    people.directory.end_sessions(change.userid)
    _read_member(change.userid, key)


def _read_member(userid: str, key: str) -> None:
    terms = Terms(priority=platform.URGENT)
    platform.promise("directory.read_member", {"userid": userid}, dedupe_key=f"member:{key}", terms=terms)


def _tree(_change: ContactChange, _key: str) -> None:
    """One reading for all events of a few seconds, after the last of them: a reorganisation sends hundreds."""
    window, passed = divmod(clock.epoch(), TREE_WINDOW_SECONDS)
    due = clock.now() + timedelta(seconds=TREE_WINDOW_SECONDS - passed)
    platform.promise("directory.read_departments", {}, dedupe_key=f"tree:{window}", terms=Terms(due_at=due))


def _tag(change: ContactChange, key: str) -> None:
    if change.tag_id is not None:
        platform.promise("directory.read_tag", {"tag_id": change.tag_id}, dedupe_key=f"tag:{key}")


READINGS: dict[Change, Callable[[ContactChange, str], None]] = {
    Change.CREATE_USER: _member,
    Change.UPDATE_USER: _member,
    Change.DELETE_USER: _deleted_member,
    Change.CREATE_DEPARTMENT: _tree,
    Change.UPDATE_DEPARTMENT: _tree,
    Change.DELETE_DEPARTMENT: _tree,
    Change.UPDATE_TAG: _tag,
}
