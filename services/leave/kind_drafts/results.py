"""What trying a draft of a kind has found: the sums, by department, by person and by request; only within reach."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import ColumnElement, Integer, Row, Select, SQLColumnExpression, case, cast, func, select

from kit.pages import Page, PageQuery
from kit.schema import Identifier, Line, View
from models.base import db
from models.leave import LeaveKindTrial, LeaveRequest
from services import people, platform
from services.leave import rules
from services.leave.answers import reports
from services.leave.kind_drafts import saving
from services.leave.kind_drafts.rules import bears
from services.leave.kind_drafts.saving import SHELF
from services.leave.life.queries import span_of
from services.leave.rulebook import catalog
from services.leave.trials import sums
from services.leave.trials.sums import Changed, Summary
from services.people import AnyActor, Permission

MOST_EXPORTED = 100_000
SORTS = ("difference", "before", "after", "refused")


class ResultsQuery(PageQuery):
    """Whom the draft charges more, less or the same, or refuses something; of which department; by whose name."""

    change: Literal["more", "less", "same", "refused"] | None = None
    department_id: Identifier | None = None
    person: Annotated[Line, Field(max_length=64)] | None = None
    sort: str = Field("-difference", pattern=rf"^-?({'|'.join(SORTS)})$")
    format: Literal["xlsx", "csv"] | None = None


class RequestChange(View):
    """A request whose days the draft counts otherwise, or which it would have refused, with the sentence."""

    request_id: str
    person_name: str
    department: str
    left_on: date | None
    span: str
    before: Decimal
    after: Decimal
    difference: Decimal
    note: str
    refusal: str | None


class PersonRow(View):
    """Somebody's charged days by the rules as they are and by the draft, and the requests it changes."""

    person_id: str
    person_name: str
    department: str
    requests: int
    refused: int
    before: Decimal
    after: Decimal
    difference: Decimal
    left_on: date | None
    changes: list[RequestChange]


class KindSummary(Summary):
    """The sums by person, with how many requests there were and how many the draft would have refused."""

    requests: int
    refused: int


def summary(actor: AnyActor, draft_id: str) -> KindSummary:
    """The sums of a trial; three statements, whatever the number of people."""
    mine = _by_person(actor, draft_id)
    whole = sums.summed(select().select_from(mine), mine.c)
    counted = select(func.coalesce(func.sum(mine.c.requests), 0), func.coalesce(func.sum(mine.c.refused), 0))
    requests, refused = db.session.execute(counted).one()
    return KindSummary(**dict(whole), requests=int(requests), refused=int(refused))


def _trials(actor: AnyActor, draft_id: str, department_id: str | None = None) -> Select[()]:
    actor.require(Permission.LEAVE_KIND_EDIT)
    reach = reports.inside(people.within(actor, Permission.LEAVE_KIND_EDIT), department_id)
    run_id = SHELF.get(draft_id).run_id
    return select().where(LeaveKindTrial.run_id == run_id, LeaveKindTrial.person_id.in_(reach))


def _by_person(actor: AnyActor, draft_id: str, department_id: str | None = None) -> Any:
    """One row for each person of a trial, with the sums of their requests."""
    found = LeaveKindTrial
    same = (found.person_id, found.department_id, found.day_minutes, found.left_on)
    return (
        _trials(actor, draft_id, department_id)
        .add_columns(
            *same,
            func.count().label("requests"),
            _whole(case((found.refusal.is_not(None), 1), else_=0)).label("refused"),
            _whole(found.before).label("before"),
            _whole(found.after).label("after"),
            _whole(found.difference).label("difference"),
        )
        .group_by(*same)
        .subquery("mine")
    )


def _whole(minutes: SQLColumnExpression[int]) -> ColumnElement[int]:
    """A sum that stays a whole number in every database, for a page to begin behind it."""
    return cast(func.sum(minutes), Integer)


def listing(actor: AnyActor, draft_id: str, query: ResultsQuery) -> Page[PersonRow]:
    """Who is charged more and who less, filtered and sorted, each with the requests that change."""
    mine = _wanted(actor, draft_id, query)
    orders = {name: platform.keyset.Order(mine.c[name], int, mine.c.person_id) for name in SORTS}
    page = platform.keyset.listing(select(mine), orders, query.sort).page(query)
    return Page(items=_rows(draft_id, page.rows), next_cursor=page.next_cursor)


def _wanted(actor: AnyActor, draft_id: str, query: ResultsQuery) -> Any:
    mine = _by_person(actor, draft_id, query.department_id)
    wanted = select(mine)
    directions = {
        "more": mine.c.difference > 0,
        "less": mine.c.difference < 0,
        "same": mine.c.difference == 0,
        "refused": mine.c.refused > 0,
    }
    if query.change:
        wanted = wanted.where(directions[query.change])
    if query.person:
        wanted = wanted.where(mine.c.person_id.in_(people.matching(query.person)))
    return wanted.subquery("wanted")


def _rows(draft_id: str, rows: Sequence[Row[Any]]) -> list[PersonRow]:
    ids = [row.person_id for row in rows]
    changes: dict[str, list[RequestChange]] = {}
    for person_id, change in _changes(draft_id, select().where(LeaveKindTrial.person_id.in_(ids))):
        changes.setdefault(person_id, []).append(change)
    known = people.many(ids)
    return [
        PersonRow(
            person_id=row.person_id,
            person_name=known[row.person_id].name,
            department=known[row.person_id].department_name,
            requests=row.requests,
            refused=int(row.refused),
            left_on=row.left_on,
            changes=changes.get(row.person_id, []),
            **_days(row),
        )
        for row in rows
    ]


def _days(row: Any) -> dict[str, Decimal]:
    return {name: rules.in_days(int(getattr(row, name)), row.day_minutes) for name in ("before", "after", "difference")}


def _changes(draft_id: str, wanted: Select[()]) -> list[tuple[str, RequestChange]]:
    """The requests wanted that the draft changes, by person and in order of time."""
    found, asked = LeaveKindTrial, LeaveRequest
    when = (asked.first_day, asked.last_day, asked.from_half, asked.to_half, asked.from_minute, asked.to_minute)
    rows = platform.rows(
        wanted.add_columns(*found.__table__.columns, *when, asked.gaps)
        .join_from(found, asked, asked.id == found.request_id)
        .where(found.run_id == SHELF.get(draft_id).run_id, (found.note != "") | found.refusal.is_not(None))
        .order_by(found.person_id, asked.first_day, asked.id)
        .limit(MOST_EXPORTED)
    )
    known = people.many(row.person_id for row in rows)
    return [(row.person_id, _change(row, known[row.person_id])) for row in rows]


def _change(row: Any, person: people.PersonView) -> RequestChange:
    return RequestChange(
        request_id=row.request_id,
        person_name=person.name,
        department=person.department_name,
        left_on=row.left_on,
        span=span_of(row),
        note=row.note,
        refusal=row.refusal,
        **_days(row),
    )


def export(actor: AnyActor, draft_id: str, query: ResultsQuery) -> list[RequestChange]:
    """The requests that the draft changes, of the people that the filter finds, for a file; an audited act."""
    mine = _wanted(actor, draft_id, query)
    theirs = select().where(LeaveKindTrial.person_id.in_(select(mine.c.person_id)))
    rows = [change for _, change in _changes(draft_id, theirs)]
    platform.audit.record(actor, "leave.kind_draft.export", draft_id, after={"rows": len(rows)})
    return rows


def changed(draft_id: str, reach: Select[str]) -> list[Changed]:
    """Those within reach for whom the company bears other days than now; whoever asks knows why.

    What people bear of their leave (out of a balance or of pay) the company does not; requests that the draft would
    have refused are left out.
    """
    row = SHELF.get(draft_id)
    was, filled = catalog.then(row.kind_code, saving.form(row).version), saving.form(row)
    if was is None:
        return []
    found = LeaveKindTrial
    borne = func.sum(found.before * int(bears(was.rules)) - found.after * int(bears(filled)))
    rows = platform.rows(
        select(found.person_id, found.department_id, found.day_minutes, borne.label("minutes"))
        .where(found.run_id == row.run_id, found.refusal.is_(None), found.person_id.in_(reach))
        .group_by(found.person_id, found.department_id, found.day_minutes)
        .having(borne != 0)
        .order_by(found.person_id)
    )
    return [Changed(one.person_id, one.department_id, Fraction(int(one.minutes), one.day_minutes)) for one in rows]
