"""HR's attendance on the console: places, code screens, the board, settled days and their files."""

import io
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from kit import clock
from models.attendance import DayResult, Place
from models.base import db
from models.enums import Role
from models.people import Person
from services import attendance, people, platform
from tests.factories import attendance as made
from tests.factories.people import department, person
from tests.support.clients import Someone

Console = Callable[..., Someone]
PLACE = {"name": "总部大楼", "latitude": "31.17530398", "longitude": "121.53154186", "datum": "gcj02", "radius": "300"}


@pytest.fixture
def lihua(app: Any) -> Person:
    """An employee; somebody of HR looks after attendance."""
    person("hr", "人事", roles=(Role.HR,))
    return person("lihua", "李华", superior=person("boss", "王经理"), dept=department("研发部"))


def page(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def settle() -> None:
    with platform.unit_of_work():
        attendance.settle({"slot": clock.now().isoformat()})


# ── places ──


def test_hr_adds_a_place_from_a_chinese_map(console: Console, lihua: Person) -> None:
    hr = console("hr")
    assert "员工现在不能打卡" in page(hr.get("/attendance/places"))
    assert hr.post("/attendance/places", data=PLACE).headers["Location"] == "/console/attendance/places"
    row = db.session.scalars(select(Place)).one()
    assert abs(row.latitude_e6 - 31177428) <= 1
    assert abs(row.longitude_e6 - 121527211) <= 1
    assert "31.17742" in page(hr.get("/attendance/places"))
    assert 'value="总部大楼"' in page(hr.get(f"/attendance/places/{row.id}"))


def test_hr_changes_and_retires_a_place(console: Console, lihua: Person) -> None:
    hr, row = console("hr"), made.place()
    changed = {**PLACE, "name": "新总部", "radius": "500", "department_id": lihua.department_id, "has_code": "true"}
    assert hr.post(f"/attendance/places/{row.id}", data=changed).status_code == 303
    db.session.refresh(row)
    assert (row.name, row.radius_m, row.department_id, row.has_code) == ("新总部", 500, lihua.department_id, True)
    assert hr.post(f"/attendance/places/{row.id}/retire").status_code == 303
    assert "已停用" in page(hr.get("/attendance/places"))
    assert hr.post(f"/attendance/places/{row.id}", data=changed).status_code == 404


@pytest.mark.parametrize(
    "wish",
    [
        {"name": ""},
        {"latitude": "91"},
        {"longitude": "abc"},
        {"radius": "10"},
        {"radius": "100000"},
        {"latitude": "nan"},
        {"datum": "bd09"},
        {"department_id": "x"},
        {"surprise": "1"},
    ],
)
def test_bad_places_are_refused(console: Console, lihua: Person, wish: dict[str, str]) -> None:
    refused = console("hr").post("/attendance/places", data={**PLACE, **wish}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert db.session.scalars(select(Place)).all() == []


def test_two_places_cannot_share_a_name(console: Console, lihua: Person) -> None:
    made.place()
    refused = console("hr").post("/attendance/places", data=PLACE, headers={"HX-Request": "true"})
    assert refused.status_code == 409
    assert "请换一个名称" in unescape(refused.text)


def test_a_place_of_a_department_that_is_gone(console: Console, lihua: Person) -> None:
    wish = {**PLACE, "department_id": "01J00000000000000000000000"}
    assert console("hr").post("/attendance/places", data=wish).status_code == 409


def test_places_are_hrs_alone(console: Console, lihua: Person) -> None:
    row = made.place(has_code=True)
    for userid in ("lihua", "boss"):
        one = console(userid)
        for method, path in (
            ("GET", ""), ("POST", ""), ("GET", f"/{row.id}"), ("POST", f"/{row.id}"), ("POST", f"/{row.id}/retire"),
            ("POST", f"/{row.id}/kiosk"),
        ):  # fmt: skip
            assert one.request(method, f"/attendance/places{path}").status_code == 403, (userid, method, path)


# ── the screen at the door ──


def test_the_screen_needs_its_secret_and_nothing_else(console: Console, app: Any, lihua: Person) -> None:
    hr, row = console("hr"), made.place(has_code=True)
    shown = page(hr.get("/attendance/places"))
    path = shown.split('href="/console/attendance/kiosk/')[1].split('"')[0]
    stranger = app.test_client()
    screen = stranger.get(f"/console/attendance/kiosk/{path}", base_url="https://hr.example.com")
    assert screen.status_code == 200
    assert "<svg" in screen.text
    assert "style=" not in screen.text  # the content security policy would drop it
    assert "<svg" in stranger.get(f"/console/attendance/kiosk/{path}/code", base_url="https://hr.example.com").text
    hr.post(f"/attendance/places/{row.id}/kiosk")
    again = stranger.get(f"/console/attendance/kiosk/{path}", base_url="https://hr.example.com")
    assert again.status_code == 404


@pytest.mark.parametrize("key", ["x", "01J00000000000000000000000-abc", "%E7%A0%81" * 20])
def test_made_up_screens_do_not_exist(app: Any, lihua: Person, key: str) -> None:
    answer = app.test_client().get(f"/console/attendance/kiosk/{key}", base_url="https://hr.example.com")
    assert answer.status_code == 404


# ── the board ──


def test_the_board_can_be_narrowed(console: Console, lihua: Person) -> None:
    person("other", "别人", dept=department("门店"))
    hr = console("hr")
    everybody = page(hr.get("/attendance"))
    assert "李华" in everybody
    assert "别人" in everybody
    mine = page(hr.get(f"/attendance?department={lihua.department_id}&presence=missing"))
    assert "李华" in mine
    assert ">别人<" not in mine


def test_a_day_with_all_it_rests_on(console: Console, lihua: Person) -> None:
    made.punches(lihua, "in 09:12, out 18:00", date(2026, 2, 27))
    shown = page(console("hr").get(f"/attendance/people/{lihua.id}/day?day=2026-02-27"))
    assert "迟到 12 分钟。" in shown
    assert "<td>09:12</td>" in shown


# ── settled days ──


@pytest.fixture
def week(lihua: Person) -> Person:
    """A week with a late day, an early day, a missing one; settled."""
    made.punches(lihua, "in 09:12, out 18:00", date(2026, 2, 25))
    made.punches(lihua, "in 08:50, out 17:00", date(2026, 2, 26))
    made.punches(lihua, "in 09:30, out 18:00", date(2026, 2, 27))
    settle()
    return lihua


SPAN = "first_day=2026-02-23&last_day=2026-03-01&person=lihua"


def days(text: str) -> list[str]:
    return [part.split("day?day=")[1][:10] for part in text.split("<tr>")[1:] if "day?day=" in part]


def test_results_filter_and_sort(console: Console, week: Person) -> None:
    hr = console("hr")
    listed = days(page(hr.get(f"/attendance/results?{SPAN}")))
    assert listed == sorted(listed, reverse=True)
    assert days(page(hr.get(f"/attendance/results?{SPAN}&verdict=late"))) == ["2026-02-27", "2026-02-25"]
    assert days(page(hr.get(f"/attendance/results?{SPAN}&sort=-late")))[:2] == ["2026-02-27", "2026-02-25"]
    assert days(page(hr.get(f"/attendance/results?{SPAN}&sort=-early")))[0] == "2026-02-26"
    assert days(page(hr.get(f"/attendance/results?{SPAN}&verdict=leave"))) == []


@pytest.mark.parametrize("sort", ["day", "-day", "late", "-late", "early", "-early"])
def test_pages_of_any_order_cover_everything_once(console: Console, week: Person, sort: str) -> None:
    hr, found, path = console("hr"), [], f"/attendance/results?{SPAN}&limit=2&sort={sort}"
    whole = days(page(hr.get(f"/attendance/results?{SPAN}&sort={sort}")))
    while path:
        shown = page(hr.get(path))
        found += days(shown)
        rest = shown.split(">下一页<")[0].rsplit('href="', 1)[1].split('"')[0] if ">下一页<" in shown else ""
        path = f"/attendance/results{rest}" if rest else ""
    assert found == whole
    assert len(set(found)) == len(found) == 7


@pytest.mark.parametrize(
    "query",
    [
        "cursor=x",
        "cursor=WzEsMl0",
        "cursor=Wy0xLCJ4Il0",
        "sort=name",
        "verdict=tired",
        "first_day=2026-02-30",
        "limit=0",
        "first_day=2020-01-01&last_day=2026-01-01",
        "first_day=2026-02-02&last_day=2026-02-01",
    ],
)
def test_odd_queries_are_refused(console: Console, week: Person, query: str) -> None:
    assert console("hr").get(f"/attendance/results?{query}").status_code == 422


def test_results_as_a_workbook_and_as_csv(console: Console, week: Person) -> None:
    book = console("hr").get(f"/attendance/results?{SPAN}&format=xlsx&sort=day")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["姓名", "部门", "日期", "结果"]
    assert rows[3][:6] == ["李华", "研发部", "2026-02-25", "迟到", "09:12", "18:00"]
    text = console("hr").get(f"/attendance/results?{SPAN}&format=csv").data.decode("utf-8-sig")
    assert text.count("李华") == 7


def test_a_boss_sees_the_results_of_their_own(console: Console, week: Person) -> None:
    person("stranger", leads=True, dept=department("别的部门"))
    assert days(page(console("boss").get(f"/attendance/results?{SPAN}")))
    assert days(page(console("stranger").get(f"/attendance/results?{SPAN}"))) == []
    assert console("lihua").get(f"/attendance/results?{SPAN}").status_code == 403


def test_what_is_settled_is_what_is_shown(console: Console, week: Person) -> None:
    kept = {row.day: row.verdicts for row in db.session.scalars(select(DayResult).filter_by(person_id=week.id))}
    month = attendance.month_of(people.by_userid("hr"), week.id, attendance.MonthQuery(month="2026-02"))
    shown = {day.day: "|" + "|".join(day.verdicts) + "|" for day in month.days}
    assert {day: shown[day] for day in kept if day in shown} == {day: kept[day] for day in kept if day in shown}


# ── corrections ──


def test_corrections_listed_filtered_exported(console: Console, h5: Any, lihua: Person) -> None:
    wish = {"day": "2026-02-27", "direction": "out", "time": "18:05", "reason": "手机没电了"}
    h5("lihua").post("/attendance/corrections", data=wish)
    hr = console("hr")
    assert "手机没电了" in page(hr.get("/attendance/corrections?state=pending"))
    assert "没有补卡申请" in page(hr.get("/attendance/corrections?state=approved"))
    book = hr.get("/attendance/corrections?format=xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[1][:6] == ["李华", "2026-02-27", "下班", "2026-02-27 18:05", "手机没电了", "审批中"]
