"""Events: past-tense facts, published and heard inside the transaction of their cause."""

from collections.abc import Callable
from typing import Any

Reaction = Callable[[Any], object]

_reactions: dict[type, tuple[Reaction, ...]] = {}


def connect(reactions: dict[type, tuple[Reaction, ...]]) -> None:
    """Installs the page that says who hears what; the wiring calls it once."""
    _reactions.clear()
    _reactions.update(reactions)


def publish(event: object) -> None:
    """Tells every reaction, in the order of the wiring; one that raises undoes the cause too."""
    for reaction in _reactions.get(type(event), ()):
        reaction(event)
