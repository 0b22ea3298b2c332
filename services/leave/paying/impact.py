"""What a request means for pay, in a sentence without amounts: before it is sent, while it waits, once granted."""

from collections.abc import Iterable
from typing import Any

from models.enums import LeaveState
from services.leave.paying import effects, terms
from services.leave.paying.rules import words
from services.leave.paying.rules.moves import Effect
from services.leave.rulebook.catalog import Kind
from services.leave.rules import Portion


def of_portions(person_id: str, kind: Kind, portions: Iterable[Portion]) -> str:
    """What these stretches of leave would mean."""
    known = list(portions)
    how = terms.of_days(person_id, kind.rules, [one.day for one in known])
    return words.impact(
        Effect(one.day, one.minutes, one.full_minutes, True, kind.version, how[one.day]) for one in known
    )


def of_request(row: Any, kind: Kind) -> str | None:
    """What stands of a granted request, or would of one that waits; nothing for one that has ended otherwise."""
    if row.state == LeaveState.APPROVED and (standing := effects.standing(row.id)):
        return words.impact(standing)
    if row.state in (LeaveState.APPROVED, LeaveState.PENDING):
        return words.impact(effects.planned(row.person_id, kind, effects.segments(row.id)))
    return None
