"""Reminders: who is reminded, of what, and who is left alone."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from entrypoints.jobs import scheduler
from kit import clock
from models.base import db
from models.people import Person
from services import notices, people, platform, wiring
from simulator import Twin
from tests.conftest import MONDAY_MORNING
from tests.factories import leave as entitled
from tests.factories import notices as make
from tests.support.clients import Someone

TUESDAY = MONDAY_MORNING + timedelta(days=1)


def run(job: str, drain: Callable[[], int]) -> None:
    """The scheduler posts the job for this minute, and the worker does it."""
    scheduler.post(job, wiring.TIMETABLE[job], clock.local(clock.now()))
    drain()


@pytest.fixture
def asked(app: Flask, twin: Twin, drain: Callable[[], int]) -> str:
    """A notice sent on Monday that 李雷 and lucy still have to confirm; HR has."""
    make.hr(twin)
    make.staff(twin, "lilei", "lucy")
    notice = make.sent(must_confirm=True)
    drain()
    with platform.unit_of_work():
        notices.confirm(people.by_userid("hr"), notice)
    return notice


def chats(twin: Twin) -> dict[str, int]:
    return {one: len(twin.chat(one)) for one in ("hr", "lilei", "lucy")}


def test_who_has_not_confirmed_is_reminded_once_a_slot(asked: str, twin: Twin, drain: Callable[[], int]) -> None:
    with clock.frozen(TUESDAY):
        run("notices-remind", drain)
        run("notices-remind", drain)
    assert chats(twin) == {"hr": 1, "lilei": 2, "lucy": 2}
    assert twin.card("lilei").title == "请确认公告"


def test_a_reminder_goes_with_its_notice(asked: str, twin: Twin, drain: Callable[[], int]) -> None:
    with clock.frozen(TUESDAY - timedelta(hours=1, minutes=30)):
        run("notices-remind", drain)
        with platform.unit_of_work():
            notices.recall(people.by_userid("hr"), asked)
        drain()
    assert [seen.recalled for seen in twin.chat("lilei")] == [True, True]


def test_nobody_is_reminded_on_the_same_day(asked: str, twin: Twin, drain: Callable[[], int]) -> None:
    run("notices-remind", drain)
    assert chats(twin) == {"hr": 1, "lilei": 1, "lucy": 1}


@pytest.mark.parametrize(
    "at", [MONDAY_MORNING + timedelta(days=5), TUESDAY.replace(hour=15)], ids=["on a Saturday", "in the quiet hours"]
)
def test_nobody_is_reminded_when_they_are_off(asked: str, twin: Twin, drain: Callable[[], int], at: object) -> None:
    with clock.frozen(at):
        run("notices-remind", drain)
        assert chats(twin) == {"hr": 1, "lilei": 1, "lucy": 1}


def test_who_is_on_leave_is_left_alone(
    asked: str, twin: Twin, drain: Callable[[], int], api: Callable[..., Someone]
) -> None:
    lilei, boss = (people.by_userid(name) for name in ("lilei", "hr"))
    entitled.kinds()
    with platform.unit_of_work():
        _superior(lilei.person_id, boss.person_id)
    wish = {"kind": "personal", "first_day": "2026-03-03", "last_day": "2026-03-03", "reason": "搬家"}
    assert api("lilei").post("/leave/requests", json=wish).status_code == 201
    drain()
    twin.tap("hr", twin.card("hr"), "同意")
    drain()
    before = chats(twin)
    with clock.frozen(TUESDAY):
        run("notices-remind", drain)
    assert chats(twin) == before | {"lucy": before["lucy"] + 1}


def _superior(person_id: str, superior_id: str) -> None:
    db.session.get(Person, person_id).superior_id = superior_id
    db.session.get(Person, superior_id).is_manager = True


@pytest.mark.parametrize(
    ("left", "reminded"), [(30, True), (7, True), (1, True), (29, False), (8, False), (31, False), (0, False)]
)
def test_a_balance_is_announced_on_its_days(
    app: Flask, twin: Twin, drain: Callable[[], int], left: int, reminded: bool
) -> None:
    (lilei,) = make.staff(twin, "lilei")
    entitled.kinds()
    entitled.lot(lilei, 2.5, expires_on=date(2026, 3, 2) + timedelta(days=left))
    run("balances-remind", drain)
    assert [seen.title for seen in twin.chat("lilei")] == ["年假还剩2.5天，快到期了"] * reminded


def test_a_run_that_comes_half_a_day_late_reminds_nobody(asked: str, twin: Twin, drain: Callable[[], int]) -> None:
    with clock.frozen(TUESDAY - timedelta(hours=1)):
        scheduler.post("notices-remind", wiring.TIMETABLE["notices-remind"], clock.local(clock.now()))
    with clock.frozen(TUESDAY + timedelta(hours=11, minutes=30)):
        drain()
        assert chats(twin) == {"hr": 1, "lilei": 1, "lucy": 1}


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2026, 10, 26), None),  # too early to ask
        (date(2026, 11, 2), 2027),  # the notice of 2027 is not there yet
        (date(2027, 1, 4), 2027),
    ],
)
def test_hr_hears_from_november_that_next_years_holidays_are_missing(
    app: Flask, twin: Twin, drain: Callable[[], int], on: date, year: int | None
) -> None:
    make.hr(twin)
    with clock.frozen(clock.at_local(on, 600)):
        run("calendar-remind", drain)
    assert [f"{year} 年的放假安排还没有载入"] * bool(year) == [card.title for card in twin.chat("hr")]
