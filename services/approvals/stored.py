"""The facts of a message, kept as JSON until the next step's card is rendered: their types survive the way."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

READ: dict[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "time": datetime.fromisoformat,
    "date": date.fromisoformat,
}


def freeze(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as plain JSON."""
    return {name: _frozen(value) for name, value in facts.items()}


def thaw(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they were."""
    return {name: _thawed(value) for name, value in stored.items()}


def _frozen(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _thawed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((tag, text),) = value.items()
    return READ[tag](text)
