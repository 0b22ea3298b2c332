"""What somebody will have on a day: today's lots, what the rules will give until then, and what expires before."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import Field
from sqlalchemy import bindparam, func, select

from kit import clock
from kit.errors import Invalid
from kit.schema import Day, View, Wish
from models.enums import HOLDING, LeaveState
from models.leave import LeaveEntry, LeaveKind, LeaveLot, LeaveRequest
from services import platform, schedule
from services.leave import access, ledger, rules
from services.leave.answers.rules.forecast import Step, StepKind, Stock, forecast
from services.leave.granting import grants
from services.leave.life.quotes import STATES
from services.leave.rulebook.catalog import VERSION, Kind, as_of
from services.leave.schemas import Code
from services.people import Actor

FARTHEST = timedelta(days=731)  # further on the rules themselves will be others


def _end_of_year() -> date:
    return clock.today().replace(month=12, day=31)


class ForecastQuery(Wish):
    """On which day; the last one of this year unless said otherwise. All kinds unless one is named."""

    day: Day = Field(default_factory=_end_of_year)
    kind: Code | None = None


class StepOut(View):
    """From a day on there is another balance, and why."""

    on: date
    kind: StepKind
    title: str
    sentence: str
    minutes: int
    change: str
    left: str


class HeldOut(View):
    """Leave that is taken off the balance already: waiting for approval, or approved and still to come."""

    request_id: str
    state: LeaveState
    state_name: str
    first_day: date
    last_day: date
    minutes: int
    length: str


class ForecastOut(View):
    """What there will be of one kind, step by step from today."""

    kind: str
    kind_name: str
    day: date
    minutes: int
    length: str
    steps: list[StepOut]
    held: list[HeldOut]


_KINDS = select(*VERSION).where(LeaveKind.is_active).order_by(LeaveKind.sort)
_LOTS = select(
    LeaveLot.kind_code, LeaveLot.title, LeaveLot.starts_on, LeaveLot.expires_on, ledger.REST.label("rest")
).where(LeaveLot.person_id == bindparam("person_id"), LeaveLot.expires_on >= bindparam("today"))
_HELD = (
    select(LeaveRequest.id, LeaveRequest.kind_code, LeaveRequest.state, LeaveRequest.first_day, LeaveRequest.last_day,
           func.sum(-LeaveEntry.minutes).label("minutes"))
    .join(LeaveEntry, LeaveEntry.request_id == LeaveRequest.id)
    .where(LeaveRequest.person_id == bindparam("person_id"), LeaveRequest.last_day >= bindparam("today"))
    .where(LeaveRequest.state.in_(HOLDING))
    .group_by(LeaveRequest.id)
    .order_by(LeaveRequest.first_day, LeaveRequest.id)
)  # fmt: skip


def balance_on(actor: Actor, query: ForecastQuery, person_id: str | None = None) -> list[ForecastOut]:
    """What the actor (or somebody they look after) will have of each kind; statements grow with the years only."""
    whose, today = access.balances_of(actor, person_id or actor.person_id), clock.today()
    if not today <= query.day <= today + FARTHEST:
        raise Invalid("请选择今天起两年内的日期")
    kinds = [kind for kind in balance_kinds() if query.kind in (None, kind.code)]
    stocks, held = stocks_of(whose, today, query.day), _held(whose, today)
    full = schedule.day(whose, today).full_minutes
    return [_forecast(kind, stocks.get(kind.code, []), held.get(kind.code, []), query.day, full) for kind in kinds]


def balance_kinds() -> list[Kind]:
    """The kinds in use that need a balance, in order."""
    kinds = (as_of(row.kind_id, row.rules_version) for row in platform.rows(_KINDS))
    return [kind for kind in kinds if kind.rules.needs_balance]


def stocks_of(person_id: str, today: date, until: date) -> dict[str, list[Stock]]:
    """By kind: the person's lots that have not expired, and those that the rules will give until a day."""
    stocks: dict[str, list[Stock]] = {}
    for row in platform.rows(_LOTS, {"person_id": person_id, "today": today}):
        lot = Stock(row.title, row.starts_on, row.expires_on, int(row.rest))
        stocks.setdefault(row.kind_code, []).append(lot)
    for grant in _promised(person_id, range(today.year, until.year + 1)):
        lot = Stock(grant.title, grant.starts_on, grant.expires_on, grant.minutes, True, grant.sentence)
        stocks.setdefault(grant.kind_code, []).append(lot)
    return stocks


def _promised(person_id: str, years: Iterable[int]) -> list[ledger.Grant]:
    """What the job will give, asked of the function that gives it."""
    return [grant for year in years for grant in grants.due([person_id], year)]


def _held(person_id: str, today: date) -> dict[str, list[Any]]:
    held: dict[str, list[Any]] = {}
    for row in platform.rows(_HELD, {"person_id": person_id, "today": today}):
        held.setdefault(row.kind_code, []).append(row)
    return held


def _forecast(kind: Kind, stocks: Sequence[Stock], held: Sequence[Any], day: date, full: int) -> ForecastOut:
    steps = forecast(stocks, clock.today(), day)

    def words(minutes: int) -> str:
        return rules.words(minutes, full, kind.rules.unit)

    def step(one: Step) -> StepOut:
        change = f"{'+' if one.minutes > 0 else '−'}{words(abs(one.minutes))}"
        told = {"on": one.on, "kind": one.kind, "title": one.title, "sentence": one.sentence, "minutes": one.minutes}
        return StepOut(**told, change=change, left=words(one.left))

    return ForecastOut(
        kind=kind.code,
        kind_name=kind.name,
        day=day,
        minutes=steps[-1].left,
        length=words(steps[-1].left),
        steps=[step(one) for one in steps],
        held=[_held_view(row, words(int(row.minutes))) for row in held],
    )


def _held_view(row: Any, length: str) -> HeldOut:
    return HeldOut(
        request_id=row.id,
        state=row.state,
        state_name=STATES[LeaveState(row.state)],
        first_day=row.first_day,
        last_day=row.last_day,
        minutes=int(row.minutes),
        length=length,
    )
