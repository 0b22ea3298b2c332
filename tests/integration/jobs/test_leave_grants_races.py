"""Many at once, on a real server: grants are given once, corrections and debts never pass what is there."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from kit import clock
from kit.errors import AppError
from models.base import db
from models.enums import EntryKind, Role
from models.leave import LeaveEntry, LeaveLot, LeaveRun
from models.people import Person
from services import leave, people, platform
from tests.conftest import MONDAY_MORNING
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.server import product_on_server

pytestmark = pytest.mark.mysql
HANDS = 8
D = date.fromisoformat


@pytest.fixture
def server() -> Iterator[Flask]:
    """The product on a real server, with Li who has ten days, her superior, HR and payroll."""
    with clock.frozen(MONDAY_MORNING), product_on_server("hr_leave_grants_race") as product:
        with product.app_context():
            grants.kinds()
            make.person("hr", roles=(Role.HR,))
            make.person("lilei", superior=make.person("boss"), first_worked_on=D("2010-01-01"))
        yield product


def at_once(server: Flask, acts: list[Callable[[], object]]) -> list[bool]:
    """All of them begin together, each in a transaction of its own; which of them were let through."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> bool:
        with clock.frozen(MONDAY_MORNING), server.app_context():
            start.wait()
            try:
                platform.transact(act)
            except AppError:
                return False
            return True

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def ask(number: int) -> Callable[[], object]:
    day = date(2026, 3, 9 + number % 5 + 7 * (number // 5))
    return lambda: leave.apply(people.by_userid("lilei"), leave.Apply(kind="annual", first_day=day, last_day=day))


def rests() -> dict[str, int]:
    """What is left of each lot, by title."""
    rows = db.session.execute(
        select(LeaveLot.title, func.sum(LeaveEntry.minutes))
        .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
        .group_by(LeaveLot.id)
    )
    return {title: int(minutes) for title, minutes in rows}


def test_a_chunk_that_two_workers_carry_is_given_and_noted_once(server: Flask) -> None:
    with server.app_context():
        platform.transact(lambda: leave.ask_for_grants(people.by_userid("hr"), 2026))
        run_id = db.session.scalars(select(LeaveRun.id)).one()
    at_once(server, [lambda: leave.keep_yearly({"run": run_id})] * HANDS)
    with server.app_context():
        run = db.session.scalars(select(LeaveRun)).one()
        assert (run.done, run.made, run.total) == (3, 3, 3)
        assert db.session.scalar(select(func.count()).select_from(LeaveEntry)) == 3


def test_a_correction_takes_no_more_than_requests_leave(server: Flask) -> None:
    def shorten() -> None:
        db.session.execute(update(Person).where(Person.userid == "lilei").values(first_worked_on=None))

    with server.app_context():
        platform.transact(lambda: leave.grant_yearly(2026))
        platform.transact(shorten)
        li = people.by_userid("lilei").person_id
    won = at_once(server, [ask(number) for number in range(HANDS)] + [lambda: leave.grant_for(li)] * 2)
    with server.app_context():
        mine = select(func.sum(LeaveEntry.minutes)).where(LeaveEntry.person_id == li)
        given = int(db.session.scalar(mine.where(LeaveEntry.kind.in_((EntryKind.GRANT, EntryKind.CORRECT)))) or 0)
        left = int(db.session.scalar(mine) or 0)
    taken = sum(won[:HANDS])
    assert left == given - taken * 480 >= 0
    assert given == max(5, taken) * 480


def test_a_debt_is_paid_once_whatever_happens_at_once(server: Flask) -> None:
    form = leave.policies.PolicyForm(
        basis="statutory_annual", carry_months=12, debt_minutes=4 * 480, valid_from=D("2026-01-01"), version=1
    )
    with server.app_context():
        platform.transact(lambda: leave.policies.release(people.by_userid("hr"), "annual", form))
        platform.transact(ask(9))
        li = people.by_userid("lilei").person_id
    won = at_once(server, [ask(number) for number in range(HANDS)] + [lambda: leave.grant_for(li)] * 2)
    with server.app_context():
        left = rests()
        taken = 1 + sum(won[:HANDS])
        assert sum(left.values()) == (10 - taken) * 480
        assert -4 * 480 <= left["预支"] <= 0 <= left["2026年年假"]


def test_leaving_is_settled_once(server: Flask) -> None:
    with server.app_context():
        platform.transact(lambda: leave.grant_yearly(2026))
        li = people.by_userid("lilei").person_id
    at_once(server, [lambda: leave.on_left(people.Left(li))] * HANDS)
    with server.app_context():
        mine = (LeaveEntry.person_id == li, LeaveEntry.kind == EntryKind.SETTLE)
        assert db.session.scalars(select(LeaveEntry.minutes).where(*mine)).all() == [-10 * 480]
