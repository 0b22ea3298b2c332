"""What holds for the tree as a whole, whoever edits it."""

import ast
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

from flask import Flask
from pydantic import BaseModel

from entrypoints.jobs import outside
from kit import config
from services import wiring
from services.people import Permission

ROOT = Path(__file__).parents[3]
PACKAGES = ("kit", "models", "wecom", "templates_msg", "services", "entrypoints", "simulator")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
LONGEST_FILE, LONGEST_TEST, LONGEST_FUNCTION = 500, 700, 60


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_too_long() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    too_long = [_name(p) for p in SOURCES if len(p.read_text().splitlines()) > LONGEST_FILE]
    too_long += [_name(p) for p in tests if len(p.read_text().splitlines()) > LONGEST_TEST]
    assert not too_long


def test_the_composition_root_stays_dull() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) <= 120


def test_no_function_is_too_long() -> None:
    too_long = [
        f"{_name(path)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not too_long


def test_only_the_unit_of_work_commits() -> None:
    committing = [_name(path) for path in SOURCES if re.search(r"\.commit\(", path.read_text())]
    assert committing == ["services/platform/uow.py"]


def test_only_the_clock_reads_the_clock() -> None:
    reading = re.compile(r"datetime\.now\(|utcnow\(|date\.today\(|time\.time\(")
    assert [_name(p) for p in SOURCES if reading.search(p.read_text())] == ["kit/clock.py"]


def test_money_never_floats() -> None:
    paths = [p for p in SOURCES if "payroll" in _name(p) or p.name == "money.py"]
    floats = [
        f"{_name(path)}:{node.lineno}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
    ]
    assert not floats


def test_no_sql_is_built_from_text() -> None:
    built = re.compile(r"(text|exec_driver_sql|execute)\(\s*f[\"']")
    assert not [_name(p) for p in SOURCES if built.search(p.read_text())]


def test_vendored_files_are_what_their_list_says() -> None:
    vendor = ROOT / "static/vendor"
    listed = (vendor / "VENDORED.md").read_text()
    for path in sorted(p for p in vendor.iterdir() if p.suffix in (".js", ".css")):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in listed, path.name


def test_the_lock_lists_hold_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text()


def test_the_project_names_only_itself() -> None:
    spoken = [*(ROOT / "docs").rglob("*.md"), ROOT / "Makefile", *SOURCES]
    assert not [_name(p) for p in spoken if re.search(r"/work/|/tmp/|\bLLM session\b", p.read_text())]


class TestExampleConfiguration:
    """config.example.toml is documentation: it loads, and it names every setting there is."""

    values = tomllib.loads((ROOT / "config.example.toml").read_text())

    def test_it_loads(self) -> None:
        assert config.parse(self.values, "config.example.toml").wecom.own.name == "hr"

    def test_every_setting_is_shown(self) -> None:
        text = (ROOT / "config.example.toml").read_text()
        missing = [name for name in _settings(config.Settings) if not re.search(rf"\b{name}\b", text)]
        assert not missing


def _settings(model: type[BaseModel]) -> list[str]:
    names = []
    for name, field in model.model_fields.items():
        names.append(name)
        for inner in _models(field.annotation):
            names += _settings(inner)
    return names


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]


def _constants(folder: Path) -> dict[str, str]:
    """The text constants of a domain, by name; `A, B = "a", "b"` counts twice."""
    found: dict[str, str] = {}
    for path in folder.glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign):
                names, values = (getattr(part, "elts", [part]) for part in (node.targets[0], node.value))
                pairs = zip(names, values, strict=False)
                found |= {n.id: v.value for n, v in pairs if isinstance(n, ast.Name) and isinstance(v, ast.Constant)}
    return found


def _promised(path: Path) -> set[str]:
    """The kinds that a file promises, written out or as a constant of its domain."""
    kinds = set()
    for call in ast.walk(ast.parse(path.read_text())):
        name = getattr(call.func, "attr", "") if isinstance(call, ast.Call) else ""
        if name in ("promise", "promise_many") and isinstance(call, ast.Call):
            kind = call.args[0]
            kinds.add(kind.value if isinstance(kind, ast.Constant) else _constants(path.parent)[ast.unparse(kind)])
    return {str(kind) for kind in kinds}


def test_every_promise_has_somebody_who_keeps_it(product: Flask) -> None:
    domains = [path for path in SOURCES if _name(path).startswith("services/")]  # the clock's are below
    made = set().union(*(_promised(path) for path in domains))
    assert {"message.send", "payroll.publish_chunk"} <= made
    assert made <= set(wiring.WORKERS) | set(outside.workers(product))


def test_every_job_of_the_timetable_posts_a_promise_that_is_kept(product: Flask) -> None:
    kept = set(wiring.WORKERS) | set(outside.workers(product))
    assert {job.promise for job in wiring.TIMETABLE.values()} <= kept


def test_every_permission_is_asked_for_somewhere() -> None:
    code = "\n".join(p.read_text() for p in SOURCES if p.name != "permissions.py")
    unused = [
        permission.name for permission in Permission if not re.search(rf"\b(Permission|P)\.{permission.name}\b", code)
    ]
    assert not unused
