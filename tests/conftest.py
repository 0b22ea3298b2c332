"""The product under test: one application per session, one rolled-back transaction per integration test."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import requests
import sqlalchemy as sa
from flask import Flask

import app as root
import wecom
from entrypoints import limits
from entrypoints.jobs import outside, worker
from entrypoints.shared import SharedMeter, SharedTokens
from kit import clock, config
from models import tables
from models.base import Base, db
from models.enums import Surface
from simulator import Agent, Twin, create_app
from simulator.callbacks import Deliver
from simulator.inline import deliver_into
from tests.support import settings
from tests.support.clients import Someone
from tests.wsgi_adapter import WSGIAdapter

assert tables

# a busy machine makes no test fail: examples are judged by what they show, not by how long they take
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
MONDAY_MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai


def database_url(folder: Path, use: str = "") -> str:
    """An empty database for this use: a SQLite file, or one on the server that TEST_DATABASE_SERVER names.

    Workers that test side by side each have their own.
    """
    server = os.environ.get("TEST_DATABASE_SERVER", "")
    if not server:
        return f"sqlite:///{folder / 'test.db'}"
    name = f"hr_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}{use and f'_{use}'}"
    engine = sa.create_engine(f"{server}/", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    engine.dispose()
    return f"{server}/{name}?charset=utf8mb4"


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with an empty schema."""
    url = database_url(tmp_path_factory.mktemp("database"))
    product = root.create_app(config.parse(settings.values(url), "tests"))
    with product.app_context():
        Base.metadata.create_all(db.engine)
    yield product
    with product.app_context():
        db.engine.dispose()


@pytest.fixture
def frozen() -> Iterator[None]:
    """Monday 2 March 2026, 09:30 in Shanghai."""
    with clock.frozen(MONDAY_MORNING):
        yield


@pytest.fixture
def twin() -> Twin:
    """WeCom's twin with our corp, its application, the directory sync and nobody in the directory yet."""
    own = Agent("hr", 1000002, settings.AGENT_SECRET, token=settings.TOKEN, aes_key=settings.AES_KEY,
                callback_url=f"{settings.PUBLIC_URL}/wecom/hr", miniprogram_id="wx0123456789abcdef")  # fmt: skip
    sync = Agent("contacts", 0, settings.CONTACTS_SECRET, token=settings.CONTACTS_TOKEN,
                 aes_key=settings.CONTACTS_AES_KEY, callback_url=f"{settings.PUBLIC_URL}/wecom/contacts",
                 contact_sync=True)  # fmt: skip
    return Twin.of(settings.CORP, [own, sync])


@pytest.fixture
def app(product: Flask, twin: Twin, frozen: None) -> Iterator[Flask]:
    """The product inside one transaction that is rolled back, talking to this test's twin."""
    session = requests.Session()
    session.mount("http://wecom.test", WSGIAdapter(create_app(twin)))
    product.extensions["wecom"] = wecom.connect(
        product.config["WECOM"], tokens=SharedTokens(product), meter=SharedMeter(product), session=session
    )
    limits.reset()
    twin.postman.deliver = _into(product)
    with product.app_context():
        engine = db.engines[None]
        connection = engine.connect()
        outer = connection.begin()
        db.engines[None] = connection
        try:
            yield product
        finally:
            db.session.remove()
            db.engines[None] = engine
            outer.rollback()
            connection.close()


def _into(product: Flask) -> Deliver:
    """Carries the twin's callbacks to the product, with the test's own changes committed before."""
    carry = deliver_into(product.wsgi_app)

    def deliver(url: str, query: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
        db.session.commit()
        try:
            return carry(url, query, body)
        finally:
            db.session.expire_all()

    return deliver


@pytest.fixture
def drain(app: Flask) -> Callable[[], int]:
    """Keeps every promise that is due, now."""

    def run() -> int:
        db.session.commit()
        done = worker.drain(outside.workers(app))
        db.session.expire_all()
        return done

    return run


@pytest.fixture
def api(app: Flask) -> Callable[..., Someone]:
    """`api("lihua")`: somebody with a mini-program session."""
    return lambda userid, **options: Someone(app, userid, Surface.MINIPROGRAM, **options)


@pytest.fixture
def h5(app: Flask) -> Callable[..., Someone]:
    """`h5("lihua")`: somebody on the mobile pages."""
    return lambda userid, **options: Someone(app, userid, Surface.H5, **options)


@pytest.fixture
def console(app: Flask) -> Callable[..., Someone]:
    """`console("hr")`: somebody on the desktop console."""
    return lambda userid, **options: Someone(app, userid, Surface.CONSOLE, **options)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement executed while the test runs; tests count them."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    sa.event.listen(db.engines[None], "before_cursor_execute", note)
    yield seen
    sa.event.remove(db.engines[None], "before_cursor_execute", note)
