"""Where somebody is to be found, for the board."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.enums import Presence
from services.attendance.rules.due import due
from services.attendance.rules.facts import Absence, Case, came, left
from services.attendance.rules.spans import Span
from services.attendance.rules.verdict import judge


def presence(case: Case, now: datetime) -> Presence:
    """Where somebody is to be found at `now`, for the board."""
    spans = due(case).spans
    if away := [absence for absence in case.absences if absence.span.has(now)]:
        return _where(away)
    came_at, left_at = came(case.marks), left(case.marks, spans)
    if came_at and not left_at:
        return Presence.LATE if judge(case, now).late else Presence.HERE
    if left_at:
        return Presence.LEFT
    if not spans:
        return _where(case.absences) if case.duty.spans else Presence.REST
    return Presence.MISSING if _is_overdue(case, spans, now) else Presence.EXPECTED


def _where(absences: Sequence[Absence]) -> Presence:
    return Presence.TRIP if all(absence.is_trip for absence in absences) else Presence.AWAY


def _is_overdue(case: Case, spans: Sequence[Span], now: datetime) -> bool:
    shift = case.duty.shift
    may_slide = shift.flex.after if shift.flex else 0
    patience = max(may_slide, case.may_come_later) + shift.late_grace + 1
    return now >= spans[0].start + timedelta(minutes=patience)
