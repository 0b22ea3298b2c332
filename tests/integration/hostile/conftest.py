"""A company to attack."""

from collections.abc import Callable

import pytest
from flask import Flask

from simulator import Twin
from tests.integration.hostile.world import World, build


@pytest.fixture
def world(app: Flask, twin: Twin, drain: Callable[[], int]) -> World:
    """A company in which every route has something to show."""
    return build(app, twin, drain)
