"""HR changes dates of service: grants follow in the same act, and who came back is asked for a new first day."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from kit import clock, workbook
from kit.errors import AppError
from models.base import db
from models.enums import PersonStatus, Role
from models.leave import LeaveEntry
from models.people import Person
from services import leave, people, platform
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

D = date.fromisoformat
A_DAY = 480
END_OF_JULY = datetime(2026, 7, 31, 1, 0, tzinfo=UTC)


@pytest.fixture
def li(app: Flask) -> Person:
    """Li with the five days of 2026; HR stands by."""
    grants.kinds()
    make.person("hr", "何人", roles=(Role.HR,))
    person = make.person("lilei", "李雷")
    with platform.unit_of_work():
        leave.grant_for(person.id)
    return person


def fill_in(*rows: tuple[str, str, str | None, str | None]) -> None:
    """HR's workbook, looked at and taken over: account, name, first day here, first day of work."""
    header = ("账号", "姓名", "入职日期", "首次工作日期")
    book = platform.Upload("员工.xlsx", workbook.write(people.importing.SHEET, header, rows))
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        shown = people.importing.check(hr, people.importing.ImportWish(workbook=book))
    with platform.unit_of_work():
        people.importing.apply(people.by_userid("hr"), people.importing.ApplyWish(file_id=shown.file_id))


def has(person: Person) -> float:
    """The days that somebody has left."""
    with platform.unit_of_work(writes=False):
        mine = select(func.coalesce(func.sum(LeaveEntry.minutes), 0)).where(LeaveEntry.person_id == person.id)
        return int(db.session.scalar(mine) or 0) / A_DAY


def hired_on(person: Person) -> date | None:
    with platform.unit_of_work(writes=False):
        return db.session.scalar(select(Person.hired_on).where(Person.id == person.id))


@pytest.mark.parametrize(
    ("hired", "worked", "days"),
    [
        (None, "2010-05-01", 10),  # ten years of service with all employers (Decree 514 art. 3)
        (None, "2000-05-01", 15),
        ("2026-01-01", "2018-01-01", 5),
        ("2025-12-31", "2025-12-31", 0),  # twelve months are complete on the last day of the year only
    ],
)
def test_grants_follow_the_dates_at_once(li: Person, hired: str | None, worked: str, days: float) -> None:
    assert has(li) == 5
    fill_in(("lilei", "李雷", hired, worked))
    assert has(li) == days


def test_who_had_no_first_day_gets_leave_with_it(li: Person) -> None:
    late = make.person("late", "迟到", hired_on=None, first_worked_on=D("2018-01-01"))
    fill_in(("late", "迟到", "2026-02-01", None))
    assert has(late) == 4  # 334 / 365 x 5 = 4.57


def test_other_columns_change_no_grant(li: Person, statements: list[str]) -> None:
    fill_in(("lilei", "李雷", "2020-01-01", "2018-01-01"))
    assert not [one for one in statements if "INSERT INTO leave_entry" in one and "correct" in one]
    assert has(li) == 5


def test_many_in_one_workbook_are_brought_up_together(li: Person) -> None:
    many = [make.person(f"p{number}", f"员工{number}", hired_on=None) for number in range(6)]
    fill_in(*((one.userid, one.name, "2020-01-01", None) for one in many))
    assert {has(one) for one in many} == {5}


def come_back(person: Person) -> None:
    """Leaves at the end of July, and WeCom tells in August that they are here again."""
    with clock.frozen(END_OF_JULY), platform.unit_of_work():
        change(person, status=PersonStatus.INACTIVE, left_on=D("2026-07-31"))
        platform.publish(people.Left(person.id))
    with platform.unit_of_work():
        change(person, status=PersonStatus.ACTIVE, left_on=None)
        platform.publish(people.Joined(person.id))


def change(person: Person, **values: object) -> None:
    db.session.execute(update(Person).where(Person.id == person.id).values(**values))
    db.session.expire_all()


@pytest.mark.parametrize("dates", [(None, "2010-01-01"), ("2026-07-31", None), ("2019-01-01", None)])
def test_who_came_back_needs_a_new_first_day(li: Person, dates: tuple[str | None, str | None]) -> None:
    come_back(li)
    with clock.frozen(datetime(2026, 8, 10, tzinfo=UTC)):
        with pytest.raises(AppError, match="上一段任职到 2026-07-31）的离职已经结算"):
            fill_in(("lilei", "李雷", *dates))
        assert hired_on(li) == D("2020-01-01")
        fill_in(("lilei", "李雷", "2026-08-03", None))
        assert has(li) == 2  # 151 / 365 x 5 = 2.07


def test_hr_sees_who_waits_for_a_first_day(li: Person, console: Callable[..., Someone]) -> None:
    hr = console("hr")
    assert "等新的入职日期" not in hr.get("/leave/grants").text
    come_back(li)
    page = hr.get("/leave/grants").text
    assert "等新的入职日期" in page
    assert "<li>李雷" in page
    with clock.frozen(datetime(2026, 8, 10, tzinfo=UTC)):
        fill_in(("lilei", "李雷", "2026-08-03", None))
    assert "等新的入职日期" not in hr.get("/leave/grants").text
