"""Leave granted while payroll closes its month, on a real server: the close waits, and looks again."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from kit.errors import Conflict
from models.base import db
from models.enums import Role
from models.leave_pay import LeavePayEntry
from services import leave, people, platform
from services.leave import paying
from tests.conftest import MONDAY_MORNING
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.server import product_on_server

pytestmark = pytest.mark.mysql
A_WHILE = 1.0  # seconds
MARCH = "2026-03"


@pytest.fixture
def server() -> Iterator[Flask]:
    """The product on a real server, with Li, her superior and payroll."""
    with clock.frozen(MONDAY_MORNING), product_on_server("hr_leave_pay_race") as product:
        with product.app_context():
            grants.kinds()
            make.person("pay", roles=(Role.PAYROLL,))
            make.person("lilei", superior=make.person("boss"))
        yield product


def test_a_close_waits_for_leave_that_is_being_granted_and_then_is_stale(server: Flask) -> None:
    with server.app_context():
        pay = platform.transact(lambda: people.by_userid("pay"))
        february = platform.transact(lambda: paying.state(pay, "2026-02")).seen
        platform.transact(lambda: paying.close(pay, paying.Close(month="2026-02", seen=february)))
        seen = platform.transact(lambda: paying.state(pay, MARCH)).seen
    is_granting, has_closed = Event(), Event()

    def grant() -> None:
        """An unpaid day is granted by a transaction that has looked which months are closed, and is slow to end."""
        plan = leave.Apply(kind="personal", first_day=date(2026, 3, 9), last_day=date(2026, 3, 9))
        made = leave.apply(people.by_userid("lilei"), plan)
        grants.approve(made.id)
        paying.settle(made.id)
        is_granting.set()
        has_closed.wait(A_WHILE)

    def close() -> bool:
        is_granting.wait()
        try:
            platform.transact(lambda: paying.close(pay, paying.Close(month=MARCH, seen=seen)))
        except Conflict:
            return False
        finally:
            has_closed.set()
        return True

    def run(act: Callable[[], object]) -> object:
        with clock.frozen(MONDAY_MORNING), server.app_context():
            return act()

    with ThreadPoolExecutor(2) as threads:
        _, was_closed = threads.map(run, [lambda: platform.transact(grant), close])
    assert was_closed is False, "its content was no longer what was seen"
    with server.app_context():
        platform.transact(lambda: paying.close(pay, paying.Close(month=MARCH, seen=paying.state(pay, MARCH).seen)))
        months = db.session.scalars(select(LeavePayEntry.month)).all()
        assert set(months) == {date(2026, 3, 1)}
