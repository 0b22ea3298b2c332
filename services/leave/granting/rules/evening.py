"""What each grant should stand at once part of it is spent. Pure.

What is spent cannot be taken back. So much as a grant is spent beyond what is due, the other grants of its source give
up, the earliest first. Statutory days never make up for days of the company's: they cannot be made fewer (Decree 1
art. 13).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from services.leave.granting.rules import shares
from services.leave.granting.rules.entitlement import Due, is_company


def evened(found: Sequence[Due], spent: Mapping[str, int]) -> list[Due]:
    """The same grants with the minutes they should stand at; `spent` is what is gone of them, by key.

    Of each source the sum is what is due, or what is spent where that is more.
    """
    ordered = sorted(found, key=lambda one: one.given_on)
    return [
        one
        for company in (False, True)
        for one in _of_one_source([due for due in ordered if is_company(due.key) is company], spent)
    ]


def _of_one_source(found: Sequence[Due], spent: Mapping[str, int]) -> Iterable[Due]:
    over = sum(max(0, spent.get(one.key, 0) - one.minutes) for one in found)
    for one in found:
        gone = spent.get(one.key, 0)
        less = min(over, max(0, one.minutes - gone))
        over -= less
        yield _less(one, less) if less else replace(one, minutes=max(one.minutes, gone))


def _less(one: Due, less: int) -> Due:
    days = shares.plain(Fraction(less, one.day_minutes))
    sentence = f"{one.sentence}；此前多发且已使用的 {days} 天从中扣除"
    return replace(one, minutes=one.minutes - less, sentence=sentence)
