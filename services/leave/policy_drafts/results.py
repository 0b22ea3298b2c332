"""What trying a draft has found: the sums, by department, and person by person; only of the people within reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Row, Select, case, func, select

from kit.pages import Page, PageQuery
from kit.schema import Identifier, Line, View
from models.base import db
from models.leave import LeavePolicyTrial
from services import people, platform
from services.leave import rules
from services.leave.answers import reports
from services.leave.policy_drafts import saving
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


class DepartmentLine(View):
    """How many of a department gain, lose or keep, and the days it comes to."""

    department: str
    people: int
    gaining: int
    losing: int
    before: Decimal
    after: Decimal
    difference: Decimal


class Summary(View):
    """The whole, and its departments, those that change most first."""

    people: int
    gaining: int
    losing: int
    unchanged: int
    before: Decimal
    after: Decimal
    difference: Decimal
    lines: list[DepartmentLine]


def summary(actor: AnyActor, draft_id: str) -> Summary:
    """The sums of a trial; one statement, whatever the number of people."""
    counted = _counted(actor, draft_id)
    parts: dict[str | None, list[Row[Any]]] = {}
    for one in counted:
        parts.setdefault(one.department_id, []).append(one)
    names = people.department_names([home for home in parts if home])
    lines = [_line(names.get(home or "", reports.NOWHERE), part) for home, part in parts.items()]
    whole = _line("", counted)
    return Summary(
        people=whole.people,
        gaining=whole.gaining,
        losing=whole.losing,
        unchanged=whole.people - whole.gaining - whole.losing,
        before=whole.before,
        after=whole.after,
        difference=whole.difference,
        lines=sorted(lines, key=lambda line: (-abs(line.difference), line.department)),
    )


def _counted(actor: AnyActor, draft_id: str) -> Sequence[Row[Any]]:
    found, gains, loses = LeavePolicyTrial, DIRECTIONS["gain"], DIRECTIONS["lose"]
    return db.session.execute(
        _of_draft(actor, draft_id)
        .add_columns(
            found.department_id,
            found.day_minutes,
            func.count().label("people"),
            func.sum(case((gains, 1), else_=0)).label("gaining"),
            func.sum(case((loses, 1), else_=0)).label("losing"),
            func.sum(found.before).label("before"),
            func.sum(found.after).label("after"),
        )
        .group_by(found.department_id, found.day_minutes)
    ).all()


def _line(title: str, part: Sequence[Row[Any]]) -> DepartmentLine:
    """Each by their own working day, rounded once."""
    before = sum((Fraction(int(one.before), one.day_minutes) for one in part), Fraction())
    after = sum((Fraction(int(one.after), one.day_minutes) for one in part), Fraction())
    return DepartmentLine(
        department=title,
        people=sum(one.people for one in part),
        gaining=sum(int(one.gaining) for one in part),
        losing=sum(int(one.losing) for one in part),
        before=in_days(before),
        after=in_days(after),
        difference=in_days(after - before),
    )


def in_days(exact: Fraction) -> Decimal:
    """Exact days, half up to a hundredth."""
    return rules.in_days(exact.numerator, exact.denominator)


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
    run_id = saving.get(draft_id).run_id
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


@dataclass(frozen=True)
class Changed:
    """Somebody whose days a draft changes, by how many; fewer are negative."""

    person_id: str
    department_id: str | None
    days: Fraction


def changed(draft_id: str, reach: Select[str]) -> list[Changed]:
    """Those within reach whose days the draft changes; whoever asks knows why."""
    found = LeavePolicyTrial
    rows = platform.rows(
        select(found.person_id, found.department_id, found.difference, found.day_minutes)
        .where(found.run_id == saving.get(draft_id).run_id, found.difference != 0, found.person_id.in_(reach))
        .order_by(found.person_id)
    )
    return [Changed(row.person_id, row.department_id, Fraction(row.difference, row.day_minutes)) for row in rows]
