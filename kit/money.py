"""Money: whole fen (1/100 yuan), exact, never a float; rounding is always said aloud."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

LARGEST_FEN = 10**15


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in yuan kept as whole fen; arithmetic stays exact or refuses."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError("Money counts whole fen")
        if abs(self.fen) > LARGEST_FEN:
            raise ValueError("amount out of range")

    @classmethod
    def yuan(cls, text: str | int | Decimal) -> Money:
        """Exactly the amount written, e.g. "1234.5"; more than two decimals or anything else is a ValueError."""
        if isinstance(text, float):
            raise TypeError("no floats in money")
        try:
            fen = Decimal(text) * 100
        except (InvalidOperation, ValueError) as error:
            raise ValueError(f"not an amount: {text!r}") from error
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise ValueError(f"not an amount of whole fen: {text!r}")
        return cls(int(fen))

    @classmethod
    def rounded(cls, yuan: Decimal) -> Money:
        """A computed amount, rounded half up to the fen."""
        return cls(int((yuan * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __str__(self) -> str:
        sign = "-" if self.fen < 0 else ""
        return f"{sign}{abs(self.fen) // 100}.{abs(self.fen) % 100:02d}"

    @property
    def grouped(self) -> str:
        """As people read it: 12,345.67. On the wire and in workbooks an amount is written without."""
        return f"{Decimal(str(self)):,}"

    def times(self, factor: Decimal) -> Money:
        """The amount times an exact factor, rounded half up to the fen."""
        return Money.rounded(Decimal(self.fen) * factor / 100)

    def split(self, parts: int) -> list[Money]:
        """`parts` amounts that differ by at most one fen and sum to the whole."""
        if parts < 1:
            raise ValueError("split needs at least one part")
        base, rest = divmod(self.fen, parts)
        return [Money(base + (index < rest)) for index in range(parts)]


ZERO = Money(0)


def total(amounts: list[Money]) -> Money:
    """The exact sum; nothing sums to zero."""
    return Money(sum(amount.fen for amount in amounts))
