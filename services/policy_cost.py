"""What a draft of a leave policy or of a kind would cost in money: days from its trial, wages from payroll.

A day more is a paid day not worked, so it costs the daily wage; a day less saves it. A kind costs more where fewer days
are taken out of what people were granted, or out of their pay. Only for whoever may read pay, on
record as every reading of it. Shown by department; whose wage is not known is named and not guessed at.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from sqlalchemy import Select

from kit.errors import Conflict
from kit.money import Money, total
from kit.schema import Amount, Identifier, View, Wish
from models.enums import AudienceKind
from services import leave, payroll, people, platform
from services.people import Actor, Permission

policies, kinds = leave.policy_drafts, leave.kind_drafts
MOST_NAMED = 20
NORMAL = 100  # percent of the daily wage
NOWHERE = "（没有部门）"
RULE = "剔除加班费的前 12 个月月平均应发 ÷ 21.75 × 增减的天数；工资按今天算，天数按试算的年份算"
BORNE = "；增减的是公司少扣或多扣的天数（扣额度或扣工资的假），草案会拒绝的请假不计入，病假工资比例的变化不计入"


@dataclass(frozen=True)
class Source:
    """Drafts of one sort: where one is read, whose days it changes, and the arithmetic in words."""

    show: Callable[[Actor, str], policies.Kept]
    changed: Callable[[str, Select[str]], Sequence[policies.Changed]]
    rule: str


POLICIES = Source(policies.show, policies.changed, RULE)
KINDS = Source(kinds.show, kinds.changed, RULE + BORNE)


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

    draft: policies.Kept
    lines: list[CostLine]
    whole: CostLine
    missing_names: list[str]
    rule: str


def cost(actor: Actor, draft_id: str, query: CostQuery, source: Source = POLICIES) -> CostOut:
    """What the days that a tried draft gives and takes are worth, of the people whose pay the actor may read."""
    actor.require(Permission.PAYROLL_BATCH_READ)
    draft = source.show(actor, draft_id)
    if not draft.is_tried:
        raise Conflict("这份草案还没有试算完，请稍后再看")
    reach = people.within(actor, Permission.PAYROLL_BATCH_READ)
    if query.department_id:
        inside = people.audience(AudienceKind.DEPARTMENT, query.department_id)
        reach = reach.where(reach.selected_columns[0].in_(inside))
    changed = source.changed(draft_id, reach)
    wages = payroll.wages.averages(actor, [one.person_id for one in changed])
    return _whole(source, draft, changed, wages)


def export(actor: Actor, draft_id: str, query: CostQuery, source: Source = POLICIES) -> CostOut:
    """The same for a file; an audited act."""
    found = cost(actor, draft_id, query, source)
    platform.audit.record(actor, "leave.policy_cost.export", draft_id, after={"rows": len(found.lines)})
    return found


def _whole(
    source: Source,
    draft: policies.Kept,
    changed: Sequence[policies.Changed],
    wages: Mapping[str, payroll.wages.Wage],
) -> CostOut:
    by_department: dict[str | None, list[policies.Changed]] = {}
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
        rule=source.rule,
    )


def _line(name: str, changed: Sequence[policies.Changed], wages: Mapping[str, payroll.wages.Wage]) -> CostLine:
    worth = [_worth(one, wages[one.person_id]) for one in changed if one.person_id in wages]
    days = sum((one.days for one in changed), Fraction())
    return CostLine(
        department=name,
        people=len(changed),
        days=policies.in_days(days),
        more=total([one for one in worth if one.fen > 0]),
        less=total([one for one in worth if one.fen < 0]),
        amount=total(worth),
        missing=len(changed) - len(worth),
    )


def _worth(one: policies.Changed, wage: payroll.wages.Wage) -> Money:
    """Each person's days by their own wage, rounded once, half away from nothing."""
    amount = leave.payout.pay(wage.average, abs(one.days), NORMAL).amount
    return amount if one.days > 0 else -amount
