"""Giving up statutory days on the phone: one's own, by one's own hand, taken back until they end; HR only reads."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kit import workbook
from kit.ids import new_id
from models.enums import Role
from services import leave, platform
from tests.factories import leave as grants
from tests.factories import people as make
from tests.support.clients import Someone

Ways = Callable[..., Someone]
WISH = {"kind": "annual", "year": "2026", "days": "1.5", "reason": "个人安排", "agrees": "true"}


@pytest.fixture
def li(app: Flask, h5: Ways) -> Someone:
    """Li with five statutory days of 2026; Han is a colleague, Chen is HR."""
    grants.kinds()
    make.person("hanmeimei", "韩梅梅")
    make.person("chen", "陈人事", roles=(Role.HR,))
    person = make.person("lilei", "李雷")
    with platform.unit_of_work():
        leave.grant_for(person.id)
    return h5("lilei")


def post(who: Someone, path: str, **form: str) -> TestResponse:
    """Sends a form as htmx does."""
    return who.post(path, data={**form, "_key": new_id()}, headers={"HX-Request": "true"})


def declared(who: Someone) -> str:
    """Declares; the id of the declaration, as the page links to it."""
    answer = post(who, "/leave/waivers", **WISH)
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (204, "/h5/leave/waivers")
    found = re.search(r"/leave/waivers/(\w+)/revoke", who.get("/leave/waivers").text)
    assert found
    return found[1]


def test_i_declare_see_the_words_and_take_them_back(li: Someone) -> None:
    assert "声明不休其中几天" in li.get("/leave/waivers").text
    waiver_id = declared(li)
    page = li.get("/leave/waivers").text
    assert "自愿不休其中 1.5 天" in page
    assert "已声明不休 1.5 天" in page
    assert "最多 3.5 天" in page
    assert post(li, f"/leave/waivers/{waiver_id}/revoke").status_code == 204
    assert "已撤回" in li.get("/leave/waivers").text
    assert post(li, f"/leave/waivers/{waiver_id}/revoke").status_code == 409


@pytest.mark.parametrize("change", [{"days": "5.5"}, {"days": "0"}, {"days": "0.3"}, {"year": "2025"}, {"agrees": ""}])
def test_what_cannot_be_given_up_is_refused(li: Someone, change: dict[str, str]) -> None:
    assert post(li, "/leave/waivers", **WISH | change).status_code == 422


def test_nobody_takes_back_what_another_declared(li: Someone, h5: Ways) -> None:
    waiver_id = declared(li)
    han = h5("hanmeimei")
    assert "个人安排" not in han.get("/leave/waivers").text
    assert post(han, f"/leave/waivers/{waiver_id}/revoke").status_code == 404
    assert post(h5("chen"), f"/leave/waivers/{waiver_id}/revoke").status_code == 404


def test_hr_reads_and_exports_and_cannot_declare_for_anybody(li: Someone, console: Ways) -> None:
    declared(li)
    hr = console("chen")
    page = hr.get("/leave/lapses/waivers?person=李雷").text
    assert "自愿不休其中 1.5 天" in page
    assert "有效" in page
    (row,) = workbook.read(hr.get("/leave/lapses/waivers?format=xlsx").data).rows
    assert (row.text("员工"), row.text("天数"), row.text("核对")) == ("李雷", "1.5", "一致")
    assert hr.post("/leave/lapses/waivers", data=WISH).status_code == 405


def test_the_warning_list_is_seen_and_exported(li: Someone, console: Ways) -> None:
    hr = console("chen")
    assert "三个月内没有要到期的法定年假" in hr.get("/leave/lapses").text
    assert hr.get("/leave/lapses?format=csv").status_code == 200
