"""What leave reminds of, once a day: proofs that are still to come, and medical periods that are nearly used up."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from kit import clock
from models.base import db
from models.enums import HOLDING, LeaveState, Role
from models.leave import LeaveKind, LeaveRequest
from services import notices, people
from services.leave import gaps
from services.leave.life import queries
from services.leave.rulebook import catalog, places
from services.leave.rulebook.rules import medical
from services.people import PersonView
from templates_msg import Message

ONE_DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=14)
"""What a job that did not run has missed is said later; longer ago than that, nobody is woken."""


def remind(_payload: dict[str, Any]) -> None:
    """Both reminders; a second run the same day says nothing new."""
    today = clock.today()
    remind_proofs(today)
    remind_medical(today)


def remind_proofs(today: date) -> None:
    """Who owes a proof hears before it is due, and once more when it is late; then HR hears as well."""
    owed = (LeaveRequest.state.in_(HOLDING), LeaveRequest.proof_id.is_(None))
    rows = db.session.execute(
        select(LeaveRequest, LeaveKind)
        .join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code)
        .where(*owed, LeaveRequest.proof_due_on.between(today - LOOK_BACK, today + ONE_DAY))
    ).all()
    names = people.many(row.person_id for row, _ in rows)
    for row, kind in rows:
        _remind_proof(row, catalog.kind_of(kind).rules.proof_name, names[row.person_id], today)


def _remind_proof(row: LeaveRequest, proof: str, person: PersonView, today: date) -> None:
    assert row.proof_due_on is not None
    is_late, span = row.proof_due_on < today, queries.span_of(row)
    said = {"name": person.name, "proof": proof, "span": span, "request_id": row.id}
    facts: dict[str, Any] = {
        **said,
        "due_on": row.proof_due_on,
        "is_late": is_late,
        "is_today": row.proof_due_on == today,
    }
    told = [person.id, *(people.holders_of(Role.HR, person.id) if is_late else ())]
    notices.notify(told, Message("leave/proof_due", facts), key=f"proof:{row.id}:{row.proof_due_on}:{is_late:d}")


def remind_medical(today: date) -> None:
    """HR hears once of each medical period with few days left, while its owner is ill."""
    sick = (LeaveRequest.kind_code.in_(catalog.sick_codes()), LeaveRequest.state == LeaveState.APPROVED)
    ill = select(LeaveRequest.person_id).where(*sick, LeaveRequest.first_day <= today, LeaveRequest.last_day >= today)
    spans = select(LeaveRequest.person_id, LeaveRequest.first_day, LeaveRequest.last_day, LeaveRequest.gaps)
    days: dict[str, list[date]] = {}
    for person_id, first, last, worked in db.session.execute(spans.where(*sick, LeaveRequest.person_id.in_(ill))):
        days.setdefault(person_id, []).extend(gaps.days_away(first, last, worked))
    persons, where = people.many(days), places.places_of(days) if days else {}
    for person_id, taken in days.items():
        _remind_medical(persons[person_id], where[person_id], taken, today)


def _remind_medical(person: PersonView, place: str, sick: list[date], today: date) -> None:
    if person.hired_on is None:
        return
    since = person.first_worked_on or person.hired_on
    found = medical.period(place, since, person.hired_on, sick, today)
    if found is None or found.left > medical.WARN_DAYS:
        return
    facts = {"name": person.name, "used": found.used, "left": found.left, "months": found.months}
    message = Message("leave/medical_period", facts | {"person_id": person.id})
    key = f"medical:{person.id}:{found.first_day}:{found.left == 0:d}"
    notices.notify(people.holders_of(Role.HR, person.id), message, key=key)
