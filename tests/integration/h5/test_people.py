"""My profile on the phone, and completing it from WeCom with my consent."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask

from models.people import Person
from services import people
from simulator import Twin
from tests.factories.people import department, person
from tests.support.browser import Browser


@pytest.fixture
def li(app: Flask, twin: Twin) -> Person:
    boss = person("boss", "王总")
    with twin.quiet():
        twin.add_member("LiHua", "李华", mobile="13812345678", email="li@example.com", gender="2")
        twin.add_member("other", "他人", mobile="13900000000")
    person("other", "他人")
    return person("lihua", "李华", dept=department("研发部"), superior=boss, position="工程师")


@pytest.fixture
def phone(app: Flask, twin: Twin, li: Person) -> Browser:
    browser = Browser(app, twin)
    browser.log_in("LiHua")
    return browser


def ask(phone: Browser) -> str:
    """Presses the button; the state in the address of WeCom's consent page."""
    csrf = people.sessions.actor_for(phone.session or "", "h5").csrf
    location = phone.post("/h5/people/me/consent", data={"_csrf": csrf}).headers["Location"]
    query = dict(parse_qsl(urlsplit(location).query))
    assert query["scope"] == "snsapi_privateinfo"
    return query["state"]


def back(phone: Browser, code: str, state: str) -> int:
    return phone.get(f"/h5/people/me/consent/return?code={code}&state={state}").status_code


def test_my_page_shows_what_is_known(phone: Browser) -> None:
    page = phone.get("/h5/people/me").text
    assert all(word in page for word in ("李华", "研发部", "工程师", "王总"))


def test_with_my_consent_contact_and_gender_are_kept_and_shown_masked(phone: Browser, twin: Twin, li: Person) -> None:
    state = ask(phone)
    assert back(phone, twin.oauth_code("LiHua", private=True), state) == 303
    assert people.contact.contact_of(li.id).mobile == "13812345678"
    page = phone.get("/h5/people/me").text
    assert "138****5678" in page
    assert "13812345678" not in page
    assert people.get(li.id).gender == "female"


def test_without_consent_nothing_changes(phone: Browser, twin: Twin, li: Person) -> None:
    assert back(phone, twin.oauth_code("LiHua"), ask(phone)) == 403
    assert people.contact.contact_of(li.id).mobile is None


def test_somebody_elses_consent_is_not_mine(phone: Browser, twin: Twin, li: Person) -> None:
    assert back(phone, twin.oauth_code("other", private=True), ask(phone)) == 403
    assert people.contact.contact_of(li.id).mobile is None


def test_a_state_of_the_login_is_none_of_the_consent(phone: Browser, twin: Twin) -> None:
    state = phone.leave_for_wecom()["state"]
    assert back(phone, twin.oauth_code("LiHua", private=True), state) == 403


def test_colleagues_are_found_by_name_account_or_number(phone: Browser, api) -> None:
    assert "王总" in phone.get("/h5/people/find?q=王").text
    found = api("lihua").get("/people?q=王").json
    assert [(one["name"], set(one)) for one in found] == [("王总", {"id", "name", "department_name", "position"})]
    assert api("lihua").get("/people?q=").json == []
    assert api("lihua").get("/people?q=%25").json == []


def test_the_api_gives_my_profile_and_nobody_elses(li: Person, api) -> None:
    me = api("lihua").get("/people/me").json
    assert (me["person"]["id"], me["superior_name"]) == (li.id, "王总")
    for field in ("person_id", "userid", "on_behalf_of"):
        assert api("lihua").get(f"/people/me?{field}=other").json["person"]["id"] == li.id
