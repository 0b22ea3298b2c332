"""What a department is short of when somebody is away: for the approver of a leave, before they decide."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from models.base import db
from models.rosters import RosterMinimum
from services import leave, people
from services.rosters import access, boards, keeping, rules
from services.rosters.rules import Away, Board, Minimum
from services.rosters.rules.gaps import said


def shortfall(person_id: str, times: Mapping[date, tuple[int, int]]) -> list[str]:
    """The minima that are not met, or less so, if this person is away at these times (minutes from each midnight).

    One statement where no department of theirs asks for anybody.
    """
    asking = select(RosterMinimum.department_id).where(RosterMinimum.department_id.in_(people.lineage(person_id)))
    if not times:
        return []
    departments = sorted(db.session.scalars(asking.distinct()))
    return [sentence for one in departments for sentence in _of_department(one, person_id, times)]


def _of_department(department_id: str, person_id: str, times: Mapping[date, tuple[int, int]]) -> list[str]:
    ids = [one.id for one in access.members(department_id)]
    before = boards.over(ids, min(times), max(times), department_id, {})
    gone = {(person_id, day): (*before.away.get((person_id, day), ()), Away(*when)) for day, when in times.items()}
    after = replace(before, away={**before.away, **gone})
    known, needed = keeping.labels(), {one.id: one for one in before.minima}
    had = _present(before)
    return [
        f"{said(day)}{_what(needed[minimum_id], known)}至少 {needed[minimum_id].at_least} 人，批准后剩 {left} 人"
        for (day, minimum_id), left in _present(after).items()
        if left < needed[minimum_id].at_least and left < had[day, minimum_id]
    ]


def _present(board: Board) -> dict[tuple[date, str], int]:
    return {(day, minimum.id): have for day, minimum, have in rules.present(board)}


def _what(minimum: Minimum, known: keeping.Labels) -> str:
    skill = f"（{known.tags.get(minimum.skill, '')}）" if minimum.skill else ""
    return keeping.what(minimum.shift_id, minimum.start, minimum.end, known) + skill


def plug() -> None:
    """Tells leave of people needed, once, at import."""
    leave.staffing.declare(shortfall)
