"""The page that asks for proof: whatever state somebody is in, it says what to do next."""

from datetime import timedelta

import pytest
from flask import Flask

from kit import clock
from tests.factories.people import person
from tests.support.clients import Someone

PIN = "260417"


@pytest.fixture(params=["h5", "console"])
def li(request: pytest.FixtureRequest, app: Flask) -> Someone:
    person("lihua", "李华")
    someone: Someone = request.getfixturevalue(request.param)("lihua")
    return someone


def page(li: Someone) -> str:
    response = li.get(f"/step-up?next=/{li.surface}/people/me")
    assert response.status_code == 200
    return response.text


def test_first_a_pin_is_set_and_leads_on(li: Someone) -> None:
    assert "设置安全密码" in page(li)
    response = li.post("/step-up/pin", data={"pin": PIN, "next": f"/{li.surface}/people/me"})
    assert response.headers["Location"] == f"/{li.surface}/people/me"


def test_long_after_the_login_one_logs_in_again_first(li: Someone) -> None:
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        text = page(li)
    assert "重新登录" in text
    back = f"/{li.surface}/step-up%3Fnext%3D/{li.surface}/people/me"
    assert f'href="/{li.surface}/login?next={back}"' in text


def test_then_the_pin_is_asked_for_and_leads_on(li: Someone) -> None:
    li.post("/step-up/pin", data={"pin": PIN})
    assert 'name="secret"' in page(li)
    response = li.post("/step-up", data={"secret": PIN, "next": f"/{li.surface}/people/me"})
    assert response.headers["Location"] == f"/{li.surface}/people/me"
    assert "还可以再试 4 次" in li.post("/step-up", data={"secret": "111222"}).text


def test_nobody_is_led_elsewhere(li: Someone) -> None:
    li.post("/step-up/pin", data={"pin": PIN})
    for path in ("https://evil.example", "//evil.example/h5/", "/api/v1/people/me", f"/{li.surface}/login"):
        response = li.post("/step-up", data={"secret": PIN, "next": path})
        assert response.headers["Location"] == f"/{li.surface}/"


def test_locked_it_says_until_when(li: Someone) -> None:
    li.post("/step-up/pin", data={"pin": PIN})
    for _ in range(5):
        li.post("/step-up", data={"secret": "111222"})
    assert "3月2日 09:35 之后再试" in page(li)


def test_a_totp_seed_is_shown_as_a_picture(li: Someone, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "STEP_UP", "totp")
    assert "开始设置" in page(li)
    there = li.post("/step-up/totp", data={"next": f"/{li.surface}/people/me"}).headers["Location"]
    assert there.startswith(f"/{li.surface}/step-up?next=")
    assert 'src="data:image/svg+xml' in page(li)
