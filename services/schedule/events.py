"""What schedule tells the other domains, inside the transaction of the change."""

from dataclasses import dataclass
from datetime import date

from models.enums import AudienceKind


@dataclass(frozen=True)
class CalendarChanged:
    """A notice was loaded; these days are of another kind than before."""

    year: int
    days: tuple[date, ...]


@dataclass(frozen=True)
class Assigned:
    """A shift or rotation was given to the company, a department or a person from a day on, or taken back."""

    scope: AudienceKind
    target_id: str | None
    first: date
    last: date | None


@dataclass(frozen=True)
class ShiftsChanged:
    """Somebody was given other shifts for these days, or has their own again."""

    person_id: str
    days: tuple[date, ...]
