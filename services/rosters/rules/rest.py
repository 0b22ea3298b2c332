"""The rest between two shifts, by the clocks of their zones, over midnight and over changes of the clock."""

from datetime import date
from functools import lru_cache

from kit import clock
from services.schedule import Shift

MINUTE = 60


@lru_cache(maxsize=20_000)
def rest_between(day: date, shift: Shift, later: date, following: Shift) -> int:
    """Minutes from the end of a shift to the beginning of the one that follows; negative when they overlap."""
    ends = clock.at_local(day, shift.end, shift.zone)
    begins = clock.at_local(later, following.start, following.zone)
    return int((begins - ends).total_seconds()) // MINUTE
