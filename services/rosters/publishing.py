"""A roster becomes what people work: published, opened again for changes, or taken back.

Published days stay in force while the roster is being changed; publishing again writes what differs and tells those
whom it concerns. Days that are over are never touched.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date

from sqlalchemy import update

from kit import clock
from kit.errors import Conflict
from models.enums import RosterState
from models.rosters import Roster
from services import notices, people, platform, schedule
from services.people import AnyActor
from services.rosters import access, boards, rules
from services.rosters.schemas import Publish, Seen
from templates_msg import Message

Named = schedule.rostered.Named
LONGEST_DAYS = 4


def publish(actor: AnyActor, roster_id: str, wish: Publish) -> int:
    """Puts the roster in force; how many people's days changed. One conditional UPDATE decides, so it happens once.

    `Conflict` when it was changed since it was looked at, or leaves another number of rules unmet than was seen.
    """
    row = access.roster(actor, roster_id)
    board = boards.of_roster(row)
    if len(rules.gaps(board)) != wish.unmet:
        raise Conflict("检查结果有变化，请重新检查后再发布")
    values = {"published_at": clock.now(), "published_by": actor.label}
    _move(row, wish.version, RosterState.DRAFT, RosterState.PUBLISHED, **values)
    changed = _put(row, board.people)
    platform.audit.record(actor, "rosters.roster.publish", row.id, after={"people": len(changed), "unmet": wish.unmet})
    _tell(row, wish.version, changed)
    return len(changed)


def _move(row: Roster, version: int, was: RosterState, state: RosterState, **values: object) -> None:
    still = update(Roster).where(Roster.id == row.id, Roster.version == version, Roster.state == was)
    if not platform.changed(still.values(state=state, version=Roster.version + 1, **values)):
        raise Conflict("排班表刚被别人改过，请刷新后再试")


def _put(row: Roster, members: Collection[str]) -> dict[str, list[Named]]:
    """Writes what differs from what is in force, from today on; the days of each person that are otherwise now."""
    before = {place: one for place, one in schedule.rostered.of_roster(row.id).items() if place[1] >= clock.today()}
    elsewhere = _elsewhere(row, members)
    now = {
        (person_id, day): Named(person_id, day, shift_id, elsewhere.get(person_id))
        for (person_id, day), shift_id in boards.cells(row.id).items()
        if day >= clock.today() and person_id in set(members)
    }
    fresh = [one for place, one in now.items() if before.get(place) != one]
    schedule.rostered.put(row.id, fresh)
    gone = before.keys() - now.keys()
    if gone:
        schedule.rostered.take_back(gone)
    changed: dict[str, list[Named]] = {person_id: [] for person_id, _ in gone}
    for one in fresh:
        changed.setdefault(one.person_id, []).append(one)
    return changed


def _elsewhere(row: Roster, members: Collection[str]) -> dict[str, str]:
    """Those whose own department lies outside the roster's: they work there, not at home."""
    homes = people.lineages(members)
    return {one: row.department_id for one in members if row.department_id not in homes.get(one, ())}


def reopen(actor: AnyActor, roster_id: str, wish: Seen) -> None:
    """Lets a published roster be changed; what was published holds until it is published again."""
    row = access.roster(actor, roster_id)
    _move(row, wish.version, RosterState.PUBLISHED, RosterState.DRAFT)
    platform.audit.record(actor, "rosters.roster.reopen", row.id)


def take_back(actor: AnyActor, roster_id: str, wish: Seen) -> None:
    """Takes a published roster back: from today on its people work what they would without it."""
    row = access.roster(actor, roster_id)
    _move(row, wish.version, RosterState.PUBLISHED, RosterState.DRAFT)
    days = [place for place in schedule.rostered.of_roster(row.id) if place[1] >= clock.today()]
    schedule.rostered.take_back(days)
    platform.audit.record(actor, "rosters.roster.take_back", row.id, before={"days": len(days)})
    told = Message("rosters/taken_back", {"span": _span(row.first_day, row.last_day)})
    notices.notify(sorted({person_id for person_id, _ in days}), told, key=f"roster:{row.id}:{wish.version}:back")


# ── telling ──


def _tell(row: Roster, version: int, changed: dict[str, list[Named]]) -> None:
    known = schedule.known(one.shift_id for days in changed.values() for one in days if one.shift_id)
    names = {key: shift.name for key, shift in known.items()}
    span = _span(row.first_day, row.last_day)
    for person_id, days in sorted(changed.items()):
        said = {"span": span, "days": _sums(days, names), "first": _first(days, names)}
        notices.notify(person_id, Message("rosters/published", said), key=f"roster:{row.id}:{version}:{person_id}")


def _sums(days: list[Named], names: dict[str, str]) -> str:
    """早班 4 天、夜班 1 天、休 2 天."""
    counts = Counter(names[one.shift_id] if one.shift_id else "休" for one in days)
    return "、".join(f"{name} {count} 天" for name, count in counts.most_common(LONGEST_DAYS)) or "按原来的班次"


def _first(days: list[Named], names: dict[str, str]) -> str:
    """The first shift of these days: 3月2日 早班."""
    first = min((one for one in days if one.shift_id), key=lambda one: one.day, default=None)
    return f"{_said(first.day)} {names[first.shift_id or '']}" if first else "无"


def _span(first: date, last: date) -> str:
    return f"{_said(first)}至{_said(last)}"


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
