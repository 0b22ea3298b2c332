"""A month of attendance from its last day to payroll: counted, confirmed, closed, added to, opened again."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from models.attendance import DayResult
from models.attendance_months import AttendanceMonth, MonthAdjustment, MonthSheet
from models.base import db
from models.enums import MonthState, Role
from models.people import Person
from models.platform import AuditRecord, Promise
from services import attendance, people, platform, wiring
from services.attendance import facts, rules, settling
from services.attendance.months import late
from services.attendance.months import rules as sums
from tests.factories import attendance as made
from tests.factories.people import department, person
from tests.support.clients import Someone

Ways = Callable[..., Someone]
Drain = Callable[[], int]
FEBRUARY, LAST = date(2026, 2, 1), date(2026, 2, 28)
HERE = "/attendance/months"
SICK_DAY = date(2026, 2, 27)


@pytest.fixture
def li(app: Flask) -> Person:
    """Li of the office, on time but for a late Thursday and a missed Friday; HR and payroll; it is 2 March."""
    person("hr", "人事", roles=(Role.HR,))
    person("pay", "薪酬", roles=(Role.PAYROLL,))
    one = person("lihua", "李华", dept=department("研发部"), employee_number="007")
    made.full_days(one, FEBRUARY, date(2026, 2, 25))
    made.punches(one, "in 09:40, out 18:05", date(2026, 2, 26))
    made.punches(one, "in 08:55, out 18:05", LAST)  # a Saturday that is worked
    return one


def view(month: str = "2026-02") -> Any:
    with platform.unit_of_work():
        return attendance.month_board.overview(people.by_userid("hr"), attendance.month_wishes.MonthQuery(month=month))


def act(hr: Someone, what: str, **more: Any) -> Any:
    month = more.pop("month", "2026-02")
    return hr.post(f"{HERE}/{what}", data={"month": month, "version": view(month).version, **more})


def count(console: Ways, drain: Drain) -> Someone:
    hr = console("hr")
    assert act(hr, "count").status_code == 303
    drain()
    return hr


def confirming(console: Ways, drain: Drain) -> Someone:
    hr = count(console, drain)
    assert act(hr, "ask").status_code == 303
    drain()
    return hr


def closed(console: Ways, drain: Drain) -> Someone:
    hr = confirming(console, drain)
    answer = act(hr, "close", waiting=view().counts["shown"])
    assert answer.status_code == 303, unescape(answer.text)
    return hr


def sheet(who: Person) -> Any:
    db.session.expire_all()
    return db.session.scalars(select(MonthSheet).where(MonthSheet.person_id == who.id)).one()


def recomputed(who: Person) -> rules.Totals:
    """The month judged anew from punches and plans, by nothing that closing a month uses."""
    cases = facts.cases([who.id], FEBRUARY, LAST)
    return rules.totals(rules.judge(case, clock.now()) for case in cases.values())


def came_after_all(who: Person, text: str = "in 08:55, out 18:05", day: date = SICK_DAY) -> None:
    """A fact that nobody knew: punches of a day that is past, as a correction or a device brings them."""
    made.punches(who, text, day)
    with platform.unit_of_work():
        settling.settle_days(who.id, [day])


def paid(who: Person, month: date) -> attendance.month_wishes.MonthFigures:
    with platform.unit_of_work():
        return attendance.month_figures.figures(month, [who.id])[who.id]


# ── counting ──


def test_a_sheet_is_the_sum_of_its_days(console: Ways, drain: Drain, li: Person) -> None:
    count(console, drain)
    mine = sheet(li)
    assert late.numbers(mine) == recomputed(li)
    assert (mine.days, mine.open_days, mine.late_times, mine.late_minutes, mine.absent_days) == (28, 0, 1, 40, 1)


def test_hr_sees_what_is_to_be_cleared(console: Ways, drain: Drain, li: Person) -> None:
    hr = console("hr")
    page = unescape(hr.get(f"{HERE}?month=2026-02").text)
    assert "开始核算" in page
    count(console, drain)
    page = unescape(hr.get(f"{HERE}?month=2026-02").text)
    assert "旷工的员工 3 人" in page, "HR and payroll punched nothing either"
    assert "/console/attendance/results?first_day=2026-02-01&last_day=2026-02-28&verdict=absent" in page
    assert "请员工确认" in page
    assert "结账" not in page.split("下一步")[1]


def test_a_month_that_goes_on_is_not_counted(console: Ways, li: Person) -> None:
    assert "还没有结束" in unescape(act(console("hr"), "count", month="2026-03").text)


def test_many_are_counted_in_parts_and_a_stop_loses_nothing(
    console: Ways, drain: Drain, li: Person, monkeypatch: Any
) -> None:
    monkeypatch.setattr(settling, "CHUNK", 2)
    for n in range(3):
        person(f"p{n}")
    act(console("hr"), "count")
    first = db.session.scalars(select(Promise).where(Promise.kind == "attendance.count_month")).one()
    with platform.unit_of_work():
        attendance.counting.count(dict(first.payload))
    assert (view().state, view().counted, view().people) == (MonthState.COUNTING, 2, 6)
    assert "正在核算：2 / 6 人" in console("hr").get(f"{HERE}/progress?month=2026-02").text
    drain()
    assert view().state == MonthState.REVIEW
    assert len(db.session.scalars(select(MonthSheet)).all()) == 6


def test_a_day_that_changes_changes_its_sheet(console: Ways, drain: Drain, li: Person) -> None:
    count(console, drain)
    came_after_all(li)
    assert sheet(li).absent_days == 0
    assert late.numbers(sheet(li)) == recomputed(li)


def test_who_joined_later_or_left_before_has_no_sheet(console: Ways, drain: Drain, li: Person) -> None:
    person("later", hired_on=date(2026, 3, 2))
    half = person("half", hired_on=date(2026, 2, 16))
    count(console, drain)
    assert sheet(half).days == 13
    assert len(db.session.scalars(select(MonthSheet)).all()) == 4


# ── confirming ──


def cards(userid: str) -> list[Any]:
    sent = db.session.scalars(select(Promise).where(Promise.kind == "message.send").order_by(Promise.seq))
    found = [row.payload["message"]["template_card"] for row in sent if row.payload["userids"] == [userid]]
    return [card for card in found if "考勤" in card["source"]["desc"]]


def test_everybody_is_asked_and_confirms(console: Ways, h5: Ways, drain: Drain, li: Person) -> None:
    confirming(console, drain)
    (card,) = cards("lihua")
    assert card["main_title"] == {"title": "2 月考勤", "desc": "出勤 15 天，迟到 1 次，旷工 1 天"}
    me = h5("lihua")
    page = me.get("/attendance/sheet?month=2026-02").text
    assert "确认无误" in page
    done = me.post("/attendance/sheet/confirm", data={"month": "2026-02", "seen": sheet(li).hash[:12]})
    assert done.status_code == 303
    assert sheet(li).state == "confirmed"
    assert "已确认" in me.get("/attendance/sheet?month=2026-02").text
    waiting = console("hr").get(f"{HERE}/sheets?month=2026-02&state=shown").text
    assert ("李华" in waiting, "薪酬" in waiting) == (False, True)


def test_the_button_of_the_card_confirms_its_content_only(console: Ways, drain: Drain, li: Person) -> None:
    confirming(console, drain)
    key = cards("lihua")[0]["button_list"][1]["key"].partition(":")[2]
    came_after_all(li)
    me = people.by_userid("lihua")
    with pytest.raises(attendance.confirming.Conflict, match="刚刚有变化"), platform.unit_of_work():
        attendance.confirming.tap(me, key, "")
    newest = cards("lihua")[-1]["button_list"][1]["key"].partition(":")[2]
    with platform.unit_of_work():
        assert attendance.confirming.tap(me, newest, "") == "已确认"
    assert sheet(li).state == "confirmed"


def test_a_confirmed_sheet_that_changes_is_asked_about_again(console: Ways, h5: Ways, drain: Drain, li: Person) -> None:
    confirming(console, drain)
    h5("lihua").post("/attendance/sheet/confirm", data={"month": "2026-02", "seen": sheet(li).hash[:12]})
    came_after_all(li)
    assert (sheet(li).state, len(cards("lihua"))) == ("shown", 2)


def test_nobody_decides_for_another(console: Ways, drain: Drain, li: Person) -> None:
    confirming(console, drain)
    key = cards("lihua")[0]["button_list"][1]["key"].partition(":")[2]
    with pytest.raises(attendance.confirming.NotFound), platform.unit_of_work():
        attendance.confirming.tap(people.by_userid("hr"), key, "")


def test_a_dispute_holds_up_the_close_until_it_is_answered(console: Ways, h5: Ways, drain: Drain, li: Person) -> None:
    hr, me = confirming(console, drain), h5("lihua")
    wish = {"month": "2026-02", "seen": sheet(li).hash[:12]}
    assert me.post("/attendance/sheet/dispute", data=wish | {"reason": "27 日我在客户现场"}).status_code == 303
    assert "李华对 2 月考勤有异议" in str([card["main_title"] for card in cards("hr")])
    assert "还有 1 人有异议" in unescape(act(hr, "close", waiting=9).text)
    assert "27 日我在客户现场" in hr.get(f"{HERE}/sheets?month=2026-02&state=disputed").text
    answer = f"{HERE}/sheets/{sheet(li).id}/answer"
    assert hr.post(answer, data={"answer": "请补一次外勤打卡"}).status_code == 303
    assert hr.post(answer, data={"answer": "再答一次"}).status_code == 409
    assert "请补一次外勤打卡" in me.get("/attendance/sheet?month=2026-02").text
    assert sheet(li).state == "shown"


def test_reminders_go_once_a_day_to_whoever_said_nothing(console: Ways, h5: Ways, drain: Drain, li: Person) -> None:
    hr = confirming(console, drain)
    h5("lihua").post("/attendance/sheet/confirm", data={"month": "2026-02", "seen": sheet(li).hash[:12]})
    for _ in range(2):
        assert act(hr, "remind").status_code == 303
        drain()
    assert (len(cards("lihua")), len(cards("pay"))) == (1, 2)


# ── closing ──


def test_a_closed_month_is_sealed_and_on_record(console: Ways, drain: Drain, li: Person) -> None:
    hr = closed(console, drain)
    month = db.session.get_one(AttendanceMonth, FEBRUARY)
    assert (month.state, len(month.hash or "")) == (MonthState.CLOSED, 64)
    assert "已结账" in hr.get(f"{HERE}?month=2026-02").text
    assert db.session.scalars(select(AuditRecord).where(AuditRecord.action == "attendance.month.close")).one()


def test_more_who_wait_than_the_page_showed_stop_the_close(console: Ways, drain: Drain, li: Person) -> None:
    hr = confirming(console, drain)
    assert "比您看到的多" in unescape(act(hr, "close", waiting=0).text)
    assert view().state == MonthState.CONFIRMING


def test_what_comes_too_late_is_added_to_the_next_month_once(console: Ways, drain: Drain, li: Person) -> None:
    closed(console, drain)
    before = db.session.get_one(DayResult, (li.id, SICK_DAY)).fingerprint
    known = late.numbers(sheet(li))
    came_after_all(li)
    for _ in range(2):
        with platform.unit_of_work():
            settling.settle_days(li.id, [SICK_DAY])
    db.session.expire_all()
    assert db.session.get_one(DayResult, (li.id, SICK_DAY)).fingerprint == before
    assert late.numbers(sheet(li)) == known
    row = db.session.scalars(select(MonthAdjustment)).one()
    assert (row.month, row.absent_days, row.attended_days) == (date(2026, 3, 1), -1, 1)
    assert sums.plus([known, late.numbers(row)]) == recomputed(li)


def test_a_fact_that_is_taken_back_and_comes_again_counts_each_time(console: Ways, drain: Drain, li: Person) -> None:
    closed(console, drain)
    for text in ("in 08:55, out 18:05", "in 08:50", "out 19:00"):
        came_after_all(li, text)
        rows = db.session.scalars(select(MonthAdjustment)).all()
        assert sums.plus([late.numbers(sheet(li)), *map(late.numbers, rows)]) == recomputed(li)


def test_payroll_takes_the_sheet_and_what_was_added(console: Ways, drain: Drain, li: Person) -> None:
    closed(console, drain)
    came_after_all(li)
    own = paid(li, FEBRUARY)
    assert (own.sheet.absent_days, own.total.absent_days) == (1, 1)
    with clock.frozen(made.at("10:00", date(2026, 4, 2))):
        hr = console("hr")
        for what, more in (("count", {}), ("ask", {}), ("close", {"waiting": 9})):
            answer = act(hr, what, month="2026-03", **more)
            assert answer.status_code == 303, unescape(answer.text)
            drain()
        march = paid(li, date(2026, 3, 1))
    assert (march.added.absent_days, march.added.attended_days) == (-1, 1)
    assert march.total.absent_days == march.sheet.absent_days - 1


def test_an_open_month_is_nothing_to_pay_from(console: Ways, drain: Drain, li: Person) -> None:
    confirming(console, drain)
    with platform.unit_of_work():
        assert attendance.month_figures.figures(FEBRUARY, [li.id]) == {}


def test_payroll_takes_everybody_in_as_many_statements(
    console: Ways, drain: Drain, li: Person, statements: list[str]
) -> None:
    for n in range(20):
        person(f"p{n}")
    closed(console, drain)
    ids, lengths = list(db.session.scalars(people.active_ids())), []
    for wanted in ([li.id], ids):
        statements.clear()
        with platform.unit_of_work():
            attendance.month_figures.figures(FEBRUARY, wanted)
        lengths.append(len(statements))
    assert lengths[0] == lengths[1]


def test_the_file_for_payroll_says_the_same(console: Ways, drain: Drain, li: Person) -> None:
    closed(console, drain)
    answer = console("pay").get(f"{HERE}/sheets?month=2026-02&format=csv")
    head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))
    found = {row[1]: dict(zip(head, row, strict=True)) for row in rows}["李华"]
    assert [found[name] for name in ("工号", "出勤（天）", "迟到（分钟）", "旷工（天）")] == ["007", "15", "40", "1"]
    assert console("pay").get(f"{HERE}/sheets?month=2026-02&format=xlsx").status_code == 200
    assert console("pay").post(f"{HERE}/close", data={}).status_code == 403


# ── opening again ──


@pytest.fixture
def heard() -> Iterator[list[attendance.MonthReopened]]:
    """What payroll would hear."""
    found: list[attendance.MonthReopened] = []
    platform.connect({**wiring.REACTIONS, attendance.MonthReopened: (found.append,)})
    yield found
    wiring.connect()


def test_a_reopened_month_takes_back_what_was_added_and_counts_it_itself(
    console: Ways, drain: Drain, li: Person, heard: list[attendance.MonthReopened]
) -> None:
    hr = closed(console, drain)
    came_after_all(li)
    seal = paid(li, FEBRUARY).hash
    assert act(hr, "reopen", reason="漏了外勤").status_code == 303
    drain()
    assert [(event.month, event.hash, event.reason) for event in heard] == [(FEBRUARY, seal, "漏了外勤")]
    assert late.numbers(sheet(li)) == recomputed(li)
    added = sums.plus(map(late.numbers, db.session.scalars(select(MonthAdjustment))))
    assert added == sums.NOTHING
    assert sheet(li).state == "shown"
    assert view().state == MonthState.REVIEW
    assert "重开原因：漏了外勤" in hr.get(f"{HERE}?month=2026-02").text


def test_only_the_month_closed_last_is_opened_again(console: Ways, drain: Drain, li: Person) -> None:
    closed(console, drain)
    with clock.frozen(made.at("10:00", date(2026, 4, 2))):
        hr = console("hr")
        for what, more in (("count", {}), ("ask", {}), ("close", {"waiting": 9})):
            act(hr, what, month="2026-03", **more)
            drain()
        assert "只能从最后结账的月份开始重开" in unescape(act(hr, "reopen", reason="试试").text)
        assert act(hr, "reopen", month="2026-03", reason="试试").status_code == 303


def test_a_stale_page_moves_nothing(console: Ways, drain: Drain, li: Person) -> None:
    hr = count(console, drain)
    stale = {"month": "2026-02", "version": view().version - 1}
    assert hr.post(f"{HERE}/ask", data=stale).status_code == 409
    assert view().state == MonthState.REVIEW
