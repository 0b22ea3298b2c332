"""假期对账: our leave beside WeCom's own, the cause of each difference, and writing ours where HR switched it on."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from kit import clock, workbook
from kit.ids import new_id
from models.base import db
from models.enums import DriftCause, EntryKind, PromiseState, PushState, Role
from models.leave import LeaveDrift, LeaveDriftRun, LeaveVacation
from models.people import Grant, Person
from models.platform import AuditRecord, Promise
from services import leave, platform
from services.leave import ledger
from simulator import Twin
from tests.conftest import MONDAY_MORNING
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
Drain = Callable[[], int]
ANNUAL, HOURS, BIRTHDAY, FREE = 1, 2, 3, 4
DAY, HOUR = 86_400, 3_600


@pytest.fixture
def hr(app: Flask, twin: Twin, console: Ways) -> Someone:
    """Chen of HR; WeCom configures annual leave by day, time off by hour, and two kinds of its own."""
    grants.kinds()
    twin.world.office.vacations = [
        {"id": ANNUAL, "name": "带薪年假", "time_attr": 0, "quota_attr": {"type": 1}},
        {"id": HOURS, "name": "调休假", "time_attr": 1, "quota_attr": {"type": 2}},
        {"id": BIRTHDAY, "name": "生日假", "time_attr": 0, "quota_attr": {"type": 2}},
        {"id": FREE, "name": "事假", "time_attr": 1, "quota_attr": {"type": 0}},
    ]
    staff(twin, "chen", "陈人事", roles=(Role.HR,))
    return console("chen")


def staff(twin: Twin, userid: str, name: str, **columns: Any) -> Person:
    """Somebody here and in WeCom."""
    with twin.quiet():
        twin.add_member(userid, name, [1])
    return make.person(userid, name, **columns)


def post(who: Someone, path: str, **form: object) -> Any:
    return who.post(path, data={**form, "_key": new_id()}, headers={"HX-Request": "true"})


@pytest.fixture
def mapped(hr: Someone, drain: Drain) -> Someone:
    """WeCom's kinds have been read, and HR has said which two of them are ours."""
    compare(hr, drain)
    for vacation, kind in ((ANNUAL, "annual"), (HOURS, "compensatory")):
        assert post(hr, "/leave/drift/kinds", vacation_id=vacation, kind=kind).status_code < 400
    return hr


def compare(hr: Someone, drain: Drain) -> LeaveDriftRun:
    """Presses the button, a minute after the last time, and lets the worker work."""
    before = db.session.query(LeaveDriftRun).count()
    with clock.frozen(MONDAY_MORNING + timedelta(minutes=before)):
        assert post(hr, "/leave/drift/runs").status_code < 400
        drain()
    return newest()


def newest() -> LeaveDriftRun:
    return db.session.scalars(select(LeaveDriftRun).order_by(LeaveDriftRun.created_at.desc()).limit(1)).one()


def found(run: LeaveDriftRun) -> dict[tuple[str, str], tuple[DriftCause, int]]:
    """(person, kind there or here) → cause and difference in seconds."""
    rows = db.session.execute(
        select(Person.userid, LeaveDrift)
        .join(Person, Person.id == LeaveDrift.person_id)
        .where(LeaveDrift.run_id == run.id)
    )
    return {(who, one.vacation_name or one.kind_code): (one.cause, one.difference) for who, one in rows}


def use(person: Person, minutes: int, kind: str = "annual") -> None:
    """Takes minutes of the person's first lot, as an approved request does."""
    with platform.unit_of_work():
        (first, *_) = ledger.lots(person.id, kind, date(2026, 3, 2))
        ledger.take(person.id, kind, EntryKind.HOLD, {first.id: minutes}, ledger.Cause("请假", "system:tests"))


def test_kinds_are_read_first_and_suggested_by_name(hr: Someone, drain: Drain) -> None:
    assert "还没有对过账" in hr.get("/leave/drift").text
    run = compare(hr, drain)
    assert (run.state, run.people, run.found) == ("done", 0, 0)
    assert "只读取了企业微信的假期设置" in hr.get("/leave/drift").text
    page = hr.get("/leave/drift/kinds").text
    assert page.count("按名称建议") == 2
    assert '<option value="annual" selected>' in page
    assert '<option value="compensatory" selected>' in page
    assert "不限额，不对账" in page


def test_every_cause_is_told_apart(mapped: Someone, twin: Twin, drain: Drain) -> None:
    give = twin.set_vacation
    for userid, days, assigned, used in (
        ("same", 5, 5, 0), ("takenthere", 5, 5, 1), ("grantedhere", 7, 5, 0), ("grantedthere", 5, 8, 0),
    ):  # fmt: skip
        grants.lot(staff(twin, userid, userid), days)
        give(userid, ANNUAL, assigned * DAY, used * DAY)
    taken = staff(twin, "takenhere", "takenhere")
    grants.lot(taken, 5)
    use(taken, 480)
    give("takenhere", ANNUAL, 5 * DAY)
    grants.lot(staff(twin, "rounded", "rounded"), 5 + 10 / 480)
    give("rounded", ANNUAL, 5 * DAY)
    staff(twin, "unmapped", "unmapped")
    give("unmapped", BIRTHDAY, DAY)
    grants.lot(make.person("unseen", "看不见"), 3)
    grants.edit("childcare", needs_balance=True)
    grants.lot(staff(twin, "child", "child"), 2, kind="childcare")
    grants.lot(staff(twin, "hours", "hours"), 1, kind="compensatory")
    give("hours", HOURS, 10 * HOUR, 4 * HOUR)
    run = compare(mapped, drain)
    assert found(run) == {
        ("takenthere", "带薪年假"): (DriftCause.TAKEN_THERE, DAY),
        ("grantedhere", "带薪年假"): (DriftCause.GRANTED_HERE, 2 * DAY),
        ("grantedthere", "带薪年假"): (DriftCause.GRANTED_THERE, -3 * DAY),
        ("takenhere", "带薪年假"): (DriftCause.TAKEN_HERE, -DAY),
        ("rounded", "带薪年假"): (DriftCause.ROUNDING, 1800),
        ("unmapped", "生日假"): (DriftCause.NOT_MAPPED, -DAY),
        ("unseen", "带薪年假"): (DriftCause.OUT_OF_SCOPE, 3 * DAY),
        ("child", "childcare"): (DriftCause.NOT_MAPPED, 2 * DAY),
        ("hours", "调休假"): (DriftCause.TAKEN_THERE, 2 * HOUR),
    }
    assert (run.state, run.compared, run.found) == ("done", run.people, 9)
    page = mapped.get("/leave/drift").text
    assert "在企业微信里请了假，这里没有 2 处" in page
    assert "5.0208天" in page


def test_what_is_compared_is_the_balance_that_people_see(mapped: Someone, twin: Twin, drain: Drain, api: Ways) -> None:
    li = staff(twin, "li", "李华", superior=staff(twin, "wang", "王五"))
    grants.lot(li, 5)
    grants.lot(li, 3, starts_on=date(2025, 1, 1), expires_on=date(2026, 3, 1), title="2025年年假")
    grants.lot(li, 2, starts_on=date(2026, 4, 1), expires_on=date(2027, 3, 31), title="下一年度年假")
    plan = {"kind": "annual", "first_day": "2026-03-04", "last_day": "2026-03-04"}
    assert api("li").post("/leave/requests", json=plan).status_code == 201
    shown = {one["kind"]: one["length"] for one in api("li").get("/leave/balances").json}
    assert found(compare(mapped, drain))["li", "带薪年假"] == (DriftCause.GRANTED_HERE, 6 * DAY)
    assert shown["annual"] == "6天"


def test_the_list_is_filtered_sorted_paged_and_exported(mapped: Someone, twin: Twin, drain: Drain) -> None:
    for userid, days in (("anna", 3), ("bob", 9), ("carl", 6)):
        grants.lot(staff(twin, userid, f"名{userid}"), days)
    run = compare(mapped, drain)
    page = mapped.get("/leave/drift").text
    assert page.index("名bob") < page.index("名carl") < page.index("名anna")
    page = mapped.get("/leave/drift?sort=ours&limit=2").text
    assert ("名anna" in page, "名bob" in page) == (True, False)
    cursor = page.split("cursor=")[1].split('"')[0].split("&")[0]
    assert "名bob" in mapped.get(f"/leave/drift?sort=ours&limit=2&cursor={cursor}").text
    assert "没有符合条件" in mapped.get("/leave/drift?cause=taken_there").text
    assert "没有符合条件" in mapped.get("/leave/drift?push=pushed").text
    assert "没有符合条件" in mapped.get("/leave/drift?kind=compensatory").text
    assert "名carl" not in mapped.get("/leave/drift?person=bob").text
    assert mapped.get("/leave/drift?sort=name").status_code == 422
    assert mapped.get(f"/leave/drift?run={new_id()}").status_code == 404
    sheet = workbook.read(mapped.get(f"/leave/drift?run={run.id}&format=xlsx").data)
    assert [(row.text("员工"), row.text("差额")) for row in sheet.rows] == [
        ("名bob", "+9天"), ("名carl", "+6天"), ("名anna", "+3天"),
    ]  # fmt: skip
    assert db.session.scalar(select(AuditRecord.after).where(AuditRecord.action == "leave.drift.export")) == {"rows": 3}


def test_a_later_comparison_keeps_what_an_earlier_one_found(mapped: Someone, twin: Twin, drain: Drain) -> None:
    grants.lot(staff(twin, "li", "李华"), 5)
    first = compare(mapped, drain)
    twin.set_vacation("li", ANNUAL, 5 * DAY)
    second = compare(mapped, drain)
    assert (len(found(first)), len(found(second))) == (1, 0)
    assert "李华" not in mapped.get("/leave/drift").text
    assert "李华" in mapped.get(f"/leave/drift?run={first.id}").text


def test_comparing_writes_nothing_into_wecom_unless_it_is_switched_on(
    mapped: Someone, twin: Twin, drain: Drain
) -> None:
    li = staff(twin, "li", "李华")
    grants.lot(li, 5)
    compare(mapped, drain)
    row = db.session.scalars(select(LeaveDrift)).one()
    assert post(mapped, f"/leave/drift/{row.id}/push").status_code == 409
    assert writes(twin) == 0
    assert "可写入 5天，未开启" in mapped.get("/leave/drift").text


def writes(twin: Twin) -> int:
    return sum(call.api == "oa/vacation/setoneuserquota" for call in twin.calls)


def left(twin: Twin, userid: str, vacation: int = ANNUAL) -> int:
    quota = twin.world.office.quotas[userid][vacation]
    return quota["assigned"] - quota["used"]


@pytest.fixture
def pushing(mapped: Someone) -> Someone:
    """Annual leave is switched on."""
    assert post(mapped, "/leave/drift/kinds/switch", vacation_id=ANNUAL, pushes="true").status_code < 400
    return mapped


def test_what_is_switched_on_is_written_rounded_and_audited(pushing: Someone, twin: Twin, drain: Drain) -> None:
    grants.lot(staff(twin, "li", "李华"), 6 + 10 / 480)
    grants.lot(staff(twin, "han", "韩梅"), 1, kind="compensatory")
    twin.set_vacation("li", ANNUAL, 5 * DAY, DAY)
    compare(pushing, drain)
    assert (left(twin, "li"), writes(twin)) == (6 * DAY, 1)
    row = db.session.scalars(select(LeaveDrift).where(LeaveDrift.kind_code == "annual")).one()
    assert (row.push_state, row.pushed_from, row.pushed_to) == (PushState.PUSHED, 4 * DAY, 6 * DAY)
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "leave.drift.pushed")).one()
    assert (record.before, record.after, record.person_id) == ({"left": "4天"}, {"left": "6天"}, row.person_id)
    assert "4天 → 6天" in pushing.get("/leave/drift").text
    assert found(compare(pushing, drain))["li", "带薪年假"][0] == DriftCause.ROUNDING


def test_leave_taken_in_wecom_is_given_back_there_only_when_asked(pushing: Someone, twin: Twin, drain: Drain) -> None:
    grants.lot(staff(twin, "li", "李华"), 5)
    twin.set_vacation("li", ANNUAL, 5 * DAY, DAY)
    compare(pushing, drain)
    row = db.session.scalars(select(LeaveDrift)).one()
    assert (row.cause, row.push_state, left(twin, "li")) == (DriftCause.TAKEN_THERE, None, 4 * DAY)
    assert "这会把在企业微信里请的假还回去" in pushing.get("/leave/drift").text
    assert post(pushing, f"/leave/drift/{row.id}/push").status_code < 400
    assert post(pushing, f"/leave/drift/{row.id}/push").status_code == 409
    drain()
    assert left(twin, "li") == 5 * DAY
    assert post(pushing, f"/leave/drift/{row.id}/push").status_code == 409


@pytest.fixture
def asked(pushing: Someone, twin: Twin, drain: Drain) -> str:
    """A difference whose writing is promised and not yet kept; its id."""
    grants.lot(staff(twin, "li", "李华"), 5)
    twin.set_vacation("li", ANNUAL, 5 * DAY, DAY)
    compare(pushing, drain)
    row_id = str(db.session.scalars(select(LeaveDrift.id)).one())
    post(pushing, f"/leave/drift/{row_id}/push")
    return row_id


def hurry() -> None:
    """What was put off is due now."""
    with platform.unit_of_work():
        waiting = update(Promise).where(Promise.state == PromiseState.WAITING)
        db.session.execute(waiting.values(due_at=MONDAY_MORNING))


def outcome(row_id: str) -> tuple[PushState | None, str]:
    row = db.session.get_one(LeaveDrift, row_id)
    return row.push_state, row.push_note or ""


def test_leave_taken_there_meanwhile_is_not_overwritten(asked: str, twin: Twin, drain: Drain) -> None:
    twin.take_vacation("li", ANNUAL, DAY)
    drain()
    assert (outcome(asked)[0], left(twin, "li"), writes(twin)) == (PushState.REFUSED, 3 * DAY, 0)
    assert "4天 → 3天" in outcome(asked)[1]


def test_leave_taken_here_meanwhile_counts(asked: str, twin: Twin, drain: Drain) -> None:
    use(db.session.scalars(select(Person).where(Person.userid == "li")).one(), 240)
    drain()
    assert (outcome(asked)[0], left(twin, "li")) == (PushState.PUSHED, int(4.5 * DAY))


def test_switching_off_stops_what_waits(asked: str, pushing: Someone, twin: Twin, drain: Drain) -> None:
    post(pushing, "/leave/drift/kinds/switch", vacation_id=ANNUAL, pushes="false")
    drain()
    assert (outcome(asked)[0], writes(twin)) == (PushState.REFUSED, 0)
    assert "写入已关闭" in outcome(asked)[1]


def test_a_kind_taken_from_a_person_there_is_said(asked: str, twin: Twin, drain: Drain) -> None:
    twin.world.office.vacation_scopes[ANNUAL] = []
    drain()
    assert (outcome(asked)[0], outcome(asked)[1]) == (PushState.REFUSED, "企业微信里不再有这个人的这种假期")


def test_a_refusal_of_wecom_is_shown(asked: str, pushing: Someone, twin: Twin, drain: Drain) -> None:
    twin.fault("oa/vacation/setoneuserquota", 301063)
    drain()
    assert outcome(asked)[0] == PushState.REFUSED
    assert "301063" in pushing.get("/leave/drift").text


def test_a_lost_answer_is_read_again_and_not_written_twice(asked: str, twin: Twin, drain: Drain) -> None:
    twin.fault("oa/vacation/setoneuserquota", "truncated")
    drain()
    assert (outcome(asked)[0], left(twin, "li")) == (PushState.WAITING, 5 * DAY)
    with platform.unit_of_work():
        db.session.execute(update(Promise).where(Promise.state == PromiseState.WAITING).values(due_at=MONDAY_MORNING))
    drain()
    assert (outcome(asked), writes(twin)) == ((PushState.PUSHED, "再次读取时企业微信里已是这个数"), 1)


def test_without_permission_the_comparison_ends_with_what_to_do(hr: Someone, twin: Twin, drain: Drain) -> None:
    twin.agent.may = ["checkin"]
    run = compare(hr, drain)
    assert (run.state, "301062" in (run.problem or "")) == ("failed", True)
    assert "可调用接口的应用" in hr.get("/leave/drift").text
    twin.agent.may = ["checkin", "approval"]
    assert compare(hr, drain).state == "done"


def test_a_pause_of_wecom_loses_nothing(
    mapped: Someone, twin: Twin, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        grants.lot(staff(twin, f"p{number}", f"第{number}位"), 5)
    twin.fault("oa/vacation/getuservacationquota", -1, times=3)
    monkeypatch.setattr("wecom.caller.sleep", lambda seconds: None)
    monkeypatch.setattr("services.leave.drift.comparing.CHUNK", 2)
    run = compare(mapped, drain)
    assert run.state == "running"
    assert "已核对" in mapped.get("/leave/drift/progress").text
    assert post(mapped, "/leave/drift/runs").status_code == 409
    with platform.unit_of_work():
        db.session.execute(update(Promise).where(Promise.state == PromiseState.WAITING).values(due_at=MONDAY_MORNING))
    drain()
    run = newest()
    assert (run.state, run.compared, run.found) == ("done", 6, 5)
    assert mapped.get("/leave/drift/progress", headers={"HX-Request": "true"}).headers["HX-Redirect"].endswith("/drift")


def test_a_comparison_that_nothing_carries_on_is_closed_by_the_next(mapped: Someone, drain: Drain) -> None:
    with clock.frozen(MONDAY_MORNING + timedelta(minutes=1)):
        post(mapped, "/leave/drift/runs")
    stuck = newest().id
    with platform.unit_of_work():
        db.session.execute(update(Promise).values(state=PromiseState.DEAD))
    assert "上一次对账中断了" in mapped.get("/leave/drift").text
    assert compare(mapped, drain).state == "done"
    assert db.session.get_one(LeaveDriftRun, stuck).problem == "上一次对账中断了"


def test_it_compares_by_itself_once_kinds_are_mapped(hr: Someone, drain: Drain) -> None:
    leave.drift.keep_weekly({})
    assert drain() == 0
    compare(hr, drain)
    post(hr, "/leave/drift/kinds", vacation_id=ANNUAL, kind="annual")
    with clock.frozen(MONDAY_MORNING + timedelta(minutes=1)):
        with platform.unit_of_work():
            leave.drift.keep_weekly({})
            leave.drift.keep_weekly({})
        drain()
    assert (newest().asked_by, newest().state, newest().people) == ("system:leave.compare", "done", 1)


def test_a_kind_belongs_to_one_kind_and_changing_it_switches_writing_off(pushing: Someone, drain: Drain) -> None:
    assert post(pushing, "/leave/drift/kinds", vacation_id=BIRTHDAY, kind="annual").status_code == 409
    assert post(pushing, "/leave/drift/kinds", vacation_id=BIRTHDAY, kind="sick").status_code == 404
    assert post(pushing, "/leave/drift/kinds", vacation_id=99, kind="annual").status_code == 404
    assert post(pushing, "/leave/drift/kinds/switch", vacation_id=BIRTHDAY, pushes="true").status_code == 409
    assert post(pushing, "/leave/drift/kinds", vacation_id=ANNUAL, kind="annual").status_code < 400
    assert db.session.get_one(LeaveVacation, ANNUAL).pushes
    assert post(pushing, "/leave/drift/kinds", vacation_id=ANNUAL).status_code < 400
    row = db.session.get_one(LeaveVacation, ANNUAL)
    assert (row.kind_code, row.pushes) == (None, False)


def test_a_kind_that_changes_its_unit_or_goes_is_said(mapped: Someone, twin: Twin, drain: Drain) -> None:
    twin.world.office.vacations = [{"id": ANNUAL, "name": "带薪年假", "time_attr": 1}]
    compare(mapped, drain)
    annual, hours = (db.session.get_one(LeaveVacation, number) for number in (ANNUAL, HOURS))
    assert (annual.is_hourly, annual.kind_code, hours.is_listed, hours.kind_code) == (True, None, False, "compensatory")
    assert "企业微信里已没有" in mapped.get("/leave/drift/kinds").text


def test_hr_of_one_department_sees_its_people_only(mapped: Someone, twin: Twin, drain: Drain, console: Ways) -> None:
    team = make.department("研发部")
    grants.lot(staff(twin, "li", "李华", dept=team), 5)
    grants.lot(staff(twin, "han", "韩梅"), 5)
    limited = staff(twin, "sun", "孙人事", dept=team, roles=(Role.HR,))
    with platform.unit_of_work():
        db.session.execute(update(Grant).where(Grant.person_id == limited.id).values(department_id=team.id))
    compare(mapped, drain)
    page = console("sun").get("/leave/drift").text
    assert ("李华" in page, "韩梅" in page) == (True, False)
    assert "立即对账" not in page
    switch = {"vacation_id": ANNUAL, "pushes": "true"}
    for path, form in (("runs", {}), ("kinds", {"vacation_id": ANNUAL}), ("kinds/switch", switch)):
        assert post(console("sun"), f"/leave/drift/{path}", **form).status_code == 403
    hidden = db.session.scalars(select(LeaveDrift.id).join(Person).where(Person.userid == "han")).one()
    assert post(console("sun"), f"/leave/drift/{hidden}/push").status_code == 404


def test_statements_do_not_grow_with_people(mapped: Someone, twin: Twin, drain: Drain, statements: list[str]) -> None:
    """But for the meter, which counts each call of WeCom's."""
    counts = []
    for userids in (("a", "b"), "cdefghijklmnop"):
        for userid in userids:
            grants.lot(staff(twin, userid, userid), 5)
        statements.clear()
        compare(mapped, drain)
        counts.append(sum("leave_" in one or "outbox" in one or "FROM person" in one for one in statements))
    assert counts[0] == counts[1]
