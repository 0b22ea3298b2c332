"""The leave planner: for the coming year, the best use of my own days around holidays and make-up workdays."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from pydantic import Field
from sqlalchemy import bindparam, func, select

from kit import clock
from kit.errors import Invalid
from kit.schema import View, Wish
from models.enums import HOLDING, Counting, DayKind
from models.leave import LeaveRequest, LeaveSegment
from services import people, platform, schedule
from services.leave import rules
from services.leave.answers import forecast
from services.leave.answers.planner_cards import BreakOut, Chances, card
from services.leave.answers.rules import forecast as rules_forecast
from services.leave.answers.rules import planner as rules_planner
from services.leave.answers.rules.forecast import Stock
from services.leave.answers.rules.planner import Break, PlannedDay
from services.leave.life import commands
from services.leave.rulebook.catalog import Kind
from services.leave.rules import Lot
from services.leave.schemas import Code, Plan
from services.people import Actor
from services.schedule import DayPlan

AHEAD = timedelta(days=365)
TOMORROW = timedelta(days=1)
MOST_DAYS = 40
HOLIDAYS = frozenset({DayKind.STATUTORY_HOLIDAY, DayKind.ADJUSTED_REST_DAY})


class PlannerQuery(Wish):
    """Of which kind, and how many days to spend at most; all there are unless said otherwise."""

    kind: Code = "annual"
    days: int | None = Field(None, ge=1, le=MOST_DAYS)


class PlannerOut(View):
    """What to do with the days of one kind in the coming year; `unconfirmed` are years without a published calendar."""

    kind: str
    kind_name: str
    kinds: dict[str, str]
    days: int | None
    until: date
    available: str
    spent: str
    unconfirmed: list[int]
    breaks: list[BreakOut]


def plan(actor: Actor, query: PlannerQuery) -> PlannerOut:
    """The breaks that gain most for the actor's days; the statements grow with the breaks shown only."""
    kinds = _kinds()
    if query.kind not in kinds:
        raise Invalid("这种假不按工作日从额度里扣，不能用来规划")
    kind, chances = kinds[query.kind], _chances(actor)
    stocks = [one for one in _stocks(actor, kind) if one.rest > 0]
    lots = [_lot(number, stock) for number, stock in enumerate(stocks)]
    full, available = next(iter(chances.plans.values())).full_minutes, sum(lot.rest for lot in lots)
    budget = min(available, (query.days or MOST_DAYS) * full)
    chosen = rules_planner.best(rules_planner.breaks(list(chances.days.values())), lots, budget)
    waits = [_promised(stocks, payers) for payers in rules_planner.payers(chosen, lots)]
    return PlannerOut(
        kind=kind.code,
        kind_name=kind.name,
        kinds={code: one.name for code, one in kinds.items()},
        days=query.days,
        until=max(chances.plans),
        available=rules.words(available, full),
        spent=rules.words(sum(one.minutes for one in chosen), full),
        unconfirmed=sorted({day.year for day, one in chances.plans.items() if not one.confirmed}),
        breaks=[_card(actor, kind, *one, chances) for one in zip(chosen, waits, strict=True)],
    )


def _kinds() -> dict[str, Kind]:
    """The kinds that working days are taken from."""
    return {kind.code: kind for kind in forecast.balance_kinds() if kind.rules.counting is Counting.WORKING}


def _lot(number: int, stock: Stock) -> Lot:
    return Lot(str(number), rules_forecast.begins(stock, clock.today()), stock.expires_on, stock.rest)


def _stocks(actor: Actor, kind: Kind) -> list[Stock]:
    today = clock.today()
    return forecast.stocks_of(actor.person_id, today, today + AHEAD).get(kind.code, [])


def _promised(stocks: Sequence[Stock], payers: set[str]) -> Stock | None:
    """The last of the paying lots that is still to be given."""
    promised = [stocks[int(number)] for number in payers if stocks[int(number)].is_promised]
    return max(promised, key=lambda stock: stock.starts_on, default=None)


def _card(actor: Actor, kind: Kind, one: Break, waits: Stock | None, chances: Chances) -> BreakOut:
    """The break, with what a request for it would be refused with now; one that waits for a grant is not asked for."""
    asked = Plan(kind=kind.code, first_day=one.taken[0].day, last_day=one.taken[-1].day)
    return card(one, chances, waits, None if waits else commands.preview(actor, asked).refusal)


def _chances(actor: Actor) -> Chances:
    first, until = clock.today() + TOMORROW, clock.today() + AHEAD
    planned = schedule.days([actor.person_id], first, until)
    plans, own = {day: one for (_, day), one in planned.items()}, _own(actor.person_id, first, until)
    size, away = _team(actor, first, until)
    days = {
        day: _day(one, own.get(day, 0), is_covered=rules_planner.is_covered(size, away.get(day, 0)))
        for day, one in plans.items()
    }
    return Chances(plans, days, away)


def _day(one: DayPlan, taken: int, *, is_covered: bool) -> PlannedDay:
    """What is taken whole already is free anyway; what is taken in part, or when the team needs me, stays worked."""
    return PlannedDay(
        one.day,
        is_off=not one.is_working or taken >= one.full_minutes,
        is_holiday=not one.is_working and one.kind in HOLIDAYS,
        is_confirmed=one.confirmed,
        minutes=one.full_minutes,
        is_takeable=is_covered and not taken,
    )


_HELD = (
    select(LeaveSegment.day)
    .join(LeaveRequest, LeaveRequest.id == LeaveSegment.request_id)
    .where(LeaveRequest.state.in_(HOLDING))
    .where(LeaveSegment.day.between(bindparam("first"), bindparam("last")))
    .group_by(LeaveSegment.day)
)
_OWN = _HELD.add_columns(func.sum(LeaveSegment.minutes)).where(LeaveSegment.person_id == bindparam("person_id"))
_MATE = people.at_home_in(bindparam("department_id")).subquery()
_AWAY = _HELD.add_columns(func.count(LeaveSegment.person_id.distinct())).where(
    LeaveSegment.person_id.in_(select(_MATE.c.id)), LeaveSegment.person_id != bindparam("person_id")
)
_SIZE = select(func.count()).select_from(_MATE)


def _own(person_id: str, first: date, last: date) -> dict[date, int]:
    """The minutes that the person has taken of each day."""
    rows = platform.rows(_OWN, {"person_id": person_id, "first": first, "last": last})
    return {day: int(minutes) for day, minutes in rows}


def _team(actor: Actor, first: date, last: date) -> tuple[int, Mapping[date, int]]:
    """How many share the actor's department, and how many others of them are away on which day; never who."""
    if actor.department_id is None:
        return 1, {}
    whose = {"department_id": actor.department_id}
    rows = platform.rows(_AWAY, {**whose, "person_id": actor.person_id, "first": first, "last": last})
    return platform.scalar(_SIZE, whose) or 1, {day: int(count) for day, count in rows}
