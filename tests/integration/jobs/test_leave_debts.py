"""Leave taken ahead: down to a limit, paid back by the next grant, given back when it is not taken after all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from kit import clock
from kit.errors import AppError
from kit.ids import new_id
from models.base import db
from models.enums import EntryKind, Role
from models.leave import LeaveEntry, LeaveLot
from models.people import Person
from services import approvals, leave, people, platform
from services.leave import ledger
from services.leave.ledger import Grant
from tests.factories import leave as grants
from tests.factories import people as make

D = date.fromisoformat
FOUR_DAYS = 4 * 480


@pytest.fixture
def li(app: Flask) -> Person:
    """Li without any leave yet; the company lends up to four days."""
    grants.kinds()
    make.person("hr", roles=(Role.HR,))
    lend(FOUR_DAYS)
    return make.person("lilei", superior=make.person("boss"))


def lend(minutes: int) -> None:
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        version = leave.policies.versions(hr, "annual")[0].version
        form = leave.policies.PolicyForm(
            basis="statutory_annual", carry_months=12, debt_minutes=minutes, valid_from=D("2026-01-01"), version=version
        )
        leave.policies.release(hr, "annual", form)


def plan(first: str, days: int) -> leave.Apply:
    day = D(first)
    return leave.Apply(kind="annual", first_day=day, last_day=day + timedelta(days=days - 1))


def ask(first: str, days: int) -> str:
    with platform.unit_of_work():
        return leave.apply(people.by_userid("lilei"), plan(first, days)).id


def expire(year: int) -> int:
    """The nightly job of a New Year's Day; how many entries there are of its kind afterwards."""
    with clock.frozen(datetime(year, 1, 1, tzinfo=UTC)), platform.unit_of_work():
        leave.keep_expiry({})
        return len(db.session.scalars(select(LeaveEntry.seq).where(LeaveEntry.kind == EntryKind.SETTLE)).all())


def lots(person: Person) -> dict[str, int]:
    with platform.unit_of_work(writes=False):
        rows = db.session.execute(
            select(LeaveLot.title, func.sum(LeaveEntry.minutes))
            .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
            .where(LeaveLot.person_id == person.id)
            .group_by(LeaveLot.id)
        )
        return {title: int(minutes) for title, minutes in rows}


def test_a_preview_says_what_is_taken_ahead_and_the_next_grant_pays(li: Person) -> None:
    with platform.unit_of_work(writes=False):
        shown = leave.preview(people.by_userid("lilei"), plan("2026-03-09", 3))
    assert (shown.refusal, shown.balance_after) == (None, "-3天")
    ask("2026-03-09", 3)
    assert lots(li) == {"预支": -3 * 480}
    with platform.unit_of_work():
        leave.grant_for(li.id)
    assert lots(li) == {"预支": 0, "2026年年假": 2 * 480}
    with platform.unit_of_work(writes=False):
        (balance,) = (b for b in leave.balances(people.by_userid("lilei")) if b.kind == "annual")
        causes = db.session.scalars(select(LeaveEntry.cause).where(LeaveEntry.kind == EntryKind.REPAY)).all()
    assert balance.available == 2 * 480
    assert causes == ["“2026年年假”扣抵此前预支（公司休假制度）"] * 2


def test_nobody_borrows_beyond_the_limit(li: Person) -> None:
    ask("2026-03-09", 3)
    with platform.unit_of_work(), pytest.raises(leave.InsufficientBalance):
        leave.apply(people.by_userid("lilei"), plan("2026-03-16", 2))
    ask("2026-03-16", 1)
    lend(0)
    with platform.unit_of_work(), pytest.raises(AppError):
        leave.apply(people.by_userid("lilei"), plan("2026-03-17", 1))
    assert lots(li) == {"预支": -FOUR_DAYS}


def test_what_was_not_taken_goes_back_to_the_lot_that_paid(li: Person) -> None:
    asked = ask("2026-03-09", 3)
    with platform.unit_of_work():
        leave.grant_for(li.id)
        leave.withdraw(people.by_userid("lilei"), asked)
    assert lots(li) == {"预支": 0, "2026年年假": 5 * 480}


def test_days_borrowed_for_last_year_are_owed_until_they_are_given_back(li: Person) -> None:
    with clock.frozen(datetime(2027, 1, 5, 1, 30, tzinfo=UTC)):
        with platform.unit_of_work():
            asked = leave.apply(people.by_userid("lilei"), plan("2026-12-28", 3).model_copy(update={"reason": "补"})).id
        decide()
        with platform.unit_of_work():
            wish = leave.Cancel(first_day=D("2026-12-30"), last_day=D("2026-12-30"), reason="上班了")
            leave.cancel(people.by_userid("lilei"), asked, wish)
        decide()
    assert lots(li) == {"预支": -2 * 480}


def decide() -> None:
    """Li's superior agrees to what waits for them."""
    with platform.unit_of_work():
        boss = people.by_userid("boss")
        (task,) = approvals.my_tasks(boss, approvals.MineQuery()).items
        approvals.decide(boss, task.id, approvals.Decide(decision="approve"))


def test_borrowed_days_are_moved_without_being_owed_twice(li: Person) -> None:
    asked = ask("2026-03-09", 3)
    decide()
    with platform.unit_of_work(), pytest.raises(leave.InsufficientBalance):
        leave.apply(people.by_userid("lilei"), plan("2026-03-16", 5).model_copy(update={"replaces": asked}))
    with platform.unit_of_work():
        moved = leave.apply(people.by_userid("lilei"), plan("2026-03-16", 3).model_copy(update={"replaces": asked})).id
    assert lots(li) == {"预支": -3 * 480}
    decide()
    assert lots(li) == {"预支": -3 * 480}
    longer = plan("2026-03-16", 4).model_copy(update={"replaces": moved})
    with platform.unit_of_work():
        leave.apply(people.by_userid("lilei"), longer)
    assert lots(li) == {"预支": -FOUR_DAYS}


def test_a_debt_never_expires_and_leaving_ends_it(li: Person) -> None:
    grants.approve(ask("2026-03-09", 2))
    assert expire(2099) == 0
    with platform.unit_of_work():
        platform.publish(people.Left(li.id))
    assert lots(li)["预支"] == 0


def test_only_what_is_left_after_paying_expires(li: Person) -> None:
    ask("2026-03-09", 2)
    with platform.unit_of_work():
        leave.grant_for(li.id)
    assert (expire(2028), expire(2028)) == (1, 1)
    assert lots(li) == {"预支": 0, "2026年年假": 0}


steps = st.one_of(
    st.tuples(st.just("ask"), st.integers(0, 8), st.integers(1, 3)),
    st.tuples(st.just("withdraw"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("grant"), st.integers(0, 3), st.just(0)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=12))
def test_whatever_happens_debts_stay_in_bounds_and_nothing_is_lost(
    li: Person, script: list[tuple[str, int, int]]
) -> None:
    name = new_id().lower()
    one = make.person(name, superior=make.person(f"b{name}"))
    granted, asked = 0, []
    for step, number, length in script:
        try:
            with platform.unit_of_work():
                if step == "ask":
                    wish = plan((D("2026-03-09") + timedelta(weeks=number)).isoformat(), length)
                    asked.append(leave.apply(people.by_id(one.id), wish))
                elif step == "withdraw" and asked:
                    leave.withdraw(people.by_id(one.id), asked.pop(number % len(asked)).id)
                elif step == "grant":
                    until, minutes = D("2026-12-31"), number * 480
                    given = Grant(new_id(), one.id, "annual", "发放", D("2026-01-01"), until, minutes, "发放")
                    granted += minutes * ledger.grant([given], "system:tests")
        except AppError:
            db.session.expire_all()
        rests = _rests(one)
        assert all(-FOUR_DAYS <= minutes <= 0 for title, minutes in rests if title == "预支")
        assert all(minutes >= 0 for title, minutes in rests if title != "预支")
        assert sum(minutes for _, minutes in rests) == granted - sum(request.minutes for request in asked)


def _rests(person: Person) -> list[tuple[str, int]]:
    with platform.unit_of_work(writes=False):
        rows = db.session.execute(
            select(LeaveLot.title, func.coalesce(func.sum(LeaveEntry.minutes), 0))
            .outerjoin(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
            .where(LeaveLot.person_id == person.id)
            .group_by(LeaveLot.id)
        )
        return [(title, int(minutes)) for title, minutes in rows]
