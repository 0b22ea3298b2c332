"""Coming in by browser: away to WeCom with a state of ours, back with a code (reliability R01, R02, R03, R05)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from kit import clock
from models.base import db
from models.enums import Role
from models.people import LoginSession, Person
from services import people, platform
from simulator import Twin
from tests.factories.people import person
from tests.support.browser import Browser


@pytest.fixture
def li(app: Flask, twin: Twin) -> Person:
    with twin.quiet():
        twin.add_member("LiHua", "李华")
        twin.add_member("mallory", "马洛")
    person("mallory")
    return person("lihua", "李华")


def sessions() -> int:
    return db.session.scalar(select(func.count()).select_from(LoginSession)) or 0


def exchanges(twin: Twin) -> int:
    return sum("getuserinfo" in call.api for call in twin.calls)


def test_a_member_comes_in_and_lands_where_they_wanted(app: Flask, twin: Twin, li: Person) -> None:
    browser = Browser(app, twin)
    response = browser.log_in("LiHua", "/h5/leave?tab=mine")
    assert (response.status_code, response.headers["Location"]) == (303, "/h5/leave?tab=mine")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-hr-h5=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert people.sessions.actor_for(browser.session or "", "h5").person_id == li.id


def test_the_address_of_wecom_is_as_documented(app: Flask, twin: Twin, li: Person) -> None:
    browser = Browser(app, twin)
    location = browser.get("/h5/login").headers["Location"]
    assert location.endswith("#wechat_redirect")
    assert browser.leave_for_wecom()["redirect_uri"] == "https://hr.example.com/h5/login/return"
    desk = Browser(app, twin, "console")
    assert desk.leave_for_wecom()["login_type"] == "CorpApp"


@pytest.mark.parametrize(
    "path",
    ["https://evil.example/h5/", "//evil.example/h5/", "/\\evil.example", "/h5/../console/", "/console/", "h5/",
     "/h5/\x01", "/h5/login/return?code=1", "/h5/a//b", ""],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_login(app: Flask, twin: Twin, li: Person, path: str) -> None:
    response = Browser(app, twin).log_in("LiHua", path)
    assert response.headers["Location"] == "/h5/"


class TestStates:
    """Nothing but our own fresh state of this very browser and flow reaches WeCom."""

    @pytest.fixture(autouse=True)
    def _people(self, li: Person) -> None:
        pass

    def refused(self, twin: Twin, browser: Browser, code: str | None, state: str | None) -> None:
        before = exchanges(twin)
        response = browser.come_back(code, state)
        assert response.status_code in (403, 422)
        assert (browser.session, sessions(), exchanges(twin)) == (None, 0, before)

    @pytest.mark.parametrize("state", [None, "", "0" * 64, "x", "%00", "a" * 150, "状态"])
    def test_made_up(self, app: Flask, twin: Twin, state: str | None) -> None:
        self.refused(twin, Browser(app, twin), twin.oauth_code("LiHua"), state)

    def test_of_another_browser(self, app: Flask, twin: Twin) -> None:
        theirs = Browser(app, twin).leave_for_wecom()["state"]
        victim = Browser(app, twin)
        self.refused(twin, victim, twin.oauth_code("mallory"), theirs)
        victim.leave_for_wecom()  # a browser cookie alone does not help either
        self.refused(twin, victim, twin.oauth_code("mallory"), theirs)

    def test_cut_or_grown(self, app: Flask, twin: Twin) -> None:
        browser = Browser(app, twin)
        state = browser.leave_for_wecom()["state"]
        for bent in (state[:-1], state + "0", state.upper(), f" {state}"):
            self.refused(twin, browser, twin.oauth_code("LiHua"), bent)

    def test_of_another_flow(self, app: Flask, twin: Twin) -> None:
        browser = Browser(app, twin, "console")
        state = browser.leave_for_wecom()["state"]
        browser.surface = "h5"
        self.refused(twin, browser, twin.oauth_code("LiHua"), state)

    def test_expired(self, app: Flask, twin: Twin) -> None:
        browser = Browser(app, twin)
        state = browser.leave_for_wecom()["state"]
        with clock.frozen(clock.now() + timedelta(minutes=10, seconds=1)):
            self.refused(twin, browser, twin.oauth_code("LiHua"), state)

    def test_used(self, app: Flask, twin: Twin) -> None:
        browser = Browser(app, twin)
        state = browser.leave_for_wecom()["state"]
        browser.come_back(twin.oauth_code("LiHua"), state)
        before = exchanges(twin)
        assert browser.come_back(twin.oauth_code("mallory"), state).status_code == 403
        assert (sessions(), exchanges(twin)) == (1, before)

    def test_without_a_code(self, app: Flask, twin: Twin) -> None:
        browser = Browser(app, twin)
        self.refused(twin, browser, None, browser.leave_for_wecom()["state"])


def test_a_spent_code_begins_again_once_and_then_says_so(app: Flask, twin: Twin, li: Person) -> None:
    browser = Browser(app, twin)
    code = twin.oauth_code("LiHua")
    browser.come_back(code, browser.leave_for_wecom("/h5/leave")["state"])
    again = browser.come_back(code, browser.leave_for_wecom("/h5/leave")["state"])
    assert again.status_code == 303
    state = again.headers["Location"].partition("state=")[2].partition("&")[0]
    assert browser.come_back(code, state).status_code == 403


class TestOnlyAnActiveEmployee:
    """Whatever WeCom answers, only the one person it exactly names comes in (R02, R03)."""

    @pytest.mark.parametrize(
        "answer",
        [{"openid": "o1"}, {"external_userid": "wm1"}, {"userid": ""}, {"userid": None}, {"userid": 0}, {"userid": []},
         {"userid": ["lihua"]}, {"userid": "nobody"}, {"userid": "left"}, {"userid": "lihua "}, {"userid": " lihua"},
         {"userid": "lihua\u200b"}, {"userid": "ｌｉｈｕａ"}, {"userid": "lihúa"}, {"userid": "lihua\0"}, {}],
    )  # fmt: skip
    def test_others_stay_out(self, app: Flask, twin: Twin, li: Person, answer: dict[str, object], answering) -> None:
        person("left", status="inactive")
        answering("auth/getuserinfo", answer)
        browser = Browser(app, twin)
        assert browser.come_back("code", browser.leave_for_wecom()["state"]).status_code in (403, 404, 502)
        assert (browser.session, sessions()) == (None, 0)

    @pytest.mark.parametrize("answer", [{"userid": "LIHUA"}, {"UserId": "lihua", "DeviceId": ""}])
    def test_both_spellings_and_any_case_reach_the_same_person(
        self, app: Flask, twin: Twin, li: Person, answer: dict[str, object], answering
    ) -> None:
        answering("auth/getuserinfo", answer)
        browser = Browser(app, twin)
        browser.come_back("code", browser.leave_for_wecom()["state"])
        assert people.sessions.actor_for(browser.session or "", "h5").person_id == li.id


def test_wecom_silent_is_a_page_not_a_crash(app: Flask, twin: Twin, li: Person) -> None:
    twin.fault("auth/getuserinfo", "timeout", times=10)
    assert Browser(app, twin).log_in("LiHua").status_code == 502


def test_the_console_opens_only_to_people_with_something_to_do_there(app: Flask, twin: Twin, li: Person) -> None:
    browser = Browser(app, twin, "console")
    assert browser.log_in("LiHua").status_code == 403
    assert browser.session is None
    with platform.unit_of_work():
        people.grants.grant(people.System("test"), li.id, people.grants.GrantWish(role=Role.HR))
    assert browser.log_in("LiHua").headers["Location"] == "/console/"


class TestSessionsEnd:
    """Idle, old, logged out, with other rights, or gone: the next request is not let in (R05)."""

    @pytest.fixture
    def browser(self, app: Flask, twin: Twin, li: Person) -> Browser:
        browser = Browser(app, twin)
        browser.log_in("LiHua")
        assert self.is_in(browser)
        return browser

    def is_in(self, browser: Browser) -> bool:
        return browser.get("/h5/step-up").status_code == 200

    def test_idle(self, browser: Browser) -> None:
        with clock.frozen(clock.now() + timedelta(minutes=30, seconds=1)):
            assert not self.is_in(browser)

    def test_old_however_busy(self, browser: Browser) -> None:
        start = clock.now()
        for minutes in range(20, 720, 20):
            with clock.frozen(start + timedelta(minutes=minutes)):
                assert self.is_in(browser)
        with clock.frozen(start + timedelta(hours=12)):
            assert not self.is_in(browser)

    def test_logout(self, browser: Browser) -> None:
        token = browser.session or ""
        csrf = people.sessions.actor_for(token, "h5").csrf
        assert browser.post("/h5/logout", data={"_csrf": csrf}).headers["Location"] == "/h5/goodbye"
        assert browser.session is None
        browser.client.set_cookie("__Host-hr-h5", token, domain="hr.example.com", secure=True)
        assert not self.is_in(browser)
        assert browser.get("/h5/goodbye").status_code == 200

    def test_a_role_given_or_taken(self, browser: Browser, li: Person) -> None:
        with platform.unit_of_work():
            given = people.grants.grant(people.System("test"), li.id, people.grants.GrantWish(role=Role.HR))
        assert not self.is_in(browser)
        browser.log_in("LiHua")
        with platform.unit_of_work():
            people.grants.revoke(people.System("test"), given.id)
        assert not self.is_in(browser)

    def test_leaving(self, browser: Browser) -> None:
        with platform.unit_of_work():
            people.directory.member_gone("lihua", clock.now())
        assert not self.is_in(browser)

    def test_a_new_token_at_every_login(self, browser: Browser) -> None:
        first = browser.session
        browser.log_in("LiHua")
        assert browser.session != first

    def test_a_planted_token_is_not_taken_over(self, app: Flask, twin: Twin, li: Person) -> None:
        browser = Browser(app, twin)
        browser.client.set_cookie("__Host-hr-h5", "planted", domain="hr.example.com", secure=True)
        browser.log_in("LiHua")
        assert browser.session not in (None, "planted")

    def test_forged_and_cut_tokens(self, browser: Browser) -> None:
        token = browser.session or ""
        for bent in (token[:-1], token + "A", token.swapcase(), "", "0", "null", token[::-1]):
            browser.client.set_cookie("__Host-hr-h5", bent, domain="hr.example.com", secure=True)
            assert not self.is_in(browser)

    def test_a_session_is_worth_nothing_on_another_surface(self, app: Flask, browser: Browser) -> None:
        token = browser.session or ""
        response = app.test_client().get("/api/v1/session/step-up", headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 401
