"""Overtime that was approved, and the entries that say what of it counts. Sums of entries are the only truth."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, update

from kit import clock
from kit.ids import new_id
from kit.parts import parts
from kit.text import clip
from models.attendance_overtime import OvertimeEntry, OvertimeRequest
from models.enums import OvertimeKind, OvertimePay
from services import platform
from services.attendance.overtime.rules import Piece
from services.attendance.rules import Span

IN_ONE_STATEMENT = 2000  # databases limit the parameters of a statement


class Asked(NamedTuple):
    """A stretch of overtime that was approved; it stands until it is voided."""

    person_id: str
    cause: str
    span: Span
    wants: OvertimePay
    reason: str
    stands: bool


Key = tuple[str, date, OvertimeKind, OvertimePay]
"""Form, date, class, and what becomes of it: what entries are summed by."""


def keep(asked: Asked) -> None:
    """Keeps what was approved; once for a form."""
    row = {"person_id": asked.person_id, "cause": asked.cause, "wants": asked.wants, "reason": clip(asked.reason, 200)}
    ends = {"starts_at": asked.span.start, "ends_at": asked.span.end}
    platform.first(OvertimeRequest, id=new_id(), created_at=clock.now(), stands=True, **row, **ends)


def void(cause: str) -> None:
    """It stands no more; what counted is taken back when it is counted again."""
    platform.changed(update(OvertimeRequest).where(OvertimeRequest.cause == cause), {"stands": False})


def touching(person_ids: Sequence[str], begin: datetime, end: datetime) -> list[Asked]:
    """What these people had approved that touches a stretch of time, voided or not, in the order it was worked."""
    found: list[Asked] = []
    columns = (
        OvertimeRequest.person_id, OvertimeRequest.cause, OvertimeRequest.starts_at, OvertimeRequest.ends_at,
        OvertimeRequest.wants, OvertimeRequest.reason, OvertimeRequest.stands,
    )  # fmt: skip
    meant = (OvertimeRequest.ends_at > begin, OvertimeRequest.starts_at < end)
    for part in parts(person_ids, IN_ONE_STATEMENT):
        rows = platform.rows(select(*columns).where(OvertimeRequest.person_id.in_(part), *meant))
        found += [_asked(row) for row in rows]
    return sorted(found, key=lambda one: (one.span.start, one.cause))


def _asked(row: Any) -> Asked:
    span, wants = Span(row.starts_at, row.ends_at), OvertimePay(row.wants)
    return Asked(row.person_id, row.cause, span, wants, row.reason, row.stands)


def sums(causes: Sequence[str]) -> dict[Key, int]:
    """What was counted for these forms so far."""
    keys = (OvertimeEntry.cause, OvertimeEntry.day, OvertimeEntry.kind, OvertimeEntry.pay)
    found: dict[Key, int] = {}
    for part in parts(causes, IN_ONE_STATEMENT):
        summed = select(*keys, func.sum(OvertimeEntry.minutes).label("total")).where(OvertimeEntry.cause.in_(part))
        for row in platform.rows(summed.group_by(*keys)):
            found[row.cause, row.day, OvertimeKind(row.kind), OvertimePay(row.pay)] = int(row.total)
    return found


def pieces(person_ids: Sequence[str], first: date, last: date) -> dict[str, list[Piece]]:
    """What counted on these days, by person; the sums of entries that are not zero."""
    keys = (OvertimeEntry.person_id, OvertimeEntry.day, OvertimeEntry.kind, OvertimeEntry.pay)
    total = func.sum(OvertimeEntry.minutes)
    found: dict[str, list[Piece]] = defaultdict(list)
    for part in parts(person_ids, IN_ONE_STATEMENT):
        meant = (OvertimeEntry.person_id.in_(part), OvertimeEntry.day.between(first, last))
        for row in platform.rows(select(*keys, total.label("total")).where(*meant).group_by(*keys).having(total != 0)):
            piece = Piece(row.day, OvertimeKind(row.kind), int(row.total), OvertimePay(row.pay))
            found[row.person_id].append(piece)
    return found


def sentences(causes: Sequence[str]) -> dict[str, list[str]]:
    """Why what counted for these forms counted, by form, as it was written."""
    found: dict[str, list[str]] = defaultdict(list)
    for part in parts(causes, IN_ONE_STATEMENT):
        said = select(OvertimeEntry.cause, OvertimeEntry.sentence).where(OvertimeEntry.cause.in_(part))
        for row in platform.rows(said.order_by(OvertimeEntry.seq)):
            found[row.cause].append(row.sentence)
    return found


def write(person_id: str, cause: str, piece: Piece, sentence: str) -> dict[str, Any]:
    """An entry, ready to be added."""
    named = {"person_id": person_id, "cause": cause, "sentence": clip(sentence, 300), "created_at": clock.now()}
    return {**named, "day": piece.day, "kind": piece.kind, "pay": piece.pay, "minutes": piece.minutes}


def add(entries: list[dict[str, Any]]) -> None:
    """Appends entries."""
    platform.add_many(OvertimeEntry, entries)
