"""The night's look at the ledger of pay: requests of which it does not say what stands are brought to it.

Leave granted before there was a ledger, and departures that were corrected, come to it this way; a second run finds
nothing to write.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import case, func, select

from kit import clock
from models.enums import LeaveState
from models.leave import LeaveRequest, LeaveSegment
from models.leave_pay import LeavePayEntry
from services import platform
from services.leave.paying import effects

CATCH_UP = "leave.catch_up_pay"
CHUNK = 200
LOOK_BACK = timedelta(days=400)


def keep(payload: dict[str, Any]) -> None:
    """The job: chunk after chunk, each promised by the one before and behind its last request."""
    ids = _differing(str(payload.get("after") or ""), CHUNK)
    for request_id in ids:
        effects.settle(request_id)
    if len(ids) == CHUNK:
        following = {**payload, "after": ids[-1]}
        platform.promise(CATCH_UP, following, dedupe_key=f"{CATCH_UP}:{payload.get('slot')}:{ids[-1]}")


_TAKEN = select(func.coalesce(func.sum(LeaveSegment.minutes), 0)).where(LeaveSegment.request_id == LeaveRequest.id)
_WRITTEN = select(func.coalesce(func.sum(LeavePayEntry.minutes), 0)).where(LeavePayEntry.request_id == LeaveRequest.id)


def _differing(after: str, limit: int) -> Sequence[str]:
    """The next requests whose entries do not sum to what is granted of them."""
    taken, written = (one.correlate(LeaveRequest).scalar_subquery() for one in (_TAKEN, _WRITTEN))
    granted = case((LeaveRequest.state == LeaveState.APPROVED, taken), else_=0)
    wanted = select(LeaveRequest.id).where(LeaveRequest.id > after, granted != written)
    recent = wanted.where(LeaveRequest.last_day >= clock.today() - LOOK_BACK)
    return [row.id for row in platform.rows(recent.order_by(LeaveRequest.id).limit(limit))]
