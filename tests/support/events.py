"""Listening to what a domain tells, instead of the reactions of the wiring."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from services import platform, wiring


@contextmanager
def heard(*kinds: type) -> Iterator[list[Any]]:
    """The events of these kinds published meanwhile, in order; nobody else hears anything."""
    events: list[Any] = []
    platform.connect({kind: (events.append,) for kind in kinds})
    try:
        yield events
    finally:
        wiring.connect()
