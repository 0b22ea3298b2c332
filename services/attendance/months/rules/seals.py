"""Hashes that change with anything they cover (SHA-256, hex)."""

import hashlib
from collections.abc import Iterable


def seal_of_days(days: Iterable[tuple[object, str]]) -> str:
    """Over the days of one sheet in their order: each date with the fingerprint of its result."""
    return _over(f"{day}={fingerprint}" for day, fingerprint in days)


def seal_of_month(lines: Iterable[tuple[object, ...]]) -> str:
    """Over all sheets of a month and what was added to it, in the order given."""
    return _over("|".join(str(part) for part in line) for line in lines)


def _over(lines: Iterable[str]) -> str:
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode())
    return found.hexdigest()
