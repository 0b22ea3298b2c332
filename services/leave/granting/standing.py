"""What people have been given so far, and the facts from which their leave is reckoned; statements for many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, case, func, select

from models.enums import AbsenceKind, EntryKind, LeaveState, SettlementReason, SettlementState
from models.leave import LeaveEntry, LeaveLot, LeaveRequest, LeaveSegment
from models.leave_pay import LeaveSettlement
from services import platform
from services.leave import gaps
from services.leave.granting.rules.entitlement import Facts, statutory_year
from services.leave.granting.rules.forfeits import Absence
from services.leave.granting.rules.policy import Policy
from services.people import PersonView

GIVEN = (EntryKind.GRANT, EntryKind.CORRECT)
TAKEN = (EntryKind.HOLD, EntryKind.RELEASE)


@dataclass(frozen=True)
class Standing:
    """A lot as it stands: what was given in all, what requests hold of it, and what is left."""

    id: str
    key: str
    person_id: str
    kind_code: str
    day_minutes: int | None
    given: int
    taken: int
    rest: int

    @property
    def spent(self) -> int:
        """What is gone of what was given, by requests or otherwise, and cannot be taken back."""
        return max(0, self.given - max(0, self.rest))


def _sum(*kinds: EntryKind) -> Any:
    minutes = case((LeaveEntry.kind.in_(kinds), LeaveEntry.minutes), else_=0) if kinds else LeaveEntry.minutes
    return func.coalesce(func.sum(minutes), 0)


_LOTS = (
    select(
        LeaveLot.id, LeaveLot.grant_key, LeaveLot.person_id, LeaveLot.kind_code, LeaveLot.day_minutes,
        _sum(*GIVEN).label("given"), _sum(*TAKEN).label("taken"), _sum().label("rest"),
    )
    .outerjoin(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
    .where(LeaveLot.person_id.in_(bindparam("person_ids", expanding=True)))
    .where(LeaveLot.kind_code.in_(bindparam("codes", expanding=True)))
    .where(LeaveLot.starts_on.between(bindparam("first"), bindparam("last")))
    .group_by(LeaveLot.id)
)  # fmt: skip


def lots(person_ids: Sequence[str], codes: Iterable[str], year: int, back: int = 1) -> dict[str, Standing]:
    """The lots of these kinds that began in the year or so many before, by grant key; one statement."""
    span = {"first": date(year - back, 1, 1), "last": date(year, 12, 31)}
    asked = {"person_ids": person_ids, "codes": list(codes), **span}
    return {
        row.grant_key: Standing(
            row.id, row.grant_key, row.person_id, row.kind_code, row.day_minutes, int(row.given), -int(row.taken),
            int(row.rest),
        )
        for row in platform.rows(_LOTS, asked)
    }  # fmt: skip


_ABSENT = (
    select(
        LeaveRequest.person_id, LeaveRequest.kind_code, LeaveRequest.first_day, LeaveRequest.last_day,
        LeaveRequest.from_minute, LeaveRequest.days, LeaveRequest.minutes, LeaveRequest.gaps,
        func.sum(case((LeaveSegment.day < bindparam("turn"), LeaveSegment.minutes), else_=0)).label("before"),
        func.sum(case((LeaveSegment.day < bindparam("turn"), 0), else_=LeaveSegment.minutes)).label("counted"),
    )
    .join(LeaveSegment, LeaveSegment.request_id == LeaveRequest.id)
    .where(LeaveRequest.person_id.in_(bindparam("person_ids", expanding=True)))
    .where(LeaveRequest.kind_code.in_(bindparam("codes", expanding=True)))
    .where(LeaveRequest.state == LeaveState.APPROVED)
    .where(LeaveSegment.day.between(bindparam("first"), bindparam("last")))
    .group_by(LeaveRequest.id)
)  # fmt: skip


def absences(person_ids: Sequence[str], policy: Policy, paid: Iterable[str], year: int) -> dict[str, list[Absence]]:
    """The approved absences, of this year and the one before, that may cost annual leave, by person; one statement.

    Personal leave counts only where it is paid (`paid` names the kinds that are).
    """
    kinds = {code: AbsenceKind.SICK for code in policy.sick_kinds}
    kinds |= {code: AbsenceKind.VACATION for code in policy.vacation_kinds}
    kinds |= {code: AbsenceKind.PERSONAL for code in policy.personal_kinds if code in set(paid)}
    found: dict[str, list[Absence]] = {}
    span = {"first": date(year - 1, 1, 1), "turn": date(year, 1, 1), "last": date(year, 12, 31)}
    for row in platform.rows(_ABSENT, {"person_ids": person_ids, "codes": list(kinds), **span}) if kinds else ():
        theirs = found.setdefault(row.person_id, [])
        theirs += [_absence(kinds[row.kind_code], row, *one) for one in ((year - 1, row.before), (year, row.counted))
                   if one[1]]  # fmt: skip
    return found


def _absence(kind: AbsenceKind, row: Any, year: int, counted: int) -> Absence:
    """What of a request lies in a year."""
    first, last = max(row.first_day, date(year, 1, 1)), min(row.last_day, date(year, 12, 31))
    return Absence(kind, last, _length(kind, row, int(counted), len(gaps.days_away(first, last, row.gaps))))


def _length(kind: AbsenceKind, row: Any, counted: int, calendar_days: int) -> Fraction:
    """Working days as they were charged in the year; sick leave by the calendar, unless it was by the hour.

    Half a sick day at an end takes half a day off: it is what the charge is short of whole working days.
    """
    charged: Fraction = Fraction(row.days) * counted / row.minutes
    if kind is not AbsenceKind.SICK or row.from_minute is not None:
        return charged
    return calendar_days - (-charged % 1)


_SETTLED = (
    select(LeaveSettlement.person_id, LeaveSettlement.kind_code, LeaveSettlement.hired_on, LeaveSettlement.due_on)
    .where(LeaveSettlement.person_id.in_(bindparam("person_ids", expanding=True)))
    .where(LeaveSettlement.reason == SettlementReason.LEAVING, LeaveSettlement.state != SettlementState.VOID)
)


@dataclass(frozen=True)
class Gathered:
    """Everything read for some people and a year, out of which each person's facts are made."""

    year: int
    lots: dict[str, Standing]
    absences: dict[tuple[str, str], list[Absence]]
    settled: dict[tuple[str, str], list[tuple[date, date]]]

    def facts(self, person: PersonView, code: str, day_minutes: int) -> Facts | None:
        """The facts of one person for one kind; `None` when this employment has been settled already.

        A day stays as long as it was when the year's first grant was counted, whatever shift follows.
        """
        assert person.hired_on is not None
        ended = self.settled.get((person.id, code), [])
        if is_settled(ended, person.hired_on):
            return None
        mine = self._by_owner.get((person.id, code), [])
        given_this_year = (lot.day_minutes for lot in mine if lot.key.startswith(f"{code}:{self.year}"))
        return Facts(
            person.id,
            person.hired_on,
            person.first_worked_on,
            next((minutes for minutes in given_this_year if minutes), day_minutes),
            tuple(self.absences.get((person.id, code), ())),
            frozenset(year for lot in mine if lot.taken > 0 and (year := statutory_year(lot.key))),
            1 + sum(left_on.year == self.year for _, left_on in ended),
        )

    def spent(self, person_id: str, code: str) -> dict[str, int]:
        """What is gone of somebody's lots of a kind, by grant key."""
        return {lot.key: lot.spent for lot in self._by_owner.get((person_id, code), [])}

    @cached_property
    def _by_owner(self) -> dict[tuple[str, str], list[Standing]]:
        found: dict[tuple[str, str], list[Standing]] = {}
        for lot in self.lots.values():
            found.setdefault((lot.person_id, lot.kind_code), []).append(lot)
        return found


def settled(person_ids: Sequence[str]) -> dict[tuple[str, str], list[tuple[date, date]]]:
    """The employments that were settled, by person and kind, as first and last day."""
    found: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for row in platform.rows(_SETTLED, {"person_ids": person_ids}):
        found.setdefault((row.person_id, row.kind_code), []).append((row.hired_on, row.due_on))
    return found


def is_settled(ended: Iterable[tuple[date, date]], hired_on: date) -> bool:
    """Whether the employment that began on that day is among those that were settled."""
    return any(began_on >= hired_on for began_on, _ in ended)
