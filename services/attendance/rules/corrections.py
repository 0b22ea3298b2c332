"""What a correction may mend, and how many there are in a month."""

from collections.abc import Iterable

from models.enums import Direction
from services.attendance.rules.verdict import Result


def lacks(result: Result, direction: Direction) -> bool:
    """Can a punch in this direction mend the day? It is missing, or what there is came too late or too early."""
    if not (result.expected and result.verdicts):
        return False
    if direction is Direction.IN:
        return result.first_in is None or result.late > 0
    return result.last_out is None or result.early > 0


def free_number(taken: Iterable[str], month: str, quota: int) -> str | None:
    """The first number of the month's quota that no correction holds (`2026-03/1`), or `None` when it is used up."""
    held = set(taken)
    return next((number for n in range(1, quota + 1) if (number := f"{month}/{n}") not in held), None)
