"""What was sent, brought into the shape of each field, so that nothing odd gets further.

Typed is text in that shape: the same for a page, for JSON and for a draft.
"""

from collections.abc import Callable, Mapping
from typing import Any

from kit.errors import Invalid
from kit.text import plain
from models.enums import FieldType
from services.forms.rules.definition import Definition
from services.forms.rules.fields import MOST_ROWS, Column, Input

Typed = dict[str, Any]

LONGEST_TYPED = 4000
LARGEST = 10**30  # Python refuses to write out numbers of thousands of digits
PARTS = {FieldType.DATES: ("from", "to"), FieldType.HALF_DAYS: ("from", "from_half", "to", "to_half")}


def shape(form: Definition, given: Mapping[str, Any]) -> Typed:
    """What was sent, as text in the shape each field has; empty parts are left out. `Invalid` for what fits nowhere."""
    known = {one.name: one for one in form.fields if not one.formula}
    if stray := [name for name in given if name not in {one.name for one in form.fields}]:
        raise Invalid(errors=[{"field": stray[0][:100], "message": "表单里没有这一项"}])
    typed = {name: _shaped(one, given.get(name)) for name, one in known.items()}
    return {name: value for name, value in typed.items() if value}


def _shaped(one: Input, value: Any) -> Any:
    return SHAPES[one.type](one, value) if one.type in SHAPES else _line(one, value)


def _line(one: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _odd(one)
    if isinstance(value, int) and abs(value) >= LARGEST:
        raise _odd(one)
    text = plain(str(value))
    if len(text) > LONGEST_TYPED:
        raise Invalid(f"“{one.title}”太长，请精简后再提交")
    return text


def _odd(one: Column) -> Invalid:
    return Invalid(f"“{one.title}”的格式不正确，请重新填写", errors=[{"field": one.name, "message": "格式不正确"}])


def _parts(one: Column, value: Any) -> dict[str, str]:
    names = PARTS[one.type]
    if value is None:
        return {}
    if not isinstance(value, dict) or not set(value) <= set(names):
        raise _odd(one)
    return {name: text for name in names if (text := _line(one, value.get(name)))}


def _lines(one: Column, value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_ROWS:
        raise _odd(one)
    return [text for part in value if (text := _line(one, part))]


def _rows(one: Column, value: Any) -> list[dict[str, str]]:
    assert isinstance(one, Input)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_ROWS:
        raise Invalid(f"“{one.title}”最多 {MOST_ROWS} 行", errors=[{"field": one.name, "message": "行数或格式不正确"}])
    known = {column.name: column for column in one.columns}
    rows = []
    for row in value:
        if not isinstance(row, dict) or not set(row) <= set(known):
            raise _odd(one)
        typed = {n: _line(column, row.get(n)) for n, column in known.items() if not column.formula}
        rows.append({name: text for name, text in typed.items() if text})
    return rows


SHAPES: Mapping[FieldType, Callable[[Column, Any], Any]] = {
    FieldType.DATES: _parts,
    FieldType.HALF_DAYS: _parts,
    FieldType.CHOICES: _lines,
    FieldType.FILES: _lines,
    FieldType.TABLE: _rows,
}
