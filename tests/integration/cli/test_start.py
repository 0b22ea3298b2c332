"""Whatever keeps the product from starting ends with one line that names the cause and the cure.

Each start brings its own database, so one run says all; a wrong setting ends it before anything is built, so most of
them need no process.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import app as root

pytestmark = pytest.mark.skipif("TEST_DATABASE_SERVER" in os.environ, reason="the run on SQLite says the same")

ROOT = Path(__file__).parents[3]
GOOD = """
[server]
public_url = "http://127.0.0.1:5000"
[database]
url = "sqlite:///{place}/hr.db"
[wecom]
corp_id = "ww0123456789abcdef"
[[wecom.agents]]
name = "hr"
agent_id = 1000002
secret = "invented"
token = "HrSelfServiceToken01"
encoding_aes_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
[security]
current_field_key = "k1"
[security.field_keys]
k1 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
[log]
level = "ERROR"
"""


FLASK = str(Path(sys.executable).parent / "flask")
SERVER = (sys.executable, "-c", "from app import app")


def _serve(place: Path, content: str | None, command: tuple[str, ...] = SERVER) -> str:
    """What a start says, with this configuration (or none); it must fail with one line."""
    path = place / "config.toml"
    if content is not None:
        path.write_text(content.replace("{place}", str(place)))
    environment = {**os.environ, "HR_CONFIG": str(path), "FLASK_APP": "app"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    [line] = done.stderr.strip().splitlines()
    return line


def test_no_configuration(tmp_path: Path) -> None:
    assert "copy config.example.toml there or set HR_CONFIG" in _serve(tmp_path, None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (('public_url = "http://127.0.0.1:5000"', ""), "[server.public_url] is missing"),
        (("corp_id", "corp_di"), "[wecom.corp_id] is missing"),
        (
            ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "AAECAwQ"),
            "[wecom.agents.0.encoding_aes_key] must be the 43",
        ),
        (("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "c2hvcnQ="), "[security.field_keys.k1] the key has 5 bytes"),
    ],
)
def test_a_wrong_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, str], said: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(_bent(wrong))
    monkeypatch.setenv("HR_CONFIG", str(path))
    with pytest.raises(SystemExit) as end:
        root.__getattr__("app")
    [line] = str(end.value.code).splitlines()
    assert said in line


def _bent(wrong: tuple[str, str]) -> str:
    assert wrong[0] in GOOD, f"{wrong[0]} is not in the good configuration"
    return GOOD.replace(*wrong)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("[log]", "[logs]"), "[logs] is not a setting; is it misspelt?"),
        (("sqlite:///{place}/hr.db", "sqlite:////nowhere/at/all/hr.db"), "[database.url] the database does not answer"),
        (
            ("sqlite:///{place}/hr.db", "mysql+pymysql://root@127.0.0.1:1/hr"),
            "[database.url] the database does not answer",
        ),
        (("sqlite:///{place}/hr.db", "mysqll://root@127.0.0.1/hr"), "[database.url] is not an address of a database"),
    ],
)
def test_what_is_wrong_ends_the_process(tmp_path: Path, wrong: tuple[str, str], said: str) -> None:
    assert said in _serve(tmp_path, _bent(wrong))


def test_a_database_without_tables_ends_the_process(tmp_path: Path) -> None:
    assert "the schema is at nothing, not at" in _serve(tmp_path, GOOD)


@pytest.mark.parametrize("command", ["jobs worker", "jobs scheduler", "outbox list"])
def test_a_command_that_needs_tables_says_that_there_are_none(tmp_path: Path, command: str) -> None:
    assert "run `flask db upgrade`" in _serve(tmp_path, GOOD, (FLASK, *command.split()))


def test_a_schema_cannot_be_brought_to_a_database_that_does_not_answer(tmp_path: Path) -> None:
    nowhere = GOOD.replace("sqlite:///{place}/hr.db", "mysql+pymysql://root@127.0.0.1:1/hr")
    assert "[database.url] the database does not answer" in _serve(tmp_path, nowhere, (FLASK, "db", "upgrade"))


def test_a_database_at_head_lets_it_start(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(GOOD.replace("{place}", str(tmp_path)))
    environment = {**os.environ, "HR_CONFIG": str(path), "FLASK_APP": "app"}
    for command in ((FLASK, "db", "upgrade"), (FLASK, "db", "check"), (FLASK, "outbox", "list"), SERVER):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
