"""Some rows of a form approved and not the others: said when it is decided, done when the form is settled."""

from typing import Any

from pydantic import Field

from kit import clock
from kit.errors import Invalid
from kit.schema import Wish
from models.base import db
from models.forms import FormRequest
from services import people, platform
from services.forms import catalog
from services.forms.rules import dividing
from services.forms.rules.definition import MOST_FIELDS
from services.forms.rules.shown import title_of
from services.people import System

DIVIDING = System("forms.part")
MOST_ROWS = MOST_FIELDS * 10


class Kept(Wish):
    """The rows of the table that an approver agrees to; 1 is the first."""

    rows: tuple[int, ...] = Field(min_length=1, max_length=MOST_ROWS)


def approved_part(request_id: str, part: dict[str, Any], before: dict[str, Any] | None) -> str:
    """What agreeing to these rows means, in words; `Invalid` or `Conflict` when it may not be, or when others agreed
    to fewer before."""
    row, rows = db.session.get_one(FormRequest, request_id), _read(part).rows
    if before and not set(rows) <= set(agreed := _read(before).rows):
        raise Invalid(f"前面的审批人只同意第 {'、'.join(map(str, sorted(agreed)))} 行，只能在其中勾选")
    form = catalog.as_of(row.version_id).definition
    return dividing.words(form, row.content, _left(row, rows), rows)


def keep(row: FormRequest, part: dict[str, Any]) -> None:
    """The form is what was approved of it: rows, computed values and title. What was asked for stays in the audit."""
    rows, before = _read(part).rows, dict(row.content)
    form, left = catalog.as_of(row.version_id).definition, _left(row, rows)
    row.content, row.title = left, title_of(form, left, people.get(row.person_id).name)[:100]
    db.session.flush()
    platform.audit.record(
        DIVIDING, "forms.request.part", row.id, person_id=row.person_id, before=before, after={"rows": list(rows)}
    )


def _left(row: FormRequest, rows: tuple[int, ...]) -> dict[str, Any]:
    form, on = catalog.as_of(row.version_id).definition, clock.local(row.submitted_at or clock.now()).date()
    return dividing.kept(form, row.content, rows, on).values


def _read(part: dict[str, Any]) -> Kept:
    try:
        return Kept.model_validate(part)
    except ValueError:
        raise Invalid("部分同意请勾选要同意的行") from None
