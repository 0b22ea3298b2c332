"""What leave is taken for: the details a form asks, and the formulas that say how many days they bring. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from pydantic import Field

from kit import expression
from kit.errors import Invalid
from kit.expression import BadExpression, Expression, Kind, Value
from kit.schema import AnyDay, Wish
from models.enums import Occasion, Relative

ZERO = Decimal(0)


class Told(Wish):
    """What somebody says about the occasion; each kind asks only for what it needs."""

    event_on: AnyDay | None = None
    relative: Relative | None = None
    babies: int = Field(1, ge=1, le=9)
    child_number: int = Field(1, ge=1, le=9)
    weeks: int | None = Field(None, ge=1, le=42)
    spouse_days: int | None = Field(None, ge=0, le=60)
    is_difficult: bool = False
    is_checked: bool = False
    is_hospitalised: bool = False
    is_only_child: bool = False
    is_extended: bool = False


TOLD = tuple(Told.model_fields)
RELATIVES = {
    Relative.SPOUSE: "配偶",
    Relative.PARENT: "父母",
    Relative.CHILD: "子女",
    Relative.PARENT_IN_LAW: "配偶的父母",
    Relative.GRANDPARENT: "祖父母、外祖父母",
    Relative.SIBLING: "兄弟姐妹",
}
OCCASIONS = {
    Occasion.NONE: "不问",
    Occasion.MARRIAGE: "结婚",
    Occasion.DEATH: "亲属去世",
    Occasion.BIRTH: "生育",
    Occasion.MISCARRIAGE: "流产",
    Occasion.CHILD: "照顾孩子",
    Occasion.PARENT: "照顾父母",
    Occasion.INJURY: "工伤",
}


@dataclass(frozen=True)
class Asked:
    """A field of the form: what it is called, how it is filled in, and whether it must be."""

    name: str
    title: str
    control: str  # date, number, check or choice
    is_required: bool = False
    options: tuple[tuple[str, str], ...] = ()


def _on(title: str) -> Asked:
    return Asked("event_on", title, "date", is_required=True)


_SPOUSE = Asked("spouse_days", "配偶在孩子这一岁里已休几天（不足一天按一天）", "number")
_BABIES = Asked("babies", "这次生育几个孩子", "number")
_WHO = Asked("relative", "与您的关系", "choice", True, tuple((str(key), name) for key, name in RELATIVES.items()))
ASKED: Mapping[Occasion, tuple[Asked, ...]] = {
    Occasion.NONE: (),
    Occasion.MARRIAGE: (_on("结婚登记日期"), Asked("is_checked", "做过婚前医学检查", "check")),
    Occasion.DEATH: (_on("亲属去世日期"), _WHO),
    Occasion.BIRTH: (
        _on("分娩日期（未分娩填预产期）"),
        _BABIES,
        Asked("child_number", "第几个孩子", "number"),
        Asked("is_difficult", "难产（含剖宫产）", "check"),
    ),
    Occasion.MISCARRIAGE: (_on("流产日期"), Asked("weeks", "怀孕周数", "number", is_required=True)),
    Occasion.CHILD: (_on("孩子出生日期"), _BABIES, _SPOUSE),
    Occasion.PARENT: (
        _on("父母（年长一方）出生日期"),
        Asked("is_only_child", "我是独生子女", "check"),
        Asked("is_hospitalised", "父母正在住院", "check"),
    ),
    Occasion.INJURY: (_on("受伤日期"), Asked("is_extended", "劳动能力鉴定委员会已确认延长", "check")),
}
FIELDS = {
    "relative": Kind.TEXT,
    "babies": Kind.NUMBER,
    "child_number": Kind.NUMBER,
    "weeks": Kind.NUMBER,
    "spouse_days": Kind.NUMBER,
    "parent_age": Kind.NUMBER,
    "is_difficult": Kind.YES_NO,
    "is_checked": Kind.YES_NO,
    "is_hospitalised": Kind.YES_NO,
    "is_only_child": Kind.YES_NO,
}


BY_FORMULA = frozenset({_SPOUSE.name})
"""What matters only where a limit is shared: asked for when a formula of the kind names it."""


def asked(occasion: Occasion, formulas: Iterable[str]) -> list[Asked]:
    """What the form of a kind asks for, whose days follow these formulas."""
    texts = " ".join(formulas)
    return [one for one in ASKED[occasion] if one.name not in BY_FORMULA or one.name in texts]


@cache
def formula(text: str) -> Expression:
    """A formula of days, read once. `BadExpression` says what is wrong with it."""
    return expression.parse(text, FIELDS, Kind.NUMBER)


def check_formula(text: str) -> str:
    """The text, if it is empty or a formula that yields days; `ValueError` otherwise."""
    if text:
        formula(text)
    return text


def check_told(occasion: Occasion, told: Told) -> None:
    """Everything the occasion needs was said; `Invalid` names what is missing."""
    missing = [one.title for one in ASKED[occasion] if one.is_required and getattr(told, one.name) is None]
    if missing:
        raise Invalid(f"请填写{'、'.join(missing)}")


def days(text: str, told: Told, on: date) -> Decimal:
    """The days that a formula brings for what was told, on that day; never below zero."""
    try:
        found = formula(text).value(_facts(told, on))
    except BadExpression as problem:
        raise Invalid(f"天数算不出来：{problem}，请联系人事") from None
    assert isinstance(found, Decimal)
    return max(ZERO, found)


def _facts(told: Told, on: date) -> dict[str, Value | int]:
    return {
        "relative": told.relative or "",
        "babies": told.babies,
        "child_number": told.child_number,
        "weeks": told.weeks or 0,
        "spouse_days": told.spouse_days or 0,
        "parent_age": age(told.event_on, on) if told.event_on else 0,
        **{name: getattr(told, name) for name in FIELDS if name.startswith("is_")},
    }


def age(born: date, on: date) -> int:
    """Whole years lived, by the birthday."""
    return max(0, on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


def event_key(occasion: Occasion, told: Told) -> str | None:
    """What tells one event from another: what it was, when, and with whom."""
    if occasion is Occasion.NONE or told.event_on is None:
        return None
    whose = f":{told.relative}" if told.relative else ""
    return f"{occasion}:{told.event_on.isoformat()}{whose}"


def event_day(event_key: str) -> date:
    """The day of the event that the key names."""
    return date.fromisoformat(event_key.split(":")[1])


def words(occasion: Occasion, told: Told) -> list[tuple[str, str]]:
    """What was told, with its titles, for those who decide."""
    said = [(one, getattr(told, one.name)) for one in ASKED[occasion]]
    return [(one.title, _said(one, value)) for one, value in said if value is not None and value is not False]


def _said(one: Asked, value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "是" if value is True else dict(one.options).get(str(value), str(value))
