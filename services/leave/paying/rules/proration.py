"""A month's wage with unpaid time in it, by the method that the company has chosen. Pure.

No statute names one (china-hr-rules 3.5 [P]); the payslip names the method. Each is rounded half up once.
"""

from collections.abc import Mapping
from fractions import Fraction

from kit.money import ZERO, Money
from models.enums import PayMethod
from services.leave.granting.rules.payout import PAID_DAYS

METHODS: Mapping[PayMethod, str] = {
    PayMethod.DEDUCT: "月工资 ÷ 21.75 × 未付薪工作日，从月工资中扣除",
    PayMethod.ATTEND: "月工资 ÷ 21.75 × 计薪天数",
    PayMethod.ACTUAL: "月工资 × 计薪天数 ÷ 当月应计薪天数",
}


def wage(method: PayMethod, salary: Money, unpaid: Fraction, payable: Fraction) -> Money:
    """What is left of the salary: `unpaid` of the month's `payable` days (workdays and statutory holidays on weekdays).

    Never below nothing, never above the salary.
    """
    if method is PayMethod.ACTUAL:
        share = (payable - unpaid) / payable if payable else Fraction()
    else:
        share = 1 - unpaid / PAID_DAYS if method is PayMethod.DEDUCT else (payable - unpaid) / PAID_DAYS
    return min(salary, max(ZERO, Money(int(salary.fen * max(Fraction(), share) + Fraction(1, 2)))))
