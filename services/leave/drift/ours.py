"""What people have here, in minutes: the same lots and the same sum as the balance they see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from kit import clock
from models.base import db
from models.enums import EntryKind
from models.leave import LeaveEntry, LeaveLot
from services import schedule
from services.leave.drift.rules import Amounts, seconds

SPENT = (EntryKind.HOLD, EntryKind.RELEASE)


@dataclass(frozen=True)
class Mine:
    """What somebody has left of a kind and has used or holds, in minutes of their own working day."""

    left: int
    used: int
    full_minutes: int

    def counted(self, *, is_hourly: bool) -> Amounts:
        """The same in WeCom's seconds; given is what is left and what was used, so that the three agree."""
        left, used = (seconds(part, self.full_minutes, is_hourly=is_hourly) for part in (self.left, self.used))
        return Amounts(left + used, used)


def of(person_ids: Sequence[str]) -> dict[str, dict[str, Mine]]:
    """By person and kind, of the lots that have not expired; two statements for everybody."""
    today = clock.today()
    spent = func.sum(case((LeaveEntry.kind.in_(SPENT), LeaveEntry.minutes), else_=0))
    rows = db.session.execute(
        select(LeaveLot.person_id, LeaveLot.kind_code, func.sum(LeaveEntry.minutes), spent)
        .join(LeaveEntry, LeaveEntry.lot_id == LeaveLot.id)
        .where(LeaveLot.person_id.in_(person_ids), LeaveLot.expires_on >= today)
        .group_by(LeaveLot.person_id, LeaveLot.kind_code)
    ).all()
    plans = schedule.days(person_ids, today, today)
    mine: dict[str, dict[str, Mine]] = {person_id: {} for person_id in person_ids}
    for person_id, code, left, used in rows:
        mine[person_id][code] = Mine(int(left), -int(used), plans[person_id, today].full_minutes)
    return mine
