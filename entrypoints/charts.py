"""What charts of bars are drawn from."""

from collections.abc import Sequence
from decimal import Decimal

WHOLE = 1000
Bar = tuple[str, str, int]


def scaled(parts: Sequence[tuple[str, str, int | Decimal]]) -> list[Bar]:
    """Bars of (title, words, size) in thousandths of the longest one."""
    longest = max((size for *_, size in parts), default=0)
    return [(title, words, int(size * WHOLE / longest) if longest else 0) for title, words, size in parts]
