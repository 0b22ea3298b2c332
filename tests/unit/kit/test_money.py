"""Money is exact, or it refuses."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import LARGEST_FEN, Money, total

fen = st.integers(-(10**12), 10**12)


@given(fen)
def test_what_is_written_is_read_back(amount: int) -> None:
    assert Money.yuan(str(Money(amount))) == Money(amount)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "0.00"), (-5, "-0.05"), (99999, "999.99"), (100000, "1,000.00"), (-1234567890, "-12,345,678.90")],
)
def test_people_read_it_in_groups_of_three(amount: int, shown: str) -> None:
    assert Money(amount).grouped == shown


@given(fen, st.integers(1, 60))
def test_a_split_loses_nothing_and_is_fair(amount: int, parts: int) -> None:
    shares = Money(amount).split(parts)
    assert total(shares) == Money(amount)
    assert max(shares).fen - min(shares).fen <= 1


@given(fen, fen)
def test_adding_and_taking_away_is_neutral(one: int, other: int) -> None:
    assert Money(one) + Money(other) - Money(other) == Money(one)
    assert Money(one) + -Money(one) == Money(0)


@pytest.mark.parametrize(("yuan", "expected"), [("0.005", 1), ("0.0049", 0), ("-0.005", -1), ("2.675", 268)])
def test_computed_amounts_round_half_up(yuan: str, expected: int) -> None:
    assert Money.rounded(Decimal(yuan)).fen == expected


def test_a_factor_rounds_to_the_fen() -> None:
    assert Money.yuan("100.01").times(Decimal("0.105")) == Money.yuan("10.50")


@pytest.mark.parametrize("text", ["1.234", "abc", "", "NaN", "Infinity", "1,000.00"])
def test_text_that_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Money.yuan(text)


def test_floats_and_absurd_amounts_are_refused() -> None:
    with pytest.raises(TypeError):
        Money.yuan(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        Money(LARGEST_FEN + 1)
    with pytest.raises(ValueError):
        Money(100).split(0)
