"""Home shows what each domain says at this moment, in a constant number of statements."""

from collections.abc import Callable

import pytest

from models.enums import Role
from services import leave, platform
from tests.factories.people import person
from tests.support.clients import Someone

As = Callable[..., Someone]


@pytest.fixture(autouse=True)
def _company(app: object) -> None:
    boss = person("boss", "王经理")
    person("lihua", "李华", superior=boss)
    person("hr", "韩梅", roles=(Role.HR,))
    platform.transact(leave.ensure_kinds)


def test_the_first_page_says_what_today_is_and_where_to_go(h5: As) -> None:
    page = h5("lihua").get("/")
    assert page.status_code == 200
    for words in ("3月2日 周一", "上班打卡", "请假", "待办", "工资条", "没有公告"):
        assert words in page.text
    assert "今天谁在" not in page.text


def test_a_manager_also_sees_the_team(h5: As) -> None:
    assert "今天谁在" in h5("boss").get("/").text


def test_the_same_as_json(api: As) -> None:
    answer = api("lihua").get("/me/home")
    assert (answer.status_code, answer.json["name"], answer.json["waiting"], answer.json["payslip"]) == (
        200,
        "李华",
        0,
        None,
    )


def test_statements_do_not_grow_with_the_company(api: As, statements: list[str]) -> None:
    lihua = api("lihua")
    lihua.get("/me/home")
    statements.clear()
    lihua.get("/me/home")
    before = len(statements)
    for number in range(20):
        person(f"p{number}")
    statements.clear()
    lihua.get("/me/home")
    assert len(statements) == before
    assert before <= 16


def test_the_console_opens_for_those_who_have_work_there(console: As) -> None:
    page = console("hr").get("/")
    assert "假期种类" in page.text
    assert "工资疑问" not in page.text
    assert console("lihua").get("/").status_code == 403
