"""The facts a template asks for, checked strictly: nothing missing, nothing extra, nothing of another type."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2 and all(isinstance(part, str) for part in value)


TYPES: dict[str, Callable[[Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: type(value) is int,
    "bool": lambda value: type(value) is bool,
    "date": lambda value: type(value) is date,
    "time": lambda value: isinstance(value, datetime) and value.tzinfo is not None,
    "minutes": lambda value: type(value) is int and value >= 0,
    "days": lambda value: type(value) in (int, Decimal),
    "pairs": lambda value: isinstance(value, tuple | list) and all(_is_pair(part) for part in value),
}
"""The types a template may name. There is no money among them: a card carries no amount."""


def check(template: str, params: Mapping[str, str], facts: Mapping[str, Any]) -> None:
    """Raises `TypeError` naming the template and the fact: a programmer's mistake, found in the use case's test."""
    if missing := params.keys() - facts.keys():
        raise TypeError(f"{template}: no fact for {', '.join(sorted(missing))}")
    if extra := facts.keys() - params.keys():
        raise TypeError(f"{template}: takes no fact {', '.join(sorted(extra))}")
    for name, kind in params.items():
        if not TYPES[kind](facts[name]):
            raise TypeError(f"{template}: {name} should be {kind}, not {type(facts[name]).__name__}")
