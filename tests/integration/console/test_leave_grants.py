"""HR gives leave: by a policy, by hand for many, out of a workbook; and settles who leaves."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update

from kit import workbook
from kit.ids import new_id
from models.base import db
from models.enums import PersonStatus, Role
from models.people import Person
from services import leave, people, platform
from services.leave.granting import sheet
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
HEAT = {
    "kind": "annual", "amount": "1", "title": "高温假", "starts_on": "2026-06-01", "expires_on": "2026-09-30",
    "reason": "夏季福利",
}  # fmt: skip
POLICY = {
    "basis": "statutory_annual", "accrual": "yearly", "crossing": "segmented", "rounding": "half_day", "days": "2",
    "steps": "3:1\n6:2", "carry_months": 12, "is_prorated": "true", "valid_from": "2026-01-01",
}  # fmt: skip
LI = ("lilei", "李雷", "年假", "1.5", "司龄奖励", "2026-01-01", "2026-12-31")


@pytest.fixture
def li(app: Flask) -> Person:
    """Li of the research department; Chen of HR and Qian of payroll."""
    grants.kinds()
    team = make.department("研发部")
    make.person("chen", "陈人事", roles=(Role.HR,))
    make.person("qian", "钱薪酬", roles=(Role.PAYROLL,))
    return make.person("lilei", "李雷", dept=team)


def post(who: Someone, path: str, **form: object) -> object:
    return who.post(path, data={**form, "_key": new_id()}, headers={"HX-Request": "true"})


def upload(who: Someone, *rows: tuple[str, ...], header: tuple[str, ...] = sheet.HEADER) -> object:
    content = workbook.write(sheet.SHEET, header, rows)
    data = {"book": (io.BytesIO(content), "额度.xlsx")}
    return who.post("/leave/grants/import/check", data=data, headers={"HX-Request": "true"})


def book_id(page: str) -> str:
    return page.split('name="book_id" value="')[1].split('"')[0]


def test_an_award_is_previewed_confirmed_and_followed(li: Person, console: Ways, drain: Callable[[], int]) -> None:
    hr = console("chen")
    assert "给一批人发放" in hr.get("/leave/grants").text
    shown = post(hr, "/leave/grants/awards/preview", **HEAT).text
    assert "3 人" in shown
    assert "24小时" in shown
    assert post(hr, "/leave/grants/awards", **HEAT, people=2).status_code == 409
    assert post(hr, "/leave/grants/awards", **HEAT, people=3).headers["HX-Redirect"] == "/console/leave/grants"
    assert "0 / 3 人" in (going := hr.get("/leave/grants/runs").text)
    assert "every 2s" in going
    drain()
    assert "3 / 3 人" in (over := hr.get("/leave/grants/runs").text)
    assert "every 2s" not in over
    assert "高温假：人事发放 1天" in hr.get(f"/leave/people/{li.id}").text


def test_a_policy_is_tried_released_and_followed(li: Person, console: Ways, drain: Callable[[], int]) -> None:
    hr = console("chen")
    assert "第 1 版，2008-01-01 起" in hr.get("/leave/policies").text
    assert 'name="version" value="1"' in hr.get("/leave/policies/annual").text
    tried = post(hr, "/leave/policies/annual/trial", **POLICY, version=1).text
    assert "增加 3 人，减少 0 人" in tried
    assert "现行规则 15天，新规则 <strong>27天</strong>" in tried
    assert post(hr, "/leave/policies/annual", **POLICY, version=1).status_code == 204
    assert post(hr, "/leave/policies/annual", **POLICY, version=1).status_code == 409
    assert post(hr, "/leave/grants", year=2026).status_code == 204
    drain()
    page = hr.get(f"/leave/people/{li.id}").text
    assert "2026年公司年假" in page
    assert "年假发放规则第 2 版" in page
    assert "第 2 版，2026-01-01 起" in hr.get("/leave/policies").text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"valid_from": "2025-12-31"}, "最早是今年"),
        ({"accrual": "monthly", "valid_from": "2026-04-01"}, "只能从 1 月 1 日起"),
        ({"steps": "3-1"}, "司龄增加的写法不对"),
        ({"steps": "3:2\n6:1"}, "不是逐档增加"),
        ({"days": "101"}, ""),
        ({"sick_kinds": "sick flu"}, "没有代码为“flu”的假别"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    li: Person, console: Ways, changes: dict[str, object], says: str
) -> None:
    for path in ("/leave/policies/annual/trial", "/leave/policies/annual"):
        refused = post(console("chen"), path, **{**POLICY, "version": 1, **changes})
        assert (refused.status_code, says in refused.text) == (422, True), refused.text


def test_a_workbook_is_checked_then_given_and_a_second_time_changes_nothing(li: Person, console: Ways) -> None:
    hr = console("chen")
    filled = workbook.read(hr.get("/leave/grants/import/template").data)
    assert {row.text("账号") for row in filled.rows} == {"chen", "qian", "lilei"}
    checked = upload(hr, LI, ("lilei", "李雷", "调休", "4", "二月加班", "2026-03-01", "2026-08-31"), ("chen", "陈人事"))
    assert "将向 1 人发放 2 笔" in checked.text
    assert "1.5天" not in hr.get(f"/leave/people/{li.id}").text
    assert post(hr, "/leave/grants/import", book_id=book_id(checked.text)).status_code == 204
    page = hr.get(f"/leave/people/{li.id}").text
    assert ("1.5天" in page, "4小时" in page, "司龄奖励：人事导入" in page) == (True, True, True)
    assert post(hr, "/leave/grants/import", book_id=book_id(checked.text)).status_code == 204
    assert "以前都导入过" in upload(hr, LI).text
    assert hr.get(f"/leave/people/{li.id}").text.count("司龄奖励：人事导入") == 1


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("nobody", "无名", *LI[2:])], "没有这个账号"),
        ([("lilei", "韩梅梅", *LI[2:])], "与通讯录中的“李雷”不一致"),
        ([(*LI[:2], "事假", *LI[3:])], "没有这种假"),
        ([(*LI[:3], "0", *LI[4:])], "大于 0"),
        ([(*LI[:3], "一天半", *LI[4:])], "大于 0"),
        ([(*LI[:3], "0.0001", *LI[4:])], "不能换算成整分钟"),
        ([(*LI[:5], "明天", "2026-12-31")], "请填写日期"),
        ([(*LI[:5], "2025-01-01", "2025-12-31")], "不能早于"),
        ([(*LI[:4], "", *LI[5:])], "个字说明"),
        ([LI, LI], "与第 2 行重复"),
        ([("lilei", "李雷")], "没有填写任何数量"),
    ],
)
def test_one_wrong_cell_keeps_the_whole_workbook_out(
    li: Person, console: Ways, rows: list[tuple[str, ...]], says: str
) -> None:
    good = ("qian", "钱薪酬", *LI[2:])
    refused = upload(console("chen"), *([good, *rows] if len(rows[0]) > 2 and rows[0] != LI else rows))
    assert (refused.status_code, says in refused.text) == (422, True), refused.text


def test_nobody_gives_leave_to_themselves(li: Person, console: Ways) -> None:
    hr, myself = console("chen"), people.by_userid("chen").person_id
    gift = {"kind": "annual", "amount": "30", "reason": "给自己"}
    for answer in (
        post(hr, "/leave/adjustments", person_id=myself, **gift),
        post(hr, "/leave/adjustments", person_id=myself, **gift | {"amount": "-1"}),
        post(hr, "/leave/grants/awards/preview", **HEAT, person="chen"),
        post(hr, "/leave/grants/awards", **HEAT, person="chen", people=1),
    ):
        assert (answer.status_code, "请由另一位人事处理" in answer.text) == (403, True)
    assert "请由另一位人事处理" in upload(hr, ("chen", "陈人事", *LI[2:])).text
    assert "30天" not in hr.get(f"/leave/people/{myself}").text
    make.person("second", roles=(Role.HR,))
    assert post(console("second"), "/leave/adjustments", person_id=myself, **gift).status_code < 400


def test_another_amount_for_what_was_given_is_refused(li: Person, console: Ways) -> None:
    hr = console("chen")
    post(hr, "/leave/grants/import", book_id=book_id(upload(hr, LI).text))
    refused = upload(hr, (*LI[:3], "2", *LI[4:]))
    assert (refused.status_code, "已导入过 1.5天" in refused.text) == (422, True)
    assert upload(hr, LI[:6], header=sheet.HEADER[:6]).status_code == 422


def test_somebody_elses_workbook_is_not_given(li: Person, console: Ways) -> None:
    make.person("second", roles=(Role.HR,))
    looked_at = book_id(upload(console("chen"), LI).text)
    assert post(console("second"), "/leave/grants/import", book_id=looked_at).status_code == 403


@pytest.fixture
def left(li: Person) -> str:
    """Li has left with two days unused; the id of the settlement."""
    with platform.unit_of_work():
        leave.grant_for(li.id)
        gone = {"status": PersonStatus.INACTIVE, "left_on": date(2026, 6, 30)}
        db.session.execute(update(Person).where(Person.id == li.id).values(**gone))
        db.session.expire_all()
        platform.publish(people.Left(li.id))
        (one,) = leave.settlements.listing(people.by_userid("chen"), leave.settlements.SettlementsQuery()).items
        return one.id


def test_hr_sees_days_and_payroll_the_amount(left: str, console: Ways) -> None:
    hr, pay = console("chen"), console("qian", stepped_up=True)
    assert "李雷" in hr.get("/leave/settlements?state=due&person=李").text
    page = hr.get(f"/leave/settlements/{left}").text
    assert "181 天÷365×5 天" in page
    assert "月平均工资" not in page
    assert post(pay, f"/leave/settlements/{left}/price", average_wage="10000.00").status_code == 204
    assert "1839.08" in pay.get(f"/leave/settlements/{left}/pay").text
    assert hr.get(f"/leave/settlements/{left}/pay").status_code == 403
    rows = workbook.read(hr.get("/leave/settlements?format=xlsx").data).rows
    assert [(row.text("员工"), row.text("折算天数"), row.text("状态")) for row in rows] == [("李雷", "2", "已核算")]


def test_hr_mends_a_settlement(left: str, console: Ways) -> None:
    hr = console("chen")
    assert post(hr, f"/leave/settlements/{left}/restate", left_on="2026-02-28").status_code == 204
    assert "2026-02-28" in hr.get(f"/leave/settlements/{left}").text
    assert post(hr, f"/leave/settlements/{left}/restate", left_on="2019-12-31").status_code == 422
    assert post(hr, f"/leave/settlements/{left}/void").status_code == 204
    assert "已作废" in hr.get(f"/leave/settlements/{left}").text
    assert post(hr, f"/leave/settlements/{left}/void").status_code == 409
