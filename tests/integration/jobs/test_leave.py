"""Leave by itself: the yearly grant, expiry, a first day; and many requests at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock
from kit.errors import AppError
from models.base import db
from models.enums import EntryKind, Role
from models.leave import LeaveEntry, LeaveLot, LeaveSegment
from models.people import Person
from services import leave, people, platform
from tests.conftest import MONDAY_MORNING
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.server import product_on_server


def granted(person: Person) -> list[tuple[str, int, str]]:
    """The lots of somebody: title, days, last day."""
    with platform.unit_of_work(writes=False):
        rows = db.session.execute(
            select(LeaveLot.title, func.sum(LeaveEntry.minutes), LeaveLot.expires_on)
            .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
            .where(LeaveLot.person_id == person.id)
            .group_by(LeaveLot.id)
            .order_by(LeaveLot.starts_on)
        )
        return [(title, int(minutes) // 480, until.isoformat()) for title, minutes, until in rows]


def test_the_yearly_job_gives_everybody_their_days_once(app: Flask, drain: Callable[[], int]) -> None:
    grants.kinds()
    li = make.person("lilei", hired_on=date(2020, 1, 1), first_worked_on=date(2010, 5, 1))
    new = make.person("xiaoming", hired_on=date(2026, 1, 19), first_worked_on=date(2021, 1, 1))
    unknown = make.person("nodate", hired_on=None, first_worked_on=None)
    for slot in ("1", "2"):
        with platform.unit_of_work():
            platform.promise("leave.grant_yearly", {"slot": slot}, dedupe_key=slot)
        drain()
    assert granted(li) == [("2026年年假", 10, "2027-12-31")]
    assert granted(new) == [("2026年年假", 4, "2027-12-31")]
    assert granted(unknown) == []


def test_the_first_day_and_the_yearly_job_give_the_same(app: Flask) -> None:
    grants.kinds()
    dates = {"hired_on": date(2026, 2, 9), "first_worked_on": date(2014, 3, 3)}
    joined, swept = make.person("joined", **dates), make.person("swept", **dates)
    with platform.unit_of_work():
        platform.publish(people.Joined(joined.id))
    with platform.unit_of_work():
        assert leave.grant_yearly(2026).made == 1
    assert granted(joined) == granted(swept) != []


def test_only_what_is_left_expires_and_only_once(app: Flask, drain: Callable[[], int]) -> None:
    grants.kinds()
    boss = make.person("boss")
    li = make.person("lilei", superior=boss)
    grants.lot(li, 2, expires_on=date(2026, 2, 28), starts_on=date(2025, 1, 1), title="去年")
    with platform.unit_of_work():
        actor = people.by_userid("lilei")
        day = date(2026, 2, 26)
        leave.apply(actor, leave.Apply(kind="annual", first_day=day, last_day=day, reason="补请"))
    for slot in ("1", "2"):
        with platform.unit_of_work():
            platform.promise("leave.expire", {"slot": slot}, dedupe_key=slot)
        drain()
    with platform.unit_of_work(writes=False):
        expired = db.session.scalars(select(LeaveEntry.minutes).where(LeaveEntry.kind == EntryKind.EXPIRE)).all()
    assert expired == [-480]
    with platform.unit_of_work(writes=False):
        (annual,) = (b for b in leave.balances(people.by_userid("lilei")) if b.kind == "annual")
    assert (annual.available, annual.held, annual.expired) == (0, 480, 480)


def test_expiring_names_what_will_be_lost(app: Flask) -> None:
    grants.kinds()
    li, gone = make.person("lilei"), make.person("gone", status="inactive")
    grants.lot(li, 1.5, expires_on=date(2026, 3, 31), title="结转")
    grants.lot(li, 5)
    grants.lot(gone, 3, expires_on=date(2026, 3, 31))
    with platform.unit_of_work(writes=False):
        (soon,) = leave.expiring(30)
    assert (soon.person_id, soon.length, soon.expires_on) == (li.id, "1.5天", date(2026, 3, 31))


def test_who_leaves_takes_no_leave(app: Flask) -> None:
    grants.kinds()
    li = make.person("lilei", superior=make.person("boss"))
    grants.lot(li, 2)
    day = date(2026, 3, 4)
    with platform.unit_of_work():
        made = leave.apply(people.by_userid("lilei"), leave.Apply(kind="annual", first_day=day, last_day=day))
        platform.publish(people.Left(li.id))
        assert leave.my_request(people.by_userid("lilei"), made.id).state == "withdrawn"
    assert granted(li) == [("2026年年假", 2, "2026-12-31")]


def test_hr_gives_and_takes_with_a_reason_and_never_below_nothing(app: Flask) -> None:
    grants.kinds()
    li = make.person("lilei")
    hr, other = make.person("hr", roles=(Role.HR,)), make.person("other")
    wish = {"person_id": li.id, "kind": "compensatory", "reason": "三月六日加班"}
    with platform.unit_of_work():
        actor = people.by_userid("hr")
        leave.adjust(actor, leave.Adjust(amount="7.5", expires_on=date(2026, 6, 30), **wish))
        leave.adjust(actor, leave.Adjust(amount="-2", **wish))
        with pytest.raises(leave.InsufficientBalance):
            leave.adjust(actor, leave.Adjust(amount="-6", **wish))
        with pytest.raises(AppError, match="假期设置"):
            leave.adjust(people.by_userid("other"), leave.Adjust(amount="1", **wish))
        (balance,) = (b for b in leave.balances(people.by_userid("lilei")) if b.kind == "compensatory")
    assert balance.length == "5.5小时"
    assert (hr.id, other.id) != (li.id, li.id)


@pytest.fixture
def server() -> Iterator[Flask]:
    """The product on a real server: requests meet there as they do in production."""
    with clock.frozen(MONDAY_MORNING), product_on_server("hr_leave_race") as product:
        yield product


@pytest.mark.mysql
@pytest.mark.parametrize("hands", [4, 16])
def test_many_hands_at_once_never_overdraw_and_never_overlap(server: Flask, hands: int) -> None:
    with server.app_context():
        grants.kinds()
        li = make.person("lilei", superior=make.person("boss"))
        grants.lot(li, 3)
    start = Barrier(hands)

    def ask(hand: int) -> bool:
        day = date(2026, 3, 9 + hand % 5)  # Monday to Friday: several hands want the same day
        wish = leave.Apply(kind="annual", first_day=day, last_day=day)
        with clock.frozen(MONDAY_MORNING), server.app_context():
            start.wait()
            try:
                platform.transact(lambda: leave.apply(people.by_userid("lilei"), wish))
            except AppError:
                return False
            return True

    with ThreadPoolExecutor(hands) as threads:
        won = sum(threads.map(ask, range(hands)))
    with server.app_context():
        left = db.session.scalar(select(func.sum(LeaveEntry.minutes)))
        days = db.session.scalars(select(LeaveSegment.day)).all()
    assert (won, left) == (3, 0)
    assert len(days) == len(set(days)) == 3


@pytest.mark.mysql
def test_two_yearly_jobs_at_once_grant_once(server: Flask) -> None:
    with server.app_context():
        grants.kinds()
        for number in range(20):
            make.person(f"p{number}")

    def run(_: int) -> int:
        with clock.frozen(MONDAY_MORNING), server.app_context():
            return platform.transact(lambda: leave.grant_yearly(2026)).made

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(run, range(4))) == 20
    with server.app_context():
        assert db.session.scalar(select(func.count()).select_from(LeaveEntry)) == 20
