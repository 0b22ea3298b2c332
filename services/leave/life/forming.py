"""The form of leave filled in with what is known: with what was asked, to change it, move it or go on with it."""

from datetime import timedelta
from typing import Any

from kit.errors import Invalid
from models.leave import LeaveRequest
from services import approvals, people, schedule
from services.leave import access
from services.leave.schemas import Apply, Chosen
from services.people import Actor


def wish_of(row: LeaveRequest) -> Apply:
    """The request as the wish that made it, without its proof, which the row keeps."""
    return Apply(**_filled(row), extends=row.extends_id, replaces=row.replaces_id)


def form_of(actor: Actor, request_id: str) -> Chosen:
    """The actor's own request as the form that made it."""
    row = access.own_request(actor, request_id)
    return Chosen(**_filled(row), extends=row.extends_id, replaces=row.replaces_id)


def begun(actor: Actor, wish: Chosen) -> Chosen:
    """What a new form begins with: the days of the request to be changed, or the day after the one to go on with."""
    if wish.replaces:
        return Chosen(**_filled(access.own_request(actor, wish.replaces)), replaces=wish.replaces)
    if wish.extends:
        row = access.own_request(actor, wish.extends)
        first = row.last_day + timedelta(days=1)
        days = {"first_day": first, "last_day": first, "from_half": None, "to_half": None}
        return Chosen(**_filled(row) | days, extends=row.id)
    return wish


def _filled(row: LeaveRequest) -> dict[str, Any]:
    minutes = {"from_time": row.from_minute, "to_time": row.to_minute}
    times = {name: schedule.clock_time(minute) for name, minute in minutes.items() if minute is not None}
    return {
        **dict(row.told or {}),
        **times,
        "kind": row.kind_code,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "from_half": row.from_half,
        "to_half": row.to_half,
        "reason": row.reason,
        "cover": _called(row.cover_id) if row.cover_id else "",
    }


def _called(person_id: str) -> str:
    """How the form names a colleague: by name, and by userid only where others have the same."""
    person = people.get(person_id)
    try:
        return person.name if approvals.colleague(person.name).id == person.id else person.userid
    except Invalid:
        return person.userid
