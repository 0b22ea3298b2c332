"""Overtime from asking to the payslip's minutes: the form, the punches, what counts, time off, caps, systems."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock
from kit.errors import Conflict
from models.attendance_overtime import OvertimeEntry
from models.base import db
from models.enums import Half, LeaveState, OvertimeKind, OvertimePay, Role
from models.leave import LeaveRequest
from models.people import Person
from services import approvals, attendance, forms, leave, people, platform
from services.attendance.overtime.policy import SETTING, OverCap, OvertimeRules
from services.attendance.overtime.rules import Piece
from tests.factories import attendance as made
from tests.factories import forms as make_forms
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
FRIDAY, SATURDAY, SUNDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 8)
WORK, REST, HOLIDAY = OvertimeKind.WORKDAY, OvertimeKind.REST_DAY, OvertimeKind.HOLIDAY
PAY, OFF = OvertimePay.PAY, OvertimePay.TIME_OFF


@pytest.fixture
def li(app: Flask) -> Person:
    """Li of Wang's team, from nine to six; Chen is HR."""
    make_forms.shipped()
    platform.transact(leave.ensure_kinds)
    team = make.department("研发部", parent=make.department("公司"))
    wang = make.person("wang", "王五", dept=team, leads=True)
    make.person("han", "韩梅梅", superior=wang, dept=team)
    make.person("chen", "陈人事", dept=team, roles=(Role.HR,))
    return make.person("li", "李雷", superior=wang, dept=team)


def overtime(**more: Any) -> dict[str, Any]:
    usual = {"day": "2026-03-07", "day_kind": "休息日", "begins": "09:00", "hours": "4", "wants": "调休",
             "reason": "发布"}  # fmt: skip
    return {"values": {**usual, **more}}


def evening(**more: Any) -> dict[str, Any]:
    return overtime(**{"day": "2026-03-06", "day_kind": "工作日", "begins": "18:00", "hours": "2", "wants": "加班费",
                       **more})  # fmt: skip


def asked(api: Ways, wish: dict[str, Any]) -> str:
    answer = api("li").post("/forms/overtime/requests", json=wish)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def decide(decision: str = "approve") -> None:
    """Wang decides everything that waits."""
    with platform.unit_of_work():
        wang = people.by_userid("wang")
        for task in approvals.my_tasks(wang, approvals.TaskQuery()).items:
            approvals.decide(wang, task.id, approvals.Decide(decision=decision, comment="不需要"))


def approved(api: Ways, wish: dict[str, Any]) -> str:
    request_id = asked(api, wish)
    decide()
    return request_id


def night(day: date) -> None:
    """The job of the morning after."""
    slot = made.at("29:20", day)
    with clock.frozen(slot), platform.unit_of_work():
        attendance.settle({"slot": slot.isoformat()})


def again(li: Person, day: date) -> None:
    """A late fact of that day has arrived."""
    with clock.frozen(made.at("29:20", day)), platform.unit_of_work():
        attendance.settle_one({"person_id": li.id, "days": [day.isoformat()]})


def counted(li: Person) -> list[Piece]:
    db.session.expire_all()
    with platform.unit_of_work(writes=False):
        return sorted(attendance.overtime.pieces([li.id], date(2026, 1, 1), date(2026, 12, 31))[li.id], key=str)


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(OvertimeEntry)) or 0


def time_off(api: Ways) -> int:
    return sum(one["available"] for one in api("li").get("/leave/balances").json if one["kind"] == "compensatory")


def void(request_id: str) -> None:
    with platform.unit_of_work():
        forms.void(people.by_userid("chen"), request_id, forms.Void(reason="没有加班"))


def told(person_id: str, kind: str, event_on: str) -> None:
    """Leave for a child that was born, or is to be born, on that day."""
    occasion = "birth" if kind == "maternity" else "child"
    day = date.fromisoformat(event_on)
    with platform.unit_of_work():
        db.session.add(
            LeaveRequest(
                person_id=person_id, kind_code=kind, kind_version=1, state=LeaveState.APPROVED, first_day=day,
                last_day=day, from_half=Half.AM, to_half=Half.PM, minutes=480, days=1, is_confirmed=True, reason="",
                event_key=f"{occasion}:{event_on}",
            )
        )  # fmt: skip


# ── asking ──


def test_the_preview_says_class_month_and_what_it_brings(api: Ways, li: Person) -> None:
    said = api("li").post("/forms/overtime/preview", json=overtime(hours="1.5")).json
    assert said["rows"] == [
        ["计为", "休息日 1 小时 30 分钟，调休；以打卡核实的时长为准"],
        ["3 月加班", "已有 0 分钟，加上这次 0 分钟，上限 36 小时"],
        ["打卡核实后", "得调休，最多 1 小时 30 分钟，2027年3月7日前有效"],
    ]
    paid = api("li").post("/forms/overtime/preview", json=evening(begins="17:00")).json
    assert paid["rows"][0] == ["计为", "工作日 1 小时，加班费（150%）；以打卡核实的时长为准"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (overtime(day="2026-03-06"), "这一天按公司日历是工作日，请改“日期类型”"),
        (overtime(begins="早上"), "开始时间请写成 18:30 这样的时刻"),
        (evening(begins="10:00", hours="1"), "这段时间是上班时间，或者您已请假，不算加班，请核对开始时间和时长"),
    ],
)
def test_what_is_no_overtime_is_refused(api: Ways, li: Person, wish: dict[str, Any], said: str) -> None:
    answer = api("li").post("/forms/overtime/requests", json=wish)
    assert (answer.status_code, answer.json["title"]) == (422, said)


def test_no_hour_is_asked_for_twice(api: Ways, li: Person) -> None:
    me, made_id = api("li"), asked(api, overtime())
    for other in (overtime(), overtime(begins="12：59", hours="1", wants="加班费")):
        again = me.post("/forms/overtime/requests", json=other)
        assert (again.status_code, "3月7日这段时间已经申请过加班" in again.json["title"]) == (409, True)
    assert me.post("/forms/overtime/requests", json=overtime(begins="13:00")).status_code == 201
    assert me.put(f"/forms/requests/{made_id}", json=overtime(hours="3")).status_code == 200
    assert api("han").post("/forms/overtime/requests", json=overtime()).status_code == 201


def test_a_working_day_is_made_longer_by_three_hours_in_all(api: Ways, li: Person) -> None:
    pieces = [evening(), evening(begins="20:00", hours="1.5"), evening(begins="20:00", hours="1")]
    found = [api("li").post("/forms/overtime/requests", json=one) for one in pieces]
    assert [one.status_code for one in found] == [201, 409, 201]
    assert found[1].json["title"] == "工作日每天最多加班 3 小时，当天已申请 2 小时（《劳动法》第四十一条）"


def fill_month(api: Ways) -> None:
    """Thirty-six hours of rest days that are paid."""
    for day in ("2026-03-07", "2026-03-08", "2026-03-14"):
        asked(api, overtime(day=day, hours="12", wants="加班费"))


def test_thirty_six_hours_a_month_are_the_most(api: Ways, li: Person) -> None:
    asked(api, overtime(hours="12", wants="加班费"))
    asked(api, overtime(day="2026-03-08", hours="12", wants="加班费"))
    near = api("li").post("/forms/overtime/preview", json=overtime(day="2026-03-14", hours="6", wants="加班费")).json
    assert near["rows"][-1] == ["注意", "接近每月上限 36 小时（《劳动法》第四十一条）"]
    asked(api, overtime(day="2026-03-14", hours="12", wants="加班费"))
    answer = api("li").post("/forms/overtime/requests", json=evening())
    assert answer.json["title"] == "每月最多加班 36 小时，加上这次 3 月共 38 小时（《劳动法》第四十一条）"
    asked(api, overtime(day="2026-03-15"))  # made up for by time off it is not in the cap
    april = overtime(day="2026-04-05", day_kind="法定节假日", hours="8", wants="加班费")
    asked(api, april)


def test_hours_of_a_holiday_are_paid_three_times_and_never_taken_off(api: Ways, li: Person) -> None:
    wish = overtime(day="2026-04-05", day_kind="法定节假日", wants="加班费")
    said = api("li").post("/forms/overtime/preview", json=wish).json
    assert said["rows"][0][1].startswith("法定节假日 4 小时，加班费（300%）")
    off = api("li").post("/forms/overtime/requests", json=overtime(day="2026-04-05", day_kind="法定节假日"))
    assert off.status_code == 422


# ── counting ──


def test_the_lesser_of_approved_and_worked_becomes_time_off(api: Ways, li: Person) -> None:
    request_id = approved(api, overtime())
    assert (counted(li), time_off(api)) == ([], 0)
    made.punches(li, "in 09:00, out 12:10", SATURDAY)
    night(SATURDAY)
    assert (counted(li), time_off(api)) == ([Piece(SATURDAY, REST, 180, OFF)], 180)
    again(li, SATURDAY)
    night(SUNDAY)
    assert entries() == 1
    void(request_id)
    assert (counted(li), time_off(api), entries()) == ([], 0, 2)


def test_confirmed_afterwards_it_counts_at_once(api: Ways, li: Person) -> None:
    made.punches(li, "in 09:00, out 20:15", FRIDAY)
    with clock.frozen(made.at("10:00", SATURDAY)):
        approved(api, evening())
    assert counted(li) == [Piece(FRIDAY, WORK, 120)]


def test_across_midnight_each_date_has_its_class(api: Ways, li: Person) -> None:
    approved(api, evening(begins="22:00", hours="4"))
    made.punches(li, "in 09:00, out 26:00", FRIDAY)
    night(SATURDAY)
    assert counted(li) == [Piece(FRIDAY, WORK, 120), Piece(SATURDAY, REST, 120)]


def test_a_punch_that_is_corrected_adds_the_difference(api: Ways, li: Person) -> None:
    approved(api, evening())
    made.punches(li, "in 09:00, out 19:05", FRIDAY)
    night(FRIDAY)
    assert counted(li) == [Piece(FRIDAY, WORK, 60)]
    made.punches(li, "out 20:00", FRIDAY)
    again(li, FRIDAY)
    assert (counted(li), entries()) == ([Piece(FRIDAY, WORK, 120)], 2)


def test_a_punch_that_was_asked_for_counts_when_it_is_approved(api: Ways, li: Person) -> None:
    approved(api, evening())
    made.punches(li, "in 09:00", FRIDAY)
    night(FRIDAY)
    assert counted(li) == []
    with clock.frozen(made.at("10:00", date(2026, 3, 9))):
        wish = {"day": "2026-03-06", "direction": "out", "time": "20:00", "reason": "忘了打卡"}
        answer = api("li").post("/attendance/corrections", json=wish)
        assert answer.status_code == 201, answer.text
        decide()
    assert counted(li) == [Piece(FRIDAY, WORK, 120)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_the_order_in_which_facts_arrive_does_not_matter(api: Ways, li: Person, order: tuple[int, ...]) -> None:
    facts: list[Callable[[], object]] = [
        lambda: approved(api, overtime()),
        lambda: made.punches(li, "in 08:50, out 11:40", SATURDAY),
        lambda: made.punches(li, "in 12:00, out 15:00", SATURDAY),
    ]
    with clock.frozen(made.at("10:00", SUNDAY)):
        for number in order:
            facts[number]()
            again(li, SATURDAY)
    assert counted(li) == [Piece(SATURDAY, REST, 210, OFF)]
    assert time_off(api) == 210


def test_the_same_hours_count_once_though_both_were_asked_at_once(
    api: Ways, li: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as unseen:
        unseen.setattr(forms, "standing", lambda *_: {})
        for _ in "ab":
            asked(api, overtime())
    with platform.unit_of_work():
        first, second = approvals.my_tasks(people.by_userid("wang"), approvals.TaskQuery()).items
    answers = [
        api("wang").post(f"/approvals/tasks/{task.id}/decision", json={"decision": "approve"}).status_code
        for task in (first, second)
    ]
    assert answers == [200, 409]
    made.punches(li, "in 09:00, out 13:00", SATURDAY)
    night(SATURDAY)
    assert time_off(api) == 240


def test_refused_it_counts_nothing_and_paid_it_gives_no_time_off(api: Ways, li: Person) -> None:
    asked(api, overtime())
    decide("reject")
    approved(api, overtime(wants="加班费"))
    made.punches(li, "in 09:00, out 13:00", SATURDAY)
    night(SATURDAY)
    assert (counted(li), time_off(api)) == ([Piece(SATURDAY, REST, 240)], 0)


def test_time_off_that_is_used_cannot_be_taken_back(api: Ways, li: Person) -> None:
    request_id = approved(api, overtime())
    made.punches(li, "in 09:00, out 13:00", SATURDAY)
    night(SATURDAY)
    off = {"kind": "compensatory", "first_day": "2026-03-09", "last_day": "2026-03-09", "from_time": "09:00",
           "to_time": "10:00", "reason": "休息"}  # fmt: skip
    assert api("li").post("/leave/requests", json=off).status_code == 201
    with pytest.raises(Conflict, match="已经用掉一部分"):
        void(request_id)
    assert api("li").get(f"/forms/requests/{request_id}").json["state"] == "approved"
    assert counted(li) == [Piece(SATURDAY, REST, 240, OFF)]


def test_leave_asked_for_later_takes_its_hours_out(api: Ways, li: Person) -> None:
    made.punches(li, "in 09:00, out 20:00", FRIDAY)
    with clock.frozen(made.at("10:00", SATURDAY)):
        approved(api, evening(begins="17:30", hours="2.5"))
        assert counted(li) == [Piece(FRIDAY, WORK, 120)]


@pytest.mark.parametrize(
    ("kind", "event_on", "sentence"),
    [
        ("maternity", "2026-05-30", "怀孕 7 个月以上不得安排加班（《女职工劳动保护特别规定》第六条）"),
        ("maternity", "2026-05-31", None),
        ("breastfeeding", "2025-03-08", "孩子未满 1 周岁的哺乳期不得安排加班（《女职工劳动保护特别规定》第九条）"),
        ("breastfeeding", "2025-03-07", None),
        ("childcare", "2025-05-01", None),
    ],
)
def test_mothers_are_not_asked_for_overtime(
    api: Ways, li: Person, kind: str, event_on: str, sentence: str | None
) -> None:
    told(people.by_userid("han").person_id, kind, event_on)
    answer = api("han").post("/forms/overtime/requests", json=overtime(wants="加班费"))
    assert (answer.status_code, answer.json["title"] if sentence else None) == (409 if sentence else 201, sentence)
    assert api("li").post("/forms/overtime/requests", json=overtime()).status_code == 201


# ── looking ──


def test_my_month_shows_what_waits_what_counts_and_what_is_left(api: Ways, li: Person) -> None:
    made.punches(li, "in 09:00, out 19:05", FRIDAY)
    approved(api, evening())
    asked(api, overtime(wants="加班费"))
    before = api("li").get("/attendance/overtime?month=2026-03").json
    assert [(one["state"], one["asked_minutes"]) for one in before["lines"]] == [("approved", 120), ("waiting", 240)]
    assert (before["counted"], before["left"], before["system"]) == (360, 1800, "标准工时制")
    night(FRIDAY)
    with clock.frozen(made.at("10:00", SATURDAY)):
        after = api("li").get("/attendance/overtime").json
    line = after["lines"][0]
    assert (line["state"], line["counted_minutes"], line["what"]) == ("counted", 60, "工作日 1 小时，加班费（150%）")
    assert line["sentences"] == ["批准 3月6日 18:00–20:00，按打卡在批准时段内的实际时长，计工作日加班 1 小时，加班费"]
    assert (after["counted"], after["left"]) == (300, 1860)
    assert api("han").get("/attendance/overtime?month=2026-03").json["lines"] == []


def test_payroll_reads_a_month_of_many_with_few_statements(api: Ways, li: Person, statements: list[str]) -> None:
    made.punches(li, "in 09:00, out 20:00", FRIDAY)
    made.punches(li, "in 09:00, out 12:00", SATURDAY)
    with clock.frozen(made.at("10:00", SUNDAY)):
        approved(api, evening())
        approved(api, overtime(wants="加班费", hours="3"))
    ids = [li.id, *(make.person(f"p{n}", f"员工{n}").id for n in range(30))]
    statements.clear()
    with platform.unit_of_work(writes=False):
        found = attendance.overtime.pay_minutes(ids, date(2026, 3, 1))
    assert found[li.id] == attendance.overtime.PayMinutes(workday=120, rest_day=180)
    assert set(found) == set(ids)
    assert len([one for one in statements if one.startswith("SELECT")]) <= 4


# ── working-time systems ──


def system(**wish: Any) -> None:
    usual = {"starts_on": "2026-01-01", "permit": "沪人社工时〔2026〕1 号"}
    with platform.unit_of_work():
        made_wish = attendance.overtime.WorkingTimeWish(**{**usual, **wish})
        attendance.set_working_time(people.by_userid("chen"), made_wish)


def test_comprehensive_time_pays_the_excess_of_its_period(api: Ways, li: Person) -> None:
    system(system="comprehensive", period="week", person="li")
    for day in range(2, 7):
        made.punches(li, "in 09:00, out 20:00" if day == 6 else "in 09:00, out 18:00", date(2026, 3, day))
    made.punches(li, "in 09:00, out 13:00", SATURDAY)
    with clock.frozen(made.at("10:00", SUNDAY)):
        approved(api, evening())
        approved(api, overtime(wants="加班费"))
        refused = api("li").post("/forms/overtime/requests", json=overtime(begins="14:00"))
    assert refused.json["title"] == "您实行综合计算工时制（周），加班不换调休，请选“加班费”"
    night(SUNDAY)
    period = OvertimePay.PERIOD
    assert counted(li) == [Piece(FRIDAY, WORK, 120, period), Piece(SATURDAY, REST, 240, period)]
    with platform.unit_of_work(writes=False):
        paid = attendance.overtime.pay_minutes([li.id], date(2026, 3, 1))[li.id]
    assert paid == attendance.overtime.PayMinutes(workday=360)  # 46 hours of 40
    with clock.frozen(made.at("10:00", SUNDAY)):
        shown = api("li").get("/attendance/overtime").json["period"]
    assert (shown["worked"], shown["standard"], shown["excess"]) == (46 * 60, 40 * 60, 6 * 60)


def test_flexible_time_has_no_premium(api: Ways, li: Person) -> None:
    system(system="flexible")
    made.punches(li, "in 09:00, out 20:00", FRIDAY)
    with clock.frozen(made.at("10:00", SATURDAY)):
        approved(api, evening())
    assert counted(li) == [Piece(FRIDAY, WORK, 120, OvertimePay.NONE)]
    with platform.unit_of_work(writes=False):
        paid = attendance.overtime.pay_minutes([li.id], date(2026, 3, 1))
    assert paid[li.id] == attendance.overtime.PayMinutes()


def test_a_system_set_for_days_past_counts_them_anew(api: Ways, li: Person, drain: Callable[[], int]) -> None:
    made.punches(li, "in 09:00, out 20:00", FRIDAY)
    with clock.frozen(made.at("10:00", SATURDAY)):
        approved(api, evening())
        system(system="comprehensive", period="month", person="li", starts_on="2026-03-01")
        drain()
    assert counted(li) == [Piece(FRIDAY, WORK, 120, OvertimePay.PERIOD)]


def test_beyond_the_cap_the_company_may_let_the_chain_decide(api: Ways, li: Person) -> None:
    with platform.unit_of_work():
        SETTING.change(people.System("tests"), OvertimeRules(over_cap=OverCap.ESCALATE))
    fill_month(api)
    said = api("li").post("/forms/overtime/preview", json=evening()).json
    assert said["rows"][-1] == ["注意", "每月最多加班 36 小时，加上这次 3 月共 38 小时（《劳动法》第四十一条）"]
    assert [step["name"] for step in said["steps"]] == ["直接上级", "部门负责人"]
    within = api("li").post("/forms/overtime/preview", json=evening(day="2026-04-01")).json
    assert [step["name"] for step in within["steps"]] == ["直接上级"]
    asked(api, evening())
