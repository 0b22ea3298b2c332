"""What leave tells the other domains, inside the transaction that decided it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Granted:
    """Leave was approved: the person is away on these days (all or part of each)."""

    person_id: str
    request_id: str
    kind: str
    days: Decimal
    dates: tuple[date, ...]


@dataclass(frozen=True)
class Cancelled:
    """Approved leave was taken back: the person works on these days after all."""

    person_id: str
    request_id: str
    kind: str
    days: Decimal
    dates: tuple[date, ...]
