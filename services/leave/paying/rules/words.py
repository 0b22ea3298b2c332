"""What leave means for pay in sentences without amounts: 3天按正常工资支付. Pure."""

from collections.abc import Iterable
from fractions import Fraction

from models.enums import Treatment
from services.leave.granting.rules.shares import decimal
from services.leave.paying.rules.moves import Effect
from services.leave.paying.rules.terms import Terms

TREATMENTS = {
    Treatment.FULL: "正常工资",
    Treatment.UNPAID: "不付工资",
    Treatment.SHARE: "病假工资",
    Treatment.FUND: "生育津贴",
}
NOTHING = "对工资没有影响"


def impact(effects: Iterable[Effect]) -> str:
    """How much of it is paid how, each rule once, in the order of the days."""
    parts: dict[Terms, list[Effect]] = {}
    for one in effects:
        parts.setdefault(one.terms, []).append(one)
    said = [f"{_length(theirs)}{terms.rule}" for terms, theirs in parts.items() if sum(one.minutes for one in theirs)]
    return "；".join(said) if said else NOTHING


def _length(effects: Iterable[Effect]) -> str:
    known = list(effects)
    minutes, days = sum(one.minutes for one in known), sum(Fraction(one.minutes, one.day_minutes) for one in known)
    return f"{decimal(Fraction(days)).normalize():f}天（{minutes} 分钟）："
