"""What somebody has submitted of a form besides, for its effect: what it does may not be done twice."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from kit import clock
from models.base import db
from models.enums import FormState
from models.forms import FormRequest
from services.forms.queries import ALIVE
from services.forms.rules.facts import Values

RECENT = timedelta(days=400)


def standing(person_id: str, code: str) -> dict[str, Values]:
    """What they submitted in the last year and nobody has refused, by id."""
    return _values(person_id, code, (*ALIVE, FormState.APPROVED))


def approved(person_id: str, code: str) -> dict[str, Values]:
    """What of it was approved."""
    return _values(person_id, code, (FormState.APPROVED,))


def _values(person_id: str, code: str, states: Sequence[FormState]) -> dict[str, Values]:
    theirs = (FormRequest.person_id == person_id, FormRequest.state.in_(states), FormRequest.code == code)
    recent = FormRequest.submitted_at >= clock.now() - RECENT
    rows = db.session.execute(select(FormRequest.id, FormRequest.content).where(*theirs, recent))
    return {row.id: row.content for row in rows}
