"""Agreeing to some rows of a table: the form with those rows alone, its formulas computed anew, checked as at first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from kit.errors import Conflict, Invalid
from models.enums import FieldType
from services.forms.rules.definition import Definition
from services.forms.rules.facts import Values
from services.forms.rules.shown import shown, typed_of
from services.forms.rules.values import Filled, read


@dataclass(frozen=True)
class _Stored:
    """The people, departments and files that a submitted form names already."""

    form: Definition
    values: Values

    def person(self, text: str) -> dict[str, str]:
        return self._of(FieldType.PERSON, "name", text)

    def department(self, text: str) -> dict[str, str]:
        return self._of(FieldType.DEPARTMENT, "id", text)

    def file(self, text: str) -> dict[str, str]:
        held = (self.values.get(one.name, ()) for one in self.form.fields if one.type is FieldType.FILES)
        return next(file for files in held for file in files if file["id"] == text)

    def _of(self, kind: FieldType, key: str, text: str) -> dict[str, str]:
        named = (self.values.get(one.name) for one in self.form.fields if one.type is kind)
        return next(value for value in named if value and value[key] == text)


def kept(form: Definition, values: Values, rows: Collection[int], on: date) -> Filled:
    """The form with only these rows (1 is the first) of its divisible table, as of the day it was submitted.

    `Invalid` when they are none or not all there, or all of them; `Conflict` when what is left breaks the form's rules.
    """
    table = form.divisible
    if table is None:
        raise Invalid("这种申请不能部分同意，请同意、驳回或退回")
    whole = values.get(table.name, [])
    wanted = set(rows)
    if not wanted or not wanted <= set(range(1, len(whole) + 1)):
        raise Invalid("请勾选要同意的行")
    if len(wanted) == len(whole):
        raise Invalid("已勾选全部，请直接点同意")
    left = {**values, table.name: [row for number, row in enumerate(whole, 1) if number in wanted]}
    filled = read(form, typed_of(form, left, has_files=True), on, _Stored(form, values))
    if filled.faults:
        raise Conflict(f"只同意这些行不符合表单的要求：{filled.faults[0].sentence}")
    return filled


def words(form: Definition, before: Values, after: Values, rows: Collection[int]) -> str:
    """What was agreed to: 同意费用明细第 1、3 行，2 行，金额合计 42.50 元（申请 3 行，金额合计 50.00 元）."""
    table = form.divisible
    assert table is not None
    asked, agreed = (_said(form, table.name, values) for values in (before, after))
    return f"同意{table.title}第 {'、'.join(str(one) for one in sorted(set(rows)))} 行：{agreed}（申请 {asked}）"


def _said(form: Definition, name: str, values: Values) -> str:
    return next(one.text for one in shown(form, values, form.field(name).visible_to) if one.name == name)
