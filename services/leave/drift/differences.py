"""The differences of some people, from what WeCom told of them and what they have here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit import clock
from kit.ids import new_id
from models.enums import DriftCause, LeaveUnit
from models.leave import LeaveVacation
from services.leave.drift import mapping, ours, rules
from services.leave.drift.ours import Mine
from services.leave.drift.rules import Amounts

Told = Mapping[str, Sequence[Sequence[int]] | None]
"""person id → WeCom's (vacation, used, left) of them in seconds; nothing at all when WeCom will not speak of them."""


@dataclass(frozen=True)
class _Pair:
    """A kind here and one there, or one side of it alone."""

    kind_code: str | None
    vacation: LeaveVacation | None
    is_hourly: bool

    @property
    def is_mapped(self) -> bool:
        return self.kind_code is not None and self.vacation is not None


def of_people(run_id: str, told: Told) -> list[dict[str, Any]]:
    """Rows of `LeaveDrift` for whoever's leave differs, by person and kind."""
    if not told:
        return []
    mine, pairs = ours.of(list(told)), _pairs()
    return [
        {"id": new_id(), "created_at": clock.now(), "run_id": run_id, "person_id": person_id, **found}
        for person_id, quotas in told.items()
        for found in _of_person(mine[person_id], quotas or (), pairs)
    ]


def _pairs() -> list[_Pair]:
    """What belongs together, and what on either side belongs to nothing; kinds without limit are left out."""
    rows, kinds = [row for row in mapping.all_vacations() if not row.is_unlimited], mapping.balanced()
    pairs = [_Pair(row.kind_code, row, row.is_hourly) for row in rows if row.is_listed or row.kind_code]
    chosen = {row.kind_code for row in mapping.all_vacations()}
    alone = [_Pair(code, None, kind.rules.unit is LeaveUnit.HOUR) for code, kind in kinds.items() if code not in chosen]
    return pairs + alone


def _of_person(mine: dict[str, Mine], told: Sequence[Sequence[int]], pairs: list[_Pair]) -> Iterator[dict[str, Any]]:
    theirs = {vacation_id: Amounts(used + left, used) for vacation_id, used, left in told}
    for pair in pairs:
        here = mine.get(pair.kind_code or "")
        counted = here.counted(is_hourly=pair.is_hourly) if here else None
        there = theirs.get(pair.vacation.vacation_id) if pair.vacation else None
        cause = _cause(pair, counted, there)
        if cause is not None:
            yield _row(pair, counted, there, cause)


def _cause(pair: _Pair, here: Amounts | None, there: Amounts | None) -> DriftCause | None:
    if pair.is_mapped:
        return rules.cause(here, there, is_hourly=pair.is_hourly)
    alone = here or there
    return DriftCause.NOT_MAPPED if alone and alone.left else None


def _row(pair: _Pair, here: Amounts | None, there: Amounts | None, cause: DriftCause) -> dict[str, Any]:
    left, other = here.left if here else None, there.left if there else None
    pushes = pair.vacation is not None and pair.vacation.pushes
    return {
        "kind_code": pair.kind_code,
        "vacation_id": pair.vacation.vacation_id if pair.vacation else None,
        "vacation_name": pair.vacation.name if pair.vacation else "",
        "is_hourly": pair.is_hourly,
        "ours": left,
        "theirs": other,
        "difference": (left or 0) - (other or 0),
        "cause": cause,
        "push_state": rules.first_push(cause) if pushes else None,
    }
