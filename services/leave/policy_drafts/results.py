"""What trying a draft has found: the sums, by department, and person by person; only of the people within reach."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Row, Select, select

from kit.pages import Page, PageQuery
from kit.schema import Identifier, Line, View
from models.leave import LeavePolicyTrial
from services import people, platform
from services.leave import rules
from services.leave.answers import reports
from services.leave.policy_drafts.saving import SHELF
from services.leave.trials import sums
from services.leave.trials.sums import Changed, Summary
from services.people import AnyActor, Permission

MOST_EXPORTED = 100_000
SORTS = {
    name: platform.keyset.Order(getattr(LeavePolicyTrial, name), int, LeavePolicyTrial.id)
    for name in ("difference", "before", "after")
}
DIRECTIONS = {
    "gain": LeavePolicyTrial.difference > 0,
    "lose": LeavePolicyTrial.difference < 0,
    "same": LeavePolicyTrial.difference == 0,
}


class ResultsQuery(PageQuery):
    """Whom the draft changes and how, of which department with all below it, by whose name."""

    change: Literal["gain", "lose", "same"] | None = None
    department_id: Identifier | None = None
    person: Annotated[Line, Field(max_length=64)] | None = None
    sort: str = Field("-difference", pattern=r"^-?(difference|before|after)$")
    format: Literal["xlsx", "csv"] | None = None


class ResultRow(View):
    """Somebody's days by the old and by the new, and the sentence of each."""

    person_id: str
    person_name: str
    department: str
    before: Decimal
    after: Decimal
    difference: Decimal
    sentence_before: str
    sentence_after: str
    left_on: date | None


def summary(actor: AnyActor, draft_id: str) -> Summary:
    """The sums of a trial; one statement, whatever the number of people."""
    return sums.summed(_of_draft(actor, draft_id), LeavePolicyTrial)


def listing(actor: AnyActor, draft_id: str, query: ResultsQuery) -> Page[ResultRow]:
    """Who gains and who loses, filtered and sorted."""
    page = _listing(actor, draft_id, query).page(query)
    return Page(items=_rows(page.rows), next_cursor=page.next_cursor)


def export(actor: AnyActor, draft_id: str, query: ResultsQuery) -> list[ResultRow]:
    """All of them for a file; an audited act."""
    rows = _listing(actor, draft_id, query).first(MOST_EXPORTED)
    platform.audit.record(actor, "leave.draft.export", draft_id, after={"rows": len(rows)})
    return _rows(rows)


def _of_draft(actor: AnyActor, draft_id: str, department_id: str | None = None) -> Select[()]:
    actor.require(Permission.LEAVE_KIND_EDIT)
    reach = reports.inside(people.within(actor, Permission.LEAVE_KIND_EDIT), department_id)
    run_id = SHELF.get(draft_id).run_id
    return select().where(LeavePolicyTrial.run_id == run_id, LeavePolicyTrial.person_id.in_(reach))


def _listing(actor: AnyActor, draft_id: str, query: ResultsQuery) -> platform.keyset.Listing:
    wanted = _of_draft(actor, draft_id, query.department_id).add_columns(*LeavePolicyTrial.__table__.columns)
    if query.change:
        wanted = wanted.where(DIRECTIONS[query.change])
    if query.person:
        wanted = wanted.where(LeavePolicyTrial.person_id.in_(people.matching(query.person)))
    return platform.keyset.listing(wanted, SORTS, query.sort)


def _rows(rows: Sequence[Row[Any]]) -> list[ResultRow]:
    known = people.many(row.person_id for row in rows)
    return [
        ResultRow(
            person_id=row.person_id,
            person_name=known[row.person_id].name,
            department=known[row.person_id].department_name,
            before=rules.in_days(row.before, row.day_minutes),
            after=rules.in_days(row.after, row.day_minutes),
            difference=rules.in_days(row.difference, row.day_minutes),
            sentence_before=row.sentence_before,
            sentence_after=row.sentence_after,
            left_on=row.left_on,
        )
        for row in rows
    ]


def changed(draft_id: str, reach: Select[str]) -> list[Changed]:
    """Those within reach whose days the draft changes; whoever asks knows why."""
    found = LeavePolicyTrial
    rows = platform.rows(
        select(found.person_id, found.department_id, found.difference, found.day_minutes)
        .where(found.run_id == SHELF.get(draft_id).run_id, found.difference != 0, found.person_id.in_(reach))
        .order_by(found.person_id)
    )
    return [Changed(row.person_id, row.department_id, Fraction(row.difference, row.day_minutes)) for row in rows]
