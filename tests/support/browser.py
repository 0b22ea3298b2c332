"""A browser that follows our redirects to WeCom's twin and back, like a member's phone or an administrator's desk."""

from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.base import db
from simulator import Twin
from tests.support.settings import PUBLIC_URL


class Browser:
    """One browser with its cookies. `log_in` plays the whole round trip; its parts can be bent by tests."""

    def __init__(self, app: Flask, twin: Twin, surface: str = "h5") -> None:
        self.client: FlaskClient = app.test_client()
        self.twin = twin
        self.surface = surface

    def get(self, path: str, **options: object) -> TestResponse:
        db.session.commit()
        response = self.client.get(path, base_url=PUBLIC_URL, **options)
        db.session.expire_all()
        return response

    def post(self, path: str, **options: object) -> TestResponse:
        db.session.commit()
        response = self.client.post(path, base_url=PUBLIC_URL, **options)
        db.session.expire_all()
        return response

    def leave_for_wecom(self, next_path: str = "") -> dict[str, str]:
        """Begins a login; the query of the WeCom page that we were sent to."""
        response = self.get(f"/{self.surface}/login", query_string={"next": next_path} if next_path else {})
        assert response.status_code == 303, response.text
        return dict(parse_qsl(urlsplit(response.headers["Location"]).query))

    def come_back(self, code: str | None, state: str | None) -> TestResponse:
        """Arrives at the return address with what WeCom (or an attacker) put into it."""
        query = {name: value for name, value in (("code", code), ("state", state)) if value is not None}
        return self.get(f"/{self.surface}/login/return?{urlencode(query)}")

    def log_in(self, userid: str, next_path: str = "") -> TestResponse:
        """The whole round trip as this member."""
        state = self.leave_for_wecom(next_path)["state"]
        return self.come_back(self.twin.oauth_code(userid), state)

    @property
    def session(self) -> str | None:
        """The session cookie's value, if the browser has one."""
        cookie = self.client.get_cookie(f"__Host-hr-{self.surface}", domain=urlsplit(PUBLIC_URL).hostname or "")
        return cookie.value if cookie and cookie.value else None


def states_in(location: str) -> str:
    """The state in an address of WeCom."""
    return parse_qs(urlsplit(location).query)["state"][0]
