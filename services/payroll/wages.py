"""Average wages from published payslips: what pay for leave that was not taken is reckoned from.

The average monthly wage of the twelve months before, without overtime pay; shorter employment counts the months there
are (Decree 1 of 2008 art. 11). Payslips say what an item is by its name only: whatever is named overtime is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from kit import clock
from kit.money import Money, total
from models.base import db
from models.enums import BatchState, ItemKind
from models.payroll import Payslip, PayslipBatch
from services import platform
from services.payroll import access
from services.payroll.rules import Slip
from services.people import Actor, Permission

MONTHS = 12
OVERTIME = "加班"


@dataclass(frozen=True)
class Wage:
    """Somebody's average monthly wage, over so many months."""

    average: Money
    months: int


def averages(actor: Actor, person_ids: Sequence[str]) -> dict[str, Wage]:
    """The wages of those of these people who have payslips and whom the actor may treat; on record."""
    actor.require(Permission.PAYROLL_BATCH_READ)
    this_month = clock.today().replace(day=1)
    first = this_month.replace(year=this_month.year - 1)
    reached = sorted(access.reached(actor, Permission.PAYROLL_BATCH_READ, person_ids))
    sums: dict[str, dict[date, int]] = {}
    for row in _slips(reached, first, this_month - timedelta(days=1)):
        months = sums.setdefault(row.person_id, {})
        months[row.month] = months.get(row.month, 0) + normal(access.opened(row.id, row.sealed)).fen
    platform.audit.record(actor, "payroll.wage.read", "wages", after={"people": len(reached), "found": len(sums)})
    return {person_id: Wage(_average(months), len(months)) for person_id, months in sums.items()}


def normal(slip: Slip) -> Money:
    """What was earned but for overtime."""
    earned = [line.amount for line in slip.lines if line.kind is ItemKind.EARNING and OVERTIME not in line.name]
    return total(earned)


def _average(months: dict[date, int]) -> Money:
    """Half up to the fen."""
    return Money((2 * sum(months.values()) + len(months)) // (2 * len(months)))


def _slips(person_ids: Sequence[str], first: date, last: date) -> Iterator[Any]:
    """Their payslips in force; a month can have several, for what was paid apart."""
    in_force = (
        select(Payslip.id, Payslip.person_id, Payslip.sealed, PayslipBatch.month)
        .join(PayslipBatch, PayslipBatch.id == Payslip.batch_id)
        .where(Payslip.published_at.is_not(None), Payslip.replaced_at.is_(None))
        .where(PayslipBatch.state != BatchState.RECALLED, PayslipBatch.month.between(first, last))
    )
    for at in range(0, len(person_ids), access.IN_ONE_STATEMENT):
        part = person_ids[at : at + access.IN_ONE_STATEMENT]
        yield from db.session.execute(in_force.where(Payslip.person_id.in_(part)))
