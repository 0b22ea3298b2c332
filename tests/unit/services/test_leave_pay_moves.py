"""Whatever is granted and taken back, in any parts and order: the sum of a ledger is what stands, on its own terms."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import Treatment
from services.leave.paying.rules import moves, words
from services.leave.paying.rules.moves import Effect
from services.leave.paying.rules.terms import Terms

FIRST = date(2026, 3, 2)
wishes = st.dictionaries(st.integers(0, 6).map(lambda n: FIRST + timedelta(days=n)), st.sampled_from([0, 240, 480]))


def terms(number: int) -> Terms:
    """Other terms each time: rules and facts may have changed since."""
    return Terms(Treatment.SHARE, 6000 + number, 8000, None, f"规则{number}")


def standing(ledger: list[Effect]) -> list[Effect]:
    """The sums of a ledger by all but the minutes, as it is read again."""
    sums: Counter[tuple[date, Terms, int]] = Counter()
    for one in ledger:
        sums[one.day, one.terms, one.kind_version] += one.minutes
    return [Effect(day, minutes, 480, True, n, t) for (day, t, n), minutes in sorted(sums.items(), key=str) if minutes]


def settle(ledger: list[Effect], wanted: dict[date, int], number: int) -> list[Effect]:
    """The entries that bring a ledger to what is wanted."""
    now = standing(ledger)
    more = moves.missing(now, wanted)
    new = [Effect(day, minutes, 480, True, number, terms(number)) for day, minutes in more.items()]
    return moves.returned(now, wanted) + new


@given(st.lists(wishes, max_size=8))
def test_the_sum_is_what_stands(history: list[dict[date, int]]) -> None:
    ledger: list[Effect] = []
    for number, wanted in enumerate(history):
        ledger += settle(ledger, wanted, number)
        now: Counter[date] = Counter()
        for one in ledger:
            now[one.day] += one.minutes
        assert {day: minutes for day, minutes in now.items() if minutes} == {d: m for d, m in wanted.items() if m}
        assert not settle(ledger, wanted, number), "a second time there is nothing to write"


@given(st.lists(wishes, max_size=8))
def test_what_is_taken_back_in_whole_leaves_nothing_of_any_terms(history: list[dict[date, int]]) -> None:
    ledger: list[Effect] = []
    for number, wanted in enumerate([*history, {}]):
        ledger += settle(ledger, wanted, number)
    assert standing(ledger) == []


@pytest.mark.parametrize(
    ("day", "through", "month"),
    [
        ("2026-03-31", None, "2026-03-01"),
        ("2026-03-31", "2026-02-01", "2026-03-01"),
        ("2026-03-31", "2026-03-01", "2026-04-01"),
        ("2026-01-05", "2026-12-01", "2027-01-01"),
    ],
)
def test_a_day_of_a_closed_month_belongs_to_the_next_open_one(day: str, through: str | None, month: str) -> None:
    closed = date.fromisoformat(through) if through else None
    assert moves.belongs_to(date.fromisoformat(day), closed) == date.fromisoformat(month)


def test_the_sentence_says_each_rule_once_and_no_amount() -> None:
    parts = [Effect(FIRST + timedelta(days=n), 240, 480, True, 1, terms(n // 3)) for n in range(4)]
    assert words.impact(parts) == "1.5天（720 分钟）：规则0；0.5天（240 分钟）：规则1"
    assert words.impact([]) == words.NOTHING
