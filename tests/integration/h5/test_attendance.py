"""Attendance on the phone: the button, the calendar, corrections, the board, and WeCom's JavaScript."""

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from kit import clock
from models.attendance import Correction, Punch
from models.base import db
from models.enums import PunchSource
from models.people import Person
from services import attendance, people
from tests.factories import attendance as made
from tests.factories.people import department, person
from tests.support.clients import Someone
from tests.support.settings import PUBLIC_URL
from wecom.jsapi import sign

H5 = Callable[..., Someone]
FORM = {"direction": "in", "latitude": "31.1774276", "longitude": "121.5272106", "accuracy": "20", "datum": "wgs84"}
WECOM = {"User-Agent": "Mozilla/5.0 (iPhone) wxwork/4.1.20 MicroMessenger/7.0.1 Language/zh"}


@pytest.fixture
def lihua(app: Any) -> Person:
    """An employee of the office, 09:00 to 18:00, with a boss."""
    return person("lihua", "李华", superior=person("boss", "王经理"), dept=department())


def page(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def test_the_button_offers_what_comes_next(h5: H5, lihua: Person) -> None:
    made.place()
    assert ">上班打卡</button>" in page(h5("lihua").get("/attendance"))
    made.punches(lihua, "in 08:55")
    shown = page(h5("lihua").get("/attendance"))
    assert shown.index(">下班打卡</button>") < shown.index(">上班打卡</button>")
    assert "可打卡地点：总部大楼" in shown
    assert "上班：08:55 手机定位，应在 09:00 前，准时。" in shown


def test_punching_shows_the_day_again(h5: H5, lihua: Person) -> None:
    made.place()
    answer = h5("lihua").post(
        "/attendance/punches", data={**FORM, "nonce": "0123456789"}, headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Redirect"] == "/h5/attendance?done=in"
    shown = page(h5("lihua").get(answer.headers["HX-Redirect"]))
    assert "上班打卡成功。" in shown
    assert "手机定位（总部大楼）" in shown
    assert db.session.scalars(select(Punch.source)).one() == PunchSource.H5


def test_without_a_position_the_page_says_what_to_do(h5: H5, lihua: Person) -> None:
    made.place()
    empty = {"direction": "in", "latitude": "", "longitude": "", "nonce": "0123456789"}
    refused = h5("lihua").post("/attendance/punches", data=empty, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "请允许定位后再打卡" in unescape(refused.text)


def test_the_wecom_script_is_loaded_in_wecom_only(h5: H5, lihua: Person) -> None:
    assert "wecom-jssdk.js" in page(h5("lihua").get("/attendance", headers=WECOM))
    assert "wecom-jssdk.js" not in page(h5("lihua").get("/attendance"))


def test_a_scanned_code_needs_one_tap(h5: H5, lihua: Person) -> None:
    place = made.place(has_code=True)
    kiosk = attendance.place(people.System("tests"), place.id).kiosk
    code = attendance.shown_at(kiosk or "").code
    shown = page(h5("lihua").get(f"/attendance/scan?code={code}"))
    assert f'name="code" value="{code}"' in shown
    done = h5("lihua").post("/attendance/punches", data={"direction": "in", "code": code})
    assert done.status_code == 303
    assert db.session.scalars(select(Punch.source)).one() == PunchSource.QR


def test_the_calendar_begins_on_the_right_weekday(h5: H5, lihua: Person) -> None:
    made.punches(lihua, "in 09:12, out 18:00", date(2026, 2, 3))
    shown = page(h5("lihua").get("/attendance/month?month=2026-02"))
    assert shown.count('class="calendar__day ') == 28
    assert "calendar__day_7" in shown  # 1 February 2026 was a Sunday
    assert "tone_wait" in shown
    assert "1 次，12分" in shown
    assert "?month=2026-01" in shown
    assert "?month=2026-03" in shown


def test_a_day_explains_itself_and_leads_to_the_correction(h5: H5, lihua: Person) -> None:
    made.punches(lihua, "in 08:55", date(2026, 2, 27))
    shown = page(h5("lihua").get("/attendance/day?day=2026-02-27"))
    assert "结论：下班缺卡。如果到岗了，请申请补卡。" in shown
    link = "/h5/attendance/corrections/new?day=2026-02-27&direction=out"
    assert link in shown
    form = page(h5("lihua").get(link))
    assert 'value="2026-02-27"' in form
    assert '<option value="out" selected>' in form


def test_a_correction_from_form_to_withdrawal(h5: H5, lihua: Person) -> None:
    wish = {"day": "2026-02-27", "direction": "out", "time": "18:05", "reason": "手机没电了"}
    li = h5("lihua")
    asked = li.post("/attendance/corrections", data=wish, content_type="multipart/form-data")
    shown = page(li.get(asked.headers["Location"]))
    assert "审批中" in shown
    assert "撤回申请" in shown
    listed = page(li.get("/attendance/corrections"))
    assert "3月可补 3 次，还剩 3 次。" in listed
    assert "2月27日" in listed
    one = db.session.scalars(select(Correction)).one()
    decider = page(h5("boss").get(f"/attendance/corrections/{one.id}"))
    assert "去审批" in decider
    assert "撤回申请" not in decider
    li.post(f"/attendance/corrections/{one.id}/withdraw")
    assert "已撤回" in page(li.get(f"/attendance/corrections/{one.id}"))


def test_the_board_is_for_those_with_people(h5: H5, lihua: Person) -> None:
    made.punches(lihua, "in 09:20")
    with clock.frozen(made.at("09:40")):
        shown = page(h5("boss").get("/attendance/board"))
        assert "09:20 到，迟到 20 分钟" in shown
        assert "迟到在岗 1" in shown
        assert "没有符合条件的人" in page(h5("boss").get("/attendance/board?presence=away"))
        assert "calendar__day" in page(h5("boss").get(f"/attendance/people/{lihua.id}/month"))
        assert "迟到" in page(h5("boss").get(f"/attendance/people/{lihua.id}/day"))
        assert h5("lihua").get("/attendance/board").status_code == 403
    assert "今日团队" not in page(h5("lihua").get("/attendance"))
    assert "今日团队" in page(h5("boss").get("/attendance"))


def test_pages_hold_against_markup_in_a_reason(h5: H5, lihua: Person) -> None:
    wish = {"day": "2026-02-27", "direction": "out", "time": "18:05", "reason": "<script>alert(1)</script>"}
    answer = h5("lihua").post("/attendance/corrections", data=wish)
    assert "<script>alert" not in h5("lihua").get(answer.headers["Location"]).text


# ── WeCom's JavaScript ──


def test_our_own_pages_are_signed(h5: H5, lihua: Person, twin: Any) -> None:
    url = f"{PUBLIC_URL}/h5/attendance?done=in"
    signed = h5("lihua").get(f"/jssdk?url={quote(url, safe='')}").json
    ticket = next(iter(twin.tickets.values())) if hasattr(twin, "tickets") else None
    assert signed["corp_id"] == "ww0123456789abcdef"
    assert len(signed["signature"]) == 40
    if ticket is not None:
        assert signed["signature"] == sign(str(ticket), signed["nonce"], signed["timestamp"], url)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/h5/attendance",
        "https://hr.example.com.evil.example/h5/",
        "https://hr.example.com@evil.example/h5/",
        "http://hr.example.com/h5/attendance",
        "https://hr.example.com/console/",
        "javascript:alert(1)",
        "//hr.example.com/h5/",
    ],
)
def test_nobody_elses_page_is_signed(h5: H5, lihua: Person, url: str) -> None:
    assert h5("lihua").get(f"/jssdk?url={quote(url, safe='')}").status_code == 422


def test_signing_needs_a_session(app: Any) -> None:
    answer = app.test_client().get(f"/h5/jssdk?url={PUBLIC_URL}/h5/", base_url=PUBLIC_URL)
    assert answer.status_code in (302, 303, 401)
