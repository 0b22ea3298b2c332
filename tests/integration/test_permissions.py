"""Every route × every role: who is let in is what the reviewed file says, and nothing else (reliability R11)."""

import re
import tomllib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from entrypoints import limits
from models.base import db
from models.enums import PersonStatus, Role, Surface
from models.people import Person
from services import platform
from services.people.permissions import DENIALS
from tests.factories.people import person
from tests.support.clients import Someone
from tests.support.settings import PUBLIC_URL
from tools.permissions import routes

REVIEWED = {
    route: set(roles.split())
    for surface in tomllib.loads((Path(__file__).parent / "permissions.toml").read_text("utf-8")).values()
    for route, roles in surface.items()
}
SURFACES = {"/api/": Surface.MINIPROGRAM, "/h5/": Surface.H5, "/console/": Surface.CONSOLE}
STAFF = ("employee", "manager", *Role)
EVERYBODY = ("anonymous", *STAFF, "resigned")
NOBODYS_ID = "01J00000000000000000000000"


def expected(route: str) -> set[str]:
    """The roles let in, the collective words spelt out."""
    words = REVIEWED[route]
    return set(EVERYBODY) if "everybody" in words else set(STAFF) if "staff" in words else words


@pytest.fixture
def company(app: Flask) -> None:
    """One person for each role."""
    for userid in ("employee", "resigned"):
        person(userid)
    person("manager", leads=True)
    for role in Role:
        person(role.value, roles=(role,))


class Visitor:
    """Somebody in one role who knocks at every door, about things that do not exist."""

    def __init__(self, app: Flask, role: str) -> None:
        self.app, self.role = app, role
        self.sessions: dict[Surface, Someone] = {}

    def knock(self, route: str) -> TestResponse:
        method, rule = route.split()
        path = re.sub(r"<[^>]+>", NOBODYS_ID, rule)
        surface = next((s for prefix, s in SURFACES.items() if path.startswith(prefix)), None)
        content = {"json": {}} if surface is Surface.MINIPROGRAM and method != "GET" else {}
        limits.reset()
        if self.role == "anonymous" or surface is None:
            return self.app.test_client().open(path, method=method, base_url=PUBLIC_URL, **content)
        response = self._session(surface).request(method, path, **content)
        if path.endswith(("/logout", "/session")):
            del self.sessions[surface]
        return response

    def _session(self, surface: Surface) -> Someone:
        """A session that has just proven itself; whoever resigned has one from before."""
        if surface not in self.sessions:
            _become("resigned", PersonStatus.ACTIVE)
            self.sessions[surface] = Someone(self.app, self.role, surface, stepped_up=True)
            _become("resigned", PersonStatus.INACTIVE)
        return self.sessions[surface]


def _become(userid: str, status: PersonStatus) -> None:
    with platform.unit_of_work():
        db.session.execute(update(Person).where(Person.userid == userid).values(status=status))


def is_let_in(response: TestResponse) -> bool:
    """Past the gate: not sent to log in, and not refused in the words of the permissions page."""
    is_sent_away = response.headers.get("Location", "").startswith(("/h5/login?", "/console/login?"))
    is_denied = response.status_code == 403 and any(words in _said(response) for words in DENIALS.values())
    return not (response.status_code == 401 or is_sent_away or is_denied)


def _said(response: TestResponse) -> str:
    return str(response.json["title"]) if response.is_json else response.text


def test_every_route_has_been_reviewed(app: Flask) -> None:
    assert {route for route, _ in routes(app)} == set(REVIEWED)


def test_only_known_roles_are_named() -> None:
    assert set().union(*REVIEWED.values()) <= {*EVERYBODY, "everybody", "staff"}


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("role", EVERYBODY)
def test_who_is_let_in(app: Flask, role: str) -> None:
    visitor, wrong, broken = Visitor(app, role), [], []
    for route in REVIEWED:
        response = visitor.knock(route)
        if response.status_code == 500:
            broken.append(route)
        if is_let_in(response) is not (role in expected(route)):
            wrong.append((route, response.status_code))
    assert wrong == []
    assert broken == []
