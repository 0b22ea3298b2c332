"""Data that WeCom and others have published, read where it lies beside the project."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "fixtures" / "wecom"


def needed() -> None:
    """Skips a test without the published data, and fails it where everything is required."""
    if FOLDER.is_dir():
        return
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"the published fixtures are not at {FOLDER}")
    pytest.skip(f"the published fixtures are not at {FOLDER}: published vectors were not checked")


def vectors() -> list[Any]:
    """The published vectors as test parameters; one that says so when they are absent."""
    path = FOLDER / "crypto-vectors.json"
    if not path.is_file():
        return [pytest.param(None, id="absent")]
    return [pytest.param(vector, id=vector["name"]) for vector in json.loads(path.read_text(encoding="utf-8"))]


def documents(folder: str) -> list[Any]:
    """The published XML documents of a folder as test parameters."""
    paths = sorted((FOLDER / folder).glob("*.xml"))
    return [pytest.param(path.read_bytes(), id=path.stem) for path in paths] or [pytest.param(None, id="absent")]
