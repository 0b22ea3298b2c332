"""What leave does when others speak: a decision settles a request, a first day brings its leave."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from kit import clock
from models.base import db
from models.enums import InstanceState, LeaveState
from models.leave import LeaveCancellation, LeaveKind, LeaveRequest, LeaveSegment
from services import approvals, notices, platform
from services.approvals import Decided
from services.leave import gaps, ledger
from services.leave.events import Cancelled, Granted
from services.leave.flows import CANCELLATION, LEAVE
from services.leave.gaps import Days
from services.leave.granting import grants, returning, settling
from services.leave.granting.settling import LEAVING
from services.leave.ledger import Cause
from services.leave.life import cancelling, drafts, holding, parting, queries
from services.leave.life.parting import Kept
from services.leave.life.quotes import length_words
from services.leave.rulebook.catalog import VERSION, Kind, as_of
from services.people import Dated, Joined, Left, Moved
from templates_msg import Message


def on_decided(event: Decided) -> None:
    """Settles the request or the cancellation that was decided, and tells whose it is."""
    is_approved = event.state == InstanceState.APPROVED
    if event.subject == LEAVE:
        _settle(event, is_approved=is_approved)
    elif event.subject == CANCELLATION:
        _settle_cancellation(event, is_approved=is_approved)


def _settle(event: Decided, *, is_approved: bool) -> None:
    after = LeaveState.APPROVED if is_approved else LeaveState.REJECTED
    cancelling.end(event.subject_id, LeaveState.PENDING, after)
    row, kind, dates = _decided(event.subject_id)
    if not is_approved:
        ledger.release(row.id, Cause("申请被驳回，退回额度", event.decided_by, row.id))
    elif row.replaces_id or event.part:
        row, kind, dates = _change(event)
    if is_approved:
        platform.publish(Granted(row.person_id, row.id, row.kind_code, row.days, dates))
    _tell("leave/approved" if is_approved else "leave/rejected", event, row, kind)


def _change(event: Decided) -> tuple[Any, Kind, tuple[date, ...]]:
    """Only some of the days were approved, or they replace others: what was not approved goes back, and the leave that
    is replaced ends in the same moment."""
    row = _locked(event.subject_id)
    if event.part:
        left = parting.split(row, parting.outside(row, Kept.model_validate(event.part)))
        parting.shorten(row, left, Cause("部分同意，退回其余额度", event.decided_by, row.id))
    if row.replaces_id:
        _replace(row, event.decided_by)
    return _decided(event.subject_id)


def _replace(row: LeaveRequest, decided_by: str) -> None:
    old, _, dates = _decided(row.replaces_id or "")
    cancelling.end(old.id, LeaveState.APPROVED, LeaveState.CANCELLED)
    holding.exchange(old, row, parting.portions(row), Cause("改期通过，额度随日期调整", decided_by, row.id))
    platform.publish(Cancelled(old.person_id, old.id, old.kind_code, old.days, dates))


def _locked(request_id: str) -> LeaveRequest:
    """The request, with the account of its person held."""
    found = select(LeaveRequest).where(LeaveRequest.id == request_id)
    row = db.session.scalars(found, execution_options={"populate_existing": True}).one()
    ledger.lock(row.person_id)
    return row


def _settle_cancellation(event: Decided, *, is_approved: bool) -> None:
    after = LeaveState.APPROVED if is_approved else LeaveState.REJECTED
    asked = db.session.get_one(LeaveCancellation, event.subject_id)
    if not platform.moved(LeaveCancellation, asked.id, LeaveState.PENDING, state=after, decided_at=clock.now()):
        return
    row, kind, dates = _decided(asked.request_id)
    if is_approved and asked.first_day and asked.last_day:
        meant = gaps.read(asked.days) or gaps.between(asked.first_day, asked.last_day)
        row, kind, dates = _take_back(event, row.id, meant)
    elif is_approved:
        cancelling.end(row.id, LeaveState.APPROVED, LeaveState.CANCELLED)
        ledger.release(row.id, Cause("销假通过，退回额度", event.decided_by, row.id))
        platform.publish(Cancelled(row.person_id, row.id, row.kind_code, row.days, dates))
    _tell("leave/cancelled" if is_approved else "leave/cancel_rejected", event, row, kind)


def _take_back(event: Decided, request_id: str, meant: Days) -> tuple[Any, Kind, tuple[date, ...]]:
    """Some of the days are worked after all; the others stay as they are."""
    row = _locked(request_id)
    part = parting.split(row, meant)
    parting.shorten(row, part, Cause("部分销假通过，退回额度", event.decided_by, row.id))
    platform.publish(Cancelled(row.person_id, row.id, row.kind_code, part.freed_days, part.freed_dates))
    return _decided(request_id)


_DECIDED = (
    select(
        LeaveRequest.id, LeaveRequest.person_id, LeaveRequest.kind_code, LeaveRequest.minutes, LeaveRequest.days,
        LeaveRequest.first_day, LeaveRequest.last_day, LeaveRequest.from_half, LeaveRequest.to_half,
        LeaveRequest.from_minute, LeaveRequest.to_minute, LeaveRequest.gaps, LeaveRequest.replaces_id, *VERSION,
        LeaveSegment.day,
    )
    .join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code)
    .join(LeaveSegment, LeaveSegment.request_id == LeaveRequest.id)
    .where(LeaveRequest.id == bindparam("request_id"))
    .order_by(LeaveSegment.day)
)  # fmt: skip


def _decided(request_id: str) -> tuple[Any, Kind, tuple[date, ...]]:
    """The request, its kind, and the days it takes."""
    rows = platform.rows(_DECIDED, {"request_id": request_id})
    return rows[0], as_of(rows[0].kind_id, rows[0].rules_version), tuple(row.day for row in rows)


def _tell(template: str, event: Decided, row: Any, kind: Kind) -> None:
    facts = {
        "kind": kind.name,
        "length": length_words(row.minutes, row.days, kind),
        "span": queries.span_of(row),
        "comment": event.comment,
        "request_id": row.id,
    }
    notices.notify(row.person_id, Message(template, facts), key=f"decided:{event.instance_id}")


def on_joined(event: Joined) -> None:
    """Gives the year's leave on the first day; without a date of hire it waits for HR and the nightly job."""
    grants.grant_for(event.person_id)


def on_moved(event: Moved) -> None:
    """Gives what the year has brought, as on the first day: where somebody works changes nothing about the rules."""
    grants.grant_for(event.person_id)


def on_dated(event: Dated) -> None:
    """Brings what this year gave these people to what their dates make due, in the act that changed them.

    `Invalid`, and nothing is changed, when somebody came back and was not given a new first day.
    """
    returning.check(event.person_ids)
    for at in range(0, len(event.person_ids), grants.CHUNK):
        grants.settle(event.person_ids[at : at + grants.CHUNK], clock.today().year)


def on_left(event: Left) -> None:
    """Ends what waits for approval, for somebody who left takes no leave, and turns unused statutory days into pay."""
    waiting = select(LeaveRequest.id).where(
        LeaveRequest.person_id == event.person_id, LeaveRequest.state == LeaveState.PENDING
    )
    for request_id in db.session.scalars(waiting).all():
        approvals.withdraw(LEAVE, request_id, LEAVING)
        cancelling.end(request_id, LeaveState.PENDING, LeaveState.WITHDRAWN)
        ledger.release(request_id, Cause("员工离职，申请撤回", LEAVING.label, request_id))
    _keep_approved(event.person_id)
    drafts.forget(event.person_id)
    settling.on_leaving(event.person_id)


def _keep_approved(person_id: str) -> None:
    """Nobody decides any more whether leave is taken back: what was approved is what the settlement reckons with."""
    theirs = select(LeaveCancellation.id).join(LeaveRequest, LeaveRequest.id == LeaveCancellation.request_id)
    waiting = theirs.where(LeaveRequest.person_id == person_id, LeaveCancellation.state == LeaveState.PENDING)
    for asked_id in db.session.scalars(waiting).all():
        approvals.withdraw(CANCELLATION, asked_id, LEAVING)
        ended = {"state": LeaveState.WITHDRAWN, "decided_at": clock.now()}
        platform.moved(LeaveCancellation, asked_id, LeaveState.PENDING, **ended)
