"""Alive needs nothing, ready needs everything, metrics are for this machine (R47)."""

from datetime import timedelta

import pytest
from flask import Flask
from prometheus_client import CONTENT_TYPE_LATEST

from kit import clock
from services import platform


@pytest.fixture
def at_head(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' schema is made without migrations; pretend that it came by them."""
    monkeypatch.setattr(platform.schema, "current", platform.schema.head)


def test_alive(app: Flask) -> None:
    assert app.test_client().get("/healthz").text == "ok\n"


@pytest.mark.usefixtures("at_head")
def test_ready_when_all_is_well(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"database": True, "schema": True, "outbox": True})


def test_not_ready_before_the_schema_is_at_head(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["schema"]) == (503, False)


@pytest.mark.usefixtures("at_head")
def test_not_ready_while_promises_pile_up(app: Flask) -> None:
    platform.transact(lambda: platform.promise("test.work", {}))
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert app.test_client().get("/readyz").json["outbox"] is False


@pytest.mark.usefixtures("at_head")
def test_not_ready_without_a_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> str:
        raise OSError("the database is away")

    monkeypatch.setattr(platform.schema, "current", away)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, False)
    assert "away" not in answer.text


def test_metrics_stay_on_this_machine(app: Flask) -> None:
    here = app.test_client().get("/metrics")
    assert b"hr_outbox_oldest_seconds" in here.data
    assert here.headers["Content-Type"] == CONTENT_TYPE_LATEST
    assert app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 404


def test_the_trusted_domain_file_is_answered_only_by_its_name(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "DOMAIN_VERIFY_FILE", "WW_verify_Ab12Cd34.txt")
    assert app.test_client().get("/WW_verify_Ab12Cd34.txt").text == "Ab12Cd34"
    assert app.test_client().get("/WW_verify_other.txt").status_code == 404
