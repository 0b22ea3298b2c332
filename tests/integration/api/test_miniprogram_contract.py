"""What the mini-program takes for granted is held against the product: paths, methods, codes, words, form fields."""

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from entrypoints.api import document
from models.enums import (
    CoverState,
    Direction,
    FieldType,
    FormState,
    Half,
    InstanceState,
    ItemKind,
    LeaveState,
    LeaveUnit,
    Signing,
    StepState,
    StepUpMethod,
)
from services import attendance, forms, leave
from services.approvals.receipts import DECISIONS
from services.leave.answers.rules.forecast import StepKind

ROOT = Path(__file__).parents[3]
PROGRAM = ROOT / "miniprogram"
PAGE_SOURCES = [*sorted((PROGRAM / "src/pages").rglob("*.js")), PROGRAM / "src/utils/kinds.js"]
ACTS = (PROGRAM / "src/utils/acts.js").read_text()
PLACES = (PROGRAM / "src/utils/places.js").read_text()
OPERATIONS = re.findall(r'^  (\w+): "([A-Z]+) (/\S*)",$', (PROGRAM / "src/utils/api.js").read_text(), re.MULTILINE)
LEAVE_FORM = (PROGRAM / "src/pages/leave/new/index.js").read_text() + (PROGRAM / "src/utils/leave-form.js").read_text()
SOURCES = [*(source.read_text() for source in PAGE_SOURCES), PLACES]
PAGES = sorted({path for source in SOURCES for path in re.findall(r'["`](/h5/[^"`$]*)', source)})


def _table(name: str) -> dict[str, str]:
    """A table of utils/words.js: code → title."""
    text = (PROGRAM / "src/utils/words.js").read_text()
    found = re.search(rf"const {name} = \{{(.*?)\}};\n", text, re.DOTALL)
    assert found, name
    return dict(re.findall(r'(\w+): (?:\{ title: )?"([^"]*)"', re.sub(r', tone: "\w*" ', "", found[1])))


@pytest.fixture
def paths(app: Flask) -> dict[str, Any]:
    """The paths of the document of the API."""
    with app.test_request_context():
        found: dict[str, Any] = document.build()["paths"]
    return found


def test_every_operation_that_is_called_is_named_in_the_table() -> None:
    used = {
        name
        for source in PAGE_SOURCES
        for name in re.findall(r'(?:api\.call|files\.show|showList|showMore)\([^"]*?"(\w+)"', source.read_text())
    }
    used |= set(re.findall(r'operation: "(\w+)"', ACTS))
    used |= {name for source in PAGE_SOURCES for name in re.findall(r'this\.send\("(\w+)"', source.read_text())}
    assert used == {name for name, _, _ in OPERATIONS}


@pytest.mark.parametrize(("method", "path"), [operation[1:] for operation in OPERATIONS])
def test_every_operation_is_in_the_document(paths: dict[str, Any], method: str, path: str) -> None:
    assert method.lower() in paths.get(f"/api/v1{path}", {}), f"{method} {path}"


def test_the_login_is_in_the_document(paths: dict[str, Any]) -> None:
    assert "post" in paths["/api/v1/session"]


def test_every_page_that_is_opened_exists(app: Flask) -> None:
    router, missing = app.url_map.bind("hr.example.com"), []
    for page in PAGES:
        try:
            router.match(f"{page}some-id" if page.endswith("/") and page != "/h5/" else page, "GET")
        except HTTPException:
            missing.append(page)
    assert PAGES
    assert not missing


def test_every_code_has_its_word() -> None:
    assert set(_table("STATES")) == {*LeaveState} | {*InstanceState}
    assert set(_table("FORM_STATES")) == {*FormState}
    assert set(_table("STEPS")) == {*StepState}
    assert set(_table("DECISIONS")) == DECISIONS
    assert set(_table("COVERS")) == {*CoverState}
    assert set(_table("SIGNINGS")) == {*Signing}
    assert set(_table("CHANGES")) == {*StepKind}
    assert set(_table("DIRECTIONS")) == {*Direction}
    assert set(_table("HALVES")) == {*Half}
    assert set(_table("ITEM_KINDS")) == {*ItemKind}


def test_states_are_called_what_the_product_calls_them() -> None:
    words = _table("STATES")
    assert {state: words[state] for state in LeaveState} == leave.STATES
    assert {state: word for state, word in _table("FORM_STATES").items() if state in forms.STATES} == forms.STATES
    assert _table("COVERS") == leave.covering.WORDS


@pytest.mark.parametrize(("kind", "card"), [("leave", "leave/approval_request"), ("other", "approvals/request")])
def test_the_reasons_of_refusal_are_those_of_the_cards(kind: str, card: str) -> None:
    choice = tomllib.loads((ROOT / f"templates_msg/{card}.toml").read_text())["card"]["choice"]
    offered = re.search(rf"  {kind}: (\[.*\]),\n", (PROGRAM / "src/utils/words.js").read_text())
    assert offered
    assert json.loads(offered[1]) == choice["options"]


def test_every_kind_of_request_has_its_place() -> None:
    assert f'const FORM = "{forms.FAMILY}:";' in PLACES
    named = re.search(r"const NEW = \{(.*?)\};", PLACES, re.DOTALL)
    assert named
    assert set(re.findall(r"^  (\w+):", named[1], re.MULTILINE)) == {leave.LEAVE, attendance.CORRECTION}


def test_the_form_draws_every_type_of_field() -> None:
    drawn = (PROGRAM / "src/pages/forms/fill/index.wxml").read_text() + (PROGRAM / "src/utils/form.js").read_text()
    types = "|".join(FieldType)
    assert set(re.findall(rf"(?:=== '|^  )({types})\b", drawn, re.MULTILINE)) | {"text", "number", "money"} == {
        *FieldType
    }


def test_the_form_offers_every_field_of_a_request() -> None:
    asked = {one.name for asks in leave.occasions.ASKED.values() for one in asks}  # drawn as the kind asks for them
    assert "kind.asks" in LEAVE_FORM
    offered = leave.Apply.model_fields.keys() - asked
    assert not [name for name in offered if not re.search(rf"\b{name}\b", LEAVE_FORM)]


def test_units_and_methods_it_compares_with_exist() -> None:
    step_up = (PROGRAM / "src/pages/step-up/index.js").read_text()
    assert set(re.findall(r'kind\.unit [!=]== "(\w+)"', LEAVE_FORM)) <= {*LeaveUnit}
    assert set(re.findall(r'method === "(\w+)"', step_up)) <= {*StepUpMethod}


def test_the_lock_holds_versions_and_sums_but_no_addresses() -> None:
    lock = json.loads((PROGRAM / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry]


def test_the_style_sheet_is_the_one_that_was_vendored() -> None:
    sheet = (PROGRAM / "src/styles/weui.wxss").read_bytes()
    assert hashlib.sha256(sheet).hexdigest() in (PROGRAM / "VENDORED.md").read_text()
