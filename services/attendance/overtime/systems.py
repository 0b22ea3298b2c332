"""Which working-time system holds for whom, by dates: a person's before a department's before the company's."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from models.attendance_overtime import WorkingTime
from models.enums import AudienceKind, WorkPeriod, WorkSystem
from services import people, platform
from services.attendance.overtime.rules import STANDARD, System

Known = Callable[[str, date], System]
"""The system of a person on a day."""
IN_ONE_STATEMENT = 2000
COLUMNS = (
    WorkingTime.id, WorkingTime.scope, WorkingTime.person_id, WorkingTime.department_id, WorkingTime.system,
    WorkingTime.period, WorkingTime.pays_holidays, WorkingTime.starts_on, WorkingTime.ends_on,
)  # fmt: skip


def known(person_ids: Sequence[str], first: date, last: date) -> Known:
    """The systems of these people on these days; standard where nobody said otherwise."""
    by_target: dict[str, list[Any]] = defaultdict(list)
    for row in _rows(person_ids, first, last):
        by_target[row.person_id or row.department_id or ""].append(row)
    homes = people.lineages(person_ids) if any(row.department_id for rows in by_target.values() for row in rows) else {}

    def system(person_id: str, day: date) -> System:
        for target in (person_id, *homes.get(person_id, ()), ""):
            in_force = [row for row in by_target.get(target, ()) if _holds(row, day)]
            if in_force:
                return _system(max(in_force, key=lambda row: (row.starts_on, row.id)))
        return STANDARD

    return system


def on(person_id: str, day: date) -> System:
    """The system of a person on a day."""
    return known([person_id], day, day)(person_id, day)


def _rows(person_ids: Sequence[str], first: date, last: date) -> list[Any]:
    holds = and_(WorkingTime.starts_on <= last, or_(WorkingTime.ends_on.is_(None), WorkingTime.ends_on >= first))
    wide = WorkingTime.scope.in_((AudienceKind.COMPANY, AudienceKind.DEPARTMENT))
    found = list(platform.rows(select(*COLUMNS).where(holds, wide)))
    for at in range(0, len(person_ids), IN_ONE_STATEMENT):
        part = person_ids[at : at + IN_ONE_STATEMENT]
        found += platform.rows(select(*COLUMNS).where(holds, WorkingTime.person_id.in_(part)))
    return found


def _holds(row: Any, day: date) -> bool:
    return bool(row.starts_on <= day <= (row.ends_on or day))


def _system(row: Any) -> System:
    return System(WorkSystem(row.system), WorkPeriod(row.period) if row.period else None, row.pays_holidays)
