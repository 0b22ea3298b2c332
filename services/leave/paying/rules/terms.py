"""On what terms a day of leave is paid: the rules of its kind; for sick pay place, service, length of absence. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from models.enums import PaidAs, PayMethod, Treatment
from services.leave.paying.rules import maternity, sick
from services.leave.paying.rules.proration import METHODS
from services.leave.paying.rules.sick import PERCENT, WHOLE, percent
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rulebook.rules.packs import NATIONAL
from services.leave.rules import sourced


@dataclass(frozen=True)
class Terms:
    """How a day is paid: `share` of the own wage and `floor` of the minimum wage in basis points, and by what rule."""

    treatment: Treatment
    share: int
    floor: int
    method: PayMethod | None
    rule: str


@dataclass(frozen=True)
class Facts:
    """What sick pay looks at; `sick` and `worked` are days around the leave from which its absence is followed back."""

    place: str = NATIONAL
    hired_on: date | None = None
    sick: Collection[date] = ()
    worked: Collection[date] = ()


def terms_of(rules: KindRules, day: date, facts: Facts) -> Terms:
    """The terms of one day."""
    if not rules.is_paid and not rules.is_work:
        said = f"不付工资：{METHODS[rules.pay_method]}（公司规定的计算方式）"
        return Terms(Treatment.UNPAID, 0, 0, rules.pay_method, said)
    if rules.paid_as is PaidAs.SICK:
        return _sick(rules, day, facts)
    if rules.paid_as is PaidAs.FUND:
        said = f"生育津贴由生育保险基金支付，低于本人工资的由公司补足（{maternity.SOURCE}）"
        return Terms(Treatment.FUND, WHOLE, 0, None, said)
    said = "视同出勤，工资照付" if rules.is_work else "按正常工资支付"
    return Terms(Treatment.FULL, WHOLE, 0, None, f"{said}{sourced(rules.source)}")


def _sick(rules: KindRules, day: date, facts: Facts) -> Terms:
    scale = sick.scale_for(facts.place, day)
    began_on = sick.began_on(day, facts.sick, facts.worked) if scale.longest else day
    row = sick.row_for(scale, day, facts.hired_on, began_on)
    share, floor = max(row.share, rules.pay_share) * PERCENT, scale.floor * PERCENT
    whose = "公司规定" if rules.pay_share > row.share else f"{scale.place}标准"
    least = f"不低于当地最低工资的 {percent(floor)}"
    if not share:
        said = f"病假工资：{least}；公司没有填写比例（{scale.source}）"
    else:
        said = f"病假工资：本人工资的 {percent(share)}（{whose}{_why(row, facts)}），{least}（{scale.source}）"
    return Terms(Treatment.SHARE, share, floor, None, said)


def _why(row: sick.Row, facts: Facts) -> str:
    if facts.hired_on is None and row.years == 0:
        return "，入职日期未登记，按最低一档"
    longer = f"，连续病假超过 {row.after_months} 个月" if row.after_months else ""
    return f"，本企业工龄满 {row.years} 年{longer}" if row.years else longer
