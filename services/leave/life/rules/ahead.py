"""When leave may be asked for, and on which days: notice, closed days, days of its own, asking afterwards. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from kit.errors import Conflict, Invalid
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rules import NotEligible, sourced


def check_notice(rules: KindRules, first_day: date, days: Decimal, today: date) -> None:
    """Asked for early enough: of the lines that its length exceeds, the one that asks for most counts."""
    asked = [line for line in rules.notice if days > line.over_days]
    longest = max(asked, key=lambda line: line.ahead_days, default=None)
    if longest is not None and (first_day - today).days < longest.ahead_days:
        length = f"超过 {longest.over_days.normalize():f} 天" if longest.over_days else ""
        earliest = (today + timedelta(days=longest.ahead_days)).isoformat()
        raise Conflict(f"这种假{length}要提前 {longest.ahead_days} 天申请，最早可从 {earliest} 开始")


def check_days(rules: KindRules, name: str, days: Sequence[date]) -> None:
    """None of the days is closed for leave, and all are days that the kind is for."""
    for closed in rules.blackouts:
        hit = [day for day in days if closed.holds(day)]
        if hit:
            raise Conflict(f"{hit[0].month}月{hit[0].day}日不能请这种假：{closed.reason}，请改期")
    wrong = [day for day in days if f"{day:%m-%d}" not in rules.on_days] if rules.on_days else []
    if wrong:
        raise NotEligible(f"{name}只能在 {'、'.join(rules.on_days)} 请{sourced(rules.source)}")


def check_backdating(rules: KindRules, first_day: date, reason: str, today: date) -> None:
    """Leave asked for afterwards says why."""
    if first_day < today and rules.backdate_needs_reason and not reason:
        raise Invalid("补请以前的假请写明事由")
