"""A roster as the rules see it: its cells over what people work without them, leave, skills, what to keep to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from models.base import db
from models.enums import AudienceKind
from models.rosters import Roster, RosterCell, RosterMinimum
from services import leave, people, schedule
from services.rosters import access, keeping, rules
from services.rosters.rules import Away, Board, Minimum, Place
from services.schedule import Shift

AROUND = timedelta(days=14)
"""How far beyond a roster rest, weeks and runs reach."""


def of_roster(row: Roster) -> Board:
    """The roster as it stands, with the people its department has now."""
    ids = [one.id for one in access.members(row.department_id)]
    return over(ids, row.first_day, row.last_day, row.department_id, cells(row.id))


def cells(roster_id: str) -> dict[Place, str | None]:
    """What the roster says: the shift of each day, `None` is rest."""
    found = select(RosterCell.person_id, RosterCell.day, RosterCell.shift_id).where(RosterCell.roster_id == roster_id)
    return {(one.person_id, one.day): one.shift_id for one in db.session.execute(found)}


def over(ids: Sequence[str], first: date, last: date, department_id: str, said: Mapping[Place, str | None]) -> Board:
    """These people's days with what a roster says laid over; the count of statements does not depend on either.

    Where a decision gave somebody a shift for a day, that stays: it wins over rosters.
    """
    usual = schedule.days(ids, first - AROUND, last + AROUND) if ids else {}
    plan = {place: one.shift if one.is_working else None for place, one in usual.items()}
    ours = {place: shift_id for place, shift_id in said.items() if place in plan}
    known = schedule.known(shift_id for shift_id in ours.values() if shift_id)
    held = schedule.taken(ours) if ours else set()
    plan |= {place: known[shift] if shift else None for place, shift in ours.items() if place not in held}
    minima = minima_of(department_id)
    return Board(
        tuple(ids),
        tuple(schedule.span(first, last)),
        plan,
        frozenset(ours),
        keeping.of_department(department_id).policy,
        tuple(minima),
        skills(minima, ids),
        away(ids, first, last),
    )


def minima_of(department_id: str) -> list[Minimum]:
    """How many people the department needs."""
    rows = db.session.scalars(
        select(RosterMinimum).where(RosterMinimum.department_id == department_id).order_by(RosterMinimum.id)
    )
    return [
        Minimum(row.id, row.at_least, row.shift_id, row.start, row.end, row.weekday, row.on_day, row.tag_id)
        for row in rows
    ]


def skills(minima: Collection[Minimum], ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Who of these people wears the tags that minima ask for; a statement for each tag."""
    wanted, here = {one.skill for one in minima if one.skill}, set(ids)
    return {tag: frozenset(here.intersection(_wearers(tag))) for tag in sorted(wanted)}


def _wearers(tag_id: str) -> Sequence[str]:
    return db.session.scalars(people.audience(AudienceKind.TAG, tag_id)).all()


def away(ids: Sequence[str], first: date, last: date) -> dict[Place, tuple[Away, ...]]:
    """The approved leave of these people; leave that is work (a trip) is none."""
    found = leave.on_days(ids, first, last) if ids else {}
    return {place: tuple(Away(one.start, one.end) for one in some if not one.is_work) for place, some in found.items()}


def changed(board: Board, changes: Mapping[Place, Shift | None]) -> Board:
    """The same with other shifts on some days."""
    return replace(board, plan={**board.plan, **changes})


def unmet(row: Roster) -> list[rules.Gap]:
    """What the roster leaves unmet now."""
    return rules.gaps(of_roster(row))
