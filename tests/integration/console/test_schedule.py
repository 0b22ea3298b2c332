"""HR's calendar and shifts: a notice is looked at before it is loaded, a shift goes to the nearest place."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from kit.ids import new_id
from models.enums import DayKind, Role
from models.people import Person
from services import platform, schedule
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
NOTICE = {
    "year": 2027,
    "source": "国务院办公厅关于2027年部分节假日安排的通知",
    "statutory": "01-01, 02-05..02-08 04-05\n05-01..05-02，06-09、09-15, 10-01..10-03",
    "off": "01-01..01-03, 02-05..02-11, 04-03..04-05, 05-01..05-05, 06-09, 09-15, 10-01..10-07",
    "work": "02-14 10-09",
}


@pytest.fixture
def hr(app: Flask, console: Ways) -> Someone:
    """Chen of HR."""
    make.person("chen", "陈人事", roles=(Role.HR,))
    return console("chen")


def post(who: Someone, path: str, **form: object) -> object:
    return who.post(path, data={**form, "_key": new_id()}, headers={"HX-Request": "true"})


def kind_of(day: date) -> tuple[DayKind, bool]:
    with platform.unit_of_work(writes=False):
        plan = schedule.day(new_id(), day)
    return plan.kind, plan.confirmed


def test_a_notice_is_shown_first_and_loaded_then(hr: Someone) -> None:
    assert "尚未公布" in hr.get("/schedule/holidays?year=2027").text
    preview = post(hr, "/schedule/holidays/preview", **NOTICE).text
    assert "2月9日" in preview
    assert "调休放假" in preview
    assert kind_of(date(2027, 2, 9)) == (DayKind.WORKDAY, False)
    assert post(hr, "/schedule/holidays", **NOTICE).headers["HX-Redirect"].endswith("?year=2027")
    assert kind_of(date(2027, 2, 9)) == (DayKind.ADJUSTED_REST_DAY, True)
    assert kind_of(date(2027, 2, 14)) == (DayKind.ADJUSTED_WORKDAY, True)
    assert "已公布" in hr.get("/schedule/holidays?year=2027").text


def test_a_changed_notice_is_a_new_version(hr: Someone) -> None:
    post(hr, "/schedule/holidays", **NOTICE)
    post(hr, "/schedule/holidays", **{**NOTICE, "work": "02-14"})
    assert kind_of(date(2027, 10, 9)) == (DayKind.REST_DAY, True)
    shown = hr.get("/schedule/holidays?year=2027").text
    assert "05-01..05-05" in shown


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"work": "02-15"}, "不是周末"),
        ({"off": "13-01"}, "不是 2027 年的日期"),
        ({"statutory": "03-03"}, "不在放假日内"),
    ],
)
def test_a_notice_that_contradicts_itself_changes_nothing(hr: Someone, part: dict[str, str], words: str) -> None:
    answer = post(hr, "/schedule/holidays", **{**NOTICE, **part})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert kind_of(date(2027, 2, 9)) == (DayKind.WORKDAY, False)


def test_shifts_are_made_given_and_taken_back(hr: Someone) -> None:
    li: Person = make.person("lilei", "李雷", dept=make.department("门店"))
    night = {"name": "夜班", "hours": "22:00-02:00 03:00-06:00", "weekdays": [1, 2, 3], "late_grace": 5}
    assert post(hr, "/schedule/shifts", **night).status_code == 204
    (shift,) = schedule.shifts()
    assert (shift.minutes, shift.segments, shift.weekdays) == (
        420,
        ["22:00–次日02:00", "次日03:00–次日06:00"],
        [1, 2, 3],
    )
    assert post(hr, "/schedule/shifts", **night).status_code == 409
    assert (
        post(hr, "/schedule/assignments", what=f"shift:{shift.id}", person="lilei", starts_on="2026-03-01").status_code
        == 204
    )
    assert schedule.day(li.id, date(2026, 3, 2)).minutes == 420
    assert schedule.day(li.id, date(2026, 3, 5)).minutes == 0
    assert "李雷" in hr.get("/schedule/shifts").text
    assert post(hr, f"/schedule/shifts/{shift.id}/retire").status_code == 409
    (given,) = schedule.assignments()
    assert post(hr, f"/schedule/assignments/{given.id}/end").status_code == 204
    assert post(hr, f"/schedule/shifts/{shift.id}/retire").status_code == 204
    assert schedule.day(li.id, date(2026, 3, 2)).minutes == 480


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("/schedule/shifts", {"name": "错", "hours": "9-18"}, "请写成"),
        ("/schedule/shifts", {"name": "错", "hours": "09:00-12:00 11:00-10:00"}, "24 小时"),
        ("/schedule/shifts", {"name": "错", "hours": "09:00-18:00", "weekdays": 9}, "不能大于 7"),
        ("/schedule/assignments", {"person": "nobody"}, "没有找到"),
        ("/schedule/assignments", {"ends_on": "2026-01-01"}, "结束日期不能早于"),
        ("/schedule/assignments", {"what": f"shift:{'0' * 26}"}, "没有这个班次"),
    ],
)
def test_what_makes_no_sense_is_refused(hr: Someone, path: str, form: dict[str, object], words: str) -> None:
    post(hr, "/schedule/shifts", name="早班", hours="09:00-12:00 13:00-18:00")
    if path.endswith("assignments"):
        form = {"what": f"shift:{schedule.shifts()[0].id}", "starts_on": "2026-03-01", **form}
    answer = post(hr, path, **form)
    assert answer.status_code in (404, 422)
    assert words in answer.text
    assert (len(schedule.shifts()), schedule.assignments()) == (1, [])


def test_employees_stay_outside(hr: Someone, console: Ways) -> None:
    make.person("lilei")
    assert console("lilei").get("/schedule/shifts").status_code == 403
    assert post(console("lilei"), "/schedule/holidays", **NOTICE).status_code == 403


# ── the company's own days ──


def test_a_region_has_a_day_of_its_own_and_everybody_else_works(hr: Someone) -> None:
    company = make.department("公司")
    guangxi = make.department("广西分公司", parent=company)
    there, here = make.person("there", dept=guangxi), make.person("here", dept=company)
    day = {"name": "三月三", "first": "2026-04-20", "department_id": guangxi.id}
    assert post(hr, "/schedule/own-days", **day).status_code == 204
    plans = schedule.days([there.id, here.id], date(2026, 4, 20), date(2026, 4, 20))
    assert [plans[one.id, date(2026, 4, 20)].is_working for one in (there, here)] == [False, True]
    assert "三月三" in hr.get("/schedule/holidays?year=2026").text
    assert post(hr, "/schedule/own-days/remove", day="2026-04-20", department_id=guangxi.id).status_code == 204
    assert schedule.day(there.id, date(2026, 4, 20)).is_working
    assert post(hr, "/schedule/own-days/remove", day="2026-04-20").status_code == 404


def test_a_saturday_worked_by_all_and_named(hr: Someone) -> None:
    li = make.person("lilei")
    assert post(hr, "/schedule/own-days", name="盘点", first="2026-03-07", is_worked="true").status_code == 204
    plan = schedule.day(li.id, date(2026, 3, 7))
    assert (plan.kind, plan.note, plan.is_working) == (DayKind.ADJUSTED_WORKDAY, "盘点", True)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ({"first": "2026-05-01"}, "法定节假日"),
        ({"first": "2026-12-31", "last": "2027-01-02"}, "跨年"),
        ({"first": "2026-03-02", "last": "2026-05-02"}, "最多 31 天"),
        ({"first": "2026-03-02", "department_id": "0" * 26}, "没有这个部门"),
    ],
)
def test_own_days_that_make_no_sense_change_nothing(hr: Someone, day: dict[str, str], words: str) -> None:
    answer = post(hr, "/schedule/own-days", name="司庆", **day)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert schedule.local_days(2026) == []


# ── rotations ──


def test_two_teams_share_a_rotation_two_days_apart(hr: Someone) -> None:
    first, second = make.department("甲班"), make.department("乙班")
    anna, bert = make.person("anna", dept=first), make.person("bert", dept=second)
    post(hr, "/schedule/shifts", name="白班", hours="08:00-20:00")
    post(hr, "/schedule/shifts", name="夜班", hours="20:00-08:00")
    assert post(hr, "/schedule/rotations", name="两班", turns="白班 夜班 休 休").status_code == 204
    (rotation,) = schedule.rotations()
    assert rotation.turns == ["白班", "夜班", "休", "休"]
    for team, position in ((first, "1"), (second, "3")):
        given = {"what": f"rotation:{rotation.id}", "department_id": team.id, "starts_on": "2026-03-01"}
        assert post(hr, "/schedule/assignments", position=position, **given).status_code == 204
    week = schedule.days([anna.id, bert.id], date(2026, 3, 1), date(2026, 3, 4))
    worked = {
        name: [week[who.id, date(2026, 3, n)].shift.name if week[who.id, date(2026, 3, n)].is_working else "休"
               for n in range(1, 5)]
        for name, who in (("anna", anna), ("bert", bert))
    }  # fmt: skip
    assert worked == {"anna": ["白班", "夜班", "休", "休"], "bert": ["休", "休", "白班", "夜班"]}
    assert post(hr, f"/schedule/rotations/{rotation.id}/retire").status_code == 409
    assert "第 3 天起" in hr.get("/schedule/shifts").text


@pytest.mark.parametrize(
    ("turns", "words"), [("白班", "2 到 60 天"), ("白班 晚班", "没有名为“晚班”"), ("休 休", "上班")]
)
def test_a_rotation_that_makes_no_sense_is_refused(hr: Someone, turns: str, words: str) -> None:
    post(hr, "/schedule/shifts", name="白班", hours="08:00-20:00")
    answer = post(hr, "/schedule/rotations", name="错", turns=turns)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert schedule.rotations() == []


def test_a_flexible_shift_is_shown_with_its_core(hr: Someone) -> None:
    flexible = {"name": "弹性班", "hours": "09:00-12:00 13:00-18:00", "flex_before": "60", "flex_after": "90"}
    assert post(hr, "/schedule/shifts", breaks="15:00-15:15", left_late="60:30", **flexible).status_code == 204
    (shift,) = schedule.shifts()
    assert shift.remarks == [
        "带薪休息 15:00–15:15", "弹性：可早到 60 分、晚到 90 分，核心时段 10:30–17:00", "晚走 60 分，次日可晚到 30 分",
    ]  # fmt: skip
    assert post(hr, "/schedule/shifts", **{**flexible, "name": "错", "zone": "Asia/Nowhere"}).status_code == 422
