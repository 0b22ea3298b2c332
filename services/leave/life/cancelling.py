"""Taking leave back: at once while nobody has decided, afterwards by a request of its own, for all days or for some."""

from sqlalchemy import update

from kit import clock, log
from kit.errors import Conflict
from kit.ids import new_id
from models.base import db
from models.enums import LeaveState
from models.leave import LeaveCancellation, LeaveRequest
from services import approvals, platform
from services.leave import access, gaps, ledger
from services.leave.flows import CANCELLATION, LEAVE
from services.leave.ledger import Cause
from services.leave.life import discreet, parting, queries, quotes, underway
from services.leave.life.parting import Split
from services.leave.rulebook import catalog
from services.leave.rulebook.catalog import Kind
from services.leave.schemas import Cancel, RequestOut, Returned
from services.people import Actor
from templates_msg import Message

CANCEL_WITHIN_DAYS = 31  # days already long past are corrected by HR
logger = log.get(__name__)


def withdraw(actor: Actor, request_id: str) -> None:
    """Takes back what nobody has decided: the request, so that what it held is free again, or the wish to cancel it."""
    row = access.own_request(actor, request_id)
    cancellation_id = underway.cancellation_of(row.id)
    if cancellation_id:
        _withdraw_cancellation(actor, row, cancellation_id)
    else:
        _withdraw(actor, row)


def _withdraw(actor: Actor, row: LeaveRequest) -> None:
    approvals.withdraw(LEAVE, row.id, actor)
    end(row.id, LeaveState.PENDING, LeaveState.WITHDRAWN)
    ledger.release(row.id, Cause("撤回申请，退回额度", actor.label, row.id))
    platform.audit.record(actor, "leave.request.withdraw", row.id, person_id=row.person_id)
    logger.info("leave.withdrawn", extra={"request": row.id})


def _withdraw_cancellation(actor: Actor, row: LeaveRequest, cancellation_id: str) -> None:
    approvals.withdraw(CANCELLATION, cancellation_id, actor)
    asked = update(LeaveCancellation).where(LeaveCancellation.id == cancellation_id)
    platform.changed(asked.values(state=LeaveState.WITHDRAWN, decided_at=clock.now()))
    platform.audit.record(actor, "leave.request.keep", row.id, person_id=row.person_id)


def end(request_id: str, before: LeaveState, after: LeaveState) -> None:
    """Moves a request on, if it is still in the state expected; `Conflict` when somebody was faster."""
    if not platform.moved(LeaveRequest, request_id, before, state=after, decided_at=clock.now()):
        raise Conflict("这次请假的状态刚刚变了，请刷新后再看")


def cancel(actor: Actor, request_id: str, wish: Cancel) -> RequestOut:
    """Takes leave back: at once while it waits for approval, afterwards by a request of its own.

    Only when that one is approved the days return, each to the lot it came from. Any days and halves can be taken back,
    so that who returns early, or comes in between, keeps the rest.
    """
    row = access.own_request(actor, request_id)
    if row.state == LeaveState.PENDING and wish.days:
        raise Conflict("这次请假还在审批，要少请几天请直接修改申请")
    if row.state == LeaveState.PENDING:
        _withdraw(actor, row)
    else:
        _ask_to_cancel(actor, row, wish)
    return queries.my_request(actor, request_id)


def check_open(row: LeaveRequest) -> None:
    """The leave can be taken back now: it is approved, not long past, and nothing about it is under way."""
    if row.state != LeaveState.APPROVED:
        raise Conflict("只有审批中或已批准的请假可以取消")
    if (clock.today() - row.last_day).days > CANCEL_WITHIN_DAYS:
        raise Conflict("这次请假已过去一个月以上，请联系人事处理")
    if underway.cancellation_of(row.id):
        raise Conflict("已经提交过销假申请，请等待审批")
    if underway.change_of(row.id):
        raise Conflict("已经提交过改期申请，请等待审批或先撤回")


def _ask_to_cancel(actor: Actor, row: LeaveRequest, wish: Cancel) -> None:
    ledger.lock(actor.person_id)
    row = access.own_request(actor, row.id)  # as it is now that nobody else changes it
    check_open(row)
    part = part_of(row, wish)
    asked = LeaveCancellation(id=new_id(), request_id=row.id, reason=wish.reason, state=LeaveState.PENDING)
    if part.kept:
        asked.first_day, asked.last_day, asked.days = part.freed[0].day, part.freed[-1].day, part.freed_gaps
    db.session.add(asked)
    db.session.flush()  # the approval speaks of it
    _start(actor, row, asked, catalog.named(row.kind_code), part)


def part_of(row: LeaveRequest, wish: Returned) -> Split:
    """The days to be given back, apart from those that stay: the days picked, or those between two, or all."""
    first, last = wish.first_day or row.first_day, wish.last_day or row.last_day
    return parting.split(row, gaps.read(wish.days) or gaps.between(first, last))


def facts(kind: Kind, part: Split) -> approvals.Facts:
    """What the conditions of the chain look at."""
    return {"kind": kind.code, "days": part.freed_days, "minutes": part.freed_minutes}


def _start(actor: Actor, row: LeaveRequest, asked: LeaveCancellation, kind: Kind, part: Split) -> None:
    told = {
        "applicant": actor.name,
        "kind": kind.name,
        "length": quotes.length_words(part.freed_minutes, part.freed_days, kind),
        "span": gaps.said(part.freed_gaps) if part.kept else queries.span_of(row),
        "reason": asked.reason,
        "cancellation_id": asked.id,
    }
    copy = discreet.copy(kind, actor.name, "销假", told["span"], told["length"])
    message = Message("leave/cancel_request", told)
    approvals.start(CANCELLATION, asked.id, actor, facts(kind, part), message, copy=copy)
