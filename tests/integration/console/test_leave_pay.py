"""HR and payroll see the leave of a month that means something for pay; employees see what theirs means."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from models.base import db
from models.enums import Role
from models.leave_pay import LeavePayClose
from models.people import Person
from models.platform import AuditRecord
from services import approvals, people, platform
from services.approvals import Decide
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
PLAN = {"first_day": "2026-03-09", "last_day": "2026-03-10", "kind": "personal"}


@pytest.fixture
def shop(app: Flask) -> dict[str, Person]:
    """Li of the shop and Zhao of the warehouse under Wang, each with two days of personal leave; HR and payroll."""
    grants.kinds()
    shop, warehouse = make.department("门店"), make.department("仓库")
    wang = make.person("wangwu", "王五", dept=shop, leads=True)
    found = {"li": make.person("li", "李雷", superior=wang, dept=shop)}
    found["zhao"] = make.person("zhao", "赵六", superior=wang, dept=warehouse)
    make.person("hr", roles=(Role.HR,))
    make.person("pay", roles=(Role.PAYROLL,))
    make.person("check", roles=(Role.PAYROLL_REVIEWER,))
    return found


def ask(api: Ways, userid: str, **more: str) -> str:
    made = api(userid).post("/leave/requests", json=PLAN | more)
    assert made.status_code == 201, made.json
    return str(made.json["id"])


def approve() -> None:
    with platform.unit_of_work():
        wang = people.by_userid("wangwu")
        for task in approvals.my_tasks(wang, approvals.MineQuery()).items:
            approvals.decide(wang, task.id, Decide(decision="approve"))


def away(api: Ways) -> None:
    for userid in ("li", "zhao"):
        ask(api, userid)
        approve()


def test_the_month_lists_who_is_paid_otherwise_and_why(shop: dict[str, Person], api: Ways, console: Ways) -> None:
    away(api)
    page = console("hr").get("/leave/pay?month=2026-03").text
    assert page.count("<td>事假</td>") == 2
    assert "2 天" in page
    assert "月工资 ÷ 21.75 × 未付薪工作日" in page
    assert "结算 2026-03" not in page, "HR looks, payroll closes"
    assert "这个月没有影响工资的假期" in console("hr").get("/leave/pay?month=2026-04").text


def test_one_department_and_one_page_at_a_time(shop: dict[str, Person], api: Ways, console: Ways) -> None:
    away(api)
    pay = console("pay")
    ours = pay.get(f"/leave/pay?month=2026-03&department_id={shop['li'].department_id}").text
    assert ("李雷" in ours, "赵六" in ours) == (True, False)
    first = pay.get("/leave/pay?month=2026-03&limit=1").text
    assert ("李雷" in first) != ("赵六" in first)
    assert "cursor=" in first


def test_the_statements_do_not_grow_with_the_people(
    shop: dict[str, Person], api: Ways, console: Ways, statements: list[str]
) -> None:
    away(api)
    pay, lengths = console("pay"), []
    for limit in (2, 2, 1):  # the first look remembers rules
        statements.clear()
        pay.get(f"/leave/pay?month=2026-03&limit={limit}")
        lengths.append(len(statements))
    assert lengths[1] == lengths[2]


@pytest.mark.parametrize("userid", ["li", "wangwu", "check"])
def test_nobody_else_sees_it(shop: dict[str, Person], console: Ways, userid: str) -> None:
    assert console(userid).get("/leave/pay").status_code in (302, 403)


def test_the_file_says_the_same_and_is_on_record(shop: dict[str, Person], api: Ways, console: Ways) -> None:
    away(api)
    answer = console("hr").get("/leave/pay?month=2026-03&format=csv")
    head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))
    assert head[0] == "员工"
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert found["李雷"]["分钟"] == "960"
    assert (found["李雷"]["怎么付"], found["李雷"]["天数"]) == ("不付工资", "2")
    assert console("pay").get("/leave/pay?month=2026-03&format=xlsx").status_code == 200
    actions = db.session.scalars(select(AuditRecord.action).where(AuditRecord.action == "leave.pay.export")).all()
    assert len(actions) == 2


def test_payroll_closes_the_month_it_has_seen(shop: dict[str, Person], api: Ways, console: Ways) -> None:
    away(api)
    pay = console("pay")
    page = pay.get("/leave/pay?month=2026-03").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    ask(api, "li", first_day="2026-03-12", last_day="2026-03-12")
    approve()
    stale = pay.post("/leave/pay/close", data={"month": "2026-03", "seen": seen})
    assert (stale.status_code, "刚刚变了" in stale.text) == (409, True)
    page = pay.get("/leave/pay?month=2026-03").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert pay.post("/leave/pay/close", data={"month": "2026-03", "seen": seen}).status_code < 400
    assert db.session.scalars(select(LeavePayClose.through)).one() == date(2026, 3, 1)
    assert "2026-03 已结算" in pay.get("/leave/pay?month=2026-03").text


def test_employees_are_told_before_and_after_and_see_no_amount(shop: dict[str, Person], api: Ways, h5: Ways) -> None:
    me = h5("li")
    words = "2天（960 分钟）：不付工资：月工资 ÷ 21.75 × 未付薪工作日，从月工资中扣除（公司规定的计算方式）"
    assert api("li").get("/leave/preview", query_string=PLAN).json["pay"] == words
    assert words in me.get("/leave/preview", query_string=PLAN).text
    made = ask(api, "li")
    assert words in me.get(f"/leave/requests/{made}").text, "while it waits"
    approve()
    page = me.get(f"/leave/requests/{made}").text
    assert "本次请假对工资的影响" in page
    assert words in page
    assert api("wangwu").get(f"/leave/requests/{made}").json["pay"] is None, "it is their own business"


def test_what_was_taken_back_means_nothing_any_more(shop: dict[str, Person], api: Ways) -> None:
    me = api("li")
    made = ask(api, "li")
    me.post(f"/leave/requests/{made}/withdraw")
    assert me.get(f"/leave/requests/{made}").json["pay"] is None


def test_hr_says_how_a_kind_is_paid_and_never_below_the_law(shop: dict[str, Person], console: Ways) -> None:
    hr = console("hr")
    page = hr.get("/leave/kinds/sick").text
    assert "公司的病假工资比例" in page
    assert "生育津贴，低于本人工资的补足" in hr.get("/leave/kinds").text
    rules = {"name": "婚假", "is_active": "true", "version": 1, "unit": "day", "is_paid": "true",
             "counting": "calendar_except_statutory", "by_place": "true", "occasion": "marriage"}  # fmt: skip
    refused = hr.post("/leave/kinds/marriage", data=rules | {"paid_as": "sick"})
    assert (refused.status_code, "“带薪时怎么付”不能低于法定标准" in refused.text) == (422, True)


def test_the_places_page_says_what_sick_pay_follows_and_how_sure_it_is(shop: dict[str, Person], console: Ways) -> None:
    page = console("hr").get("/leave/places").text
    for words in ("沪劳保综发〔2003〕2号", "2,540.00", "国家只规定下限", "见于权威转述"):
        assert words in page
