"""Rules of forms: what a definition may say, checked whole when it is published, so that a published form works.

A definition is data. Its expressions (kit/expression.py) may look only at fields that stand before them, so nothing
refers in a circle. What a field that was left empty tells an expression: 0, or an empty text.
"""

from functools import lru_cache
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from kit import expression
from kit.expression import BadExpression, Expression, Kind
from kit.schema import Identifier, Line, Wish
from models.enums import ApproverKind, FactKind, FieldType, Role, Viewer
from services.approvals import Approver, Chain, Fact, Node
from services.forms.rules.fields import APPLICANT, FORM, NUMBERS, SPANS, TODAY, Column, Input, Name, Title

MOST_FIELDS, MOST_ON_CARD, LONGEST_NAME = 60, 4, 32

RESERVED = frozenset({"drafts", "files", "requests"})
"""What the addresses of pages say where others say the code of a form."""


def _code(text: str) -> str:
    if text in RESERVED:
        raise ValueError(f"{text} 有固定含义，请换一个代码")
    return text


Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,25}$"), AfterValidator(_code)]


class Section(Wish):
    """A part of the printed page: its heading, and the fields in it."""

    title: Title
    fields: tuple[Name, ...] = Field(min_length=1, max_length=MOST_FIELDS)


class Access(Wish):
    """Who may use a form: people of these departments and those below, or in these roles; without any, everybody."""

    departments: tuple[Identifier, ...] = Field((), max_length=50)
    roles: tuple[Role, ...] = Field((), max_length=len(Role))

    @property
    def is_for_all(self) -> bool:
        """Nobody is left out."""
        return not self.departments and not self.roles


SUPERIOR = Chain(nodes=(Node(name="直接上级", approvers=(Approver(kind=ApproverKind.SUPERIOR),)),))


class Definition(Wish):
    """A form as HR designs it."""

    title: Title
    icon: Annotated[Line, Field(min_length=1, max_length=1)] = "单"
    group: Annotated[Line, Field(min_length=1, max_length=10)] = "其他"
    sort: int = Field(100, ge=0, le=9999)
    note: Line = ""
    is_active: bool = True
    access: Access = Access()
    fields: tuple[Input, ...] = Field(min_length=1, max_length=MOST_FIELDS)
    request_title: Line = "{applicant}的{form}"
    layout: tuple[Section, ...] = Field((), max_length=20)
    chain: Chain = SUPERIOR

    @model_validator(mode="after")
    def _consistent(self) -> "Definition":
        _check_names([fact for field in self.fields for fact in facts_of(field)])
        for field in self.fields:
            _check_names([column.name for column in field.columns])
        for field in self.fields:
            expressions_of(self, field)
        _check_title(self)
        known = {field.name for field in self.fields}
        if stray := [name for section in self.layout for name in section.fields if name not in known]:
            raise ValueError(f"打印版式里用了没有的字段 {stray[0]}")
        if sum(field.is_on_card for field in self.fields) > MOST_ON_CARD:
            raise ValueError(f"卡片上最多显示 {MOST_ON_CARD} 个字段")
        if sum(field.is_divisible for field in self.fields) > 1:
            raise ValueError("只能有一个明细表可以部分同意")
        return self

    @property
    def divisible(self) -> Input | None:
        """The table of which an approver may agree to some rows."""
        return next((field for field in self.fields if field.is_divisible), None)

    def field(self, name: str) -> Input:
        """The field of this name; it is there."""
        return next(field for field in self.fields if field.name == name)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The printed page; fields that no section names follow at the end."""
        placed = {name for section in self.layout for name in section.fields}
        rest = tuple(field.name for field in self.fields if field.name not in placed)
        title = "其他" if self.layout else "申请内容"
        return (*self.layout, Section(title=title, fields=rest)) if rest else self.layout


def _check_names(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"字段名 {name} 用了两次，请换一个")
        if len(name) > LONGEST_NAME:
            raise ValueError(f"字段名 {name} 太长，请改短")


def _check_title(form: Definition) -> None:
    try:
        parts = [part[1:] for part in Formatter().parse(form.request_title) if part[1] is not None]
    except ValueError:
        raise ValueError("标题模板的花括号没有配对") from None
    known = {APPLICANT, FORM, *(field.name for field in form.fields if Viewer.APPROVER in field.visible_to)}
    if stray := [name for name, spec, conversion in parts if name not in known or spec or conversion]:
        raise ValueError(f"标题模板里用了没有的字段 {stray[0]}")


def facts_of(field: Input) -> dict[str, Fact]:
    """What a field tells expressions and conditions: a span its days, a table its rows and sums, files their number."""
    name, title = field.name, field.title
    if field.type in SPANS:
        parts = {"days": "天数", "from": "开始日", "to": "结束日"}
        return {f"{name}_{part}": _number(f"{title}的{said}") for part, said in parts.items()}
    if field.type is FieldType.TABLE:
        summed = [column for column in field.columns if column.type in NUMBERS]
        sums = {f"{name}_{one.name}": _number(f"{title}的{one.title}合计") for one in summed}
        return {f"{name}_rows": _number(f"{title}的行数"), **sums}
    if field.type is FieldType.FILES:
        return {f"{name}_count": _number(f"{title}的个数")}
    return {name: Fact(title, TOLD.get(field.type, FactKind.TEXT))}


TOLD = {
    **dict.fromkeys((*NUMBERS, FieldType.DATE), FactKind.NUMBER),
    FieldType.PERSON: FactKind.PERSON,  # so that a chain may ask whom the field names
}


def _number(title: str) -> Fact:
    return Fact(title, FactKind.NUMBER)


KINDS = {FactKind.NUMBER: Kind.NUMBER, FactKind.TEXT: Kind.TEXT, FactKind.PERSON: Kind.TEXT}


def kinds_before(form: Definition, name: str | None) -> dict[str, Kind]:
    """What an expression of this field may look at: today, and the facts of the fields before it; `None`: of all."""
    known = {TODAY: Kind.NUMBER}
    for field in form.fields:
        if field.name == name:
            break
        known |= {fact: KINDS[told.kind] for fact, told in facts_of(field).items()}
    return known


def facts(form: Definition) -> dict[str, Fact]:
    """What the conditions of the form's approval chain may compare."""
    return {name: fact for field in form.fields for name, fact in facts_of(field).items()}


class Expressions(Wish):
    """The expressions of a field, ready to run; those it does not have are `None`."""

    formula: Expression | None
    shown_when: Expression | None
    check: Expression | None
    columns: dict[str, Expression]


def expressions_of(form: Definition, field: Input) -> Expressions:
    """The expressions of a field; `ValueError` with a sentence for one that is no good."""
    before = kinds_before(form, field.name)
    try:
        return Expressions(
            formula=_parsed(field.formula, before, result_of(field)),
            shown_when=_parsed(field.shown_when, before, Kind.YES_NO),
            check=_parsed(field.check, kinds_before(form, None), Kind.YES_NO),
            columns=_columns(field),
        )
    except BadExpression as error:
        raise ValueError(f"“{field.title}”：{error}") from None


def _columns(field: Input) -> dict[str, Expression]:
    known, found = {TODAY: Kind.NUMBER}, {}
    for column in field.columns:
        if made := _parsed(column.formula, known, result_of(column)):
            found[column.name] = made
        known[column.name] = result_of(column)
    return found


def result_of(column: Column) -> Kind:
    """What a field is to an expression."""
    return Kind.NUMBER if column.type in NUMBERS or column.type is FieldType.DATE else Kind.TEXT


def _parsed(text: str, known: dict[str, Kind], wanted: Kind) -> Expression | None:
    return _remembered(text, tuple(known.items()), wanted) if text else None


@lru_cache(maxsize=2000)
def _remembered(text: str, known: tuple[tuple[str, Kind], ...], wanted: Kind) -> Expression:
    return expression.parse(text, dict(known), wanted)
