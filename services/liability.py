"""What unused statutory annual leave would cost in money: days from leave, wages from payroll, brought together here.

Only for whoever may read pay, on record as every reading of it. Shown by department; whose wage is not known is named
and not guessed at.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from kit.money import ZERO, Money, total
from kit.schema import Amount, Identifier, View, Wish
from models.enums import AudienceKind
from services import leave, payroll, people, platform
from services.people import Actor, Permission

KIND = "annual"
MOST_NAMED = 20
NOWHERE = "（没有部门）"
RULE = f"剔除加班费的前 12 个月月平均应发 ÷ 21.75 × 未休天数 × {leave.payout.EXTRA}%（{leave.payout.SOURCE_PAY}）"


class LiabilityQuery(Wish):
    """Of which department (with all below it); of everybody in reach unless one is named."""

    department_id: Identifier | None = None
    format: Literal["csv", "xlsx"] | None = None


class LiabilityLine(View):
    """A department: people with unused days, their days, what those would cost, and how many wages are missing."""

    department: str
    people: int
    days: Decimal
    amount: Amount
    missing: int


class LiabilityOut(View):
    """The whole, and its departments, the dearest first; `rule` is the arithmetic with its source."""

    lines: list[LiabilityLine]
    people: int
    days: Decimal
    amount: Amount
    missing: int
    missing_days: Decimal
    missing_names: list[str]
    rule: str


def liability(actor: Actor, query: LiabilityQuery) -> LiabilityOut:
    """What the unused statutory days of the people whose pay the actor may read would cost today."""
    actor.require(Permission.PAYROLL_BATCH_READ)
    reach = people.within(actor, Permission.PAYROLL_BATCH_READ)
    if query.department_id:
        inside = people.audience(AudienceKind.DEPARTMENT, query.department_id)
        reach = reach.where(reach.selected_columns[0].in_(inside))
    unused = leave.unused.by_person(reach, KIND, is_statutory=True)
    wages = payroll.wages.averages(actor, [one.person_id for one in unused])
    return _whole(unused, wages)


def export(actor: Actor, query: LiabilityQuery) -> LiabilityOut:
    """The same for a file; an audited act."""
    found = liability(actor, query)
    platform.audit.record(actor, "leave.liability.export", "liability", after={"rows": len(found.lines)})
    return found


def _whole(unused: Sequence[leave.unused.Unused], wages: Mapping[str, payroll.wages.Wage]) -> LiabilityOut:
    by_department: dict[str | None, list[leave.unused.Unused]] = {}
    for one in unused:
        by_department.setdefault(one.department_id, []).append(one)
    names = people.department_names([one for one in by_department if one])
    lines = [_line(names.get(home or "", NOWHERE), part, wages) for home, part in by_department.items()]
    missing = [one for one in unused if one.person_id not in wages]
    known = people.many(one.person_id for one in missing[:MOST_NAMED])
    return LiabilityOut(
        lines=sorted(lines, key=lambda line: (-line.amount.fen, line.department)),
        people=len(unused),
        days=sum((one.days for one in unused), Decimal(0)),
        amount=total([line.amount for line in lines]),
        missing=len(missing),
        missing_days=sum((one.days for one in missing), Decimal(0)),
        missing_names=[person.name for person in known.values()],
        rule=RULE,
    )


def _line(name: str, unused: Sequence[leave.unused.Unused], wages: Mapping[str, payroll.wages.Wage]) -> LiabilityLine:
    return LiabilityLine(
        department=name,
        people=len(unused),
        days=sum((one.days for one in unused), Decimal(0)),
        amount=total([_worth(one, wages.get(one.person_id)) for one in unused]),
        missing=sum(one.person_id not in wages for one in unused),
    )


def _worth(one: leave.unused.Unused, wage: payroll.wages.Wage | None) -> Money:
    """Each person's days by their own wage, rounded once, as a payslip would have it."""
    return leave.payout.pay(wage.average, Fraction(one.days)).amount if wage else ZERO
