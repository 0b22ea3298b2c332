"""What a view may return besides a value: go elsewhere, or take a file."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Redirect:
    """See another page next (a path of ours, or WeCom's login)."""

    location: str


@dataclass(frozen=True)
class Download:
    """A file, sent as an attachment with a neutral type; a slow one is made after the transaction has ended."""

    name: str
    content: bytes | Callable[[], bytes]
    media_type: str = "application/octet-stream"
