"""What was submitted, as sheets: one of the forms with a column for each field, and one for each table of theirs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kit import clock
from kit.errors import Invalid
from models.enums import FieldType, FormState, Viewer
from services import people, platform
from services.forms import catalog, queries
from services.forms.catalog import Form
from services.forms.rules.fields import NUMBERS, Column, Input
from services.forms.rules.shown import text
from services.forms.schemas import RequestsQuery
from services.people import Actor

MOST_EXPORTED = 10_000
COMMON = ("编号", "表单", "标题", "申请人", "部门", "状态", "提交时间", "结束时间")
OF_ROWS = ("编号", "申请人", "提交时间", "行")
PLAIN = NUMBERS | {FieldType.DATE}


@dataclass(frozen=True)
class Sheet:
    """A named sheet: header and rows."""

    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True)
class _Filed:
    """A submitted form with what its sheets need of it."""

    row: Any
    form: Form
    person: people.PersonView


def export(actor: Actor, query: RequestsQuery) -> list[Sheet]:
    """The whole filtered list, at most ten thousand (`Invalid` beyond that), with its tables; recorded in the audit.

    Fields stand in columns when the list is of one form; without one, only what all forms share is told.
    """
    rows = queries.listing(actor, query).first(MOST_EXPORTED + 1)
    if len(rows) > MOST_EXPORTED:
        raise Invalid(f"超过 {MOST_EXPORTED} 条，请缩小日期范围后再导出")
    platform.audit.record(actor, "forms.request.export", query.code or "form_request", after={"rows": len(rows)})
    known = people.many(row.person_id for row in rows)
    found = [_Filed(row, catalog.as_of(row.version_id), known[row.person_id]) for row in rows]
    fields = _fields(found) if query.code else []
    tables = [field for field in fields if field.type is FieldType.TABLE]
    return [_main(found, fields), *(_table(found, table) for table in tables)]


def _fields(found: Sequence[_Filed]) -> list[Input]:
    """Every field that HR may see of any version met, the newest version's first and in its order."""
    forms = {one.form.version: one.form for one in found}
    newest_first = [forms[version].definition for version in sorted(forms, reverse=True)]
    fields = [field for form in newest_first for field in form.fields if Viewer.HR in field.visible_to]
    return list({field.name: field for field in reversed(fields)}.values())[::-1]


def _main(found: Sequence[_Filed], fields: Sequence[Input]) -> Sheet:
    rows = [(*_common(one), *(_cell(one, field.name) for field in fields)) for one in found]
    return Sheet("表单记录", _distinct([*COMMON, *(field.title for field in fields)]), rows)


def _distinct(titles: Sequence[str]) -> tuple[str, ...]:
    """Headings that differ: a field may be called like another, or like what every form has."""
    found: list[str] = []
    for title in titles:
        numbered = (f"{title}（{n}）" for n in range(2, len(titles) + 2))
        found.append(next(name for name in (title, *numbered) if name not in found))
    return tuple(found)


def _common(one: _Filed) -> tuple[str, ...]:
    row, title = one.row, one.form.definition.title
    state = queries.STATES[FormState(row.state)]
    who = (one.person.name, one.person.department_name)
    return (row.id, title, row.title, *who, state, _at(row.submitted_at), _at(row.decided_at))


def _at(instant: Any) -> str:
    return f"{clock.local(instant):%Y-%m-%d %H:%M}" if instant else ""


def _cell(one: _Filed, name: str) -> str:
    """The value as a spreadsheet wants it: plain numbers and dates, everything else in words."""
    field = next((field for field in one.form.definition.fields if field.name == name), None)
    if field is None or name not in one.row.content:
        return ""
    value = one.row.content[name]
    return f"{len(value)} 行" if field.type is FieldType.TABLE else _plain(field, value)


def _plain(column: Column, value: Any) -> str:
    return str(value) if column.type in PLAIN else text(column, value)


def _table(found: Sequence[_Filed], table: Input) -> Sheet:
    header = _distinct([*OF_ROWS, *(column.title for column in table.columns)])
    return Sheet(table.title, header, [row for one in found for row in _rows(one, table)])


def _rows(one: _Filed, table: Input) -> Iterator[tuple[str, ...]]:
    who = (one.row.id, one.person.name, _at(one.row.submitted_at))
    for number, row in enumerate(_lines(one, table), 1):
        cells = (_plain(column, row[column.name]) if column.name in row else "" for column in table.columns)
        yield (*who, str(number), *cells)


def _lines(one: _Filed, table: Input) -> Iterable[dict[str, Any]]:
    value = one.row.content.get(table.name)
    return value if isinstance(value, list) else []
