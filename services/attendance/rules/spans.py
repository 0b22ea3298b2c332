"""Stretches of time: what is left of them, and how long they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

NOTHING, MINUTE = timedelta(), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, both instants."""

    start: datetime
    end: datetime

    def has(self, at: datetime) -> bool:
        """Is the instant inside? The end is not."""
        return self.start <= at < self.end

    def later(self, by: timedelta) -> "Span":
        """The same stretch so much later."""
        return Span(self.start + by, self.end + by)


def without(spans: Iterable[Span], holes: Iterable[Span]) -> tuple[Span, ...]:
    """The parts of `spans` outside all `holes`."""
    left = list(spans)
    for hole in holes:
        left = [part for span in left for part in _cut(span, hole)]
    return tuple(left)


def _cut(span: Span, hole: Span) -> list[Span]:
    if hole.end <= span.start or span.end <= hole.start:
        return [span]
    parts = Span(span.start, min(span.end, hole.start)), Span(max(span.start, hole.end), span.end)
    return [part for part in parts if part.start < part.end]


def overlap(a: Span, b: Span) -> timedelta:
    """How long the two run together."""
    return max(NOTHING, min(a.end, b.end) - max(a.start, b.start))


def minutes(spans: Iterable[Span], within: Span | None = None) -> int:
    """Whole minutes in the spans, or in their overlap with one span."""
    if within is None:
        return sum((span.end - span.start for span in spans), NOTHING) // MINUTE
    total = NOTHING
    for span in spans:
        start, end = max(span.start, within.start), min(span.end, within.end)
        if start < end:
            total += end - start
    return total // MINUTE
