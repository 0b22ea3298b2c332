"""Deliveries beside taps and chat: strangers, scanned codes, and what WeCom's own applications tell."""

import pytest
from flask import Flask
from sqlalchemy import select

from models.attendance import Punch
from models.base import db
from services import attendance, people
from simulator import Delivery, Twin
from tests.factories.attendance import place
from tests.factories.people import person


@pytest.fixture
def li(app: Flask, twin: Twin) -> str:
    with twin.quiet():
        twin.add_member("LiHua", "李华")
    person("lihua", "李华")
    return "LiHua"


def scan(twin: Twin, userid: str, result: str, event: str = "scancode_waitmsg") -> Delivery:
    return twin.event(userid, event, "scan", ScanCodeInfo={"ScanType": "qrcode", "ScanResult": result})


def words(delivery: Delivery) -> str:
    return str((delivery.reply or {}).get("Content", ""))


def test_a_stranger_hears_why_nothing_happens(app: Flask, twin: Twin) -> None:
    with twin.quiet():
        twin.add_member("guest", "访客")
    assert words(twin.say("guest", "帮助")) == "通讯录中没有您的在职信息，请联系人事"


@pytest.mark.parametrize(
    "result",
    ["https://elsewhere.example/?x=1", "", "http://[", "?code=a&code=b", "https://hr.example.com/?code=" + "x" * 600],
)
def test_a_foreign_code_is_refused_in_words(twin: Twin, li: str, result: str) -> None:
    assert "不是打卡点的二维码" in words(scan(twin, li, result))


def test_a_made_up_code_punches_nobody(twin: Twin, li: str) -> None:
    assert "二维码已失效" in words(scan(twin, li, "https://hr.example.com/h5/attendance/scan?code=made.up"))
    assert scan(twin, li, "https://hr.example.com/h5/attendance/scan?code=x", "scancode_push").reply is None
    assert db.session.scalars(select(Punch)).all() == []


@pytest.mark.parametrize("event", ["enter_agent", "LOCATION", "view", "pic_weixin", "location_select"])
def test_what_needs_no_answer_gets_none(twin: Twin, li: str, event: str) -> None:
    delivery = twin.event(li, event, "k", Latitude=31.2, Longitude=121.4, Precision=30)
    assert (delivery.attempts, delivery.reply) == (["200"], None)


def test_other_applications_of_wecom_are_heard(app: Flask, twin: Twin) -> None:
    assert twin.batch_job_result("job-1").accepted
    assert twin.batch_job_result("job-2", errcode=1).accepted


def test_the_scanned_code_of_a_screen_punches(app: Flask, twin: Twin, li: str) -> None:
    made = place(has_code=True)
    screen = attendance.place(people.System("tests"), made.id).kiosk or ""
    code = attendance.shown_at(screen).code
    delivery = scan(twin, li, f"https://hr.example.com/h5/attendance/scan?code={code}")
    assert words(delivery)
    (punch,) = db.session.scalars(select(Punch))
    assert (punch.place_id, punch.source) == (made.id, "qr")
