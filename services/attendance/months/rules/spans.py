"""Months as spans of days; a month is named by its first day."""

from collections.abc import Collection
from datetime import date, timedelta


def following(month: date) -> date:
    """The month after."""
    return (month + timedelta(days=31)).replace(day=1)


def month_before(day: date) -> date:
    """The month before that of the day."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def last_day(month: date) -> date:
    """The month's last day."""
    return following(month) - timedelta(days=1)


def first_open(month: date, closed: Collection[date]) -> date:
    """Where something of this month belongs that comes now: itself, or the first after it that is not closed."""
    while month in closed:
        month = following(month)
    return month


def open_days(month: date, hired_on: date | None, left_on: date | None, kept: int) -> int:
    """Days of the employment within the month that have no result yet."""
    first, last = max(month, hired_on or month), min(last_day(month), left_on or last_day(month))
    return max(0, (last - first).days + 1 - kept)
