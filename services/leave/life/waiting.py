"""Leave that waits for a decision, for whoever is about to count on what is decided."""

from datetime import date

from sqlalchemy import Select, func, select

from models.enums import LeaveState
from models.leave import LeaveRequest
from services import platform


def waiting_between(first: date, last: date, reach: Select[str]) -> int:
    """How many requests of these people for any of these days nobody has decided yet."""
    waiting = LeaveRequest.state == LeaveState.PENDING, LeaveRequest.person_id.in_(reach)
    days = LeaveRequest.first_day <= last, LeaveRequest.last_day >= first
    return platform.scalar(select(func.count()).select_from(LeaveRequest).where(*waiting, *days)) or 0
