"""Moves that were made here and that the directory has not followed yet: what it tells is read as moved.

WeCom remains the truth about who belongs where. A move only bridges the time until somebody has entered it there: it
holds while the directory tells what it told before, and ends with the first telling that is new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update

from models.base import db
from models.enums import MoveState
from models.people import Move, Person
from services import platform
from services.people import rules
from services.people.told import MemberTold


@dataclass(frozen=True)
class Followed:
    """The telling with the moves that hold, and the moves that it ended."""

    told: dict[str, MemberTold]
    ended: list[str]


def followed(told: Mapping[str, MemberTold], departments: Mapping[int, str]) -> dict[str, MemberTold]:
    """What the directory tells, by userid, as it would be if it had followed the moves made here."""
    held = _held()
    found = follow(told, departments, held) if held else Followed(dict(told), [])
    if found.ended:
        platform.changed(update(Move).where(Move.id.in_(found.ended)).values(state=MoveState.ENDED))
    return found.told


def _held() -> dict[str, Any]:
    """The moves that hold, by userid; few, since the directory follows soon."""
    rows = db.session.execute(
        select(
            Move.id,
            Move.department_id,
            Move.position,
            Move.from_department_id,
            Move.from_position,
            Person.userid,
        )
        .join(Person, Person.id == Move.person_id)
        .where(Move.state == MoveState.MADE)
    )
    return {row.userid: row for row in rows}


def follow(told: Mapping[str, MemberTold], departments: Mapping[int, str], held: Mapping[str, Any]) -> Followed:
    """Pure: each telling that is still what it was before the move becomes what it will be after it."""
    numbers = {department_id: number for number, department_id in departments.items()}
    read, ended = dict(told), []
    for userid, move in held.items():
        if userid not in told:
            continue
        one = told[userid]
        home = rules.home_of(one.departments, one.home, departments)
        if home == move.from_department_id and one.position in (None, move.from_position):
            read[userid] = _moved(one, numbers.get(move.from_department_id), numbers.get(move.department_id), move)
        else:
            ended.append(move.id)
    return Followed(read, ended)


def _moved(one: MemberTold, before: int | None, after: int | None, move: Any) -> MemberTold:
    if after is None:  # the department is gone: only the position is left of the move
        return replace(one, position=move.position)
    others = tuple(number for number in one.departments if number not in (before, after))
    return replace(one, departments=(after, *others), home=after, position=move.position)
