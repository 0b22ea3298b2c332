"""Moving somebody to another department or position on a day: planned, made by a job when the day has come.

The direct superior and whom somebody leads follow the directory alone, as does everything else about them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from kit import clock, log
from kit.errors import Conflict
from kit.ids import new_id
from models.base import db
from models.enums import MoveState, PersonStatus
from models.people import Membership, Move, Person
from services import platform
from services.people import members
from services.people.actor import System
from services.people.members import Changes

MOVING = System("people.move")
logger = log.get(__name__)


@dataclass(frozen=True)
class Placement:
    """A department and a position in it."""

    department_id: str
    position: str


def refusal(person_id: str, to: Placement) -> Conflict | None:
    """Why this move cannot be planned, if it cannot."""
    person = db.session.get_one(Person, person_id)
    if (person.department_id, person.position) == (to.department_id, to.position):
        return Conflict("拟调部门和岗位与现在相同")
    planned = select(Move.day).where(Move.person_id == person_id, Move.state == MoveState.PLANNED)
    if day := db.session.scalar(planned):
        return Conflict(f"已有{day.month}月{day.day}日生效的调岗，请先作废那次")
    return None


def plan(person_id: str, cause: str, to: Placement, day: date) -> None:
    """Plans the move for the day, or makes it now when the day has come; `Conflict` as `refusal` says."""
    if found := refusal(person_id, to):
        raise found
    row = Move(id=new_id(), person_id=person_id, cause=cause, day=day, state=MoveState.PLANNED,
               department_id=to.department_id, position=to.position)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    if day <= clock.today():
        _make(row.id)


def call_off(cause: str) -> None:
    """The move does not take place; `Conflict` once it was made: moving back is a move of its own."""
    planned = delete(Move).where(Move.cause == cause, Move.state == MoveState.PLANNED)
    if platform.changed(planned):
        return
    if db.session.scalar(select(Move.id).where(Move.cause == cause)):
        raise Conflict("调岗已经生效，不能作废；要调回请另提一次调岗")


def make_due(_payload: dict[str, Any]) -> None:
    """Makes the moves whose day has come; each once, however often the job runs."""
    due = select(Move.id).where(Move.state == MoveState.PLANNED, Move.day <= clock.today()).order_by(Move.day, Move.id)
    for move_id in db.session.scalars(due).all():
        _make(move_id)


def _make(move_id: str) -> None:
    move = db.session.get_one(Move, move_id)
    person = db.session.get_one(Person, move.person_id)
    state = MoveState.MADE if person.status == PersonStatus.ACTIVE else MoveState.ENDED
    before = {"from_department_id": person.department_id, "from_position": person.position}
    if not platform.moved(Move, move_id, MoveState.PLANNED, state=state, **before) or state is MoveState.ENDED:
        return
    _end_earlier(move)
    _place(person, move)
    known = {"department": person.department_id, "position": person.position}
    after = {"department": move.department_id, "position": move.position}
    platform.audit.record(MOVING, "people.person.move", person.id, person_id=person.id, before=known, after=after)
    logger.info("people.moved", extra={"person": person.id, "move": move_id})
    changes = Changes(moved={person.id}, superiors={person.superior_id} if person.superior_id else set())
    members.link(changes, [person.userid])
    changes.tell()


def _end_earlier(move: Move) -> None:
    """Of several moves of a person only the last is held against the directory, from what the first one left."""
    made = (Move.person_id == move.person_id, Move.state == MoveState.MADE, Move.id != move.id)
    earlier = db.session.execute(select(Move.from_department_id, Move.from_position).where(*made)).first()
    if earlier is None:
        return
    platform.changed(update(Move).where(*made).values(state=MoveState.ENDED))
    left = {"from_department_id": earlier.from_department_id, "from_position": earlier.from_position}
    platform.changed(update(Move).where(Move.id == move.id).values(**left))


def _place(person: Person, move: Move) -> None:
    if person.department_id not in (None, move.department_id):
        here = (Membership.person_id == person.id, Membership.department_id == person.department_id)
        platform.changed(delete(Membership).where(*here))
    platform.first(Membership, person_id=person.id, department_id=move.department_id, is_leader=False)
    new = {"department_id": move.department_id, "position": move.position}
    platform.changed(update(Person).where(Person.id == person.id).values(**new))
