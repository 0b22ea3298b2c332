"""`flask demo load`: an invented company that has worked here for two weeks, loaded through the real doors.

Directory from WeCom (the twin), roles and dates of service from HR, leave from the yearly job, punches by the API at
the hours they happened, payslips from a workbook on disk, a notice, requests that wait. Loading twice changes nothing.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from entrypoints import directory
from entrypoints.cli import demo_workbooks
from entrypoints.jobs import outside
from entrypoints.jobs.worker import drain
from kit import clock
from models.enums import AudienceKind, Role, Surface, ViewPurpose
from services import attendance, forms, leave, notices, payroll, people, platform, schedule
from services.people import Actor

group = AppGroup("demo", help="An invented company to try the product with.")
OPERATOR = people.System("cli.demo")
ROLES = {"liding": Role.HR, "wuji": Role.HR, "zhouwu": Role.PAYROLL, "qianyi": Role.PAYROLL_REVIEWER,
         "wangxin": Role.AUDITOR, "hanchen": Role.ADMIN}  # fmt: skip
OFFICE, STORE = (39.908722, 116.397499), (39.913818, 116.363625)
FEWEST_DAYS = 14


@group.command("load")
def load() -> None:
    """Load the company, once."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    directory.sync(app.extensions["wecom"])
    with platform.unit_of_work():
        if people.grants.of_person(_actor("liding").person_id):
            click.echo("The demo company is loaded already.")
            return
        place = Path(app.config["AUDIT"].anchor_file).parent
        for step in (_appoint, _dates_of_service, _time_and_places, _leave, _payslips, _notice, _requests, _filled_in):
            step(place)
    _punches(app)
    with platform.unit_of_work():
        _close_days()
    kept = drain(outside.workers(app))
    click.echo(f"虚构公司已载入：{len(demo_workbooks.everybody())} 人，{kept} 条消息和任务已处理。")


def _actor(userid: str) -> Actor:
    return people.by_userid(userid)


def _appoint(_place: Path) -> None:
    for userid, role in ROLES.items():
        people.grants.grant(OPERATOR, _actor(userid).person_id, people.grants.GrantWish(role=role))
    # Whoever tries the demo at night wants to see messages arrive.
    notices.HOURS.change(OPERATOR, notices.QuietHours(begins=time(0), ends=time(0)))


def _dates_of_service(place: Path) -> None:
    content = demo_workbooks.service(place / "员工入职信息（虚构）.xlsx")
    hr, importing = _actor("liding"), people.importing
    looked_at = importing.check(hr, importing.ImportWish(workbook=platform.Upload("员工信息.xlsx", content)))
    importing.apply(hr, importing.ApplyWish(file_id=looked_at.file_id))


def _time_and_places(_place: Path) -> None:
    hr, began = _actor("wuji"), clock.today() - timedelta(days=400)
    office = [schedule.SegmentWish(start="09:00", end="12:00"), schedule.SegmentWish(start="13:00", end="18:00")]
    store = [schedule.SegmentWish(start="10:00", end="14:00"), schedule.SegmentWish(start="15:00", end="19:00")]
    day = schedule.add_shift(hr, schedule.ShiftWish(name="办公室班", segments=office, late_grace=5))
    shop = schedule.add_shift(hr, schedule.ShiftWish(name="门店班", segments=store, late_grace=5))
    schedule.assign(hr, schedule.AssignmentWish(shift_id=day.id, scope=AudienceKind.COMPANY, starts_on=began))
    shop_department = _actor("shiqian").department_id
    given = schedule.AssignmentWish(
        shift_id=shop.id, scope=AudienceKind.DEPARTMENT, target_id=shop_department, starts_on=began
    )
    schedule.assign(hr, given)
    for name, (latitude, longitude), has_code in (("总部大楼", OFFICE, False), ("虚构路门店", STORE, True)):
        wish = attendance.PlaceWish(
            name=name, latitude=latitude, longitude=longitude, datum=attendance.Datum.GCJ02, has_code=has_code
        )
        attendance.add_place(hr, wish)


def _leave(_place: Path) -> None:
    leave.ensure_kinds()
    for year in (clock.today().year - 1, clock.today().year):
        leave.grant_yearly(year)


def _payslips(place: Path) -> None:
    last = clock.today().replace(day=1) - timedelta(days=1)
    for month in ((last.replace(day=1) - timedelta(days=1)).replace(day=1), last.replace(day=1)):
        content = demo_workbooks.payslips(place / f"{month:%Y-%m} 工资（虚构）.xlsx", month)
        wish = payroll.Prepare(month=f"{month:%Y-%m}", file=platform.Upload("工资.xlsx", content))
        _release(_actor("qianyi"), payroll.prepare(_actor("zhouwu"), wish))


def _release(reviewer: Actor, batch_id: str) -> None:
    checked = payroll.figures.figures(reviewer, batch_id, payroll.FiguresQuery(purpose=ViewPurpose.REVIEW))
    assert checked.overview is not None
    wish = payroll.Release(people=checked.batch.people, net=checked.overview.totals.net)
    payroll.release(reviewer, batch_id, wish)


NOTICE = """各位同事：

年度体检安排在下月第一周，请在公告里确认收到。体检当天按出勤计算，无需请假。

（本公告和公司均为虚构，仅供演示。）"""


def _notice(_place: Path) -> None:
    hr = _actor("liding")
    draft = notices.Draft(title="年度体检安排", body=NOTICE, sender="人力资源部", is_for_all=True, must_confirm=True)
    notices.send(hr, notices.create(hr, draft), notices.Send(people=len(demo_workbooks.everybody())))


ASKED = (
    ("chengui", "annual", 0, "陪父母看病"),
    ("weichou", "personal", 0, "办理居住证"),
    ("youshen", "annual", 4, "回老家"),
    ("kongzhen", "sick", 0, "感冒发烧"),
)


def _requests(_place: Path) -> None:
    first = _next_workday(clock.today() + timedelta(days=3))
    for userid, kind, more_days, reason in ASKED:
        last = first + timedelta(days=more_days)
        leave.apply(_actor(userid), leave.Apply(kind=kind, first_day=first, last_day=last, reason=reason))


def _filled_in(_place: Path) -> None:
    forms.ensure_forms()
    today = clock.today()
    item = {"day": today.isoformat(), "kind": "交通", "amount": "38.50", "note": "拜访客户往返"}
    trip = {"from": (today + timedelta(days=7)).isoformat(), "to": (today + timedelta(days=9)).isoformat()}
    for userid, code, values in (
        ("chengui", "expense", {"purpose": "拜访客户", "items": [item, {**item, "kind": "餐饮", "amount": "11"}]}),
        ("xuyou", "trip", {"city": "杭州", "span": trip, "budget": "2600", "reason": "门店开业前培训"}),
        ("chengui", "certificate", {"kind": "在职证明", "use": "办理签证", "copies": "1", "language": "中英文",
                                    "takes": "自取"}),
    ):  # fmt: skip
        forms.submit(_actor(userid), code, forms.Fill(values=values))


def _next_workday(on: date) -> date:
    while not schedule.day(_actor("chengui").person_id, on).is_working:
        on += timedelta(days=1)
    return on


def _punches(app: Flask) -> None:
    """Everybody's punches of the last working days, by the API, with the clock at the hour they happened."""
    chance = Random(2026)  # noqa: S311 — the same demo every time
    for userid in demo_workbooks.everybody():
        place = STORE if userid in demo_workbooks.STORE_STAFF else OFFICE
        for day in _past_days():
            _worked(app, userid, day, place, chance)


def _past_days() -> list[date]:
    """This month so far, at least two weeks; today is left to whoever tries the demo."""
    today = clock.today()
    return [today - timedelta(days=back) for back in range(max(FEWEST_DAYS, today.day - 1), 0, -1)]


def _close_days() -> None:
    """What the nightly job would have kept of these days."""
    for day in _past_days():
        attendance.settle({"slot": clock.at_local(day + timedelta(days=1)).isoformat()})


def _worked(app: Flask, userid: str, day: date, place: tuple[float, float], chance: Random) -> None:
    with platform.unit_of_work(writes=False):
        plan = schedule.day(_actor(userid).person_id, day)
    if not plan.is_working:
        return
    begins, ends = plan.segments[0].start, plan.segments[-1].end
    came = begins + chance.choice([-18, -12, -9, -5, -3, -2, -1, 2, 4, 11])
    left = ends + chance.choice([1, 3, 6, 12, 25, 40, 75])
    _punch(app, userid, clock.at_local(day, came), "in", place)
    if chance.random() > 0.04:  # now and then somebody forgets
        _punch(app, userid, clock.at_local(day, left), "out", place)


def _punch(app: Flask, userid: str, at: datetime, direction: str, place: tuple[float, float]) -> None:
    body = {"direction": direction, "latitude": place[0], "longitude": place[1], "accuracy": 20.0, "datum": "gcj02"}
    with clock.frozen(at):
        with platform.unit_of_work():
            token = people.sessions.open_session(_actor(userid), Surface.MINIPROGRAM).token
        headers = {"Authorization": f"Bearer {token}"}
        answer = app.test_client().post("/api/v1/attendance/punches", json=body, headers=headers)
    if answer.status_code not in (200, 201):
        raise click.ClickException(f"{userid} could not punch in: {answer.text}")
