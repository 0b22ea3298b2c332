"""How much of a kind may be asked for at once and on one day, and which length is to be proven. Pure.

A length is that of the whole leave: what adjoins a request counts with it, in however many requests it was asked for.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from kit.errors import Conflict, Invalid
from models.enums import LeaveUnit
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rules import HOUR, Portion, sourced, words


def check_length(rules: KindRules, days: Decimal, *, has_proof: bool, before: Decimal = Decimal(0)) -> None:
    """The most at once, and the proof that a long leave needs, unless it may come later.

    `before` are the days of the leave that adjoins this one.
    """
    if rules.max_days is not None and before + days > rules.max_days:
        already = f"相邻的已请 {before.normalize():f} 天，" if before else ""
        raise Conflict(f"这种假一次最多 {rules.max_days.normalize():f} 天，{already}本次 {days.normalize():f} 天")
    if needs_proof(rules, before + days) and rules.proof_within_days is None and not has_proof:
        when = f"超过 {rules.proof_after_days} 天" if rules.proof_after_days else ""
        whole = f"（和相邻的请假连起来共 {(before + days).normalize():f} 天）" if before and when else ""
        raise Invalid(f"{when}需要上传{rules.proof_name}{whole}")


def needs_proof(rules: KindRules, days: Decimal) -> bool:
    """Is leave of this length to be proven?"""
    return rules.proof_after_days is not None and days > rules.proof_after_days


def check_amount(
    rules: KindRules, taken: Sequence[Portion], babies: int = 1, before: Mapping[date, int] | None = None
) -> None:
    """The least at once, and the most on one day (an hour for each baby, Decree 619 art. 9).

    `before` are the minutes of the kind that are taken already, by day.
    """
    if sum(portion.minutes for portion in taken) < rules.least_minutes:
        raise Invalid(f"这种假一次最少 {words(rules.least_minutes, HOUR, LeaveUnit.HOUR)}")
    most, already = rules.daily_minutes * babies, before or {}
    over = [one.day for one in taken if one.minutes + already.get(one.day, 0) > most]
    if most and over:
        said = f"{words(already[over[0]], HOUR, LeaveUnit.HOUR)}" if over[0] in already else ""
        had = f"{over[0].month}月{over[0].day}日已请 {said}，" if said else ""
        raise Conflict(f"这种假每天最多 {words(most, HOUR, LeaveUnit.HOUR)}，{had}请调整时间{sourced(rules.source)}")
