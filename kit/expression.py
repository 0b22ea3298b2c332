"""Conditions and formulas that people write: a small language, checked when it is saved, exact when it is run.

Numbers are decimals, texts stand in quotes, names are the fields that were declared. There is arithmetic, comparing,
`and or not`, `in ("a", "b")`, `a if b else c` and the functions below; nothing else: no attribute, no index, no power,
no call of anything unlisted (reliability R65). A result is a finite number below 10¹², a text, or yes or no.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, DecimalException, localcontext
from enum import StrEnum
from typing import Any

Value = Decimal | str | bool
Facts = Mapping[str, Value | int]
LONGEST, DEEPEST, LONGEST_TEXT = 500, 30, 64
LARGEST = Decimal(10) ** 12
EXACT = Context(prec=28, Emax=24, Emin=-24)


class Kind(StrEnum):
    """What a field or a result is."""

    NUMBER = "number"
    TEXT = "text"
    YES_NO = "yes_no"


TITLES = {Kind.NUMBER: "数字", Kind.TEXT: "文字", Kind.YES_NO: "是或否"}


class BadExpression(ValueError):
    """The text cannot be accepted, or has no value for these facts; the message is a sentence for its author."""


@dataclass(frozen=True)
class Function:
    """A listed function of numbers: how many it takes, and what it does with them."""

    least: int
    most: int
    run: Callable[..., Decimal]


def _round(value: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    if places not in range(9):
        raise BadExpression("round 的小数位数应为 0 到 8")
    return value.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)


FUNCTIONS = {
    "min": Function(2, 20, min),
    "max": Function(2, 20, max),
    "abs": Function(1, 1, abs),
    "round": Function(1, 2, _round),
    "floor": Function(1, 1, lambda value: value.to_integral_value(rounding=ROUND_FLOOR)),
    "ceil": Function(1, 1, lambda value: value.to_integral_value(rounding=ROUND_CEILING)),
}
Compared = Callable[[Any, Any], bool]
ARITHMETIC: Mapping[type[ast.AST], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
ORDERED: Mapping[type[ast.AST], Compared] = {
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le,
}  # fmt: skip
COMPARED: Mapping[type[ast.AST], Compared] = {
    **ORDERED, ast.Eq: operator.eq, ast.NotEq: operator.ne,
    ast.In: lambda one, many: one in many, ast.NotIn: lambda one, many: one not in many,
}  # fmt: skip


@dataclass(frozen=True)
class Expression:
    """A text that was accepted: what it yields, and the fields it looks at."""

    text: str
    kind: Kind
    names: frozenset[str]
    _run: Callable[[Facts], Any] = field(repr=False, compare=False)

    def value(self, facts: Facts) -> Value:
        """What it yields for these facts; `BadExpression` when a fact is missing or no number comes of it."""
        with localcontext(EXACT):
            try:
                found: Value = self._run(facts)
            except DecimalException:
                raise BadExpression(f"“{self.text}”算不出结果，请检查是否除以了零") from None
        if isinstance(found, Decimal) and not abs(found) < LARGEST:
            raise BadExpression(f"“{self.text}”的结果太大")
        return found


def parse(text: str, fields: Mapping[str, Kind], wanted: Kind | None = None) -> Expression:
    """The expression, checked whole: its grammar, the names it uses, what each part yields, and what it yields itself.

    Raises `BadExpression` with a sentence that says what is wrong.
    """
    if len(text) > LONGEST:
        raise BadExpression(f"公式太长，最多 {LONGEST} 个字符")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadExpression(f"“{text}”不是完整的公式，请检查括号和引号") from None
    compiler = _Compiler(fields)
    whole = compiler.part(tree, DEEPEST)
    if wanted is not None and whole.kind is not wanted:
        raise BadExpression(f"“{text}”的结果应为{TITLES[wanted]}，现在是{TITLES[whole.kind]}")
    return Expression(text.strip(), whole.kind, frozenset(compiler.names), whole.run)


@dataclass(frozen=True)
class _Part:
    """A part of an expression: what it yields, and how."""

    kind: Kind
    run: Callable[[Facts], Any]


@dataclass
class _Compiler:
    """Turns a tree into parts, and refuses what the language does not have."""

    fields: Mapping[str, Kind]
    names: set[str] = field(default_factory=set)

    def part(self, node: ast.AST, depth: int) -> _Part:
        if not depth:
            raise BadExpression("公式嵌套太深，请拆开来写")
        if type(node) not in COMPILED:
            raise BadExpression("公式里只能用数字、文字、字段、加减乘除、比较、and、or、not、in 和列出的函数")
        return COMPILED[type(node)](self, node, depth - 1)

    def _all(self, nodes: Sequence[ast.expr], wanted: Kind, depth: int) -> list[Callable[[Facts], Any]]:
        parts = [self.part(node, depth) for node in nodes]
        for node, part in zip(nodes, parts, strict=True):
            if part.kind is not wanted:
                raise BadExpression(f"“{ast.unparse(node)}”应为{TITLES[wanted]}，现在是{TITLES[part.kind]}")
        return [part.run for part in parts]

    def constant(self, node: ast.Constant, _depth: int) -> _Part:
        value = node.value
        if isinstance(value, bool):
            return _Part(Kind.YES_NO, lambda _facts: value)
        if isinstance(value, str) and len(value) <= LONGEST_TEXT:
            return _Part(Kind.TEXT, lambda _facts: value)
        if isinstance(value, int | float) and math.isfinite(value) and abs(value) < LARGEST:
            number = Decimal(repr(value))
            return _Part(Kind.NUMBER, lambda _facts: number)
        raise BadExpression("公式里的数字要小于一万亿，文字最多 64 个字")

    def name(self, node: ast.Name, _depth: int) -> _Part:
        name = node.id
        if name not in self.fields:
            raise BadExpression(f"没有字段 {name}，可用：{'、'.join(self.fields) or '无'}")
        self.names.add(name)
        return _Part(self.fields[name], lambda facts: _fact(facts, name))

    def binary(self, node: ast.BinOp, depth: int) -> _Part:
        work = ARITHMETIC.get(type(node.op))
        if work is None:
            raise BadExpression("算式里只有加、减、乘、除")
        left, right = self._all([node.left, node.right], Kind.NUMBER, depth)
        return _Part(Kind.NUMBER, lambda facts: work(left(facts), right(facts)))

    def unary(self, node: ast.UnaryOp, depth: int) -> _Part:
        if isinstance(node.op, ast.Not):
            (condition,) = self._all([node.operand], Kind.YES_NO, depth)
            return _Part(Kind.YES_NO, lambda facts: not condition(facts))
        if isinstance(node.op, ast.USub):
            (number,) = self._all([node.operand], Kind.NUMBER, depth)
            return _Part(Kind.NUMBER, lambda facts: -number(facts))
        raise BadExpression("数字前只能写减号")

    def boolean(self, node: ast.BoolOp, depth: int) -> _Part:
        parts = self._all(node.values, Kind.YES_NO, depth)
        joined = all if isinstance(node.op, ast.And) else any
        return _Part(Kind.YES_NO, lambda facts: joined(run(facts) for run in parts))

    def compare(self, node: ast.Compare, depth: int) -> _Part:
        sides = [node.left, *node.comparators]
        links = [self._link(*one, depth) for one in zip(sides, node.ops, sides[1:], strict=False)]
        return _Part(Kind.YES_NO, lambda facts: all(link(facts) for link in links))

    def _link(self, left: ast.expr, op: ast.cmpop, right: ast.expr, depth: int) -> Callable[[Facts], bool]:
        holds = COMPARED.get(type(op))
        if holds is None:
            raise BadExpression("比较只能用 == != > >= < <= in")
        if isinstance(op, ast.In | ast.NotIn):
            return self._member(left, holds, right, depth)
        kind = Kind.NUMBER if type(op) in ORDERED else self.part(left, depth).kind
        one, other = self._all([left, right], kind, depth)
        return lambda facts: holds(one(facts), other(facts))

    def _member(self, left: ast.expr, holds: Compared, right: ast.expr, depth: int) -> Callable[[Facts], bool]:
        if not isinstance(right, ast.Tuple) or not right.elts:
            raise BadExpression('in 后面要写一列值，例如 ("年假", "事假")')
        one = self.part(left, depth)
        many = self._all(right.elts, one.kind, depth)
        return lambda facts: holds(one.run(facts), [run(facts) for run in many])

    def choice(self, node: ast.IfExp, depth: int) -> _Part:
        (condition,) = self._all([node.test], Kind.YES_NO, depth)
        first = self.part(node.body, depth)
        (second,) = self._all([node.orelse], first.kind, depth)
        return _Part(first.kind, lambda facts: (first.run if condition(facts) else second)(facts))

    def call(self, node: ast.Call, depth: int) -> _Part:
        known = FUNCTIONS.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if known is None or node.keywords:
            raise BadExpression(f"可用的函数：{'、'.join(FUNCTIONS)}")
        if not known.least <= len(node.args) <= known.most:
            raise BadExpression(f"“{ast.unparse(node)}”的参数个数不对")
        run, parts = known.run, self._all(node.args, Kind.NUMBER, depth)
        return _Part(Kind.NUMBER, lambda facts: run(*(part(facts) for part in parts)))


COMPILED: Mapping[type[ast.AST], Callable[[_Compiler, Any, int], _Part]] = {
    ast.Constant: _Compiler.constant,
    ast.Name: _Compiler.name,
    ast.BinOp: _Compiler.binary,
    ast.UnaryOp: _Compiler.unary,
    ast.BoolOp: _Compiler.boolean,
    ast.Compare: _Compiler.compare,
    ast.IfExp: _Compiler.choice,
    ast.Call: _Compiler.call,
}


def _fact(facts: Facts, name: str) -> Value:
    if name not in facts:
        raise BadExpression(f"缺少字段 {name}")
    found = facts[name]
    return found if isinstance(found, bool | str | Decimal) else Decimal(found)
