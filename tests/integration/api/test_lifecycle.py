"""The life of a request on probe routes: who comes in, what is parsed, what a refusal says (R04, R08, R30, R51)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Blueprint, Flask
from pydantic import Field

from entrypoints import auth, limits
from entrypoints.http import OWN, PUBLIC, endpoint
from entrypoints.results import Download, Redirect
from kit import clock
from kit.errors import Conflict
from kit.schema import Amount, Identifier, Line, View, Wish
from models.base import db
from models.enums import Role, Surface
from services import people, platform
from services.people import Actor, Permission
from tests.factories.people import person
from tests.support.clients import Someone

done: list[str] = []


class Place(Wish):
    x: int


class Ask(Wish):
    """Something asked for."""

    what: Line = Field(title="什么", min_length=1)
    times: int = Field(1, title="几次", ge=1, le=3)
    tags: list[str] = []
    at: Place | None = None


class Answer(View):
    what: str
    times: int


class Search(Wish):
    q: Line = ""
    tag: list[str] = []


def _probe(name: str) -> Blueprint:  # noqa: C901 — seven routes, each a line or two
    bp = Blueprint(name, __name__)

    @bp.post("/probe")
    @endpoint(needs=OWN, body=Ask, returns=Answer, status=201)
    def ask(actor: Actor, body: Ask) -> Answer:
        done.append(body.what)
        platform.audit.record(actor, "test.ask", body.what)
        if body.what == "fail":
            raise Conflict("现在不行", hint="later")
        if body.what == "crash":
            raise RuntimeError("boom")
        return Answer(what=body.what, times=body.times)

    @bp.get("/probe")
    @endpoint(needs=PUBLIC, query=Search, returns=Search)
    def search(query: Search) -> Search:
        return query

    @bp.get("/probe/grants")
    @endpoint(needs=Permission.PEOPLE_GRANT_EDIT)
    def grants(actor: Actor) -> None:
        return None

    @bp.get("/probe/pay")
    @endpoint(needs=OWN, step_up=True)
    def pay(actor: Actor) -> Download:
        return Download("工资条.pdf", b"%PDF-")

    @bp.get("/probe/away")
    @endpoint(needs=OWN)
    def away(actor: Actor) -> Redirect:
        return Redirect(f"/{name}/elsewhere")

    @bp.get("/probe/often")
    @endpoint(needs=OWN, per_minute=3)
    def often(actor: Actor) -> None:
        return None

    @bp.get("/probe/open")
    @endpoint(needs=PUBLIC, per_minute=3)
    def open_to_all() -> None:
        return None

    return bp


@pytest.fixture
def app(product: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A product of its own with probe routes on each surface, over a database of its own."""
    import app as root
    from entrypoints import api, console, h5
    from kit import config
    from models.base import Base
    from tests.support import settings

    probed = root.create_app(
        config.parse(settings.values(f"sqlite:///{tmp_path_factory.mktemp('probe')}/t.db"), "tests")
    )
    for name, surface in (("api", api), ("h5", h5), ("console", console)):
        assert surface
        probed.register_blueprint(_probe(f"{name}_probe"), url_prefix="/api/v1" if name == "api" else f"/{name}")
    done.clear()
    limits.reset()
    with clock.frozen(clock.now()), probed.app_context():
        Base.metadata.create_all(db.engine)
        person("lihua", "李华")
        yield probed
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def lihua(app: Flask) -> Someone:
    """李华 with a mini-program session."""
    return Someone(app, "lihua", Surface.MINIPROGRAM)


@pytest.fixture
def page(app: Flask) -> Someone:
    """李华 on the mobile pages."""
    return Someone(app, "lihua", Surface.H5)


class TestComingIn:
    def test_without_a_session_nobody_comes_in(self, app: Flask) -> None:
        for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}):
            answer = app.test_client().post("/api/v1/probe", json={"what": "a"}, headers=headers)
            assert (answer.status_code, answer.json["type"]) == (401, "/problems/unauthenticated")
        assert done == []

    def test_a_session_belongs_to_its_surface(self, app: Flask, page: Someone) -> None:
        headers = {"Authorization": f"Bearer {page.token}"}
        assert app.test_client().post("/api/v1/probe", json={"what": "a"}, headers=headers).status_code == 401

    def test_a_missing_permission_says_whom_to_ask(self, lihua: Someone) -> None:
        answer = lihua.get("/probe/grants")
        assert (answer.status_code, answer.json["title"]) == (403, "人员资料由人事管理，请联系人事")

    def test_a_permission_lets_in(self, app: Flask) -> None:
        person("admin", roles=(Role.ADMIN,))
        assert Someone(app, "admin", Surface.MINIPROGRAM).get("/probe/grants").status_code == 204

    def test_an_idle_session_ends(self, lihua: Someone) -> None:
        with clock.frozen(clock.now() + timedelta(minutes=31)):
            assert lihua.get("/probe/away").status_code == 401

    def test_a_busy_session_lives_on_but_not_for_ever(self, lihua: Someone) -> None:
        start = clock.now()
        for minutes in range(25, 12 * 60, 25):
            with clock.frozen(start + timedelta(minutes=minutes)):
                assert lihua.get("/probe/away").status_code == 303
        with clock.frozen(start + timedelta(hours=12, minutes=1)):
            assert lihua.get("/probe/away").status_code == 401

    def test_sensitive_things_ask_for_a_fresh_proof(self, app: Flask, lihua: Someone) -> None:
        assert lihua.get("/probe/pay").json["type"] == "/problems/step_up_required"
        proven = Someone(app, "lihua", Surface.MINIPROGRAM, stepped_up=True)
        answer = proven.get("/probe/pay")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%B7%A5")
        assert answer.headers["Cache-Control"] == "no-store"
        with clock.frozen(clock.now() + timedelta(minutes=6)):
            assert proven.get("/probe/pay").status_code == 403

    def test_knocking_too_often_is_told_when_to_come_back(self, lihua: Someone) -> None:
        answers = [lihua.get("/probe/often") for _ in range(4)]
        assert [a.status_code for a in answers] == [204, 204, 204, 429]
        assert int(answers[3].headers["Retry-After"]) >= 1

    def test_made_up_sessions_are_counted_by_address_and_lock_nobody_out(
        self, app: Flask, lihua: Someone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(auth, "STRANGERS_PER_MINUTE", 1)
        client = app.test_client()
        knock = lambda n: client.get("/api/v1/probe/away", headers={"Authorization": f"Bearer {n}"})  # noqa: E731
        assert [knock(n).status_code for n in range(limits.OFFICE + 1)] == [*[401] * limits.OFFICE, 429]
        assert client.get("/api/v1/probe/away").status_code == 429, "nor does it help to claim no session"
        assert lihua.get("/probe/away").status_code == 303, "a colleague at the same address has a session"

    def test_what_is_open_to_all_is_counted_by_address_whatever_session_is_claimed(self, app: Flask) -> None:
        client, most = app.test_client(), 3 * limits.OFFICE
        knock = lambda n: client.get("/api/v1/probe/open", headers={"Authorization": f"Bearer {n}"})  # noqa: E731
        assert [knock(n).status_code for n in range(most + 1)] == [*[204] * most, 429]


class TestParsing:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b"0",
            b'"x"',
            b"{}",
            b'{"what": 1}',
            b'{"what": null}',
            b'{"what": ""}',
            b'{"what": "a", "times": "1"}',
            b'{"what": "a", "times": 1.5}',
            b'{"what": "a", "times": true}',
            b'{"what": "a", "times": 4}',
            b'{"what": "a", "actor": "x"}',
            b'{"what": "a", "tags": "x"}',
            b'{"what": "a", "times": NaN}',
            b"[" * 9000,
            b'\xff\xfe{"what"',
            b'{"what": "\\ud800"}',
            b'{"what": "' + b"x" * 101 + b'"}',
            b'{"what": "a", "what": "b"}',
            b'{"what": "a", "wha\\u0074": "a"}',
            b'{"what": "a", "at": {"x": 1, "x": 2}}',
        ],
    )
    def test_a_malformed_body_changes_nothing(self, lihua: Someone, body: bytes) -> None:
        answer = lihua.post("/probe", data=body, content_type="application/json")
        assert answer.status_code == 422, answer.text
        assert answer.mimetype == "application/problem+json"
        assert done == []

    def test_the_problem_names_the_field_in_the_readers_words(self, lihua: Someone) -> None:
        errors = lihua.post("/probe", json={"what": "a", "times": 9}).json["errors"]
        assert errors == [{"field": "times", "label": "几次", "message": "不能大于 3"}]

    @pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "multipart/form-data; boundary=x"])
    def test_foreign_content_types_are_refused(self, lihua: Someone, kind: str) -> None:
        assert lihua.post("/probe", data=b'{"what": "a"}', content_type=kind).status_code in (400, 422)

    def test_a_body_too_large_is_refused(self, lihua: Someone) -> None:
        assert lihua.post("/probe", data=b"x" * 70_000, content_type="application/json").status_code == 413

    def test_a_query_is_parsed_leniently_but_nothing_unknown(self, lihua: Someone) -> None:
        assert lihua.get("/probe?q=%20a%20&tag=x&tag=y").json == {"q": "a", "tag": ["x", "y"]}
        assert lihua.get("/probe?q=&tag=").json == {"q": "", "tag": []}
        assert lihua.get("/probe?q=a&q=b").status_code == 422
        assert lihua.get("/probe?user_id=x").status_code == 422

    def test_unknown_paths_and_methods_answer_in_kind(self, lihua: Someone) -> None:
        assert lihua.get("/nowhere").json["type"] == "/problems/not_found"
        answer = lihua.delete("/probe")
        assert answer.status_code == 405
        assert "POST" in answer.headers["Allow"]


class TestChanging:
    def test_a_good_request_is_done_and_answered(self, lihua: Someone) -> None:
        answer = lihua.post("/probe", json={"what": " 请假\u0000 "})
        assert (answer.status_code, answer.json) == (201, {"what": "请假", "times": 1})

    def test_a_rule_that_says_no_undoes_everything(self, lihua: Someone) -> None:
        answer = lihua.post("/probe", json={"what": "fail"})
        assert answer.status_code == 409
        assert (answer.json["title"], answer.json["hint"]) == ("现在不行", "later")
        assert platform.audit.count() == 0

    def test_a_crash_tells_nothing_and_undoes_everything(self, lihua: Someone) -> None:
        answer = lihua.post("/probe", json={"what": "crash"})
        assert (answer.status_code, answer.json["title"]) == (500, "系统开小差了，请稍后再试")
        assert "boom" not in answer.text
        assert platform.audit.count() == 0

    def test_one_key_one_effect(self, lihua: Someone) -> None:
        key = {"Idempotency-Key": "request-0001"}
        answers = [lihua.post("/probe", json={"what": "a"}, headers=key) for _ in range(3)]
        assert [(a.status_code, a.json) for a in answers] == [(201, {"what": "a", "times": 1})] * 3
        assert done == ["a"]

    def test_the_same_key_for_another_wish_is_refused(self, lihua: Someone) -> None:
        key = {"Idempotency-Key": "request-0001"}
        lihua.post("/probe", json={"what": "a"}, headers=key)
        assert lihua.post("/probe", json={"what": "b"}, headers=key).status_code == 422
        assert done == ["a"]

    def test_another_person_may_use_the_same_key(self, app: Flask, lihua: Someone) -> None:
        person("other")
        key = {"Idempotency-Key": "request-0001"}
        for somebody in (lihua, Someone(app, "other", Surface.MINIPROGRAM)):
            assert somebody.post("/probe", json={"what": "a"}, headers=key).status_code == 201
        assert done == ["a", "a"]

    def test_after_a_failure_the_key_may_be_used_again(self, lihua: Someone) -> None:
        key = {"Idempotency-Key": "request-0001"}
        assert lihua.post("/probe", json={"what": "crash"}, headers=key).status_code == 500
        assert lihua.post("/probe", json={"what": "a"}, headers=key).status_code == 201

    @pytest.mark.parametrize("key", ["short", "x" * 65, "with space 123", "钥匙钥匙钥匙钥匙"])
    def test_an_odd_key_is_refused(self, lihua: Someone, key: str) -> None:
        headers = {"Idempotency-Key": key.encode().decode("latin-1")}
        assert lihua.post("/probe", json={"what": "a"}, headers=headers).status_code == 422


class TestPages:
    """Forms on pages: CSRF, own origin, htmx and plain."""

    def test_a_form_of_ours_is_accepted(self, page: Someone) -> None:
        assert page.post("/probe", data={"what": "a", "_key": "0123456789", "times": ""}).status_code == 201

    @pytest.mark.parametrize(
        "headers", [{"X-CSRF-Token": ""}, {"X-CSRF-Token": "é"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
    )
    def test_a_form_from_elsewhere_is_not(self, page: Someone, headers: dict[str, str]) -> None:
        headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
        assert page.post("/probe", data={"what": "a"}, headers=headers).status_code == 403
        assert done == []

    def test_the_token_may_come_as_a_field(self, page: Someone) -> None:
        fields = {"what": "a", "_csrf": page.csrf}
        assert page.post("/probe", data=fields, headers={"X-CSRF-Token": ""}).status_code == 201

    def test_a_fragment_request_gets_its_refusal_where_it_belongs(self, page: Someone) -> None:
        answer = page.post("/probe", data={"times": "9"}, headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#problem")
        assert "几次</span>：不能大于 3" in answer.text

    def test_a_plain_request_gets_a_page(self, page: Someone) -> None:
        answer = page.post("/probe", data={})
        assert answer.status_code == 422
        assert "什么：必填" in answer.text

    def test_a_lost_session_leads_to_the_login_and_back(self, app: Flask) -> None:
        client = app.test_client()
        answer = client.get("/h5/probe/away?x=1")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/h5/login?next=%2Fh5%2Fprobe%2Faway%3Fx%3D1")
        answer = client.get("/h5/probe/away", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/h5/login?next=%2Fh5%2Fprobe%2Faway")

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_what_a_page_sent_leads_back_to_the_page_as_it_was(self, app: Flask, method: str) -> None:
        headers = {"HX-Request": "true", "Referer": "https://hr.example.com/h5/list?state=open&cursor=x"}
        answer = app.test_client().open(
            "/h5/probe/away" if method == "GET" else "/h5/probe", method=method, headers=headers
        )
        assert answer.headers["HX-Redirect"] == "/h5/login?next=%2Fh5%2Flist%3Fstate%3Dopen%26cursor%3Dx"

    def test_a_stale_proof_leads_to_the_step_up(self, page: Someone) -> None:
        assert page.get("/probe/pay").headers["Location"] == "/h5/step-up?next=%2Fh5%2Fprobe%2Fpay"

    def test_every_answer_is_guarded(self, page: Someone) -> None:
        headers = page.get("/probe/away").headers
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


class Priced(Wish):
    price: Amount
    of: Identifier


@pytest.mark.parametrize("price", ["1.234", "abc", 1.5, 1, None, "1e5000"])
def test_amounts_are_text_with_two_decimals(price: Any) -> None:
    with pytest.raises(ValueError):
        Priced(price=price, of="0" * 26)


def test_a_session_ends_for_all_who_left(app: Flask, lihua: Someone, page: Someone) -> None:
    platform.transact(lambda: people.sessions.end_all(people.by_userid("lihua").person_id))
    assert [s.get("/probe/away").status_code for s in (lihua, page)] == [401, 303]
