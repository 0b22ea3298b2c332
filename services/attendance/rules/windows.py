"""Which punches belong to which day: by windows that touch and never overlap."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from models.enums import Half
from services.attendance.rules.facts import Duty, Shape
from services.attendance.rules.spans import Span, minutes

BEFORE_WORK = timedelta(hours=4)
"""A punch so early belongs to the day that begins; before it, the day before is still being left."""
HALVES = 2


def duties(shapes: Sequence[Shape]) -> list[Duty]:
    """The days between the first and the last of consecutive shapes, each with its window.

    A day's window opens four hours before its shift or, when the shift before ends later than eight hours before,
    half way between the two; there the window of the day before closes.
    """
    borders = accumulate((_border(before, after) for before, after in pairwise(shapes)), max)
    return [
        Duty(
            shape.day,
            shape.title,
            shape.stretches if shape.is_working else (),
            Span(opens, closes),
            shape.shift,
            shape.kind,
        )
        for shape, (opens, closes) in zip(shapes[1:], pairwise(borders), strict=False)
    ]


def _border(before: Shape, after: Shape) -> datetime:
    end, start = before.stretches[-1].end, after.stretches[0].start
    return max(start - BEFORE_WORK, end + (start - end) / 2)


def half(duty: Duty, part: Half) -> Span:
    """The morning or the afternoon of a day: parted in the break between two stretches, else amid the work."""
    noon = _noon(duty.spans) if duty.spans else duty.window.start + (duty.window.end - duty.window.start) / 2
    window = duty.window
    return Span(window.start, noon) if part is Half.AM else Span(noon, window.end)


def _noon(spans: Sequence[Span]) -> datetime:
    if len(spans) == HALVES:
        return spans[0].end
    left = timedelta(minutes=minutes(spans) // HALVES)
    for span in spans:
        if left <= span.end - span.start:
            return span.start + left
        left -= span.end - span.start
    return spans[-1].end


def parted(duty: Duty) -> list[Duty]:
    """The stretches of a day as days of their own, for shifts that are punched stretch by stretch.

    Between two stretches the window changes half way.
    """
    inner = [before.end + (after.start - before.end) / 2 for before, after in pairwise(duty.spans)]
    borders = pairwise([duty.window.start, *inner, duty.window.end])
    return [
        Duty(duty.day, duty.title, (span,), Span(*edges), duty.shift, duty.kind)
        for span, edges in zip(duty.spans, borders, strict=True)
    ]
