"""Entries: the only writes of the ledger. What is left of a lot is their sum."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from kit import clock
from kit.text import clip
from models.enums import EntryKind
from models.leave import LeaveEntry, LeaveLot
from services import platform

REST: ColumnElement[int] = (
    select(func.coalesce(func.sum(LeaveEntry.minutes), 0))
    .where(LeaveEntry.lot_id == LeaveLot.id)
    .correlate(LeaveLot)
    .scalar_subquery()
)
"""What is left of a lot, as part of another statement."""


@dataclass(frozen=True)
class Cause:
    """Why entries are written: the sentence people read, who made them, for which request, by which policy."""

    sentence: str
    made_by: str
    request_id: str | None = None
    policy_version: int | None = None


def entry(person_id: str, code: str, lot_id: str, kind: EntryKind, minutes: int, cause: Cause) -> dict[str, Any]:
    """A movement of a lot, ready to be written."""
    return {
        "lot_id": lot_id,
        "person_id": person_id,
        "kind_code": code,
        "kind": kind,
        "minutes": minutes,
        "request_id": cause.request_id,
        "cause": clip(cause.sentence, 300),
        "policy_version": cause.policy_version,
        "made_by": cause.made_by,
        "created_at": clock.now(),
    }


def write(entries: list[dict[str, Any]]) -> None:
    """Appends them, at once."""
    platform.add_many(LeaveEntry, entries)
