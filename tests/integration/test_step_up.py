"""Proving oneself again before pay and power: PIN and TOTP, counted per person (reliability R06, R07)."""

from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from kit import clock
from kit.errors import Forbidden
from models.base import db
from models.enums import Outcome, Role, StepUpMethod
from models.people import StepUpSecret
from models.platform import AuditRecord
from services import people
from simulator import Twin
from tests.factories.people import person
from tests.support.clients import Someone

PIN = "260417"


@pytest.fixture
def li(app: Flask, api) -> Someone:
    person("lihua", "李华")
    return api("lihua")


@pytest.fixture
def li_with_pin(li: Someone, api) -> Someone:
    """Li, who has a PIN, in a session that has not been stepped up."""
    assert li.put("/session/step-up/pin", json={"pin": PIN}).status_code == 204
    return api("lihua")


def stepped_up(someone: Someone) -> bool:
    return people.sessions.has_stepped_up(people.sessions.actor_for(someone.token, someone.surface))


def attempt(someone: Someone, secret: str) -> int:
    return someone.post("/session/step-up", json={"secret": secret}).status_code


def test_the_first_pin_is_set_right_after_login_and_counts_as_proof(li: Someone) -> None:
    assert li.get("/session/step-up").json == {
        "method": "pin", "is_set": False, "may_set": True, "locked_until": None, "uri": None,
    }  # fmt: skip
    assert li.put("/session/step-up/pin", json={"pin": PIN}).status_code == 204
    assert stepped_up(li)
    assert PIN.encode() not in (db.session.scalars(select(StepUpSecret.sealed_pin)).one() or b"")


def test_an_older_session_must_log_in_again_before_setting(li: Someone) -> None:
    with clock.frozen(clock.now() + timedelta(minutes=5, seconds=1)):
        assert li.get("/session/step-up").json["may_set"] is False
        assert li.put("/session/step-up/pin", json={"pin": PIN}).status_code == 403


@pytest.mark.parametrize(
    "pin", ["123456", "654321", "000000", "890123", "121121", "12345", "1234567", "12a456", "", "１２３４５６"]
)
def test_weak_pins_are_refused(li: Someone, pin: str) -> None:
    assert li.put("/session/step-up/pin", json={"pin": pin}).status_code == 422


def test_the_right_pin_opens_this_session_for_five_minutes(app: Flask, li_with_pin: Someone, api) -> None:
    other = api("lihua")
    assert attempt(li_with_pin, PIN) == 204
    assert stepped_up(li_with_pin)
    assert not stepped_up(other)
    with clock.frozen(clock.now() + timedelta(minutes=5, seconds=1)):
        assert not stepped_up(li_with_pin)


def test_five_wrong_tries_lock_every_session_of_the_person(li_with_pin: Someone, api) -> None:
    assert [attempt(api("lihua"), "111222") for _ in range(5)] == [403, 403, 403, 403, 429]
    response = li_with_pin.post("/session/step-up", json={"secret": PIN})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) == 300
    with clock.frozen(clock.now() + timedelta(minutes=5, seconds=1)):
        assert attempt(li_with_pin, PIN) == 204
        assert attempt(li_with_pin, "111222") == 403  # the count began anew


def test_the_lock_grows_so_that_an_hour_holds_few_tries(li_with_pin: Someone) -> None:
    start, judged = clock.now(), 0
    for seconds in range(0, 3600, 20):
        with clock.frozen(start + timedelta(seconds=seconds)):
            before = db.session.scalars(select(StepUpSecret.failures)).one()
            people.step_up.prove(people.by_userid("lihua"), StepUpMethod.PIN, "111222")
            judged += db.session.scalars(select(StepUpSecret.failures)).one() - before
    assert judged <= 20


def test_each_try_is_recorded(li_with_pin: Someone) -> None:
    attempt(li_with_pin, "111222")
    attempt(li_with_pin, PIN)
    tries = select(AuditRecord.outcome).where(AuditRecord.action == "people.step_up.prove").order_by(AuditRecord.seq)
    assert list(db.session.scalars(tries)) == [Outcome.REFUSED, Outcome.DONE]


def test_a_pin_is_changed_only_after_proving_the_present_one(li_with_pin: Someone) -> None:
    assert li_with_pin.put("/session/step-up/pin", json={"pin": "730518"}).status_code == 403
    attempt(li_with_pin, PIN)
    assert li_with_pin.put("/session/step-up/pin", json={"pin": "730518"}).status_code == 204
    assert attempt(li_with_pin, PIN) == 403
    assert attempt(li_with_pin, "730518") == 204


def test_hr_takes_a_forgotten_pin_away_and_never_their_own(app: Flask, li_with_pin: Someone) -> None:
    person("hr", roles=(Role.HR,))
    li, hr = people.by_userid("lihua"), people.by_userid("hr")
    with pytest.raises(Forbidden):
        people.step_up.reset(hr, hr.person_id)
    people.step_up.reset(hr, li.person_id)
    assert db.session.scalars(select(StepUpSecret)).first() is None
    assert li_with_pin.get("/session/step-up").status_code == 401


def test_a_seed_cannot_be_begun_to_forget_wrong_pins(li_with_pin: Someone) -> None:
    attempt(li_with_pin, "111222")
    assert li_with_pin.post("/session/step-up/totp").status_code == 409
    assert db.session.scalars(select(StepUpSecret.failures)).one() == 1


def test_without_a_pin_there_is_nothing_to_prove(li: Someone) -> None:
    assert attempt(li, PIN) == 409


@pytest.mark.parametrize("secret", [0, False, True, None, [], {}, 1.0, 123456, "12345", "1234567", " 12345", "12345a"])
def test_odd_secrets_are_malformed_and_cost_no_try(li_with_pin: Someone, secret: object) -> None:
    assert li_with_pin.post("/session/step-up", json={"secret": secret}).status_code == 422
    assert db.session.scalars(select(StepUpSecret.failures)).one() == 0


class TestTotp:
    @pytest.fixture(autouse=True)
    def _totp(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(app.config, "STEP_UP", "totp")

    seed = ""

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.seed).at(clock.epoch() + 30 * steps)

    @pytest.fixture
    def enrolled(self, li: Someone) -> Someone:
        uri = li.post("/session/step-up/totp").json["uri"]
        self.seed = pyotp.parse_uri(uri).secret
        return li

    def test_the_first_code_brings_the_seed_into_force(self, enrolled: Someone) -> None:
        assert enrolled.get("/session/step-up").json["is_set"] is False
        assert attempt(enrolled, self.code()) == 204
        state = enrolled.get("/session/step-up").json
        assert (state["is_set"], state["uri"]) == (True, None)

    def test_a_pin_set_beside_it_is_no_proof(self, enrolled: Someone) -> None:
        assert enrolled.put("/session/step-up/pin", json={"pin": PIN}).status_code == 409
        assert not stepped_up(enrolled)

    def test_a_code_works_once_and_never_backwards(self, enrolled: Someone) -> None:
        assert attempt(enrolled, self.code()) == 204
        assert attempt(enrolled, self.code()) == 403
        assert attempt(enrolled, self.code(-1)) == 403
        assert attempt(enrolled, self.code(1)) == 204

    @pytest.mark.parametrize(("steps", "status"), [(-2, 403), (-1, 204), (0, 204), (1, 204), (2, 403)])
    def test_the_clock_may_be_half_a_minute_wrong(self, enrolled: Someone, steps: int, status: int) -> None:
        assert attempt(enrolled, self.code(steps)) == status


def test_the_mini_program_comes_in_with_its_code_once(app: Flask, twin: Twin) -> None:
    person("lihua", "李华")
    with twin.quiet():
        twin.add_member("LiHua", "李华")
    client = app.test_client()
    code = twin.js_code("LiHua")
    response = client.post("/api/v1/session", json={"code": code})
    assert response.status_code == 201, response.text
    token = response.json["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/session/step-up", headers=headers).status_code == 200
    assert client.post("/api/v1/session", json={"code": code}).status_code == 403
    assert client.delete("/api/v1/session", headers=headers).status_code == 204
    assert client.get("/api/v1/session/step-up", headers=headers).status_code == 401


@pytest.mark.parametrize("code", [0, False, True, None, [], {}, 1.0, "", "x" * 513])
def test_odd_login_codes_are_malformed(app: Flask, code: object) -> None:
    assert app.test_client().post("/api/v1/session", json={"code": code}).status_code == 422


def test_a_refusal_of_rights_leaves_a_record(app: Flask, console) -> None:
    person("lihua", "李华")
    li = console("lihua")
    assert li.post("/logout", headers={"X-CSRF-Token": "another"}).status_code == 403
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.outcome == Outcome.REFUSED)).one()
    assert (record.action, record.subject) == ("platform.access.refuse", "console.session.leave")
    assert record.person_id == people.by_userid("lihua").person_id
