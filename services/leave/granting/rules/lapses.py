"""What becomes of leave that nobody took until its last day. Pure.

Statutory annual leave does not vanish: the company pays it at 300 %, of which the normal wage was paid already, unless
the employee gave it up in writing (Decree 514 art. 5; Decree 1 of 2008 arts. 9 to 11). Overtime on a rest day that was
not made up for is paid at 200 % (Labour Law art. 44). What the company gives beyond the law ends by its own rules.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from models.enums import SettlementReason
from services.leave.granting.rules import entitlement, payout, shares
from services.leave.granting.rules.policy import Policy

OVERTIME_KEY = "overtime:"
WAIVED = "《企业职工带薪年休假实施办法》第十条第二款"
BY_LAW = payout.HOURS * 60  # minutes of the day that a day's wage is for


@dataclass(frozen=True)
class Lot:
    """A lot past its last day: what it was granted as, and the minutes that are left of it."""

    key: str
    title: str
    expires_on: date
    rest: int
    day_minutes: int


@dataclass(frozen=True)
class Lapse:
    """The minutes of a lot that are paid, were given up, or simply end; together they are what was left.

    `days` is what is paid, in days of wage, exact.
    """

    paid: int = 0
    waived: int = 0
    dropped: int = 0
    reason: SettlementReason | None = None
    days: Fraction = Fraction()


def lapse(lot: Lot, policy: Policy | None, waived: int) -> Lapse:
    """What becomes of the rest, where `waived` minutes of its year were given up and did not lapse before."""
    if entitlement.statutory_year(lot.key) is not None:
        given_up = max(0, min(lot.rest, waived))
        paid = lot.rest - given_up
        days = Fraction(paid, lot.day_minutes)
        return Lapse(paid, given_up, 0, SettlementReason.EXPIRED if paid else None, days)
    if lot.key.startswith(OVERTIME_KEY) and not (policy and policy.drops_unspent):
        return Lapse(lot.rest, reason=SettlementReason.OVERTIME, days=Fraction(lot.rest, BY_LAW))
    return Lapse(dropped=lot.rest)


def paid_sentence(lot: Lot, found: Lapse) -> str:
    """Why there is something to pay, and by which article."""
    begin = f"“{lot.title}”{lot.expires_on.isoformat()} 到期"
    if found.reason is SettlementReason.OVERTIME:
        hours = shares.written(Fraction(found.paid, 60))
        return f"{begin}，休息日加班未安排补休 {hours} 小时，按工资的 {payout.EXTRA}% 支付（{payout.SOURCE_OVERTIME}）"
    rates = f"按日工资的 {payout.WHOLE}% 支付，已付的正常工资为其中 100%，另付 {payout.EXTRA}%"
    return f"{begin}，未休法定年假 {shares.written(found.days)} 天，{rates}（{payout.SOURCE_PAY}）"


def waived_sentence(lot: Lot, found: Lapse) -> str:
    """Why nothing is paid for what the employee gave up."""
    days = shares.written(Fraction(found.waived, lot.day_minutes))
    return f"“{lot.title}”{lot.expires_on.isoformat()} 到期，{days} 天本人已书面声明不休，只付正常工资（{WAIVED}）"


def dropped_sentence(lot: Lot, found: Lapse) -> str:
    """What ends without pay."""
    return f"“{lot.title}”{lot.expires_on.isoformat()} 到期，未使用部分失效"
