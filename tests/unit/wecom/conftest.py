"""A scripted WeCom and a client of it."""

from typing import Any

import pytest

import wecom
from tests.support.wire import Wire, client


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def tencent(wire: Wire) -> wecom.Client:
    """A client without a directory-sync secret."""
    return client(wire, contacts={})


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Rests between repeats are noted, not taken."""
    rests: list[float] = []
    monkeypatch.setattr("wecom.caller.sleep", lambda seconds: rests.append(seconds))
    return rests


class Ticks:
    """A hand-turned monotonic clock."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Any:
    return Ticks()
