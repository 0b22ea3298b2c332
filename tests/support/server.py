"""A database of its own on a real server, for tests in which several connections meet: locks and races."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

import app as root
from kit import config
from models import tables
from models.base import Base, db
from tests.support import settings

assert tables

SERVER = os.environ.get("TEST_DATABASE_SERVER") or "mysql+pymysql://root@127.0.0.1:3306"


@contextmanager
def product_on_server(name: str) -> Iterator[Flask]:
    """The product on an empty database called `name`, which is dropped afterwards; skipped when no server answers."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"{name}_{worker}"
    engine = sa.create_engine(f"{SERVER}/", isolation_level="AUTOCOMMIT")
    try:
        _run(engine, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    except OperationalError:
        if os.environ.get("REQUIRE_ALL") == "1":
            raise
        pytest.skip(f"no database server answers at {SERVER}")
    product = root.create_app(config.parse(settings.values(f"{SERVER}/{name}?charset=utf8mb4"), "tests"))
    try:
        with product.app_context():
            Base.metadata.create_all(db.engine)
        yield product
    finally:
        with product.app_context():
            db.session.remove()
            db.engine.dispose()
        _run(engine, f"DROP DATABASE {name}")
        engine.dispose()


def _run(engine: sa.Engine, *statements: str) -> None:
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
