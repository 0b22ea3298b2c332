"""The maternity allowance, and what the employer adds up to the own wage. Pure.

Sources: Social Insurance Law arts. 53-56, Decree 619 art. 8; the formula is from memory (china-hr-rules 1.5 [M]), so
that payroll enters what the fund has really paid where it is known.
"""

from dataclasses import dataclass
from fractions import Fraction

from kit.money import ZERO, Money

A_MONTH = 30  # calendar days
SOURCE = "《社会保险法》第五十三至五十六条、《女职工劳动保护特别规定》第八条"


@dataclass(frozen=True)
class Allowance:
    """What the fund pays (free of income tax [M]), her own wage for the same days, and what the employer adds."""

    allowance: Money
    own: Money
    difference: Money
    sentence: str


def allowance(average: Money, own: Money, days: int, received: Money | None = None) -> Allowance:
    """The employer's average monthly wage of last year / 30 x days, or what was `received`, brought up to her own."""
    wage, paid = _of(own, days), _of(average, days) if received is None else received
    more = max(ZERO, wage - paid)
    said = f"津贴 {average} ÷ {A_MONTH} × {days} 天 = {paid} 元" if received is None else f"津贴实收 {paid} 元"
    mine = f"本人工资 {own} ÷ {A_MONTH} × {days} 天 = {wage} 元"
    return Allowance(paid, wage, more, f"{said}，{mine}，公司补足 {more} 元（{SOURCE}）")


def uninsured(own: Money, days: int) -> Allowance:
    """Without insurance the employer pays her wage before the leave (Decree 619 art. 8)."""
    wage = _of(own, days)
    sentence = f"未参加生育保险，公司支付产假前工资 {own} ÷ {A_MONTH} × {days} 天 = {wage} 元（{SOURCE}）"
    return Allowance(ZERO, wage, wage, sentence)


def _of(monthly: Money, days: int) -> Money:
    return Money(int(Fraction(monthly.fen * days, A_MONTH) + Fraction(1, 2)))
