"""The births that a woman has told of when she asked for leave: what overtime is refused by."""

from datetime import date

from sqlalchemy import select

from kit.errors import AppError
from models.base import db
from models.enums import HOLDING, Gender, Occasion
from models.leave import LeaveRequest
from services.leave.granting.rules import extra_work
from services.leave.rulebook import catalog
from services.leave.rulebook.rules import occasions

ABOUT = (Occasion.BIRTH, Occasion.CHILD)


def protection(person_id: str, day: date) -> AppError | None:
    """Why this person may not be asked for overtime on a day, as far as leave has told of it."""
    return extra_work.protection(day, births(person_id))


def births(person_id: str) -> list[date]:
    """The days of her children's birth, expected or past, by the leave for mothers that stands; most know none."""
    told = select(LeaveRequest.event_key).where(
        LeaveRequest.person_id == person_id,
        LeaveRequest.state.in_(HOLDING),
        LeaveRequest.event_key.is_not(None),
        LeaveRequest.kind_code.in_(_codes()),
    )
    return sorted({occasions.event_day(key) for key in db.session.scalars(told.distinct()) if key})


def _codes() -> list[str]:
    """Leave that only mothers take: maternity and nursing, not the care of an older child."""
    kinds = catalog.all_kinds()
    return [one.code for one in kinds if one.rules.gender is Gender.FEMALE and one.rules.occasion in ABOUT]
