"""A request that its applicant changed: is it still what was approved?"""

from decimal import Decimal

from services.approvals.rules.conditions import Facts, Value


def is_no_more(before: Facts, after: Facts) -> bool:
    """Do approvals of `before` cover `after`? Amounts may shrink; whatever else is told has to be the same."""
    return before.keys() == after.keys() and all(_covers(before[name], after[name]) for name in before)


def _covers(before: Value, after: Value) -> bool:
    if isinstance(before, str | bool) or isinstance(after, str | bool):
        return before == after
    return abs(Decimal(after)) <= abs(Decimal(before))
