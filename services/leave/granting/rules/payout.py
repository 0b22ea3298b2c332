"""Pay for annual leave that was not taken: the days at leaving, and what a day is worth. Pure.

Sources: Decree 514 art. 5; Decree 1 of 2008 arts. 10 to 12; Labour Law art. 44 for overtime; [2025] 2 for the 21.75
paid days of a month. Days taken in excess are never asked back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kit.money import Money
from services.leave.granting.rules import shares
from services.leave.granting.rules.shares import Part

PAID_DAYS = Fraction("21.75")
HOURS = 8  # of a working day (Labour Law art. 36)
EXTRA, WHOLE = 200, 300  # percent of the daily wage: on top of the normal wage, or with it
SOURCE_LEAVING = "《企业职工带薪年休假实施办法》第十二条"
SOURCE_CARRIED = "《企业职工带薪年休假实施办法》第九、十条"
SOURCE_PAY = "《职工带薪年休假条例》第五条、《企业职工带薪年休假实施办法》第十、十一条"
SOURCE_OVERTIME = "《劳动法》第四十四条第二项"


@dataclass(frozen=True)
class Unused:
    """Days of one year that leaving turns into pay, and the sentence that explains them."""

    year: int
    days: Fraction
    sentence: str


def this_year(found: Sequence[Part], left_on: date, arranged: Fraction) -> Unused:
    """The year's share until the last day of employment less what was taken, cut to whole days, never below none."""
    exact = shares.exact(found, left_on)
    left = exact - arranged
    days = Fraction(max(0, int(left)))
    rule = (
        f"{shares.words(found)} − 已休 {shares.plain(arranged)} 天 = {shares.four_decimals(left)}，取整数，不为负，"
        "多休的不扣回"
    )
    sentence = f"{left_on.year}年折算未休 {shares.plain(days)} 天：{rule}（{SOURCE_LEAVING}）"
    return Unused(left_on.year, days, sentence)


def carried(year: int, rest: Fraction) -> Unused:
    """Statutory days of an earlier year that were carried over and are still there."""
    sentence = f"{year}年结转未休 {shares.plain(rest)} 天（{SOURCE_CARRIED}）"
    return Unused(year, rest, sentence)


@dataclass(frozen=True)
class PayLine:
    """An amount with the arithmetic behind it."""

    amount: Money
    sentence: str


def pay(average_wage: Money, days: Fraction, percent: int = EXTRA) -> PayLine:
    """What unused days are worth: the average monthly wage of the last twelve months without overtime pay / 21.75 x
    days x percent, rounded half up once."""
    return _pay(average_wage, days, percent, f"÷ {float(PAID_DAYS)} × {shares.written(days)} 天", SOURCE_PAY)


def overtime(wage: Money, days: Fraction, percent: int = EXTRA) -> PayLine:
    """What overtime of so many days of eight hours is worth: the contract's monthly wage / 21.75 / 8 x hours x percent,
    rounded half up once."""
    hours = shares.written(days * HOURS)
    return _pay(wage, days, percent, f"÷ {float(PAID_DAYS)} ÷ {HOURS} × {hours} 小时", SOURCE_OVERTIME)


def _pay(wage: Money, days: Fraction, percent: int, words: str, source: str) -> PayLine:
    exact = Fraction(wage.fen) / PAID_DAYS * days * percent / 100
    amount = Money(int(exact + Fraction(1, 2)))
    return PayLine(amount, f"{wage} {words} × {percent}% = {amount} 元（{source}）")
