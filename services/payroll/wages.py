"""Average wages from published payslips: what pay for leave that was not taken is reckoned from.

The average monthly wage of the twelve months before, without overtime pay; shorter employment counts the months there
are (Decree 1 of 2008 art. 11). Payslips say what an item is by its name only: whatever is named overtime is left out.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from kit import clock
from kit.money import Money
from models.base import db
from models.enums import BatchState, ItemKind
from models.payroll import Payslip, PayslipBatch
from services import people, platform
from services.payroll import access
from services.people import Actor, Permission

MONTHS = 12
OVERTIME = "加班"
AT_ONCE = 2_000


@dataclass(frozen=True)
class Wage:
    """Somebody's average monthly wage, over so many months."""

    average: Money
    months: int


def averages(actor: Actor, person_ids: Collection[str]) -> dict[str, Wage]:
    """The wages of those of these people who have payslips and whom the actor may treat; on record.

    Two statements for a company as for a team, read as they come; only the payslips of these people are opened.
    """
    actor.require(Permission.PAYROLL_BATCH_READ)
    this_month = clock.today().replace(day=1)
    first = this_month.replace(year=this_month.year - 1)
    months, wanted = _months(first, this_month - timedelta(days=1)), frozenset(person_ids)
    sums: dict[str, dict[date, int]] = {}
    for row in _slips(actor, months, wanted):
        if row.person_id in wanted:
            mine, month = sums.setdefault(row.person_id, {}), months[row.batch_id]
            mine[month] = mine.get(month, 0) + normal(access.lines_of(row.id, row.sealed))
    platform.audit.record(actor, "payroll.wage.read", "wages", after={"people": len(wanted), "found": len(sums)})
    return {person_id: Wage(_average(mine), len(mine)) for person_id, mine in sums.items()}


def normal(lines: Iterable[access.RawLine]) -> int:
    """What was earned but for overtime, in fen."""
    return sum(fen for kind, name, fen in lines if kind == ItemKind.EARNING and OVERTIME not in name)


def _average(months: dict[date, int]) -> Money:
    """Half up to the fen."""
    return Money((2 * sum(months.values()) + len(months)) // (2 * len(months)))


def _months(first: date, last: date) -> dict[str, date]:
    """The month of each batch in force; a month can have several, for what was paid apart."""
    batches = select(PayslipBatch.id, PayslipBatch.month).where(
        PayslipBatch.state != BatchState.RECALLED, PayslipBatch.month.between(first, last)
    )
    return {row.id: row.month for row in db.session.execute(batches)}


def _slips(actor: Actor, months: Collection[str], wanted: Collection[str]) -> Iterator[Any]:
    """The payslips in force within the actor's reach; of a few people only theirs."""
    in_force = (
        select(Payslip.id, Payslip.person_id, Payslip.batch_id, Payslip.sealed)
        .where(Payslip.batch_id.in_(months), Payslip.published_at.is_not(None), Payslip.replaced_at.is_(None))
        .where(Payslip.person_id.in_(people.within(actor, Permission.PAYROLL_BATCH_READ)))
    )
    if len(wanted) <= access.IN_ONE_STATEMENT:
        in_force = in_force.where(Payslip.person_id.in_(wanted))
    return db.session.execute(in_force, execution_options={"yield_per": AT_ONCE})
