"""Many at once, on a real server: a month is closed once, and no late fact slips in behind it or counts twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from kit.errors import AppError
from models.attendance import DayResult
from models.attendance_months import AttendanceMonth, MonthAdjustment, MonthSheet
from models.base import db
from models.enums import MonthState, Role
from services import attendance, people, platform
from services.attendance import facts, rules, settling
from services.attendance.months import gate, late
from services.attendance.months import rules as sums
from tests.conftest import MONDAY_MORNING
from tests.factories import attendance as made
from tests.factories import people as make
from tests.support.server import product_on_server

pytestmark = pytest.mark.mysql
FEBRUARY, LAST, DAY = date(2026, 2, 1), date(2026, 2, 28), date(2026, 2, 27)
HANDS = 6


@pytest.fixture
def server() -> Iterator[Flask]:
    """The product on a real server; Li's February is to be confirmed, HR may close it."""
    with clock.frozen(MONDAY_MORNING), product_on_server("hr_attendance_months_race") as product:
        with product.app_context():
            make.person("hr", roles=(Role.HR,))
            make.person("lihua")
            wish = attendance.month_wishes.MonthWish(month="2026-02", version=0)
            platform.transact(lambda: attendance.counting.begin(people.by_userid("hr"), wish))
            payload = {"month": "2026-02", "version": 1, "after": ""}
            platform.transact(lambda: attendance.counting.count(payload))
            wish = attendance.month_wishes.MonthWish(month="2026-02", version=2)
            platform.transact(lambda: attendance.asking.ask(people.by_userid("hr"), wish))
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


def close() -> None:
    wish = attendance.month_wishes.CloseWish(month="2026-02", version=3, waiting=9)
    attendance.closing.close(people.by_userid("hr"), wish)


def li() -> str:
    return people.by_userid("lihua").person_id


def came_after_all() -> None:
    settling.settle_days(li(), [DAY])


def known() -> rules.Totals:
    """Li's sheet with what was added to it."""
    sheet = db.session.scalars(select(MonthSheet).where(MonthSheet.person_id == li())).one()
    return sums.plus([late.numbers(sheet), *map(late.numbers, db.session.scalars(select(MonthAdjustment)))])


def recomputed() -> rules.Totals:
    return rules.totals(rules.judge(case, clock.now()) for case in facts.cases([li()], FEBRUARY, LAST).values())


def test_of_many_who_close_a_month_one_does(server: Flask) -> None:
    assert sum(at_once(server, [close] * HANDS)) == 1
    with server.app_context():
        month = db.session.get_one(AttendanceMonth, FEBRUARY)
        assert (month.state, month.version, len(month.hash or "")) == (MonthState.CLOSED, 4, 64)


def test_a_fact_during_the_close_is_in_the_sheet_or_added_never_both(server: Flask) -> None:
    with server.app_context():
        made.punches(db.session.get_one(make.Person, li()), "in 08:55, out 18:05", DAY)
    assert all(at_once(server, [close, came_after_all, came_after_all, came_after_all]))
    with server.app_context():
        assert known() == recomputed()
        assert recomputed().attended_days == 1
        sheet = db.session.scalars(select(MonthSheet).where(MonthSheet.person_id == li())).one()
        assert late.numbers(sheet) == sums.plus(
            sums.of_day(day) for day in db.session.scalars(select(DayResult).where(DayResult.person_id == li()))
        )


def test_a_late_fact_heard_by_many_is_added_once(server: Flask) -> None:
    with server.app_context():
        platform.transact(close)
        made.punches(db.session.get_one(make.Person, li()), "in 08:55, out 18:05", DAY)
    assert all(at_once(server, [came_after_all] * HANDS))
    with server.app_context():
        assert len(db.session.scalars(select(MonthAdjustment)).all()) == 1
        assert known() == recomputed()
        assert gate.state(date(2026, 3, 1)) == MonthState.OPEN
