"""Where a measurement happens: a fresh database, a configuration of the product for it, a log. Gone afterwards."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

import app as root
from bench.servers import ROOT, Environment, free_port
from kit import config
from models.base import db
from services import platform

TOKEN, AES_KEY, CORP = "BenchCallbackToken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "ww0123456789abcdef"
CONFIG = """\
[server]
public_url = "http://127.0.0.1:5000"
[database]
url = "{url}"
[wecom]
corp_id = "{corp}"
api_base = "http://127.0.0.1:{twin}"
in_flight = 8
[[wecom.agents]]
name = "hr"
agent_id = 1000002
secret = "a-secret-made-up-for-measuring"
token = "{token}"
encoding_aes_key = "{aes}"
[security]
current_field_key = "k1"
step_up_minutes = 60
[security.field_keys]
k1 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
[audit]
anchor_file = "{folder}/anchor.log"
"""


class Place:
    """A database of its own (`hr_bench_<name>` on a server, or a file) with the product's schema in it."""

    def __init__(self, server: str, name: str) -> None:
        self.server, self.name = server, f"hr_bench_{name}"
        (ROOT / "var").mkdir(exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "var"))
        self.url = f"{server}/{self.name}?charset=utf8mb4" if server else f"sqlite:///{self.folder}/{name}.db"
        self.twin_port = free_port()
        self._administer(f"DROP DATABASE IF EXISTS {self.name}", f"CREATE DATABASE {self.name} CHARACTER SET utf8mb4")
        self.app = self._product()

    def _product(self) -> Flask:
        path = self.folder / "config.toml"
        path.write_text(
            CONFIG.format(url=self.url, corp=CORP, twin=self.twin_port, token=TOKEN, aes=AES_KEY, folder=self.folder)
        )
        product = root.create_app(config.load(path))
        with product.app_context():
            platform.schema.upgrade()
        return product

    def _administer(self, *statements: str) -> None:
        if not self.server:
            return
        engine = sa.create_engine(f"{self.server}/", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    @property
    def environment(self) -> Environment:
        """What a process needs to find this place."""
        return {
            "HR_CONFIG": str(self.folder / "config.toml"),
            "BENCH_URL": self.url,
            "BENCH_LOG": str(self.folder / "log"),
            "PYTHONUNBUFFERED": "1",
        }

    def close(self) -> None:
        """Drops everything."""
        with self.app.app_context():
            db.engine.dispose()
        self._administer(f"DROP DATABASE {self.name}")
        shutil.rmtree(self.folder)

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()
