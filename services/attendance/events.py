"""What attendance tells the other domains; published inside the transaction of the change."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class MonthReopened:
    """A closed month was opened again: whatever was reckoned from it (`version`, `hash`) is out of date."""

    month: date
    version: int
    hash: str
    reason: str
