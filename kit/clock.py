"""The only reader of the clock. Instants are aware UTC; business days are dates in company time.

Tests move time with `frozen(at)`; it is a context variable, so threads and requests never disturb each other.
"""

import contextvars
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

COMPANY_ZONE_NAME = "Asia/Shanghai"
COMPANY_ZONE = ZoneInfo(COMPANY_ZONE_NAME)

_frozen: contextvars.ContextVar[datetime | None] = contextvars.ContextVar("frozen", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The business day: the date on the wall of the company, not of UTC."""
    return local(now()).date()


def local(at: datetime, zone: str = COMPANY_ZONE_NAME) -> datetime:
    """The same instant as read from the clock of a zone, the company's unless said otherwise."""
    return at.astimezone(ZoneInfo(zone))


def at_local(day: date, minute: int = 0, zone: str = COMPANY_ZONE_NAME) -> datetime:
    """The UTC instant when the clock of the zone shows so many minutes past midnight of `day`; 1440 is the next day.

    An hour that the clock skips is read as if it had not; one that it shows twice is the first (PEP 495).
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)


def epoch() -> int:
    """Whole seconds since 1970, as WeCom counts them."""
    return int(now().timestamp())


def ticks() -> float:
    """Monotonic seconds for durations; never a point in time, never frozen."""
    return time.monotonic()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Stop the clock at an aware instant for the current context."""
    if at.tzinfo is None:
        raise ValueError("frozen() needs an aware datetime")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
