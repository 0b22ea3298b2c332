"""Rules of the figures about approvals: what a percentile is, who has figures of their own, which months there are.

Percentiles are by nearest rank: the smallest observed value that at least so many of a hundred do not exceed. So a
figure is always a wait that somebody had, and databases agree on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from kit.errors import Invalid
from services.approvals.rules.worktime import Stretch, between

MEDIAN, HIGH = Fraction(1, 2), Fraction(9, 10)
LEAST_DECISIONS = 5
"""A person with fewer decisions has no figures of their own: they would tell about single requests."""
LONGEST_DAYS = 366
USUAL_DAYS = 90
SECONDS_IN_HOUR = 3600
SECONDS_IN_MINUTE = 60
Pause = tuple[datetime, datetime | None]
"""From a question to its answer; no end while it waits."""


@dataclass(frozen=True)
class Spread:
    """How long something took, and how often it was refused; waits in seconds. `high` is the 90th percentile."""

    decided: int
    median: int
    high: int
    refused: int

    @property
    def refused_percent(self) -> float:
        """How many of a hundred were refused, to one decimal."""
        return round(100 * self.refused / self.decided, 1)


@dataclass(frozen=True)
class Worked:
    """How long decisions lay in the working time of whoever made them, in seconds."""

    median: int
    high: int

    @classmethod
    def of(cls, seconds: Sequence[int]) -> "Worked":
        """The percentiles of these waits."""
        return cls(percentile(seconds, MEDIAN), percentile(seconds, HIGH))


@dataclass(frozen=True)
class Period:
    """Days in company time, both included."""

    first: date
    last: date

    @classmethod
    def asked(cls, first: date | None, last: date | None, today: date) -> "Period":
        """What was asked for, else the ninety days before the end; `Invalid` when it is upside down or over a year."""
        end = last or today
        start = first or end - timedelta(days=USUAL_DAYS - 1)
        if end < start:
            raise Invalid("结束日期不能早于开始日期")
        if (end - start).days >= LONGEST_DAYS:
            raise Invalid("一次最多查看一年，请缩小日期范围")
        return cls(start, end)

    def months(self) -> list[date]:
        """The first days of the months it touches."""
        found = [self.first.replace(day=1)]
        while (following := (found[-1] + timedelta(days=31)).replace(day=1)) <= self.last:
            found.append(following)
        return found


def percentile(values: Sequence[int], share: Fraction) -> int:
    """The percentile of values that are there, by nearest rank; the databases' answer is tested against it."""
    ranked = sorted(values)
    return next(value for rank, value in enumerate(ranked, 1) if rank >= share * len(ranked))


def worked_seconds(worked: Sequence[Stretch], begin: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> int:
    """The working time from begin to end without the pauses, in whole minutes told as seconds."""
    still = ((max(since, begin), min(until or end, end)) for since, until in pauses)
    minutes = between(worked, begin, end) - sum(between(worked, since, until) for since, until in still)
    return minutes * SECONDS_IN_MINUTE


def hours(seconds: int) -> float:
    """Seconds as hours, to one decimal."""
    return round(seconds / SECONDS_IN_HOUR, 1)


def has_figures(decided: int) -> bool:
    """May a person's own median and refusals be shown?"""
    return decided >= LEAST_DECISIONS
