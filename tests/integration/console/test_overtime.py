"""Overtime for managers and HR: a month of many people, those near the cap, files, systems of working time; my page."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock
from models.attendance_overtime import OvertimeEntry, WorkingTime
from models.base import db
from models.enums import OvertimeKind, OvertimePay, Role
from models.people import Person
from services import leave, platform
from tests.factories import attendance as made
from tests.factories import forms as make_forms
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
MARCH = "/attendance/overtime?month=2026-03"


@pytest.fixture
def team(app: Flask) -> dict[str, Person]:
    """Wang leads Li and Han; Zhao works elsewhere; Chen is HR."""
    make_forms.shipped()
    platform.transact(leave.ensure_kinds)
    top = make.department("公司")
    dept = make.department("研发部", parent=top)
    wang = make.person("wang", "王五", dept=dept, leads=True)
    found = {one: make.person(one, name, superior=wang, dept=dept) for one, name in (("li", "李雷"), ("han", "韩梅"))}
    make.person("chen", "陈人事", dept=top, roles=(Role.HR,))
    return {**found, "zhao": make.person("zhao", "赵六", dept=make.department("门店", parent=top))}


def worked(person: Person, minutes: int, day: date = date(2026, 3, 6), pay: OvertimePay = OvertimePay.PAY) -> None:
    with platform.unit_of_work():
        db.session.add(
            OvertimeEntry(
                person_id=person.id, day=day, kind=OvertimeKind.REST_DAY, pay=pay, minutes=minutes,
                cause=person.id, sentence="核定",
            )
        )  # fmt: skip


def test_a_manager_sees_their_people_and_hr_everybody_the_most_first(console: Ways, team: dict[str, Person]) -> None:
    worked(team["li"], 120)
    worked(team["li"], 60, pay=OvertimePay.TIME_OFF)
    worked(team["han"], 1800)
    worked(team["zhao"], 2160)
    worked(team["zhao"], 600, date(2026, 4, 1))
    mine = console("wang").get(MARCH).text
    assert mine.index("韩梅") < mine.index("李雷")
    assert "赵六" not in mine
    everybody = console("chen").get(MARCH).text
    assert everybody.index("赵六") < everybody.index("韩梅")
    assert "已到上限" in everybody
    near = console("chen").get(MARCH + "&near=true").text
    assert "韩梅" in near
    assert "李雷" not in near
    assert console("li").get(MARCH).status_code == 403


def test_pages_follow_each_other_without_loss(console: Ways, team: dict[str, Person]) -> None:
    for one in team.values():
        worked(one, 90)
    seen, path = [], MARCH + "&limit=1"
    for _ in team:
        text = console("chen").get(path).text
        seen += [person.name for person in team.values() if f"<td>{person.name}" in text]
        following = text.partition("cursor=")[2].partition('"')[0]
        path = MARCH + f"&limit=1&cursor={following}"
    assert sorted(seen) == sorted(person.name for person in team.values())


def test_the_list_as_a_file(console: Ways, team: dict[str, Person]) -> None:
    worked(team["li"], 120)
    sheet = console("chen").get(MARCH + "&format=csv")
    assert "李雷,研发部,0,120,0,0,0,120,2040" in sheet.data.decode("utf-8-sig")
    assert console("chen").get(MARCH + "&format=xlsx").data[:2] == b"PK"


def test_hr_sets_and_takes_back_working_time_systems(console: Ways, team: dict[str, Person]) -> None:
    hr = console("chen")
    wish = {"system": "comprehensive", "period": "quarter", "permit": "沪人社〔2026〕1 号", "person": "li",
            "starts_on": "2026-01-01"}  # fmt: skip
    assert hr.post("/attendance/working-time", data=wish).status_code in (302, 303)
    assert "综合计算工时制（季）" in hr.get("/attendance/working-time").text
    (system_id,) = db.session.scalars(select(WorkingTime.id)).all()
    assert console("wang").post(f"/attendance/working-time/{system_id}/end").status_code == 403
    hr.post(f"/attendance/working-time/{system_id}/end")
    assert db.session.scalar(select(func.count()).select_from(WorkingTime)) == 0


@pytest.mark.parametrize(
    "more",
    [
        {"permit": ""},
        {"period": ""},
        {"system": "flexible"},
        {"person": "nobody"},
        {"starts_on": "2026-02-01", "ends_on": "2026-01-01"},
        {"pays_holidays": "true"},
    ],
)
def test_what_the_law_does_not_know_is_refused(console: Ways, team: dict[str, Person], more: dict[str, str]) -> None:
    wish = {"system": "comprehensive", "period": "month", "permit": "1 号", "starts_on": "2026-01-01", **more}
    assert console("chen").post("/attendance/working-time", data=wish).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(WorkingTime)) == 0


def test_my_page_says_what_is_left(h5: Ways, api: Ways, team: dict[str, Person]) -> None:
    values = {"day": "2026-03-07", "day_kind": "休息日", "begins": "09:00", "hours": "4", "wants": "加班费",
              "reason": "发布"}  # fmt: skip
    assert api("li").post("/forms/overtime/requests", json={"values": values}).status_code == 201
    page = h5("li").get("/attendance/overtime?month=2026-03").text
    assert "3月7日 09:00–13:00" in page
    assert "审批中" in page
    assert "32小时" in page
    with clock.frozen(made.at("10:00")):
        assert "这个月没有加班" in h5("han").get("/attendance/overtime").text
