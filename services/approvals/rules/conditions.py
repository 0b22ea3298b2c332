"""Conditions: what decides whether a node is asked, and whether an automatic node lets a request pass.

There are two ways to write one, groups of comparisons and the text of an expression; both look at what the subject
tells of a request.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from kit import expression
from kit.errors import Invalid
from kit.expression import BadExpression, Expression, Kind
from kit.schema import Wish
from models.enums import Comparison, FactKind

Value = Decimal | int | str
Facts = Mapping[str, Value]
"""What a subject tells the conditions, e.g. `{"days": Decimal("3.5"), "kind": "annual"}`; a person is told by id."""

NUMBERS = frozenset(
    {
        Comparison.EQUALS,
        Comparison.DIFFERS,
        Comparison.MORE,
        Comparison.AT_LEAST,
        Comparison.LESS,
        Comparison.AT_MOST,
    }
)
TEXTS = frozenset({Comparison.EQUALS, Comparison.DIFFERS, Comparison.ONE_OF})
KINDS = {
    FactKind.NUMBER: Kind.NUMBER,
    FactKind.TEXT: Kind.TEXT,
    FactKind.PERSON: Kind.TEXT,
    FactKind.YES_NO: Kind.YES_NO,
}
YES_NO = {"true": True, "是": True, "false": False, "否": False}

Operand = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int | float | Decimal) else v)]


@dataclass(frozen=True)
class Fact:
    """A field that conditions on a subject may look at; `names` says what codes are called."""

    title: str
    kind: FactKind
    names: Callable[[], Mapping[str, str]] | None = None

    def called(self, values: Iterable[str]) -> list[str]:
        """The values in the words of people."""
        known = self.names() if self.names else {}
        return [known.get(one, one) for one in values]


class Condition(Wish):
    """A comparison of one field with a constant; numbers may be written as text ("3.5")."""

    field: str = Field(pattern=r"^[a-z_][a-z0-9_]{0,31}$")
    op: Comparison
    value: Operand | tuple[Operand, ...] = Field(max_length=100)

    @model_validator(mode="after")
    def _shape(self) -> "Condition":
        if isinstance(self.value, tuple) != (self.op is Comparison.ONE_OF):
            raise ValueError("“属于”要写成一列值，其他比较只写一个值")
        return self

    def holds(self, facts: Facts) -> bool:
        """Does the comparison hold? A field the subject did not tell never does."""
        fact = facts.get(self.field)
        if fact is None:
            return False
        if isinstance(self.value, tuple):
            return str(fact) in self.value
        left, right = (fact, self.value) if isinstance(fact, str) else (Decimal(fact), Decimal(self.value))
        return bool(_COMPARE[self.op](left, right))

    def fits(self, kind: FactKind) -> bool:
        """May a field of this kind be compared so?"""
        if kind in (FactKind.TEXT, FactKind.PERSON):
            return self.op in TEXTS
        is_one = isinstance(self.value, str) and is_number(self.value)
        return kind is FactKind.NUMBER and self.op in NUMBERS and is_one


_COMPARE: dict[Comparison, Any] = {
    Comparison.EQUALS: lambda left, right: left == right,
    Comparison.DIFFERS: lambda left, right: left != right,
    Comparison.MORE: lambda left, right: left > right,
    Comparison.AT_LEAST: lambda left, right: left >= right,
    Comparison.LESS: lambda left, right: left < right,
    Comparison.AT_MOST: lambda left, right: left <= right,
}


def parse(text: str, fields: Mapping[str, Fact]) -> Expression:
    """A yes-or-no expression over these fields; `BadExpression` says what is wrong with it."""
    return _parsed(text, frozenset((name, KINDS[fact.kind]) for name, fact in fields.items()))


def holds(text: str, facts: Facts) -> bool | None:
    """What a saved expression says of these facts; `None` when it cannot tell: a fact is missing, or no number comes
    of it."""
    try:
        told = {name: value if isinstance(value, str | bool) else Decimal(value) for name, value in facts.items()}
        return bool(_parsed(text, frozenset((name, _kind(value)) for name, value in told.items())).value(told))
    except BadExpression:
        return None


@lru_cache(maxsize=1000)
def _parsed(text: str, kinds: frozenset[tuple[str, Kind]]) -> Expression:
    return expression.parse(text, dict(sorted(kinds)), Kind.YES_NO)


def _kind(value: expression.Value) -> Kind:
    if isinstance(value, bool):
        return Kind.YES_NO
    return Kind.TEXT if isinstance(value, str) else Kind.NUMBER


def fact_from(text: str, fact: Fact) -> Value:
    """What somebody typed, as a value of the field."""
    if fact.kind in (FactKind.TEXT, FactKind.PERSON):
        return text
    if fact.kind is FactKind.YES_NO:
        return _yes_or_no(text, fact)
    if not is_number(text):
        raise Invalid(f"{fact.title}要填写数字")
    return Decimal(text)


def _yes_or_no(text: str, fact: Fact) -> bool:
    if text.lower() not in YES_NO:
        raise Invalid(f"{fact.title}要填写“是”或“否”")
    return YES_NO[text.lower()]


def is_number(text: str) -> bool:
    """Is the text a finite decimal number?"""
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
