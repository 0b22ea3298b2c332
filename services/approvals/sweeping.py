"""A sweep goes through many requests: what fails is undone alone and told to HR, and stops none of the others."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from kit import clock, log
from kit.errors import AppError
from models.approvals import ApprovalHistory as History
from models.approvals import ApprovalInstance as Instance
from models.base import db
from models.enums import Act, Role
from services import notices, people, platform
from services.approvals import trail
from services.approvals.trail import Entry
from templates_msg import Message

UNKNOWN = "系统出错，已记录"
NOBODY = "暂时找不到审批人"
T = TypeVar("T")
logger = log.get(__name__)


def attempt(instance_id: str, step_name: str, work: Callable[[], T]) -> T | None:
    """Does the work in a savepoint of its own; `None` when it could not be done, which HR and the history then know."""
    try:
        with platform.savepoint():
            return work()
    except AppError as refusal:
        _blocked(instance_id, step_name, refusal.title)
    except DBAPIError:
        raise  # the database gave up all that was done, not this part of it
    except Exception:
        # what a form does when it is approved is not ours: its fault must not keep everybody else waiting
        logger.exception("approvals.sweep_failed", extra={"instance": instance_id})
        _blocked(instance_id, step_name, UNKNOWN)
    return None


def _blocked(instance_id: str, step_name: str, why: str) -> None:
    latest = select(History.act, History.comment).where(History.instance_id == instance_id)
    last = db.session.execute(latest.order_by(History.seq.desc()).limit(1)).first()
    if last is None or tuple(last) != (Act.BLOCKED, why):
        trail.note(instance_id, Entry(Act.BLOCKED, step_name, comment=why))
    tell_hr(instance_id, why)


def tell_hr(instance_id: str, why: str) -> None:
    """Tells HR, at most once a day, that a request does not go on and why; never its own applicant."""
    row = db.session.execute(select(Instance.title, Instance.applicant_id).where(Instance.id == instance_id)).one()
    told = [one for one in people.holders_of(Role.HR, row.applicant_id) if one != row.applicant_id]
    facts = {"title": row.title, "why": why, "link": f"/h5/approvals/{instance_id}"}
    notices.notify(told, Message("approvals/blocked", facts), key=f"blocked:{instance_id}:{clock.today()}")
