"""How long a request lay before whoever moved it on, read off its history."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from models.enums import Act

MINUTE = timedelta(minutes=1)


class Told(Protocol):
    """An entry of a history, as far as time is concerned."""

    seq: int
    instance_id: str
    at: datetime
    act: Act
    step_name: str
    actor_id: str | None
    for_id: str | None
    to_id: str | None


def waits(history: Iterable[Told]) -> dict[int, int]:
    """For each entry (by its number) in which a person acts at a step: how many minutes it had lain before them.

    Time runs from when the step was opened, or from when it was handed to that person.
    """
    opened: dict[tuple[str, str], datetime] = {}
    handed: dict[tuple[str, str, str], datetime] = {}
    found = {}
    for one in history:
        step = (one.instance_id, one.step_name)
        since = handed.get((*step, one.for_id or one.actor_id or ""), opened.get(step))
        if one.act == Act.OPENED:
            opened[step] = one.at
        elif one.step_name and one.actor_id and since:
            found[one.seq] = (one.at - since) // MINUTE
        if one.to_id and one.act != Act.REMINDED:
            handed[(*step, one.to_id)] = one.at
    return found
