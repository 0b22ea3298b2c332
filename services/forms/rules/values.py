"""From what was typed to values, checked field by field.

A value is JSON: numbers as decimal text, dates as ISO text, people, departments and files with the name they had when
they were chosen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Protocol

from kit import expression
from kit.errors import AppError, Invalid
from kit.expression import BadExpression
from kit.money import Money
from models.enums import FieldType, Half
from services.forms.rules.definition import Definition, Expressions, expressions_of
from services.forms.rules.facts import Facts, Values, days_of, fact, tell
from services.forms.rules.fields import MOST_FILES, TODAY, Column, Input
from services.forms.rules.shape import Typed

LONGEST = {FieldType.TEXT: 100, FieldType.PARAGRAPH: 2000}
LONGEST_NUMBER = 20
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


class Names(Protocol):
    """How a field's text becomes somebody or something that exists; each raises `Invalid` with a sentence."""

    def person(self, text: str) -> dict[str, str]:
        """The colleague meant: `{id, name}`."""

    def department(self, text: str) -> dict[str, str]:
        """The department with this id: `{id, name}`."""

    def file(self, text: str) -> dict[str, str]:
        """The applicant's own uploaded file with this id: `{id, name}`."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field, said so that the applicant knows what to do."""

    name: str
    title: str
    sentence: str


@dataclass
class Filled:
    """A form as filled in: values, what expressions see, which fields are shown, and what is wrong."""

    values: Values = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


def read(form: Definition, typed: Typed, today: date, names: Names) -> Filled:
    """The form as filled in. Every fault is found at once; a field that is not shown has no value and no fault."""
    found = Filled(facts={TODAY: Decimal(today.toordinal())})
    for one in form.fields:
        _fill(found, one, expressions_of(form, one), typed.get(one.name), names)
    for one in form.fields:
        check = expressions_of(form, one).check
        if check and one.name in found.shown and not any(fault.name == one.name for fault in found.faults):
            _verify(found, one, check)
    return found


def _fill(found: Filled, one: Input, parsed: Expressions, typed: Any, names: Names) -> None:
    value = None
    try:
        if parsed.shown_when is None or parsed.shown_when.value(found.facts):
            found.shown.add(one.name)
            value = _value(found, one, parsed, typed, names)
    except (AppError, BadExpression) as error:
        found.faults.append(Fault(one.name, one.title, str(error)))
    if value is not None:
        found.values[one.name] = value
    found.facts |= tell(one, value)


def _value(found: Filled, one: Input, parsed: Expressions, typed: Any, names: Names) -> Any:
    if parsed.formula is not None:
        return computed(one, parsed.formula.value(found.facts))
    if not typed:
        if one.is_required:
            raise Invalid("必填")
        return None
    if one.type is FieldType.TABLE:
        return _table(found, one, parsed, typed)
    return READ[one.type](one, typed, names)


def _verify(found: Filled, one: Input, check: expression.Expression) -> None:
    try:
        holds = check.value(found.facts)
    except BadExpression as error:
        found.faults.append(Fault(one.name, one.title, str(error)))
        return
    if not holds:
        found.faults.append(Fault(one.name, one.title, one.otherwise))


def computed(one: Column, value: expression.Value) -> str:
    """A computed value as it is kept: money to the fen, numbers to their places, half up."""
    if not isinstance(value, Decimal):
        return str(value)
    places = 2 if one.type is FieldType.MONEY else one.places
    return format(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP), "f")


def _text(one: Column, typed: str, _names: Names) -> str:
    most = LONGEST[one.type]
    if len(typed) > most:
        raise Invalid(f"最多 {most} 个字")
    return typed.replace("\n", " ") if one.type is FieldType.TEXT else typed


def _number(one: Column, typed: str, _names: Names) -> str:
    value = _decimal(typed)
    places = 2 if one.type is FieldType.MONEY else one.places
    if value != value.quantize(Decimal(1).scaleb(-places)):
        raise Invalid(f"最多 {places} 位小数" if places else "请填写整数")
    if one.least is not None and value < one.least:
        raise Invalid(f"不能小于 {one.least}")
    if one.most is not None and value > one.most:
        raise Invalid(f"不能大于 {one.most}")
    return str(Money.yuan(value)) if one.type is FieldType.MONEY else format(value + 0, "f")


def _decimal(typed: str) -> Decimal:
    try:
        value = Decimal(typed.replace(",", "").replace("，", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    _, digits, exponent = value.as_tuple()
    is_written_out = isinstance(exponent, int) and abs(exponent) <= LONGEST_NUMBER and len(digits) <= LONGEST_NUMBER
    if not is_written_out or abs(value) >= expression.LARGEST:
        raise Invalid("请填写数字，例如 12.5")
    return value


def _day(typed: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Invalid("请填写日期，例如 2026-03-02") from None
    if not EARLIEST <= day <= LATEST:
        raise Invalid("日期应在 2000 年到 2099 年之间")
    return day


def _date(_one: Column, typed: str, _names: Names) -> str:
    return _day(typed).isoformat()


def _span(one: Column, typed: dict[str, str], _names: Names) -> dict[str, str]:
    if "from" not in typed or "to" not in typed:
        raise Invalid("请填写开始和结束日期")
    halves = {}
    if one.type is FieldType.HALF_DAYS:
        halves = {"from_half": _half(typed, "from_half", Half.AM), "to_half": _half(typed, "to_half", Half.PM)}
    value = {"from": _day(typed["from"]).isoformat(), "to": _day(typed["to"]).isoformat(), **halves}
    if days_of(value) <= 0:
        raise Invalid("结束不能早于开始")
    return value


def _half(typed: dict[str, str], name: str, usual: Half) -> str:
    given = typed.get(name, usual)
    if given not in set(Half):
        raise Invalid("请选择上午或下午")
    return str(given)


def _choice(one: Column, typed: str, _names: Names) -> str:
    if typed not in one.options:
        raise Invalid("请从列出的选项中选择")
    return typed


def _choices(one: Column, typed: list[str], _names: Names) -> list[str]:
    if not set(typed) <= set(one.options):
        raise Invalid("请从列出的选项中选择")
    return [option for option in one.options if option in typed]


def _files(_one: Column, typed: list[str], names: Names) -> list[dict[str, str]]:
    if len(typed) > MOST_FILES:
        raise Invalid(f"最多 {MOST_FILES} 个附件")
    return [names.file(one) for one in dict.fromkeys(typed)]


READ: Mapping[FieldType, Callable[[Column, Any, Names], Any]] = {
    FieldType.TEXT: _text,
    FieldType.PARAGRAPH: _text,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.DATE: _date,
    FieldType.DATES: _span,
    FieldType.HALF_DAYS: _span,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.PERSON: lambda _one, typed, names: names.person(typed),
    FieldType.DEPARTMENT: lambda _one, typed, names: names.department(typed),
    FieldType.FILES: _files,
}


def _table(found: Filled, one: Input, parsed: Expressions, typed: list[dict[str, str]]) -> list[Values] | None:
    rows = [_row(found, one, parsed, row, number) for number, row in enumerate(typed, 1) if row]
    if not rows and one.is_required:
        raise Invalid("请至少填写一行")
    return rows or None


def _row(found: Filled, one: Input, parsed: Expressions, typed: dict[str, str], number: int) -> Values:
    facts: Facts = {TODAY: found.facts[TODAY]}
    values: Values = {}
    for column in one.columns:
        try:
            value = _cell(column, parsed, typed.get(column.name, ""), facts)
        except (AppError, BadExpression) as error:
            found.faults.append(Fault(f"{one.name}.{number}.{column.name}", _place(one, number, column), str(error)))
            value = None
        if value is not None:
            values[column.name] = value
        facts |= {column.name: fact(column, value)}
    return values


def _place(one: Input, number: int, column: Column) -> str:
    return f"{one.title}第 {number} 行的{column.title}"


def _cell(column: Column, parsed: Expressions, typed: str, facts: Facts) -> Any:
    formula = parsed.columns.get(column.name)
    if formula is not None:
        return computed(column, formula.value(facts))
    if not typed:
        if column.is_required:
            raise Invalid("必填")
        return None
    return READ[column.type](column, typed, _NOBODY)


class _Nobody:
    """A table has no people, departments or files."""

    def person(self, text: str) -> dict[str, str]:
        raise AssertionError(text)

    department = file = person


_NOBODY = _Nobody()
