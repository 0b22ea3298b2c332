"""What all pages share: the front address, the trusted-domain file, template globals, the console menu."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, g, json, request
from markupsafe import Markup

from entrypoints.http import PUBLIC, endpoint
from entrypoints.results import Redirect
from kit import clock
from kit.errors import NotFound
from kit.ids import new_id
from services import people
from services.people import Permission as P
from templates_msg.filters import duration, hour

bp = Blueprint("pages", __name__)

# Explicit inheritance, no eval, and refusals are swapped in (the server retargets them to #problem).
HTMX = {
    "disableInheritance": True,
    "allowEval": False,
    "includeIndicatorStyles": False,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "4..", "swap": True, "error": False},
        {"code": "5..", "swap": False, "error": True},
    ],
}
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Item:
    """A line of the console's menu, shown to whoever has the permission; `also` leads to pages that belong to it."""

    title: str
    path: str
    needs: people.Permission
    also: str = ""


@dataclass(frozen=True)
class MenuGroup:
    title: str
    items: tuple[Item, ...]


MENU = (
    MenuGroup(
        "人员",
        (
            Item("员工", "/console/people", P.PEOPLE_PERSON_READ),
            Item("角色", "/console/people/grants", P.PEOPLE_GRANT_EDIT),
        ),
    ),
    MenuGroup(
        "时间",
        (
            Item("今日考勤", "/console/attendance", P.ATTENDANCE_BOARD_READ),
            Item("月度考勤", "/console/attendance/months", P.ATTENDANCE_MONTH_READ),
            Item("打卡地点", "/console/attendance/places", P.ATTENDANCE_PLACE_EDIT),
            Item("考勤机", "/console/attendance/machines", P.ATTENDANCE_PUNCH_IMPORT),
            Item("排班", "/console/rosters", P.ROSTERS_ROSTER_EDIT),
            Item("班次", "/console/schedule/shifts", P.SCHEDULE_SHIFT_EDIT),
            Item("节假日", "/console/schedule/holidays", P.SCHEDULE_SHIFT_EDIT),
            Item("工时制度", "/console/attendance/working-time", P.SCHEDULE_SHIFT_EDIT),
        ),
    ),
    MenuGroup(
        "假期与审批",
        (
            Item("请假记录", "/console/leave", P.LEAVE_REQUEST_READ),
            Item("团队日历", "/console/leave/calendar", P.LEAVE_REQUEST_READ),
            Item("假期余额", "/console/leave/balances", P.LEAVE_BALANCE_READ, also="/console/leave/people"),
            Item("到期预警", "/console/leave/lapses", P.LEAVE_BALANCE_READ),
            Item("假期对账", "/console/leave/drift", P.LEAVE_DRIFT_READ),
            Item("假期发放", "/console/leave/grants", P.LEAVE_BALANCE_ADJUST),
            Item("假期报表", "/console/leave/reports", P.LEAVE_REQUEST_READ),
            Item("假期种类", "/console/leave/kinds", P.LEAVE_KIND_EDIT, also="/console/leave/places"),
            Item("发放规则", "/console/leave/policies", P.LEAVE_KIND_EDIT),
            Item("规则草案", "/console/leave/drafts", P.LEAVE_KIND_EDIT),
            Item("表单", "/console/forms", P.FORMS_FORM_EDIT),
            Item("表单记录", "/console/forms/requests", P.FORMS_REQUEST_READ),
            Item("审批流程", "/console/approvals/flows", P.APPROVALS_FLOW_EDIT),
            Item("审批记录", "/console/approvals", P.APPROVALS_INSTANCE_READ),
            Item("审批效率", "/console/approvals/figures", P.APPROVALS_INSTANCE_READ),
        ),
    ),
    MenuGroup(
        "薪酬",
        (
            Item("工资条", "/console/payroll", P.PAYROLL_BATCH_READ),
            Item("工资疑问", "/console/payroll/disputes", P.PAYROLL_DISPUTE_ANSWER),
            Item("未休年假折算", "/console/leave/reports/liability", P.PAYROLL_BATCH_READ),
            Item("假期草案成本", "/console/leave/costs", P.PAYROLL_BATCH_READ),
            Item("影响工资的假期", "/console/leave/pay", P.LEAVE_PAY_READ),
            Item("未休折算", "/console/leave/settlements", P.LEAVE_SETTLEMENT_READ),
        ),
    ),
    MenuGroup("沟通", (Item("公告", "/console/notices", P.NOTICES_NOTICE_READ),)),
    MenuGroup(
        "系统",
        (
            Item("待发消息", "/console/platform/outbox", P.PLATFORM_DELIVERY_READ),
            Item("收到的回调", "/console/platform/inbox", P.PLATFORM_DELIVERY_READ),
            Item("审计", "/console/platform/audit", P.PLATFORM_AUDIT_READ),
            Item("设置", "/console/platform/settings", P.PLATFORM_SETTING_EDIT),
        ),
    ),
)


@bp.get("/")
@endpoint(needs=PUBLIC, outside=True)
def front() -> Redirect:
    """Staff arrive here from the workbench."""
    return Redirect("/h5/")


@bp.get("/<string:file>.txt")
@endpoint(needs=PUBLIC, outside=True)
def verify_domain(file: str) -> Response:
    """The file by which WeCom verifies that this domain is ours; its content is its own name."""
    if f"{file}.txt" != current_app.config["DOMAIN_VERIFY_FILE"]:
        raise NotFound()
    return Response(file.removeprefix("WW_verify_"), mimetype="text/plain")


def console_menu() -> list[MenuGroup]:
    """The groups and items the present actor may open."""
    may = [MenuGroup(group.title, tuple(i for i in group.items if actor().may(i.needs))) for group in MENU]
    return [group for group in may if group.items]


def _menu_path() -> str:
    """The menu's page that the present one belongs to: the longest path that leads here."""
    paths = [(root, one.path) for group in MENU for one in group.items for root in (one.path, one.also) if root]
    fits = [(root, path) for root, path in paths if f"{request.path}/".startswith(f"{root}/")]
    return max(fits, key=lambda fit: len(fit[0]), default=("", ""))[1]


def actor() -> people.Actor:
    """Who looks at this page; absent on public pages."""
    return g.get("actor")  # type: ignore[no-any-return]


def _csrf() -> str:
    return actor().csrf if actor() else ""


def with_query(**changes: str | None) -> str:
    """This page's query string with some fields changed; None and "" drop the field."""
    kept = {**request.args.to_dict(), **changes}
    return "?" + urlencode({name: value for name, value in kept.items() if value})


def moment(at: datetime) -> str:
    """An instant as people here say it: 3月2日 09:30, with the year when it is another."""
    there = clock.local(at)
    year = "" if there.year == clock.today().year else f"{there.year}年"
    return f"{year}{there.month}月{there.day}日 {there:%H:%M}"


def stamp(at: datetime) -> str:
    """An instant as a paper says it, which is read in other years too: 2026-03-02 09:30."""
    return f"{clock.local(at):%Y-%m-%d %H:%M}"


def day(on: date) -> str:
    """A date with its weekday: 3月2日 周一, with the year when it is another."""
    year = "" if on.year == clock.today().year else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日 周{WEEKDAYS[on.weekday()]}"


def install(app: Flask) -> None:
    """Gives templates what every page needs."""
    app.jinja_env.globals.update(
        today=clock.today,
        new_key=new_id,
        actor=actor,
        csrf=_csrf,
        csrf_field=lambda: Markup('<input type="hidden" name="_csrf" value="{}">').format(_csrf()),
        console_menu=console_menu,
        here=lambda path: path == _menu_path(),
        is_open=lambda path: path == request.path,
        query=lambda name: request.args.get(name),
        with_query=with_query,
        htmx_config=Markup(json.dumps(HTMX)),  # noqa: S704 — our own constant, for a single-quoted attribute
    )
    app.jinja_env.filters.update(moment=moment, stamp=stamp, day=day, hour=hour, duration=duration)
