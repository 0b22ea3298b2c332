"""A small company in which every route has something to show: one thing of each kind, and who may reach it."""

import io
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from kit import clock, workbook
from models.approvals import ApprovalHistory, ApprovalInstance, ApprovalTask
from models.attendance_months import AttendanceMonth, MonthSheet
from models.attendance_punches import FieldReport, ReviewCase
from models.base import db
from models.enums import MonthState, PromiseState, Role, SheetState, StepUpMethod, Surface
from models.leave import LeaveDrift
from models.payroll import Payslip
from models.people import Grant, Person
from models.platform import Promise
from services import attendance, leave, people, platform, rosters, schedule
from services.leave.granting import sheet
from simulator import Twin
from tests.factories import attendance as punching
from tests.factories import forms as filling
from tests.factories import leave as leaving
from tests.factories import notices as telling
from tests.factories import payroll as paying
from tests.factories import people as make
from tests.factories import schedule as roster
from tests.support.clients import Someone

PIN = "260417"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
SUPERIOR_ONLY = json.dumps({"nodes": [{"name": "直接上级", "approvers": [{"kind": "superior"}]}]})
NOTICE = {"year": 2027, "source": "通知", "statutory": "01-01", "off": "01-01..01-03", "work": ""}


@dataclass
class World:
    """Who is there (userid), and the id that stands for each path parameter."""

    app: Flask
    ids: dict[str, str] = field(default_factory=dict)
    sessions: dict[tuple[str, Surface], Someone] = field(default_factory=dict)

    def someone(self, userid: str, surface: Surface) -> Someone:
        """A session that has just proven itself, the same one each time."""
        key = (userid, surface)
        if key not in self.sessions:
            self.sessions[key] = Someone(self.app, userid, surface, stepped_up=True)
        return self.sessions[key]


def build(app: Flask, twin: Twin, drain: Any) -> World:
    """The company, through the real doors wherever that is short."""
    world = World(app)
    _people(world, twin)
    _leave_and_corrections(world)
    _grants_and_leavers(world)
    _forms(world)
    _places_and_shifts(world)
    _field_punches(world)
    _months(world)
    _notices_and_pay(world, drain)
    _leave_in_wecom(world, twin, drain)
    _policy_draft(world, drain)
    _kind_draft(world, drain)
    _waiver(world)
    _rosters(world)
    _plumbing(world)
    for userid in ("li", "han", "boss", *Role):
        for surface in Surface:
            if surface is not Surface.CONSOLE or userid not in ("li", "han"):
                world.someone(str(userid), surface)
    return world


def pay_book(*rows: list[object]) -> bytes:
    """A workbook of pay for Li."""
    li = db.session.scalars(select(Person).where(Person.userid == "li")).one()
    return paying.excel(rows or [paying.row(li)])


def staff_book(number: str = "008") -> bytes:
    """A workbook that gives Han a number."""
    return workbook.write(people.importing.SHEET, people.importing.HEADER, [("han", "韩梅", number, *[""] * 5)])


def machine_book(account: str = "li") -> bytes:
    """What an attendance machine heard of Li."""
    return workbook.write("记录", ("工号", "姓名", "打卡时间"), [(account, "", "2026-02-27 18:03:02")])


def grants_book(amount: str = "2") -> bytes:
    """A workbook that gives Han some days."""
    row = ("han", "韩梅", "annual", amount, "期初余额", "2026-01-01", "2026-12-31")
    return workbook.write(sheet.SHEET, sheet.HEADER, [row])


def _people(world: World, twin: Twin) -> None:
    top = make.department("公司")
    shop = make.department("门店", parent=top)
    boss = paying.staff(twin, "boss", "王总", dept=top, leads=True)
    for role in Role:
        paying.staff(twin, role.value, f"{role.value}同事", dept=top, roles=(role,))
    li = paying.staff(twin, "li", "李华", superior=boss, dept=shop, employee_number="007")
    paying.staff(twin, "han", "韩梅", superior=boss, dept=shop)
    world.ids |= {"person_id": li.id, "department_id": shop.id, "department": shop.id}
    world.ids["grant_id"] = db.session.scalar(select(Grant.id).join(Person).where(Person.userid == "auditor")) or ""


def _leave_and_corrections(world: World) -> None:
    leaving.kinds()
    li = db.session.get_one(Person, world.ids["person_id"])
    leaving.lot(li, 5)
    me = world.someone("li", Surface.MINIPROGRAM)
    plan = {"kind": "personal", "first_day": "2026-03-05", "last_day": "2026-03-05", "reason": "家里有事"}
    asked = me.post("/leave/requests", data={**plan, "proof": (io.BytesIO(PNG), "证明.png")})
    assert asked.status_code == 201, asked.text
    world.ids["request_id"] = asked.json["id"]
    punching.punches(li, "in 08:55", date(2026, 2, 27))
    missed = {"day": "2026-02-27", "direction": "out", "time": "18:05", "reason": "手机没电"}
    asked = me.post("/attendance/corrections", data={**missed, "evidence": (io.BytesIO(PNG), "证据.png")})
    assert asked.status_code == 201, asked.text
    world.ids["correction_id"] = asked.json["id"]
    days = {"to": "han", "first_day": "2026-03-02", "last_day": "2026-03-04"}
    world.ids["delegation_id"] = me.post("/approvals/delegations", json=days).json["id"]
    found = (
        select(ApprovalTask.id, ApprovalInstance.id).join(ApprovalInstance).where(ApprovalInstance.subject == "leave")
    )
    world.ids["task_id"], world.ids["instance_id"] = db.session.execute(found).one()
    world.ids |= {"subject": "leave", "subject_id": world.ids["request_id"], "code": "personal"}
    _talk(world, me, plan)
    over = me.post("/leave/requests", data={**plan, "first_day": "2026-03-20", "last_day": "2026-03-20"}).json["id"]
    assert me.post(f"/leave/requests/{over}/withdraw").status_code == 204
    world.ids["leave_draft"] = me.post("/leave/drafts", json={**plan, "first_day": "2026-03-30"}).json["id"]
    cover = {**plan, "cover": "li"}
    world.ids["covered_id"] = world.someone("han", Surface.MINIPROGRAM).post("/leave/requests", data=cover).json["id"]
    free = me.post("/leave/requests", data={**plan, "first_day": "2026-03-27", "last_day": "2026-03-27"}).json["id"]
    world.ids["approved"] = free
    leaving.approve(free)
    ended = select(ApprovalInstance.id).where(ApprovalInstance.subject_id == over)
    world.ids["ended"] = db.session.scalars(ended).one()


def _talk(world: World, me: Someone, plan: dict[str, str]) -> None:
    """A request with a paper in its history, one whose applicant was asked something, one that was sent back."""
    boss = world.someone("boss", Surface.MINIPROGRAM)
    said = {"text": "见附件", "paper": (io.BytesIO(PNG), "说明.png")}
    assert me.post(f"/approvals/instances/{world.ids['instance_id']}/comments", data=said).status_code == 204
    paper = select(ApprovalHistory.file_id).where(ApprovalHistory.file_id.is_not(None))
    world.ids["remark_paper"] = db.session.scalars(paper).one() or ""
    for name, day, act in (("questioned", "2026-03-24", "question"), ("returned", "2026-03-25", "return")):
        asked = me.post("/leave/requests", data={**plan, "first_day": day, "last_day": day}).json["id"]
        found = select(ApprovalTask.id, ApprovalInstance.id).join(ApprovalInstance)
        task_id, world.ids[name] = db.session.execute(found.where(ApprovalInstance.subject_id == asked)).one()
        word = {"text" if act == "question" else "reason": "请说明"}
        assert boss.post(f"/approvals/tasks/{task_id}/{act}", json=word).status_code == 204


def _forms(world: World) -> None:
    filling.shipped()
    filling.published("everything", filling.EVERYTHING)
    me = world.someone("li", Surface.MINIPROGRAM)
    paper = me.post("/forms/files", data={"paper": (io.BytesIO(PNG), "合同.png")}).json["id"]
    items = [{"thing": thing, "pieces": "2", "each": "1.50"} for thing in ("笔", "本")]
    values = {"words": "文字", "papers": [paper], "items": items}
    asked = me.post("/forms/everything/requests", json={"values": values})
    assert asked.status_code == 201, asked.text
    kept = me.post("/forms/everything/drafts", json={"values": values})
    found = select(ApprovalTask.id).join(ApprovalInstance).where(ApprovalInstance.subject_id == asked.json["id"])
    world.ids["form_task"] = db.session.scalars(found).one()
    world.ids |= {"form": "everything", "form_request": asked.json["id"], "draft_id": kept.json["id"], "paper": paper}


def _grants_and_leavers(world: World) -> None:
    """A workbook of grants that HR has looked at, and somebody who left with days to pay."""
    gone = make.person("gone", "离职者")
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        book = platform.Upload("额度.xlsx", grants_book())
        world.ids["book_id"] = leave.importing.check(hr, leave.importing.ImportWish(book=book)).book_id
        leave.grant_for(gone.id)
        platform.publish(people.Left(gone.id))
        db.session.execute(update(Person).where(Person.id == gone.id).values(status="inactive", left_on=clock.today()))
    with platform.unit_of_work():
        (left,) = leave.settlements.listing(people.by_userid("hr"), leave.settlements.SettlementsQuery()).items
        wage = leave.settlements.Price(average_wage="7250.00")
        world.ids["settlement_id"] = leave.settlements.price(people.by_userid("payroll"), left.id, wage).settlement.id


def _waiver(world: World) -> None:
    """Days of the year's statutory leave that Li gave up in writing."""
    with platform.unit_of_work():
        leave.grant_for(world.ids["person_id"])
        wish = leave.waivers.Declare(kind="annual", year=2026, days="1", reason="个人安排", agrees=True)
        world.ids["waiver_id"] = leave.waivers.declare(people.by_userid("li"), wish)


def _policy_draft(world: World, drain: Any) -> None:
    """A policy that HR has saved and tried."""
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        form = leave.policies.PolicyForm(days="2", valid_from="2027-01-01", version=0)
        world.ids["policy_draft"] = leave.policy_drafts.save(hr, "personal", form)
        leave.policy_drafts.start(hr, world.ids["policy_draft"], leave.policy_drafts.TrialYear(year=2025))
    drain()


def _kind_draft(world: World, drain: Any) -> None:
    """Rules of two kinds that HR has saved and tried; one has its day."""
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        for name, code in (("kind_draft", "personal"), ("dated_kind_draft", "civic")):
            kind = leave.kind_detail(code)
            same = {"name": kind.name, "is_active": True, "version": kind.version}
            form = leave.EditKind.model_validate(kind.rules.model_dump() | same)
            world.ids[name] = leave.kind_drafts.save(hr, code, form)
            leave.kind_drafts.start(hr, world.ids[name], leave.kind_drafts.TrialYear(year=2025))
    drain()
    with platform.unit_of_work():
        chosen = leave.kind_drafts.ReleaseKind(valid_from=date(2027, 1, 1))
        leave.kind_drafts.release(hr, world.ids["dated_kind_draft"], chosen)


def _places_and_shifts(world: World) -> None:
    place = punching.place(has_code=True)
    with platform.unit_of_work():
        shown = attendance.place(people.System("tests"), place.id)
    world.ids |= {"place_id": place.id, "key": shown.kiosk or ""}
    shift = roster.shift("早班", ((600, 720), (780, 1080)))
    spare = roster.shift("备用班", ((600, 720), (780, 1080)))
    world.ids["what"] = f"shift:{spare.id}"
    world.ids["rotation_id"] = roster.rotation("倒班", spare, None).id
    roster.own_day("司庆", date(2026, 4, 20))
    standard = attendance.overtime.WorkingTimeWish(system="standard", starts_on="2020-01-01", ends_on="2020-01-31")
    with platform.unit_of_work():
        attendance.set_working_time(people.System("tests"), standard)
        world.ids["system_id"] = attendance.working_times(people.System("tests"))[0].id
    world.ids |= {
        "shift_id": roster.shift("闲置班").id,
        "assignment_id": roster.assigned(shift, starts_on=date(2026, 4, 1)).id,
    }


def _field_punches(world: World) -> None:
    """A punch of Li in the field that waits for the manager, and a case about one that is doubted."""
    me = world.someone("li", Surface.MINIPROGRAM)
    for name, way in (("doubted_report", "out"), ("report_id", "in")):
        told = {"direction": way, "way": "field", "spot": "客户处", "photo": (io.BytesIO(PNG), "现场.png")}
        asked = me.post("/attendance/punches", data=told)
        assert asked.status_code == 201, asked.text
        found = select(FieldReport.id).where(FieldReport.direction == way)
        world.ids[name] = db.session.scalars(found).one()
    with platform.unit_of_work():
        doubt = attendance.DecideFields(ids=[world.ids["doubted_report"]], is_doubted=True, note="照片不清楚")
        attendance.fields.decide(people.by_userid("hr"), doubt)
    world.ids["case_id"] = db.session.scalars(select(ReviewCase.id)).one()


def _months(world: World) -> None:
    """A month of attendance at each step on the way to its close; Li has one to confirm, Han disputes his."""
    han = db.session.scalars(select(Person.id).where(Person.userid == "han")).one()
    states = {
        "2025-01": "confirming",
        "2025-02": "review",
        "2025-03": "open",
        "2026-01": "closed",
        "2026-02": "confirming",
    }
    sheets = [MonthSheet(month=date(2026, 2, 1), person_id=one, hash="0" * 64) for one in (world.ids["person_id"], han)]
    sheets[1].state = SheetState.DISPUTED
    with platform.unit_of_work():
        db.session.add_all(sheets)
        for month, state in states.items():
            db.session.add(AttendanceMonth(month=date.fromisoformat(f"{month}-01"), state=MonthState(state)))
    world.ids["sheet_id"] = sheets[1].id


def _notices_and_pay(world: World, drain: Any) -> None:
    world.ids["notice_id"] = telling.sent(must_confirm=True)
    world.ids["draft"] = telling.draft()
    world.ids["scheduled"] = telling.draft()
    later = {"at": "2026-03-05T10:00", "people": "8"}
    answer = world.someone("hr", Surface.CONSOLE).post(f"/notices/{world.ids['scheduled']}/schedule", data=later)
    assert answer.status_code == 303, answer.text
    li, han = (people.by_userid(userid) for userid in ("li", "han"))
    preparer, releaser = (people.by_userid(role.value) for role in (Role.PAYROLL, Role.PAYROLL_REVIEWER))
    content = pay_book(*[paying.row(db.session.get_one(Person, one.person_id)) for one in (li, han)])
    prepare, release = (db.session.get_one(Person, one.person_id) for one in (preparer, releaser))
    world.ids["batch_id"] = paying.released(prepare, release, content)
    world.ids["prepared"] = paying.prepared(prepare, content, "2026-01")
    drain()
    mine = select(Payslip.id).where(Payslip.person_id == li.person_id, Payslip.batch_id == world.ids["batch_id"])
    world.ids["payslip_id"] = db.session.scalar(mine) or ""
    me = world.someone("li", Surface.MINIPROGRAM)
    asked = me.post(
        f"/payroll/payslips/{world.ids['payslip_id']}/disputes", json={"item": "应发：奖金", "text": "少了"}
    )
    assert asked.status_code == 201, asked.text
    world.ids["dispute_id"] = asked.json["id"]
    answered = world.someone("payroll", Surface.CONSOLE).post(
        f"/payroll/disputes/{asked.json['id']}/answers", data={"text": "我们核对一下"}
    )
    assert answered.status_code == 303, answered.text


def _leave_in_wecom(world: World, twin: Twin, drain: Any) -> None:
    """Li took a day there that nobody knows of here, and HR may have ours written."""
    twin.world.office.vacations = [{"id": 1, "name": "年假", "time_attr": 0}]
    twin.set_vacation("li", 1, 5 * 86_400, 86_400)
    hr = world.someone("hr", Surface.CONSOLE)
    mapped, switched = {"vacation_id": 1, "kind": "annual"}, {"vacation_id": 1, "pushes": True}
    for path, form in (("runs", {}), ("kinds", mapped), ("kinds/switch", switched), ("runs", {})):
        assert hr.post(f"/leave/drift/{path}", data=form).status_code < 400
        drain()
    found = select(LeaveDrift.id).join(Person).where(Person.userid == "li", LeaveDrift.vacation_id == 1)
    world.ids["drift_id"] = db.session.scalars(found).one()


def _rosters(world: World) -> None:
    """A roster in the making, one in force, and a department that needs somebody."""
    with platform.unit_of_work():
        hr, shop = people.by_userid("hr"), world.ids["department_id"]
        for name, first, last in (("roster_id", 9, 9), ("in_force", 16, 18)):
            days = {"first_day": date(2026, 3, first), "last_day": date(2026, 3, last)}
            wish = rosters.NewRoster(department_id=shop, **days)
            world.ids[name] = rosters.begin(hr, wish)
        early = next(one.id for one in schedule.shifts() if one.name == "早班")
        rosters.add_minimum(hr, rosters.MinimumWish(department_id=shop, at_least=1, shift_id=early))
        world.ids["minimum_id"] = rosters.rules_of(hr, shop).minima[0].id
        li, han = (people.by_userid(userid).person_id for userid in ("li", "han"))
        said = (f"{han} 2026-03-16 早班", f"{li} 2026-03-16 休", f"{li} 2026-03-17 早班", f"{li} 2026-03-18 早班")
        rosters.write(hr, world.ids["in_force"], rosters.CellsWish(cells="\n".join(said)))
        seen = rosters.check(hr, world.ids["in_force"])
        rosters.publish(hr, world.ids["in_force"], rosters.Publish(version=seen.version, unmet=seen.unmet))
        world.ids["cells"] = f"{world.ids['person_id']} 2026-03-09 早班"
        world.ids["unmet"] = str(rosters.check(hr, world.ids["roster_id"]).unmet)
    with platform.unit_of_work():
        for userid, name, day in (("han", "offer_id", 16), ("li", "my_offer", 18)):
            wish = rosters.OfferWish(day=date(2026, 3, day))
            world.ids[name] = rosters.market.offer(people.by_userid(userid), wish)


def roster_book() -> bytes:
    """A grid in which Li works on its day."""
    return workbook.write("排班", ("姓名", "账号", "3月9日"), [("李华", "li", "早班")])


def _plumbing(world: World) -> None:
    with platform.unit_of_work():
        platform.promise("notices.nothing", {"a": 1}, dedupe_key="hostile")
        db.session.flush()
        db.session.execute(update(Promise).where(Promise.dedupe_key == "hostile").values(state=PromiseState.DEAD))
    world.ids["promise_id"] = db.session.scalar(select(Promise.id).where(Promise.dedupe_key == "hostile")) or ""
    for surface, userid in ((Surface.MINIPROGRAM, "li"), (Surface.CONSOLE, "hr")):
        with platform.unit_of_work():
            actor = people.sessions.actor_for(world.someone(userid, surface).token, surface)
            people.step_up.set_pin(actor, StepUpMethod.PIN, people.step_up.NewPin(pin=PIN))
    with platform.unit_of_work():
        hr = people.by_userid("hr")
        book = platform.Upload("员工.xlsx", staff_book())
        heard = attendance.CheckMachine(workbook=platform.Upload("打卡.xlsx", machine_book()))
        world.ids["machine_file"] = attendance.machines.check(hr, heard).file_id
        world.ids["file_id"] = people.importing.check(hr, people.importing.ImportWish(workbook=book)).file_id
    world.ids |= {"name": "notices.quiet_hours", "file": "WW_verify_x", "agent": "hr", "filename": "x"}
