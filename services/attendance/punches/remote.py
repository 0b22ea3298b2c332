"""Days agreed to be worked from anywhere: on them, and only on them, a punch needs no place."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select

from models.attendance_punches import RemoteDay
from services import platform

_AGREED = select(RemoteDay.day).where(
    RemoteDay.person_id == bindparam("person_id"), RemoteDay.day.in_(bindparam("days", expanding=True))
)


def agreed(person_id: str, days: Iterable[date]) -> set[date]:
    """Those of the days that the person may punch from anywhere."""
    return {row.day for row in platform.rows(_AGREED, {"person_id": person_id, "days": list(days)})}


def agree(person_id: str, days: Iterable[date], cause: str) -> int:
    """Agrees to the days; the count that were not agreed to before. The first cause keeps a day."""
    rows: list[dict[str, Any]] = [{"person_id": person_id, "day": day, "cause": cause} for day in days]
    return platform.first_of_many(RemoteDay, rows)


def forget(cause: str) -> None:
    """The days of this cause are ordinary days again; punches made on them stay what they are."""
    platform.changed(delete(RemoteDay).where(RemoteDay.cause == cause))
