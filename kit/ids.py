"""Identifiers: 26 characters of Crockford base 32, 48 bits of time and 80 random bits (a ULID).

They can be made before the insert and do not reveal counts. Ids of one millisecond do not sort: order comes from `seq`.
"""

import secrets
from typing import NewType

from kit import clock

PersonId = NewType("PersonId", str)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
PATTERN = rf"[{ALPHABET}]{{{LENGTH}}}"


def new_id() -> str:
    """A fresh identifier, roughly sortable by the time it was made."""
    value = (int(clock.now().timestamp() * 1000) << 80) | secrets.randbits(80)
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))


def new_secret(bits: int = 256) -> str:
    """An unguessable token, safe in URLs, cookies and card keys."""
    return secrets.token_urlsafe(bits // 8)
