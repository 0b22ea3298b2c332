"""A request that was sent back is submitted again as it was: what holds now is asked of it first."""

from kit.errors import Conflict
from models.base import db
from models.leave import LeaveRequest
from services import people
from services.approvals import Resumed
from services.leave import ledger
from services.leave.flows import LEAVE
from services.leave.life import commands, forming


def on_resumed(event: Resumed) -> None:
    """Measures the request anew and holds what it costs now.

    Raises, so that it stays with its applicant, what a rule says against it today, or `Conflict` when the days have
    another length by now: who decides reads what was asked for.
    """
    if event.subject != LEAVE:
        return
    row = db.session.get_one(LeaveRequest, event.subject_id)
    actor = people.by_id(row.person_id)
    ledger.lock(row.person_id)
    before = row.minutes
    quote = commands.remeasure(actor, row, forming.wish_of(row))
    if quote.minutes != before:
        raise Conflict(f"放假安排或班次已有变化，这次请假现在是{quote.length}，请点“修改申请”核对后再提交")
