"""What a draft of a leave policy would cost in money: days from its trial, wages from payroll, brought together here.

A day more is a paid day not worked, so it costs the daily wage; a day less saves it. Only for whoever may read pay, on
record as every reading of it. Shown by department; whose wage is not known is named and not guessed at.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from kit.errors import Conflict
from kit.money import Money, total
from kit.schema import Amount, Identifier, View, Wish
from models.enums import AudienceKind
from services import leave, payroll, people, platform
from services.people import Actor, Permission

drafts = leave.policy_drafts
MOST_NAMED = 20
NORMAL = 100  # percent of the daily wage
NOWHERE = "（没有部门）"
RULE = "剔除加班费的前 12 个月月平均应发 ÷ 21.75 × 增减的天数；工资按今天算，天数按试算的年份算"


class CostQuery(Wish):
    """Of which department (with all below it); of everybody in reach unless one is named."""

    department_id: Identifier | None = None
    format: Literal["csv", "xlsx"] | None = None


class CostLine(View):
    """A department: how many people it changes, by how much, what that is worth, how many wages are missing."""

    department: str
    people: int
    days: Decimal
    more: Amount
    less: Amount
    amount: Amount
    missing: int


class CostOut(View):
    """The whole, and its departments, the dearest first; `rule` is the arithmetic."""

    draft: drafts.DraftOut
    lines: list[CostLine]
    whole: CostLine
    missing_names: list[str]
    rule: str


def cost(actor: Actor, draft_id: str, query: CostQuery) -> CostOut:
    """What the days that a tried draft gives and takes are worth, of the people whose pay the actor may read."""
    actor.require(Permission.PAYROLL_BATCH_READ)
    draft = drafts.show(actor, draft_id)
    if draft.run is None or draft.run.ended_at is None:
        raise Conflict("这份草案还没有试算完，请稍后再看")
    reach = people.within(actor, Permission.PAYROLL_BATCH_READ)
    if query.department_id:
        inside = people.audience(AudienceKind.DEPARTMENT, query.department_id)
        reach = reach.where(reach.selected_columns[0].in_(inside))
    changed = drafts.changed(draft_id, reach)
    wages = payroll.wages.averages(actor, [one.person_id for one in changed])
    return _whole(draft, changed, wages)


def export(actor: Actor, draft_id: str, query: CostQuery) -> CostOut:
    """The same for a file; an audited act."""
    found = cost(actor, draft_id, query)
    platform.audit.record(actor, "leave.policy_cost.export", draft_id, after={"rows": len(found.lines)})
    return found


def _whole(
    draft: drafts.DraftOut,
    changed: Sequence[drafts.Changed],
    wages: Mapping[str, payroll.wages.Wage],
) -> CostOut:
    by_department: dict[str | None, list[drafts.Changed]] = {}
    for one in changed:
        by_department.setdefault(one.department_id, []).append(one)
    names = people.department_names([home for home in by_department if home])
    lines = [_line(names.get(home or "", NOWHERE), part, wages) for home, part in by_department.items()]
    missing = [one.person_id for one in changed if one.person_id not in wages]
    return CostOut(
        draft=draft,
        lines=sorted(lines, key=lambda line: (-abs(line.amount.fen), line.department)),
        whole=_line("", changed, wages),
        missing_names=[person.name for person in people.many(missing[:MOST_NAMED]).values()],
        rule=RULE,
    )


def _line(name: str, changed: Sequence[drafts.Changed], wages: Mapping[str, payroll.wages.Wage]) -> CostLine:
    worth = [_worth(one, wages[one.person_id]) for one in changed if one.person_id in wages]
    days = sum((one.days for one in changed), Fraction())
    return CostLine(
        department=name,
        people=len(changed),
        days=drafts.in_days(days),
        more=total([one for one in worth if one.fen > 0]),
        less=total([one for one in worth if one.fen < 0]),
        amount=total(worth),
        missing=len(changed) - len(worth),
    )


def _worth(one: drafts.Changed, wage: payroll.wages.Wage) -> Money:
    """Each person's days by their own wage, rounded once, half away from nothing."""
    amount = leave.payout.pay(wage.average, abs(one.days), NORMAL).amount
    return amount if one.days > 0 else -amount
