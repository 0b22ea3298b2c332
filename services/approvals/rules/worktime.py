"""Counting along somebody's working time: stretches of work in order, in minutes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Stretch = tuple[datetime, datetime]
MINUTE = timedelta(minutes=1)


def after(worked: Iterable[Stretch], start: datetime, minutes: int) -> datetime | None:
    """The instant at which so many minutes of work have passed since `start`; `None` beyond the last stretch."""
    left = minutes
    for begin, end in worked:
        begin = max(begin, start)
        here = max(int((end - begin) / MINUTE), 0)
        if here >= left and end > begin:
            return begin + left * MINUTE
        left -= here
    return None


def between(worked: Iterable[Stretch], start: datetime, end: datetime) -> int:
    """The minutes of work from `start` to `end`; zero when `end` comes first."""
    parts = (min(finish, end) - max(begin, start) for begin, finish in worked)
    return sum(max(int(part / MINUTE), 0) for part in parts)
