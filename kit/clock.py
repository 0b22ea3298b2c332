"""The only reader of the clock. Instants are aware UTC; business days are dates in company time.

Tests move time with `frozen(at)`; it is a context variable, so threads and requests never disturb each other.
"""

import contextvars
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

COMPANY_ZONE = ZoneInfo("Asia/Shanghai")

_frozen: contextvars.ContextVar[datetime | None] = contextvars.ContextVar("frozen", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The business day: the date on the wall of the company, not of UTC."""
    return local(now()).date()


def local(at: datetime) -> datetime:
    """The same instant as read from the company's clock."""
    return at.astimezone(COMPANY_ZONE)


def at_local(day: date, minute: int = 0) -> datetime:
    """The UTC instant `minute` minutes after local midnight of `day`; minutes past 1440 fall on the next day."""
    return (datetime(day.year, day.month, day.day, tzinfo=COMPANY_ZONE) + timedelta(minutes=minute)).astimezone(UTC)


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
