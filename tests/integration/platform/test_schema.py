"""The migrations make exactly the tables that the code has, on an empty database, up and down and up again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

import app as root
from kit import config
from models.base import db
from services import platform
from services.platform import schema
from tests.conftest import database_url
from tests.support import settings


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """A product over an empty database of its own."""
    product = root.create_app(config.parse(settings.values(database_url(tmp_path, "schema")), "tests"))
    with product.app_context():
        yield product
        db.session.remove()
        db.engine.dispose()


def test_migrations_and_tables_agree(empty: Flask) -> None:
    assert schema.current() is None
    schema.upgrade()
    assert schema.current() == schema.head()
    assert schema.differences() == []
    with platform.unit_of_work():
        assert platform.audit.count() == 0


def test_a_missing_column_is_a_difference(empty: Flask) -> None:
    schema.upgrade()
    with db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE shift DROP COLUMN is_active"))
    assert any("is_active" in difference for difference in schema.differences())


def test_migrations_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (schema.MIGRATIONS / "versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert schema.head() == f"{len(names):04d}"
