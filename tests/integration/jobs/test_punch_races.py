"""Many at once, on a real server: overlapping files of machines, the same punch, two who close one case."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock, workbook
from kit.errors import AppError
from models.attendance import Punch
from models.attendance_punches import ReviewCase
from models.base import db
from models.enums import Direction, PunchSource, Role, SignalKind
from services import attendance, people, platform
from services.attendance.punches import cases
from services.attendance.punches.rules import Signal
from tests.factories import attendance as made
from tests.factories import people as make
from tests.support.server import product_on_server

pytestmark = pytest.mark.mysql
TUESDAY_MORNING = made.at("08:00", made.MONDAY + timedelta(days=1))
STAFF = [f"worker{n:02d}" for n in range(20)]
HEADER = ("工号", "姓名", "打卡时间")


@pytest.fixture
def server() -> Iterator[Flask]:
    """The product on a real server, with twenty who work and HR."""
    with clock.frozen(TUESDAY_MORNING), product_on_server("hr_punch_race") as product:
        with product.app_context():
            make.person("hr", roles=(Role.HR,))
            make.person("hr2", roles=(Role.HR,))
            for userid in STAFF:
                make.person(userid, userid)
            made.place()
        yield product


def at_once(server: Flask, acts: list[Callable[[], object]]) -> list[bool]:
    """All of them begin together, each in a transaction of its own; which of them were let through."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> bool:
        with clock.frozen(TUESDAY_MORNING), server.app_context():
            start.wait()
            try:
                platform.transact(act, tries=10)
            except AppError:
                return False
            return True

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def stamps(first: int, last: int) -> bytes:
    rows = [
        (userid, userid, f"2026-03-02 {hour:02d}:00:{STAFF.index(userid):02d}")
        for userid in STAFF
        for hour in range(first, last)
    ]
    return workbook.write("记录", HEADER, rows)


def test_overlapping_files_at_once_leave_nothing_twice(server: Flask) -> None:
    with server.app_context():
        hr = people.by_userid("hr")

        def checked(content: bytes) -> str:
            file = platform.Upload("机器.xlsx", content)
            wish = attendance.CheckMachine(workbook=file)
            return platform.transact(lambda: attendance.machines.check(hr, wish)).file_id

        ids = [checked(stamps(first, last)) for first, last in ((6, 14), (8, 16), (10, 18), (6, 18))]
        acts: list[Callable[[], object]] = [
            lambda file_id=file_id: attendance.machines.apply(hr, attendance.ApplyMachine(file_id=file_id))  # type: ignore[misc]
            for file_id in ids
        ]
        assert at_once(server, acts) == [True] * 4
        assert db.session.scalar(select(func.count()).select_from(Punch)) == 20 * 12
        db.session.rollback()


def test_one_tap_that_arrives_eight_times_is_one_punch(server: Flask) -> None:
    wish = attendance.Punch(direction=Direction.IN, **made.THERE, nonce="phone-0001", device="phone-0001")
    act = lambda: attendance.punch(people.by_userid("worker00"), wish, PunchSource.API)  # noqa: E731
    assert at_once(server, [act] * 8) == [True] * 8
    with server.app_context():
        assert db.session.scalar(select(func.count()).select_from(Punch)) == 1


def test_of_two_who_close_a_case_one_is_told(server: Flask) -> None:
    with server.app_context():
        worker = people.by_userid("worker00").person_id
        told = {"at": TUESDAY_MORNING.isoformat()}
        signal = Signal(worker, SignalKind.MOCKED, "mocked:1", made.MONDAY, told)
        assert at_once(server, [lambda: cases.open_cases([signal])] * 4) == [True] * 4
        case_id = db.session.scalars(select(ReviewCase.id)).one()
        db.session.rollback()
        ends = [
            lambda: cases.decide(people.by_userid("hr"), case_id, attendance.DecideCase(note="看过了")),
            lambda: cases.decide(
                people.by_userid("hr2"), case_id, attendance.DecideCase(note="属实", is_confirmed=True)
            ),
        ]
        assert sorted(at_once(server, ends)) == [False, True]
