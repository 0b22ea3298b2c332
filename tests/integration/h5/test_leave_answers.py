"""Answers about leave on the phone: each page reads well and leads on."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models.enums import Gender
from services import leave, platform
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
FORM = {"kind": "annual", "first_day": "2026-03-09", "last_day": "2026-03-10"}


@pytest.fixture
def li(app: Flask, h5: Ways) -> Someone:
    """Li with the days of this year, a day and a half of the last, and a superior."""
    grants.kinds()
    wang = make.person("wangwu", "王五", leads=True)
    li = make.person("lilei", "李雷", superior=wang, gender=Gender.MALE, first_worked_on=date(2019, 1, 1))
    with platform.unit_of_work():
        leave.grant_for(li.id)
    grants.lot(li, 1.5, title="2025年年假", starts_on=date(2025, 1, 1))
    return h5("lilei")


def asked(who: Someone) -> str:
    answer = who.post("/leave/requests", data={**FORM, "_key": "k" * 26}, headers={"HX-Request": "true"})
    return str(answer.headers["HX-Redirect"])


def test_a_balance_leads_to_its_parts_and_they_to_the_request(li: Someone) -> None:
    where = asked(li)
    assert "/h5/leave/why?kind=annual" in li.get("/leave").text
    page = li.get("/leave/why?kind=annual").text
    assert "为什么有 4.5天年假" in page
    assert "2025年年假：剩 0天" in page
    assert "−1.5天" in page
    assert "3月9日 周一 8小时" in page
    assert f"{where}/charge" in page
    assert "《职工带薪年休假条例》" in page


def test_a_request_leads_to_how_it_was_counted(li: Someone) -> None:
    where = asked(li)
    assert f"{where}/charge" in li.get(where).text
    page = li.get(f"{where}/charge").text
    assert "年假只计本人的工作日，周末和节假日不计。" in page
    assert "按规则第 1 版计算" in page
    assert "2025年年假" in page


def test_a_day_ahead_shows_the_steps_to_it(li: Someone) -> None:
    page = li.get("/leave/forecast?kind=annual&day=2027-01-01").text
    assert "今天可用 6.5天" in page
    assert "2025年年假到期失效 −1.5天，共 5天" in page
    assert "2027年年假届时发放 +5天，共 10天" in page
    asked(li)
    assert "未批准会退回" in li.get("/leave/forecast?kind=annual&day=2026-12-20").text


def test_a_break_fills_in_the_form(li: Someone) -> None:
    page = li.get("/leave/planner?days=3").text
    assert "请 3 天，连休 13 天" in page
    assert "2027 年的放假安排尚未公布" in page
    form = "/h5/leave/new?kind=annual&amp;first_day=2026-09-28&amp;last_day=2026-09-30"
    assert form in page
    filled = li.get(form.replace("&amp;", "&")).text
    assert 'value="2026-09-28"' in filled
    assert 'value="2026-09-30"' in filled


def test_a_refused_preview_opens_to_the_rule(li: Someone) -> None:
    plan = {**FORM, "last_day": "2026-03-31"}
    assert "/h5/leave/why-not?kind=annual" in li.get("/leave/preview", query_string=plan).text
    told = li.get("/leave/why-not", query_string=plan).text
    assert "需要额度，不能透支，依据《职工带薪年休假条例》（第 1 版）" in told
    assert "剩 1.5天，2026年12月31日到期" in told
    assert "why-not" not in li.get("/leave/preview", query_string=FORM).text


def test_the_month_opens_a_day(li: Someone, h5: Ways) -> None:
    asked(li)
    page = h5("wangwu").get("/leave/calendar?month=2026-03&day=2026-03-09").text
    assert "1 人不在" in page
    assert "李雷" in page
    assert "审批中" in page
    assert "大家都在" in h5("wangwu").get("/leave/calendar?month=2026-05").text
