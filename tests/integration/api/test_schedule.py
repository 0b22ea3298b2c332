"""Whose day is how long: calendar and shifts together, and what an employee sees of it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models.enums import DayKind
from services import platform, schedule
from tests.factories import people as make
from tests.factories import schedule as roster
from tests.support.clients import Someone

MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)


def test_without_shifts_everybody_works_eight_hours_on_workdays(app: Flask) -> None:
    li = make.person("lilei")
    with platform.unit_of_work(writes=False):
        week = schedule.days([li.id], MONDAY, SUNDAY)
    assert [week[li.id, day].minutes for day in schedule.span(MONDAY, SUNDAY)] == [480] * 5 + [0] * 2
    assert schedule.day(li.id, date(2026, 2, 14)).kind is DayKind.ADJUSTED_WORKDAY


def test_the_nearest_shift_wins_person_department_company(app: Flask) -> None:
    company = make.department("公司")
    shop = make.department("门店", parent=company)
    office, clerk, early = (make.person(name, dept=where) for name, where in
                            [("office", company), ("clerk", shop), ("early", shop)])  # fmt: skip
    roster.assigned(roster.shift("公司班", ((540, 1020),)))
    roster.assigned(roster.shift("门店班", ((600, 1260),), weekdays=[2, 3, 4, 5, 6, 7]), shop)
    roster.assigned(roster.shift("晨班", ((360, 840),)), early, MONDAY, MONDAY)
    plans = schedule.days([office.id, clerk.id, early.id], MONDAY, SUNDAY)
    names = {name: plans[one.id, MONDAY].shift.name for name, one in [("o", office), ("c", clerk), ("e", early)]}
    assert names == {"o": "公司班", "c": "门店班", "e": "晨班"}
    assert not plans[clerk.id, MONDAY].is_working
    assert plans[early.id, SUNDAY].minutes == 660
    alone = [schedule.days([one.id], MONDAY, SUNDAY) for one in (office, clerk, early)]
    assert plans == {key: plan for days in alone for key, plan in days.items()}


@pytest.mark.parametrize("people", [1, 40])
def test_the_count_of_statements_does_not_depend_on_the_people(app: Flask, statements: list[str], people: int) -> None:
    shop = make.department("门店")
    staff = [make.person(f"p{n}", dept=shop).id for n in range(people)]
    roster.assigned(roster.shift("门店班"), shop)
    schedule.day(staff[0], MONDAY)
    statements.clear()
    schedule.days(staff, MONDAY, date(2026, 4, 30))
    assert len(statements) == 2


def test_my_calendar_says_when_the_notice_is_missing(api: Callable[..., Someone]) -> None:
    make.person("lilei")
    answer = api("lilei").get("/schedule/days?first=2026-12-31&last=2027-01-02").json
    assert [(day["kind"], day["confirmed"]) for day in answer] == [
        ("workday", True), ("statutory_holiday", False), ("rest_day", False),
    ]  # fmt: skip
    assert answer[0]["segments"] == ["09:00–12:00", "13:00–18:00"]


def test_a_calendar_of_more_than_a_year_is_refused(api: Callable[..., Someone]) -> None:
    make.person("lilei")
    assert api("lilei").get("/schedule/days?first=2026-01-01&last=2028-01-01").status_code == 422
    assert api("lilei").get("/schedule/days?first=2026-02-01&last=2026-01-01").status_code == 422


def test_a_published_roster_comes_before_every_assignment_and_before_the_weekend(app: Flask) -> None:
    shop = make.department("门店")
    li = make.person("lilei", dept=shop)
    roster.assigned(roster.shift("门店班", ((600, 1260),)), shop)
    late = roster.shift("晚班", ((780, 1320),))
    roster.rostered(li, MONDAY, None)
    roster.rostered(li, SUNDAY, late)
    week = schedule.days([li.id], MONDAY, SUNDAY)
    assert [week[li.id, day].minutes for day in schedule.span(MONDAY, SUNDAY)] == [0, 660, 660, 660, 660, 0, 540]
    assert (week[li.id, MONDAY].kind, week[li.id, SUNDAY].kind) == (DayKind.REST_DAY, DayKind.WORKDAY)
    assert schedule.day(li.id, SUNDAY) == week[li.id, SUNDAY]


def test_a_day_may_be_rostered_again(app: Flask) -> None:
    li, early, late = make.person("lilei"), roster.shift("早班", ((360, 840),)), roster.shift("晚班", ((780, 1320),))
    for shift in (early, late, late):
        roster.rostered(li, MONDAY, shift)
    assert schedule.day(li.id, MONDAY).shift.name == "晚班"
    with platform.unit_of_work():
        schedule.rostered.take_back([(li.id, MONDAY)])
    assert schedule.day(li.id, MONDAY).shift.name == "标准工时"
