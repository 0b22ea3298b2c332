"""From when until when somebody is away: the leave that runs now, with what follows it day by day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Span:
    """Leave from its first stretch to its last: the days it takes, and the instants (UTC) between."""

    first_day: date
    last_day: date
    start_at: datetime
    end_at: datetime


def running(spans: Iterable[Span], now: datetime) -> Span | None:
    """The absence that runs at this instant; leave that begins by the day after is one absence with it."""
    found: Span | None = None
    for one in sorted(spans, key=lambda span: span.start_at):
        if found is None:
            found = one if one.start_at <= now < one.end_at else None
        elif one.first_day <= found.last_day + timedelta(days=1):
            found = max(_joined(found, one), found, key=lambda span: span.end_at)
    return found


def _joined(first: Span, then: Span) -> Span:
    return Span(first.first_day, then.last_day, first.start_at, then.end_at)
