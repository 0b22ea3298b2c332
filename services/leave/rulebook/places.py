"""Where people work, for rules that differ by place: the company's place, and departments that are elsewhere."""

from collections.abc import Iterable

from pydantic import Field
from sqlalchemy import delete, select, update

from kit.errors import Invalid
from kit.schema import Identifier, Wish
from models.base import db
from models.leave import LeavePlace
from services import people, platform
from services.leave.rulebook import local_rows
from services.leave.rulebook.rules import packs
from services.people import AnyActor, Permission


class SetPlace(Wish):
    """Where the company, or a department with all below it, is; no place takes the department's own away."""

    department_id: Identifier | None = None
    place: str | None = Field(None, max_length=20)


def known() -> dict[str | None, str]:
    """The place of the company (`None`) and of each department that has its own."""
    rows = db.session.execute(select(LeavePlace.department_id, LeavePlace.place))
    return {None: packs.NATIONAL} | {department_id: place for department_id, place in rows}


def place_of(person_id: str) -> str:
    """Where the person works: one statement, one more when departments have places of their own."""
    return places_of([person_id])[person_id]


def places_of(person_ids: Iterable[str]) -> dict[str, str]:
    """Where each of these people works: the nearest department that has a place, else where the company is."""
    wanted, places = list(person_ids), known()
    homes = people.lineages(wanted) if len(places) > 1 else {}
    return {one: next((places[home] for home in homes.get(one, ()) if home in places), places[None]) for one in wanted}


def set_place(actor: AnyActor, wish: SetPlace) -> None:
    """Says where the company or a department is; audited."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    if wish.place is not None and wish.place not in local_rows.places():
        raise Invalid("没有这个地方的规定，请重新选择，或先在“添加地方规定”中填写")
    if wish.department_id is not None and wish.department_id not in dict(people.department_tree()):
        raise Invalid("没有这个部门，请重新选择")
    before, theirs = known().get(wish.department_id), LeavePlace.department_id.is_not_distinct_from(wish.department_id)
    if wish.place is None:
        db.session.execute(delete(LeavePlace).where(theirs))
    elif not platform.changed(update(LeavePlace).where(theirs).values(place=wish.place)):
        db.session.execute(delete(LeavePlace).where(theirs))
        db.session.add(LeavePlace(department_id=wish.department_id, place=wish.place))
    after = {"place": wish.place}
    platform.audit.record(
        actor, "leave.place.set", wish.department_id or "company", before={"place": before}, after=after
    )
