"""Whatever people do, in whatever order: a balance is the sum of its entries, no lot is overdrawn, nothing overlaps."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from kit import clock
from kit.errors import AppError
from kit.ids import new_id
from models.base import db
from models.enums import HOLDING, Half, Role
from models.leave import LeaveEntry, LeaveLot, LeaveRequest, LeaveSegment
from models.people import Person
from services import approvals, leave, people, platform
from services.approvals import Decide
from tests.factories import leave as grants
from tests.factories import people as make

MONDAY = date(2026, 3, 2)
CHANGED = leave.Cancel(reason="改期")
days = st.integers(0, 20).map(lambda n: MONDAY + timedelta(days=n))
steps = st.one_of(
    st.tuples(st.just("apply"), days, st.integers(0, 4), st.sampled_from(Half), st.sampled_from(Half)),
    st.tuples(st.sampled_from(["withdraw", "approve", "reject", "cancel", "expire", "leave"]), st.integers(0, 5)),
    st.tuples(st.just("adjust"), st.integers(-3, 3)),
)


def wants(step: tuple) -> Callable[[Person], object]:  # type: ignore[type-arg]
    """What a step does, as the person it concerns."""
    return {
        "apply": lambda one: leave.apply(people.by_id(one.id), leave.Apply(
            kind="annual", first_day=step[1], last_day=step[1] + timedelta(days=step[2]), from_half=step[3],
            to_half=step[4])),
        "withdraw": lambda one: leave.withdraw(people.by_id(one.id), some_request(one, step[1])),
        "cancel": lambda one: leave.cancel(people.by_id(one.id), some_request(one, step[1]), CHANGED),
        "approve": lambda one: decide(one, "approve"),
        "reject": lambda one: decide(one, "reject"),
        "adjust": lambda one: leave.adjust(people.System("tests"), leave.Adjust(
            person_id=one.id, kind="annual", amount=step[1], reason="调整")),
        "expire": lambda one: leave.keep_expiry({}),
        "leave": lambda one: platform.publish(people.Left(one.id)) if step[1] == 0 else None,
    }[step[0]]  # fmt: skip


def some_request(one: Person, number: int) -> str:
    found = db.session.scalars(select(LeaveRequest.id).where(LeaveRequest.person_id == one.id)).all()
    return found[number % len(found)] if found else new_id()


def decide(one: Person, decision: str) -> None:
    boss = people.by_id(str(one.superior_id))
    waiting = approvals.my_tasks(boss, approvals.MineQuery()).items
    if waiting:
        approvals.decide(boss, waiting[0].id, Decide(decision=decision, comment="因为"))


def check(one: Person) -> None:
    today = clock.today()
    lots = db.session.execute(
        select(LeaveLot.expires_on, func.coalesce(func.sum(LeaveEntry.minutes), 0))
        .outerjoin(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
        .where(LeaveLot.person_id == one.id)
        .group_by(LeaveLot.id)
    ).all()
    assert all(rest >= 0 for _, rest in lots)
    (balance,) = (b for b in leave.balances(people.by_id(one.id)) if b.kind == "annual")
    assert balance.available == sum(rest for until, rest in lots if until >= today)
    assert balance.granted - balance.used - balance.held - balance.expired == balance.available
    held = select(LeaveRequest.id, LeaveRequest.minutes).where(
        LeaveRequest.person_id == one.id, LeaveRequest.state.in_(HOLDING)
    )
    assert sum(minutes for _, minutes in db.session.execute(held)) == balance.used + balance.held
    parts = db.session.execute(
        select(LeaveSegment.day, LeaveSegment.start, LeaveSegment.end)
        .where(LeaveSegment.request_id.in_(select(held.subquery().c.id)))
        .order_by(LeaveSegment.day, LeaveSegment.start)
    ).all()
    assert all(a.day < b.day or a.end <= b.start for a, b in pairwise(parts))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=12))
def test_the_ledger_holds_whatever_happens(app: Flask, script: list[tuple]) -> None:  # type: ignore[type-arg]
    grants.kinds()
    name = new_id().lower()
    boss = make.person(f"b{name}", roles=(Role.HR,))
    one = make.person(f"p{name}", superior=boss)
    grants.lot(one, 2, starts_on=date(2025, 1, 1), expires_on=date(2026, 3, 10), title="去年")
    grants.lot(one, 4)
    for step in script:
        try:
            with platform.unit_of_work():
                wants(step)(one)
        except AppError:
            db.session.expire_all()
        with platform.unit_of_work(writes=False):
            check(one)
