"""A deployment of real processes for each test; small in the gate, at full scale with CHAOS=full."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.deployment import Deployment

FULL = os.environ.get("CHAOS") == "full"


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """Database at head, twin serving; nothing of the product runs yet."""
    server = os.environ.get("TEST_DATABASE_SERVER")
    if not server:
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail("TEST_DATABASE_SERVER is not set")
        pytest.skip("TEST_DATABASE_SERVER is not set")
    deployment = Deployment(server, tmp_path)
    try:
        deployment.flask("db", "upgrade")
        yield deployment
    finally:
        deployment.end()
