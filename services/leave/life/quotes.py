"""What a request would take, cost and leave. A preview and a charge are this one function: they cannot differ."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import bindparam, select

from kit import clock
from kit.errors import AppError, Conflict, NotFound
from models.enums import HOLDING, Counting, LeaveState, LeaveUnit
from models.leave import LeaveKind, LeaveRequest, LeaveSegment
from services import platform, schedule
from services.leave import gaps, ledger, rules
from services.leave.granting import debts
from services.leave.life import adjoining, conditions, linking
from services.leave.life.cases import Case
from services.leave.life.rules import adjoining as together
from services.leave.life.rules import amounts, overlap
from services.leave.life.rules.overlap import Taken, absolute
from services.leave.rulebook.catalog import Kind
from services.leave.rules import InsufficientBalance, Lot, Portion, Spending
from services.leave.schemas import Plan
from services.schedule import DayPlan

STATES = {
    LeaveState.PENDING: "审批中",
    LeaveState.APPROVED: "已批准",
    LeaveState.REJECTED: "已驳回",
    LeaveState.WITHDRAWN: "已撤回",
    LeaveState.CANCELLED: "已取消",
}


@dataclass(frozen=True)
class Quote:
    """A request measured: its days, what it spends of which lot, and the refusal, if a rule says no."""

    kind: Kind
    portions: list[Portion]
    days: Decimal
    spending: Spending
    available: int
    is_confirmed: bool
    refusal: AppError | None
    said: tuple[str, ...] = ()
    proof_due_on: date | None = None
    event_key: str | None = None
    extends_id: str | None = None
    uncovered: tuple[date, ...] = ()

    @property
    def minutes(self) -> int:
        return sum(portion.minutes for portion in self.portions)

    @property
    def full_minutes(self) -> int:
        """The length of the person's working day, by which minutes are shown as days."""
        return self.portions[0].full_minutes

    @property
    def balance_after(self) -> str | None:
        """What is left afterwards, in words; `None` for kinds without a balance."""
        left = self.available - sum(self.spending.taken.values()) - self.spending.borrowed
        return self.words(left) if self.kind.rules.needs_balance else None

    @property
    def length(self) -> str:
        """3天, or 4小时 for kinds taken by the hour when it is not whole days."""
        return length_words(self.minutes, self.days, self.kind)

    def words(self, minutes: int) -> str:
        return rules.words(minutes, self.full_minutes, self.kind.rules.unit)


def length_words(minutes: int, days: Decimal, kind: Kind) -> str:
    """The length of a request in the unit people think in."""
    if kind.rules.unit is LeaveUnit.HOUR and days != days.to_integral_value():
        return rules.words(minutes, 1, kind.rules.unit)
    return f"{days.normalize():f}天"


def quote(person_id: str, plan: Plan, *, has_proof: bool, editing: str | None = None) -> Quote:
    """Measures the request of a person. What makes no sense raises `Invalid`; what a rule forbids is in `refusal`.

    `editing` is the request that the plan changes. Three statements, one more when people's departments have shifts;
    what rules of the kind look at comes on top.
    """
    kind, lots = _kind_and_lots(person_id, plan)
    links = linking.links(person_id, plan, editing)
    rules.check_span(plan.ask, kind.rules, clock.today())
    days = schedule.days([person_id], plan.first_day, plan.last_day)
    instead_of = tuple(one for one in (plan.replaces, editing) if one)
    portions = rules.portions(plan.ask, kind.rules, days.values())
    beside = adjoining.beside(person_id, kind, plan, portions, instead_of)
    portions = sorted([*portions, *beside.filled], key=absolute)
    theirs = taken(person_id, portions, but_not=instead_of)
    portions = overlap.within_day(portions, theirs)
    length = rules.total_days(portions)
    lots = [replace(lot, rest=lot.rest + links.held.get(lot.id, 0)) for lot in lots]
    usable = [lot for lot in lots if any(lot.is_good_on(portion.day) for portion in portions)]
    spending = rules.spend(portions, usable) if kind.rules.needs_balance else Spending({}, 0)
    spending = debts.cover(person_id, kind.code, spending, links.held) if spending.short else spending
    measured = Quote(
        kind,
        portions,
        length,
        spending,
        available=sum(max(0, lot.rest) for lot in usable),
        is_confirmed=all(day.confirmed for day in days.values()),
        refusal=None,
        uncovered=tuple(one.day for one in portions if not any(lot.is_good_on(one.day) for lot in usable)),
    )
    case = Case(person_id, kind, plan, portions, length, instead_of, beside)
    checks: tuple[Callable[[], None], ...] = (
        *(partial(check, case) for check in conditions.checks(case)),
        lambda: overlap.check_overlap(portions, theirs),
        lambda: overlap.check_day(portions, theirs),
        lambda: together.check(beside),
        lambda: amounts.check_length(kind.rules, length, has_proof=has_proof, before=beside.days),
        lambda: _check_balance(measured),
    )
    refusal = next(_refusals(checks), None)
    said = () if refusal else (*_between(kind, days.values(), portions), *conditions.notes(case))
    due_on = conditions.proof_due(case, has_proof=has_proof)
    judged = replace(measured, refusal=refusal, said=said, proof_due_on=due_on)
    return replace(judged, event_key=case.event_key, extends_id=links.root_id)


def _between(kind: Kind, days: Iterable[DayPlan], portions: list[Portion]) -> Iterator[str]:
    """Days off that are counted because they lie between days of leave."""
    taken_days = {portion.day for portion in portions}
    off = [day for day in days if day.day in taken_days and not day.is_working]
    if off and kind.rules.counting is Counting.WORKING:
        yield f"夹在中间的 {len(off)} 天休息日计入请假"


def _kind_and_lots(person_id: str, plan: Plan) -> tuple[Kind, list[Lot]]:
    found = ledger.kind_and_lots(person_id, plan.kind, plan.first_day)
    if found is None:
        raise NotFound("没有这种假，请刷新后重新选择")
    kind, is_active, lots = found
    if not is_active:
        raise Conflict(f"公司目前没有启用{kind.name}")
    return kind, lots


def _refusals(checks: tuple[Callable[[], None], ...]) -> Iterator[AppError]:
    for check in checks:
        try:
            check()
        except AppError as refusal:
            yield refusal


_TAKEN = (
    select(
        LeaveSegment.day, LeaveSegment.start, LeaveSegment.end, LeaveSegment.minutes, LeaveKind.name, LeaveRequest.state
    )
    .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
    .join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code)
    .where(LeaveSegment.person_id == bindparam("person_id"), LeaveRequest.state.in_(HOLDING))
    .where(LeaveSegment.day.between(bindparam("first"), bindparam("last")))
    .where(LeaveRequest.id.not_in(bindparam("but_not", expanding=True)))
)


def taken(person_id: str, portions: list[Portion], *, but_not: Sequence[str] = ()) -> list[Taken]:
    """The person's leave around these days, asked for or approved; a night shift reaches one day further.

    Leave that is to be replaced (`but_not`) is in nobody's way.
    """
    first, last = portions[0].day - timedelta(days=1), portions[-1].day + timedelta(days=1)
    rows = platform.rows(_TAKEN, {"person_id": person_id, "first": first, "last": last, "but_not": list(but_not)})
    return [
        Taken(row.day, row.start, row.end, f"{STATES[LeaveState(row.state)]}的{row.name}", row.minutes) for row in rows
    ]


def _check_balance(quote: Quote) -> None:
    if quote.spending.short:
        raise InsufficientBalance(
            f"{quote.kind.name}余额不足：本次需要{quote.words(quote.minutes)}，"
            f"这些日期可用{quote.words(quote.available)}，还差{quote.words(quote.spending.short)}{_without(quote)}",
            needed=quote.minutes,
            available=quote.available,
        )


def _without(quote: Quote) -> str:
    """The days that nothing left can pay, where there is something left for the others."""
    return f"（{uncovered(quote)}没有可用的额度）" if quote.available and quote.uncovered else ""


def uncovered(quote: Quote) -> str:
    """The days that no lot is good on, in words."""
    return gaps.said(gaps.write(dict.fromkeys(quote.uncovered)))


def notes(quote: Quote) -> list[str]:
    """What people should know before they submit."""
    said = []
    if not quote.is_confirmed:
        said.append("所选日期的放假安排尚未公布，天数按普通周末计算，公布后请核对")
    if quote.minutes != sum(portion.end - portion.start for portion in quote.portions) and len(quote.portions) == 1:
        said.append(f"按您的班次计为{quote.length}")
    if quote.spending.borrowed:
        said.append(f"其中{quote.words(quote.spending.borrowed)}为预支，由下一次发放扣抵")
    return [*said, *quote.said]
