"""What a form that was filled in tells expressions and the conditions of its approval chain."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from models.enums import FieldType, Half
from services.forms.rules.definition import Definition
from services.forms.rules.fields import CHOSEN, NUMBERS, SPANS, Column, Input

Facts = dict[str, Decimal | str]
Values = dict[str, Any]


def tell(one: Input, value: Any) -> Facts:
    """What the field tells expressions and conditions."""
    if one.type in SPANS:
        return _tell_span(one.name, value)
    if one.type is FieldType.TABLE:
        return _tell_table(one, value or [])
    if one.type is FieldType.FILES:
        return {f"{one.name}_count": Decimal(len(value or ()))}
    return {one.name: fact(one, value)}


def days_of(value: Mapping[str, str]) -> Decimal:
    """The days of a span, both ends included; a half day counts a half."""
    days = Decimal((date.fromisoformat(value["to"]) - date.fromisoformat(value["from"])).days + 1)
    cut = (value.get("from_half") == Half.PM) + (value.get("to_half") == Half.AM)
    return days - Decimal(cut) / 2


def _tell_span(name: str, value: Mapping[str, str] | None) -> Facts:
    if value is None:
        return {f"{name}_{part}": Decimal(0) for part in ("days", "from", "to")}
    ends = {f"{name}_{part}": Decimal(date.fromisoformat(value[part]).toordinal()) for part in ("from", "to")}
    return {f"{name}_days": days_of(value), **ends}


def _tell_table(one: Input, rows: list[Values]) -> Facts:
    sums = {f"{one.name}_{column.name}": total(column, rows) for column in one.columns if column.type in NUMBERS}
    return {f"{one.name}_rows": Decimal(len(rows)), **sums}


def total(column: Column, rows: list[Values]) -> Decimal:
    """The sum of a column."""
    return sum((Decimal(row[column.name]) for row in rows if column.name in row), Decimal(0))


def fact(one: Column, value: Any) -> Decimal | str:
    if one.type in NUMBERS:
        return Decimal(value or 0)
    if one.type is FieldType.DATE:
        return Decimal(date.fromisoformat(value).toordinal() if value else 0)
    if isinstance(value, dict):  # a department by its name, for that is what HR writes; a person by their id
        return str(value["id"] if one.type is FieldType.PERSON else value["name"])
    return "、".join(value) if one.type in CHOSEN and isinstance(value, list) else str(value or "")


def facts_from(form: Definition, values: Values) -> Facts:
    """What a form that was submitted tells, as it did then."""
    return {name: told for one in form.fields for name, told in tell(one, values.get(one.name)).items()}
