"""The language of conditions and formulas: what it yields, and what it refuses when it is saved."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.expression import BadExpression, Kind, parse

FIELDS = {"days": Kind.NUMBER, "kind": Kind.TEXT, "urgent": Kind.YES_NO, "金额": Kind.NUMBER}
FACTS = {"days": Decimal("3.5"), "kind": "annual", "urgent": False, "金额": 1200}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2", Decimal("0.3")),
        ("days * 2 - 1", Decimal(6)),
        ("-days", Decimal("-3.5")),
        ("7 / 2", Decimal("3.5")),
        ("days > 3", True),
        ("1 < days <= 3.5", True),
        ("1 < days < 3", False),
        ('kind == "annual" and not urgent', True),
        ('kind in ("sick", "annual")', True),
        ('kind not in ("sick", "annual")', False),
        ("金额 >= 1000 or days > 9", True),
        ('"长假" if days > 3 else "短假"', "长假"),
        ("min(days, 2) + max(1, 2, 3)", Decimal(5)),
        ("round(1233.50 * 0.03, 2)", Decimal("37.01")),
        ("round(2.5)", Decimal(3)),
        ("floor(days)", Decimal(3)),
        ("ceil(days)", Decimal(4)),
        ("abs(-days)", Decimal("3.5")),
        ("urgent == False", True),
        ("True", True),
    ],
)
def test_what_an_expression_yields(text: str, value: object) -> None:
    assert parse(text, FIELDS).value(FACTS) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "不是完整的公式"),
        ("days >", "不是完整的公式"),
        ("a = 1", "不是完整的公式"),
        ("1; 2", "不是完整的公式"),
        ("hours > 3", "没有字段 hours"),
        ("days + kind", "“kind”应为数字"),
        ("days and urgent", "“days”应为是或否"),
        ("days == kind", "“kind”应为数字"),
        ('kind < "b"', "“kind”应为数字"),
        ("days ** 9", "只有加、减、乘、除"),
        ("days // 2", "只有加、减、乘、除"),
        ("days << 2", "只有加、减、乘、除"),
        ("+days", "只能写减号"),
        ("~days", "只能写减号"),
        ("days is 3", "比较只能用"),
        ("days in 3", "in 后面要写一列值"),
        ("days in ()", "in 后面要写一列值"),
        ('kind in ("a", 1)', "“1”应为文字"),
        ("kind.upper", "公式里只能用"),
        ("kind[0]", "公式里只能用"),
        ("[days]", "公式里只能用"),
        ("lambda: 1", "公式里只能用"),
        ("(days, 1)", "公式里只能用"),
        ('f"{kind}"', "公式里只能用"),
        ("(x := 1)", "公式里只能用"),
        ("[d for d in (1, 2)]", "公式里只能用"),
        ('__import__("os")', "可用的函数"),
        ('kind.format("x")', "可用的函数"),
        ("min(days)", "参数个数不对"),
        ("round(days, ndigits=2)", "可用的函数"),
        ("1e99999", "小于一万亿"),
        ("10000000000000", "小于一万亿"),
        ("1j", "小于一万亿"),
        ("b'x' == kind", "小于一万亿"),
        ("None", "小于一万亿"),
        (f'kind == "{"x" * 65}"', "最多 64 个字"),
        ("(" * 300 + "1" + ")" * 300, "公式"),
        ("not " * 100 + "urgent", "嵌套太深"),
        ("1+" * 260 + "1", "公式太长"),
    ],
)
def test_what_is_refused_when_it_is_saved(text: str, sentence: str) -> None:
    with pytest.raises(BadExpression, match=sentence):
        parse(text, FIELDS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("days / (金额 - 1200)", "除以了零"),
        ("999999999999 * 999999999999", "的结果太大"),
        ("999999999999 * 2", "的结果太大"),
        ("round(days, 9)", "小数位数"),
        ("round(days, 0.5)", "小数位数"),
    ],
)
def test_what_has_no_value(text: str, sentence: str) -> None:
    with pytest.raises(BadExpression, match=sentence):
        parse(text, FIELDS).value(FACTS)


def test_a_missing_fact_is_said() -> None:
    with pytest.raises(BadExpression, match="缺少字段 days"):
        parse("days > 3", FIELDS).value({})


def test_a_branch_not_taken_is_not_worked_out() -> None:
    assert parse("0 if days > 3 else 1 / 0", FIELDS).value(FACTS) == 0


def test_the_kind_that_was_wanted_and_the_names_used() -> None:
    assert parse("days > 3 and urgent", FIELDS, Kind.YES_NO).names == {"days", "urgent"}
    with pytest.raises(BadExpression, match="的结果应为是或否，现在是数字"):
        parse("days", FIELDS, Kind.YES_NO)


@given(st.text(max_size=60))
def test_any_text_is_refused_or_yields_a_plain_value(text: str) -> None:
    try:
        found = parse(text, FIELDS).value(FACTS)
    except BadExpression:
        return
    assert isinstance(found, Decimal | str | bool)


NUMBERS = st.decimals(-(10**6), 10**6, places=2)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_sums_are_exact(one: Decimal, two: Decimal, three: Decimal) -> None:
    fields = dict.fromkeys("abc", Kind.NUMBER)
    value = parse("a + b - c", fields).value({"a": one, "b": two, "c": three})
    assert value == one + two - three
