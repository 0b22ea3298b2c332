"""A form that was filled in, in words: each value as people read it, for whoever may see it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.enums import FieldType, Half, Viewer
from services.forms.rules.definition import Definition
from services.forms.rules.facts import Values, days_of, total
from services.forms.rules.fields import APPLICANT, EVERYBODY, FORM, NUMBERS, Column, Input

Row = tuple[str, str]

HALVES = {Half.AM: "上午", Half.PM: "下午"}
LONGEST_TITLE = 60
PRODUCT = re.compile(r"\w+(\s*\*\s*\w+)+")


@dataclass(frozen=True)
class Shown:
    """A field in words. Of a table with `has_sums` the last row sums up; files are pairs of id and name."""

    name: str
    title: str
    text: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    has_sums: bool = False
    files: tuple[tuple[str, str], ...] = ()
    is_divisible: bool = False


def shown(form: Definition, values: Values, viewers: frozenset[Viewer]) -> list[Shown]:
    """The fields that have a value and that somebody who is any of these may see, in order."""
    return [_shown(one, values[one.name]) for one in form.fields if one.name in values and one.visible_to & viewers]


def for_everybody(form: Definition, values: Values) -> list[Row]:
    """Label and words of the fields that nobody is kept from: what approvals keep for whoever sees the request."""
    found = shown(form, values, EVERYBODY)
    return [(one.title, one.text) for one in found if form.field(one.name).visible_to == EVERYBODY]


def on_card(form: Definition, values: Values) -> list[Row]:
    """Label and words of the few fields that the card of an approver shows."""
    wanted = {one.name for one in form.fields if one.is_on_card}
    seen = shown(form, values, frozenset({Viewer.APPROVER}))
    return [(one.title, one.text) for one in seen if one.name in wanted]


def _shown(one: Input, value: Any) -> Shown:
    if one.type is FieldType.TABLE:
        return _table(one, value)
    files = tuple((file["id"], file["name"]) for file in value) if one.type is FieldType.FILES else ()
    return Shown(one.name, one.title, text(one, value), files=files)


def _table(one: Input, rows: list[Values]) -> Shown:
    lines = [_cells(one, row) for row in rows]
    summed = _summed(one)
    sums = tuple(_sum(column, rows, summed, is_first=not at) for at, column in enumerate(one.columns))
    head = tuple(column.title for column in one.columns)
    lines += [sums] if summed else []
    said = "，".join([f"{len(rows)} 行", *_said(one, sums)])
    return Shown(
        one.name, one.title, said, head=head, rows=tuple(lines), has_sums=bool(summed), is_divisible=one.is_divisible
    )


def _said(one: Input, sums: tuple[str, ...]) -> list[str]:
    pairs, summed = zip(one.columns, sums, strict=True), _summed(one)
    return [f"{column.title}合计 {total}" for column, total in pairs if column.name in summed]


def _summed(one: Input) -> set[str]:
    """The columns that are summed up: numbers, but not the price in a plain product of count and price."""
    products = [column.formula.split("*") for column in one.columns if PRODUCT.fullmatch(column.formula.strip())]
    factors = {part.strip() for parts in products for part in parts}
    prices = {column.name for column in one.columns if column.type is FieldType.MONEY and column.name in factors}
    return {column.name for column in one.columns if column.type in NUMBERS} - prices


def _cells(one: Input, row: Values) -> tuple[str, ...]:
    return tuple(text(column, row[column.name]) if column.name in row else "" for column in one.columns)


def _sum(column: Column, rows: list[Values], summed: set[str], *, is_first: bool) -> str:
    if column.name in summed:
        return text(column, format(total(column, rows), "f"))
    return "合计" if is_first else ""


def text(one: Column, value: Any) -> str:
    """A value as people read it."""
    return WORDS[one.type](one, value) if one.type in WORDS else str(value)


def _number(one: Column, value: str) -> str:
    number = Decimal(value)
    written = f"{number:,.2f} 元" if one.type is FieldType.MONEY else f"{number.normalize():,f}"
    return f"{written} {one.unit}" if one.unit and one.type is FieldType.NUMBER else written


def _day(value: str) -> str:
    day = date.fromisoformat(value)
    return f"{day.year}年{day.month}月{day.day}日"


def _span(_one: Column, value: Mapping[str, str]) -> str:
    first, last = (_end(value, end) for end in ("from", "to"))
    days = f"{days_of(value).normalize():f} 天"
    return f"{first}（{days}）" if first == last else f"{first}至{last}（{days}）"


def _end(value: Mapping[str, str], end: str) -> str:
    half = value.get(f"{end}_half")
    return _day(value[end]) + (HALVES[Half(half)] if half else "")


WORDS: Mapping[FieldType, Callable[[Column, Any], str]] = {
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.DATE: lambda _one, value: _day(value),
    FieldType.DATES: _span,
    FieldType.HALF_DAYS: _span,
    FieldType.CHOICES: lambda _one, value: "、".join(value),
    FieldType.PERSON: lambda _one, value: str(value["name"]),
    FieldType.DEPARTMENT: lambda _one, value: str(value["name"]),
    FieldType.FILES: lambda _one, value: "、".join(file["name"] for file in value),
}


def title_of(form: Definition, values: Values, applicant: str) -> str:
    """The title of a request, by the form's template; a field without a value leaves a gap."""
    named = {one.name: text(one, values[one.name]) if one.name in values else "" for one in form.fields}
    return form.request_title.format_map({**named, APPLICANT: applicant, FORM: form.title})


def typed_of(form: Definition, values: Values, *, has_files: bool) -> dict[str, Any]:
    """The values as they would be typed: to change them, or for a new request like an old one, without its files."""
    asked = (one for one in form.fields if one.name in values and not one.formula)
    return {one.name: _typed(one, values[one.name]) for one in asked if has_files or one.type is not FieldType.FILES}


def _typed(one: Input, value: Any) -> Any:
    if one.type is FieldType.PERSON:
        return value["name"]
    if one.type is FieldType.DEPARTMENT:
        return value["id"]
    if one.type is FieldType.FILES:
        return [file["id"] for file in value]
    if one.type is FieldType.TABLE:
        computed = {column.name for column in one.columns if column.formula}
        return [{name: cell for name, cell in row.items() if name not in computed} for row in value]
    return value
