"""What people do with leave: ask, take back before and after approval, hand in a proof; what HR gives and takes."""

from datetime import date
from typing import Any

from sqlalchemy import select, update

from kit import clock, log
from kit.errors import AppError, Conflict, Invalid
from kit.ids import new_id
from kit.text import clip
from models.base import db
from models.enums import EntryKind, LeaveState, LeaveUnit
from models.leave import LeaveCancellation, LeaveRequest, LeaveSegment
from services import approvals, people, platform, schedule
from services.leave import access, ahead, catalog, debts, ledger, occasions, queries, quotes, rules, team
from services.leave.flows import CANCELLATION, LEAVE
from services.leave.ledger import Cause, Grant
from services.leave.quotes import Quote
from services.leave.rules import InsufficientBalance
from services.leave.schemas import AddProof, Adjust, Apply, Cancel, Plan, PreviewOut, RequestOut
from services.people import Actor, AnyActor, Permission
from services.platform import Upload
from templates_msg import Message

CANCEL_WITHIN_DAYS = 31  # days already long past are corrected by HR
FOREVER = date(9999, 12, 31)
logger = log.get(__name__)


def preview(actor: Actor, plan: Plan) -> PreviewOut:
    """What the request would cost and leave, or the sentence with which it would be refused; nothing is changed."""
    try:
        return queries.preview_view(quotes.quote(actor.person_id, plan, has_proof=True))
    except AppError as refusal:
        return queries.no_preview(plan, refusal)


def apply(actor: Actor, wish: Apply) -> RequestOut:
    """Asks for leave: measures it, holds what it costs and asks the approvers.

    Raises what `preview` would have shown as refusal. The person's account is locked meanwhile, so that requests
    made at once neither overdraw nor overlap.
    """
    ledger.lock(actor.person_id)
    quote = quotes.quote(actor.person_id, wish, has_proof=wish.proof is not None)
    if quote.refusal:
        raise quote.refusal
    ahead.check_backdating(quote.kind.rules, wish.first_day, wish.reason, clock.today())
    row = _store(actor, wish, quote)
    made = queries.request_view(LeaveRequest(**row), quote.kind)
    facts: approvals.Facts = {"kind": quote.kind.code, "days": quote.days, "minutes": quote.minutes}
    card = _card(actor, wish, quote, row["id"])
    said = occasions.words(quote.kind.rules.occasion, wish.told)
    approvals.start(LEAVE, row["id"], actor, facts, card, _in_full(card) + said)
    logger.info("leave.applied", extra={"request": row["id"], "minutes": quote.minutes})
    return made


def _store(actor: Actor, wish: Apply, quote: Quote) -> dict[str, Any]:
    row = _request_row(actor, wish, quote)
    platform.add(LeaveRequest, **row)
    common = {"request_id": row["id"], "person_id": actor.person_id}
    platform.add_many(
        LeaveSegment,
        [common | {"day": p.day, "start": p.start, "end": p.end, "minutes": p.minutes} for p in quote.portions],
    )
    cause = Cause(f"申请{quote.kind.name}{quote.length}，等待审批", actor.label, row["id"])
    ledger.take(actor.person_id, quote.kind.code, EntryKind.HOLD, quote.spending.taken, cause)
    debts.borrow(actor.person_id, quote.kind.code, quote.spending.borrowed, cause)
    return row


def _request_row(actor: Actor, wish: Apply, quote: Quote) -> dict[str, Any]:
    ask = wish.ask
    return {
        "id": new_id(),
        "created_at": clock.now(),
        "person_id": actor.person_id,
        "kind_code": quote.kind.code,
        "kind_version": quote.kind.version,
        "state": LeaveState.PENDING,
        "first_day": ask.first_day,
        "last_day": ask.last_day,
        "from_half": ask.from_half,
        "to_half": ask.to_half,
        "from_minute": ask.from_minute,
        "to_minute": ask.to_minute,
        "minutes": quote.minutes,
        "days": quote.days,
        "is_confirmed": quote.is_confirmed,
        "reason": wish.reason,
        "proof_id": _proof(actor, wish.proof),
        "proof_due_on": quote.proof_due_on,
        "told": _told(quote, wish),
        "event_key": quote.event_key,
    }


def _told(quote: Quote, wish: Apply) -> dict[str, Any] | None:
    """What was said of the occasion, as it is kept; nothing for a kind that does not ask."""
    return wish.told.model_dump(mode="json", exclude_defaults=True) if quote.kind.rules.is_by_event else None


def _proof(actor: Actor, upload: Upload | None) -> str | None:
    if upload is None:
        return None
    file_id = platform.files.store(actor.person_id, queries.PROOF, upload)
    db.session.flush()  # the request refers to it
    return file_id


def _card(actor: Actor, wish: Apply, quote: Quote, request_id: str) -> Message:
    away = team.mates_away(actor.person_id, actor.department_id, wish.first_day, wish.last_day)
    return Message(
        "leave/approval_request",
        {
            "applicant": actor.name,
            "kind": quote.kind.name,
            "length": quote.length,
            "span": queries.span_words(wish.ask),
            "reason": wish.reason,
            "balance": quote.balance_after or "",
            "away": away,
            "request_id": request_id,
        },
    )


def _in_full(card: Message) -> list[tuple[str, str]]:
    """What the approver's page shows of the card, nothing cut off."""
    labels = {"span": "时间", "length": "时长", "reason": "事由", "balance": "批后余额", "away": "同期不在"}
    return [(label, card.facts[fact]) for fact, label in labels.items() if card.facts[fact]]


def add_proof(actor: Actor, request_id: str, wish: AddProof) -> None:
    """Hands in a proof for a request that is still good."""
    row = access.own_request(actor, request_id)
    if row.state not in (LeaveState.PENDING, LeaveState.APPROVED):
        raise Conflict("这次请假已经结束，不用再补材料")
    row.proof_id = _proof(actor, wish.proof)
    platform.audit.record(actor, "leave.request.prove", row.id, person_id=row.person_id)


def withdraw(actor: Actor, request_id: str) -> None:
    """Takes back what nobody has decided: the request, so that what it held is free again, or the wish to cancel it."""
    row = access.own_request(actor, request_id)
    cancellation_id = queries.cancellation_of(row.id)
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

    Only when that one is approved the days return, each to the lot it came from.
    """
    row = access.own_request(actor, request_id)
    if row.state == LeaveState.PENDING:
        _withdraw(actor, row)
    else:
        _ask_to_cancel(actor, row, wish)
    return queries.my_request(actor, request_id)


def _ask_to_cancel(actor: Actor, row: LeaveRequest, wish: Cancel) -> None:
    if row.state != LeaveState.APPROVED:
        raise Conflict("只有审批中或已批准的请假可以取消")
    if (clock.today() - row.last_day).days > CANCEL_WITHIN_DAYS:
        raise Conflict("这次请假已过去一个月以上，请联系人事处理")
    ledger.lock(actor.person_id)
    if queries.cancellation_of(row.id):
        raise Conflict("已经提交过销假申请，请等待审批")
    asked = LeaveCancellation(id=new_id(), request_id=row.id, reason=wish.reason, state=LeaveState.PENDING)
    db.session.add(asked)
    db.session.flush()  # the approval speaks of it
    kind = catalog.named(row.kind_code)
    facts: approvals.Facts = {"kind": kind.code, "days": row.days, "minutes": row.minutes}
    told = {
        "applicant": actor.name,
        "kind": kind.name,
        "length": quotes.length_words(row.minutes, row.days, kind),
        "span": queries.span_words(queries.ask_of(row)),
        "reason": wish.reason,
        "cancellation_id": asked.id,
    }
    approvals.start(CANCELLATION, asked.id, actor, facts, Message("leave/cancel_request", told))


def adjust(actor: AnyActor, wish: Adjust) -> None:
    """HR gives leave as a lot of its own, or takes it from the lots that expire first; never below zero."""
    actor.require(Permission.LEAVE_BALANCE_ADJUST)
    person_id, kind = _adjustable(actor, wish.person_id), catalog.named(wish.kind)
    if not kind.rules.needs_balance:
        raise Invalid(f"{kind.name}不需要额度，不用调整")
    today = clock.today()
    unit = rules.HOUR if kind.rules.unit is LeaveUnit.HOUR else schedule.day(person_id, today).full_minutes
    minutes = wish.amount * unit
    if not minutes or minutes != minutes.to_integral_value():
        raise Invalid("调整数量不能为零，且要能换算成整分钟")
    ledger.lock(person_id)
    if minutes > 0:
        _give(actor, wish, int(minutes), kind.version)
    else:
        _take_away(actor, wish, -int(minutes))
    after = {"kind": kind.code, "minutes": int(minutes), "reason": wish.reason}
    platform.audit.record(actor, "leave.balance.adjust", person_id, person_id=person_id, after=after)


def _adjustable(actor: AnyActor, person_id: str) -> str:
    reach = people.within(actor, Permission.LEAVE_BALANCE_ADJUST).subquery()
    if db.session.scalar(select(reach).where(reach.c.id == person_id)) is None:
        raise Invalid("没有这位员工，或不在您的管理范围内")
    return person_id


def _give(actor: AnyActor, wish: Adjust, minutes: int, kind_version: int) -> None:
    expires_on = wish.expires_on or FOREVER
    if expires_on < clock.today():
        raise Invalid("有效期不能早于今天")
    given = Grant(
        key=f"adjust:{new_id()}",
        person_id=wish.person_id,
        kind_code=wish.kind,
        title=clip(wish.reason, 60),
        starts_on=clock.today().replace(month=1, day=1),
        expires_on=expires_on,
        minutes=minutes,
        sentence=f"人事调整：{wish.reason}",
        kind_version=kind_version,
    )
    ledger.grant([given], actor.label, EntryKind.ADJUST)


def _take_away(actor: AnyActor, wish: Adjust, minutes: int) -> None:
    taken: dict[str, int] = {}
    left = minutes
    for lot in sorted(ledger.lots(wish.person_id, wish.kind, clock.today()), key=lambda lot: lot.expires_on):
        part = min(left, max(0, lot.rest))
        taken |= {lot.id: part} if part else {}
        left -= part
    if left:
        raise InsufficientBalance("可用余额不够扣减，请先核对台账", needed=minutes, available=minutes - left)
    cause = Cause(f"人事调整：{wish.reason}", actor.label)
    ledger.take(wish.person_id, wish.kind, EntryKind.ADJUST, taken, cause)
