"""What is under way about approved leave: the wish to take it back, or to have other days instead."""

from sqlalchemy import select

from models.base import db
from models.enums import LeaveState
from models.leave import LeaveCancellation, LeaveRequest


def cancellation_of(request_id: str) -> str | None:
    """The id of the request to cancel that waits for approval, if there is one."""
    waiting = (LeaveCancellation.request_id == request_id, LeaveCancellation.state == LeaveState.PENDING)
    return db.session.scalar(select(LeaveCancellation.id).where(*waiting))


def change_of(request_id: str) -> str | None:
    """The id of the request to change these days that waits for approval, if there is one."""
    waiting = (LeaveRequest.replaces_id == request_id, LeaveRequest.state == LeaveState.PENDING)
    return db.session.scalar(select(LeaveRequest.id).where(*waiting))
