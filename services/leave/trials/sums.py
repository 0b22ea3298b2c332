"""What a trial comes to: for the whole and by department, each person's days by their own working day."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Select, case, func

from kit.schema import View
from models.base import db
from services import people
from services.leave import rules
from services.leave.answers import reports


class DepartmentLine(View):
    """How many of a department get more, less or the same, and the days it comes to."""

    department: str
    people: int
    gaining: int
    losing: int
    before: Decimal
    after: Decimal
    difference: Decimal


class Summary(View):
    """The whole, and its departments, those that change most first; `gaining` and `losing` are of days."""

    people: int
    gaining: int
    losing: int
    unchanged: int
    before: Decimal
    after: Decimal
    difference: Decimal
    lines: list[DepartmentLine]


@dataclass(frozen=True)
class Changed:
    """Somebody whose days a draft changes: by how many the company bears more; fewer are negative."""

    person_id: str
    department_id: str | None
    days: Fraction


def summed(wanted: Select[()], found: Any) -> Summary:
    """The sums over columns of one row a person (`found`), of those wanted; one statement, and one for the names."""
    counted = _counted(wanted, found)
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


def _counted(wanted: Select[()], found: Any) -> Sequence[Row[Any]]:
    return db.session.execute(
        wanted.add_columns(
            found.department_id,
            found.day_minutes,
            func.count().label("people"),
            func.sum(case((found.difference > 0, 1), else_=0)).label("gaining"),
            func.sum(case((found.difference < 0, 1), else_=0)).label("losing"),
            func.sum(found.before).label("before"),
            func.sum(found.after).label("after"),
        ).group_by(found.department_id, found.day_minutes)
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
