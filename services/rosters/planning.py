"""A roster in the making: begun, filled cell by cell, copied from before, thrown away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select, tuple_, update

from kit import clock
from kit.errors import Conflict, Invalid
from kit.ids import new_id
from models.base import db
from models.enums import RosterState
from models.rosters import Roster, RosterCell, RosterSolve
from services import people, platform, schedule
from services.people import AnyActor
from services.rosters import access, boards
from services.rosters.rules import Place
from services.rosters.schemas import MOST_CELLS, CellsWish, CopyWish, NewRoster, RosterLine, Seen

MOST_PEOPLE = 200
SHOWN = 60
REST = "休"
IN_ONE_STATEMENT = 500
BACK = {"week": 7, "month": 28}


@dataclass(frozen=True)
class Said:
    """A cell to be written: a shift or rest, fixed by hand or not."""

    person_id: str
    day: date
    shift_id: str | None
    is_fixed: bool = True


def rosters(actor: AnyActor) -> list[RosterLine]:
    """The last rosters of the departments that the actor plans, the latest first."""
    actor.require(access.EDIT)
    mine = select(Roster).where(Roster.department_id.in_(access.departments(actor)))
    rows = db.session.scalars(
        mine.order_by(Roster.first_day.desc(), Roster.id).limit(SHOWN), execution_options={"populate_existing": True}
    ).all()
    names = people.department_names([row.department_id for row in rows])
    return [_line(row, names[row.department_id]) for row in rows]


def _line(row: Roster, department: str) -> RosterLine:
    return RosterLine(
        id=row.id,
        department=department,
        first_day=row.first_day,
        last_day=row.last_day,
        state=RosterState(row.state),
        version=row.version,
        published_at=row.published_at,
    )


def departments(actor: AnyActor) -> list[tuple[str, str]]:
    """The departments that the actor plans, as a tree."""
    reach = access.departments(actor).subquery()
    mine = set(db.session.scalars(select(reach.c.id)))
    return [one for one in people.department_tree() if one[0] in mine]


def begin(actor: AnyActor, wish: NewRoster) -> str:
    """A new, empty roster; its id. `Conflict` when another one of the department has some of its days."""
    access.check_department(actor, wish.department_id)
    if wish.last_day < clock.today():
        raise Invalid("这段日子已经过去，请选择今天或以后的日期")
    count = len(access.members(wish.department_id))
    if not 0 < count <= MOST_PEOPLE:
        raise Invalid(f"这个部门有 {count} 人，一张排班表要有 1 到 {MOST_PEOPLE} 人，请选择别的部门")
    _check_free(wish)
    values = wish.model_dump()
    row = {"id": new_id(), "created_at": clock.now(), "state": RosterState.DRAFT, "version": 1, **values}
    if not platform.first(Roster, **row, published_at=None, published_by=None):
        raise Conflict("这个部门刚刚建了同样的排班表，请刷新")
    platform.audit.record(actor, "rosters.roster.begin", row["id"], after=wish.model_dump(mode="json"))
    return str(row["id"])


def _check_free(wish: NewRoster) -> None:
    meets = (Roster.first_day <= wish.last_day) & (Roster.last_day >= wish.first_day)
    found = select(Roster).where(Roster.department_id == wish.department_id, meets)
    if other := db.session.scalars(found.limit(1)).first():
        raise Conflict(f"这个部门已有 {other.first_day} 至 {other.last_day} 的排班表，请在那一张上改")


def discard(actor: AnyActor, roster_id: str) -> None:
    """Throws a draft away that was never published."""
    row = access.roster(actor, roster_id)
    draft = (Roster.id == row.id) & (Roster.state == RosterState.DRAFT) & Roster.published_at.is_(None)
    if not platform.changed(update(Roster).where(draft).values(version=Roster.version + 1)):
        raise Conflict("发布过的排班表不能删除，可以收回后改")
    for table in (RosterCell, RosterSolve):
        platform.changed(delete(table).where(table.roster_id == row.id))
    platform.changed(delete(Roster).where(Roster.id == row.id))
    platform.audit.record(actor, "rosters.roster.discard", row.id)


# ── cells ──


def write(actor: AnyActor, roster_id: str, wish: CellsWish) -> int:
    """Writes what a grid says of some days; the roster's next version. The whole of it or nothing."""
    row = access.roster(actor, roster_id)
    lines = wish.lines
    if len(lines) > MOST_CELLS:
        raise Invalid(f"一次最多改 {MOST_CELLS} 格，请分几次")
    texts = {(person_id, day): text for person_id, day, text in lines}
    return put(row, understood(row, texts))


def understood(row: Roster, texts: Mapping[Place, str]) -> dict[Place, Said | None]:
    """What texts mean; `None` clears. `Invalid` names the first that is no shift, no member or no day of the roster."""
    known, ids = names(), {one.id for one in access.members(row.department_id)}
    found: dict[Place, Said | None] = {}
    for (person_id, day), text in texts.items():
        if person_id not in ids or not row.first_day <= day <= row.last_day:
            raise Invalid("有一格不在这张排班表里，请刷新后再改")
        if text and text not in known:
            raise Invalid(f"没有名为“{text}”的班次，请填写班次名称，或“{REST}”表示休息")
        found[person_id, day] = Said(person_id, day, known[text]) if text else None
    return found


def names() -> dict[str, str | None]:
    """What may stand in a cell: the shifts in use by name, and rest."""
    return {one.name: one.id for one in schedule.shifts() if one.is_active} | {REST: None}


def put(row: Roster, said: Mapping[Place, Said | None], based_on: int | None = None) -> int:
    """Writes cells and counts the version on; `Conflict` when the roster is no draft, or not of this version any more.

    Days that are over stay as they are: what they ask is refused.
    """
    if any(day < clock.today() for _, day in said):
        raise Invalid("过去的日子不能再排")
    draft = update(Roster).where(Roster.id == row.id, Roster.state == RosterState.DRAFT)
    if based_on is not None:
        draft = draft.where(Roster.version == based_on)
    if not platform.changed(draft.values(version=Roster.version + 1)):
        raise Conflict("排班表已经发布或刚被别人改过，请刷新后再试")
    _clear(row.id, said)
    _insert(row.id, (one for one in said.values() if one))
    return db.session.scalar(select(Roster.version).where(Roster.id == row.id)) or 0


def _clear(roster_id: str, places: Iterable[Place]) -> None:
    keys = sorted(places)
    for at in range(0, len(keys), IN_ONE_STATEMENT):
        part = tuple_(RosterCell.person_id, RosterCell.day).in_(keys[at : at + IN_ONE_STATEMENT])
        platform.changed(delete(RosterCell).where(RosterCell.roster_id == roster_id, part))


def _insert(roster_id: str, said: Iterable[Said]) -> None:
    platform.add_many(
        RosterCell,
        [
            {"roster_id": roster_id, "person_id": one.person_id, "day": one.day, "shift_id": one.shift_id,
             "is_fixed": one.is_fixed}
            for one in said
        ],
    )  # fmt: skip


def replace(roster_id: str, said: Sequence[Said]) -> None:
    """Notes days that were decided elsewhere, whatever the roster's state: it counts as a change of it."""
    platform.changed(update(Roster).where(Roster.id == roster_id).values(version=Roster.version + 1))
    _clear(roster_id, [(one.person_id, one.day) for one in said])
    _insert(roster_id, said)


def copy(actor: AnyActor, roster_id: str, wish: CopyWish) -> int:
    """Fills what is empty with what these people worked before, a week or four weeks earlier; the count of days filled.

    A roster longer than the stretch before it repeats that.
    """
    row = access.roster(actor, roster_id)
    ids, back = [one.id for one in access.members(row.department_id)], BACK[wish.what]
    before = schedule.days(ids, row.first_day - timedelta(days=back), row.first_day - timedelta(days=1))
    there, in_use = boards.cells(row.id), {one.id for one in schedule.shifts() if one.is_active}
    said: dict[Place, Said | None] = {}
    for day in _to_come(row):
        source = row.first_day - timedelta(days=back) + timedelta(days=(day - row.first_day).days % back)
        for person_id in ids:
            one = before[person_id, source]
            if (person_id, day) not in there and (not one.is_working or one.shift.id in in_use):
                said[person_id, day] = Said(person_id, day, one.shift.id if one.is_working else None, is_fixed=False)
    if said:
        put(row, said)
    platform.audit.record(actor, "rosters.roster.copy", row.id, after={"from": wish.what, "days": len(said)})
    return len(said)


def _to_come(row: Roster) -> Sequence[date]:
    return [day for day in schedule.span(row.first_day, row.last_day) if day >= clock.today()]


def clear(actor: AnyActor, roster_id: str, wish: Seen) -> None:
    """Empties the days to come of a draft of this version."""
    row = access.roster(actor, roster_id)
    counted = select(func.count()).select_from(RosterCell).where(RosterCell.roster_id == row.id)
    before = db.session.scalar(counted)
    places = [place for place in boards.cells(row.id) if place[1] >= clock.today()]
    put(row, dict.fromkeys(places), wish.version)
    platform.audit.record(actor, "rosters.roster.clear", row.id, before={"days": before})
