"""No route is public by omission (reliability R09)."""

from pathlib import Path

import pytest
from flask import Flask

import app as root
from entrypoints import http
from kit import config
from tests.support import settings


def test_a_route_that_declares_nothing_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def careless(app: Flask) -> None:
        app.add_url_rule("/careless", "careless", lambda: "hello")

    monkeypatch.setattr(root.cli, "install", careless)
    with pytest.raises(RuntimeError, match="/careless"):
        root.create_app(config.parse(settings.values(f"sqlite:///{tmp_path}/t.db"), "tests"))


def test_every_route_is_declared(product: Flask) -> None:
    http.check_declared(product)
