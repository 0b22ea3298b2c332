"""Where the database is, and how its connections behave."""

from pathlib import Path

import pytest

from kit.config import Database
from models import engine


@pytest.mark.parametrize("address", ["sqlite:////srv/hr.db", "sqlite://", "mysql+pymysql://hr@db/hr?charset=utf8mb4"])
def test_a_whole_address_is_kept(address: str, tmp_path: Path) -> None:
    assert engine.url(Database(url=address), tmp_path) == address


def test_a_file_is_kept_below_home_and_its_folder_made(tmp_path: Path) -> None:
    assert engine.url(Database(url="sqlite:///var/data/hr.db"), tmp_path) == f"sqlite:///{tmp_path}/var/data/hr.db"
    assert (tmp_path / "var/data").is_dir()


def test_a_server_is_asked_for_read_committed_and_gives_up_waiting_soon() -> None:
    chosen = engine.options(Database(url="mysql+pymysql://hr@db/hr"))
    assert chosen["isolation_level"] == "READ COMMITTED"
    assert "lock_wait_timeout=2" in chosen["connect_args"]["init_command"]
