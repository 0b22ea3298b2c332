"""Somebody in front of the product: on the API, on the mobile pages, on the console."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.base import db
from models.enums import Surface
from services import people, platform
from tests.support.settings import PUBLIC_URL

PATHS = {Surface.MINIPROGRAM: "/api/v1", Surface.H5: "/h5", Surface.CONSOLE: "/console"}


class Someone:
    """A person with a session on one surface. Paths are relative to it: `li.post("/leave/requests", json=…)`."""

    def __init__(self, app: Flask, userid: str, surface: Surface, *, stepped_up: bool = False) -> None:
        with platform.unit_of_work():
            opened = people.sessions.open_session(people.by_userid(userid), surface)
            if stepped_up:
                people.sessions.mark_stepped_up(people.sessions.actor_for(opened.token, surface))
        self.surface, self.token, self.csrf = surface, opened.token, opened.csrf
        self.client: FlaskClient = app.test_client()
        if surface is not Surface.MINIPROGRAM:
            self.client.set_cookie(f"__Host-hr-{surface}", opened.token, domain="hr.example.com", secure=True)

    def request(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if self.surface is Surface.MINIPROGRAM:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        else:
            headers.setdefault("X-CSRF-Token", self.csrf)
        db.session.commit()
        url = path if path.startswith(tuple(PATHS.values())) else PATHS[self.surface] + path
        response = self.client.open(url, method=method, headers=headers, base_url=PUBLIC_URL, **options)
        db.session.expire_all()
        return response

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> TestResponse:
        return self.request("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.request("DELETE", path, **options)
