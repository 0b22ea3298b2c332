"""Long lists cut into parts: databases limit the parameters of a statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in order, `size` at a time, the last part as long as what is left."""
    return (items[at : at + size] for at in range(0, len(items), size))
