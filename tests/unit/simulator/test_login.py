"""The authorize page answers for the person of the browser; the PC page asks who scans; the frame logs in afresh."""

from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import Client

from simulator import create_app

AUTHORIZE = {
    "appid": "ww0123456789abcdef",
    "redirect_uri": "http://hr.test/h5/back",
    "response_type": "code",
    "scope": "snsapi_base",
    "state": "abc123",
    "agentid": "1000002",
}


@pytest.fixture
def browser(twin):
    return Client(create_app(twin, "http://hr.test"))


def landed(answer):
    """Where a redirect leads: address and parameters."""
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.scheme}://{parts.netloc}{parts.path}", {k: v[0] for k, v in parse_qs(parts.query).items()}


def test_the_person_of_the_browser_is_logged_in_silently(browser, api):
    browser.set_cookie("twin_person", "hanmei")
    address, query = landed(browser.get("/connect/oauth2/authorize", query_string=AUTHORIZE))
    assert (address, query["state"]) == ("http://hr.test/h5/back", "abc123")
    assert api.call("auth/getuserinfo", code=query["code"])["userid"] == "hanmei"


def test_a_browser_without_a_person_is_asked(browser):
    page = browser.get("/connect/oauth2/authorize", query_string=AUTHORIZE)
    assert "韩梅" in page.text
    address, _ = landed(browser.get("/connect/oauth2/authorize", query_string={**AUTHORIZE, "as": "hanmei"}))
    assert address == "http://hr.test/h5/back"


def test_private_fields_need_consent(browser, api):
    browser.set_cookie("twin_person", "lihua")
    asked = {**AUTHORIZE, "scope": "snsapi_privateinfo"}
    assert "申请获取你的信息" in browser.get("/connect/oauth2/authorize", query_string=asked).text
    for agreed, tickets in (("1", 1), ("0", 0)):
        _, query = landed(browser.get("/connect/oauth2/authorize", query_string={**asked, "agreed": agreed}))
        assert ("user_ticket" in api.call("auth/getuserinfo", code=query["code"])) == tickets


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"appid": "ww1"}, "appid"),
        ({"agentid": "5"}, "agentid"),
        ({"response_type": "token"}, "response_type"),
        ({"scope": "all"}, "scope"),
        ({"scope": "snsapi_privateinfo", "agentid": ""}, "agentid"),
        ({"state": "has-a-dash"}, "state"),
        ({"redirect_uri": "/relative"}, "redirect_uri"),
        ({"redirect_uri": "http://evil.test/"}, "50001"),
    ],
)
def test_a_wrong_request_ends_on_an_error_page(browser, twin, wrong, words):
    twin.agent.trusted_domain = "hr.test"
    page = browser.get("/connect/oauth2/authorize", query_string={**AUTHORIZE, **wrong})
    assert (page.status_code, words in page.text) == (400, True)


def test_the_pc_page_asks_who_scans_and_refuses_who_is_out_of_range(browser, twin, api):
    scan = {k: AUTHORIZE[k] for k in ("appid", "agentid", "redirect_uri", "state")} | {"login_type": "CorpApp"}
    twin.agent.visible_departments = [2]
    page = browser.get("/wwlogin/sso/login", query_string=scan)
    assert ("韩梅" in page.text, "赵六" in page.text) == (True, False)
    _, query = landed(browser.get("/wwlogin/sso/login", query_string={**scan, "as": "hanmei"}))
    assert api.call("auth/getuserinfo", code=query["code"])["userid"] == "hanmei"
    assert browser.get("/wwlogin/sso/login", query_string={**scan, "as": "zhaoliu"}).status_code == 403
    assert browser.get("/wwlogin/sso/login", query_string={**scan, "login_type": "ServiceApp"}).status_code == 400


def test_opening_the_frame_drops_the_products_cookies_and_chooses_the_person(browser):
    browser.set_cookie("session", "of someone else")
    browser.set_cookie("csrf", "old", path="/h5")
    browser.set_cookie("hr-console", "of HR in another tab")
    answer = browser.get("/h5/phone", query_string={"as": "hanmei", "to": "http://hr.test/h5/leave"})
    assert answer.headers["Location"] == "http://hr.test/h5/leave"
    assert (browser.get_cookie("session"), browser.get_cookie("csrf", path="/h5")) == (None, None)
    assert browser.get_cookie("twin_person").value == "hanmei"
    assert browser.get_cookie("hr-console") is not None


def test_the_frame_opens_the_product_only_and_known_people_only(browser):
    for query in ({"as": "hanmei", "to": "http://evil.test/"}, {"as": "nobody", "to": "http://hr.test/h5/"}):
        assert browser.get("/h5/phone", query_string=query).status_code == 404
