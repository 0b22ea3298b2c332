"""What people do with leave: ask for it, change what they asked while nobody has decided, hand in a proof."""

from datetime import date
from typing import Any

from sqlalchemy import delete

from kit import clock, log
from kit.errors import AppError, Conflict
from kit.ids import new_id
from models.base import db
from models.enums import EntryKind, LeaveState
from models.leave import LeaveRequest, LeaveSegment
from services import approvals, platform
from services.leave import access, ledger, paying, team
from services.leave.flows import LEAVE
from services.leave.granting import debts
from services.leave.ledger import Cause
from services.leave.life import covering, discreet, holding, queries, quotes, staffing
from services.leave.life.quotes import Quote
from services.leave.life.rules import ahead
from services.leave.rulebook.rules import occasions
from services.leave.schemas import AddProof, Apply, Plan, PreviewOut, RequestOut
from services.people import Actor
from services.platform import Upload
from templates_msg import Message

Row = tuple[str, str]
logger = log.get(__name__)


def preview(actor: Actor, plan: Plan, editing: str | None = None) -> PreviewOut:
    """What the request would cost and leave, or the sentence with which it would be refused; nothing is changed.

    `editing` is the waiting request of the actor that the plan would change: neither its days nor what it holds are in
    the way.
    """
    try:
        if editing:
            _editable(actor, editing, plan)
        quote = quotes.quote(actor.person_id, plan, has_proof=True, editing=editing)
    except AppError as refusal:
        return queries.no_preview(plan, refusal)
    steps = [] if quote.refusal else approvals.preview(LEAVE, actor, _facts(quote))
    pay = None if quote.refusal else paying.of_portions(actor.person_id, quote.kind, quote.portions)
    return queries.preview_view(quote).model_copy(update={"steps": steps, "pay": pay})


def apply(actor: Actor, wish: Apply) -> RequestOut:
    """Asks for leave: measures it, holds what it costs and asks the approvers.

    Raises what `preview` would have shown as refusal. The person's account is locked meanwhile, so that requests
    made at once neither overdraw nor overlap.
    """
    ledger.lock(actor.person_id)
    quote = _measured(actor, wish, has_proof=wish.proof is not None)
    row = {"id": new_id(), "created_at": clock.now(), "state": LeaveState.PENDING, **_content(actor, wish, quote)}
    row |= covering.chosen(actor, wish.cover) | {"proof_id": _proof(actor, wish.proof)}
    platform.add(LeaveRequest, **row)
    _hold(actor, row["id"], wish, quote)
    made = queries.request_view(LeaveRequest(**row), quote.kind)
    asked = _asked(actor, wish, quote, row["id"])
    approvals.start(LEAVE, row["id"], actor, *asked, copy=_copy(actor, wish, quote))
    covering.ask(actor, LeaveRequest(**row))
    logger.info("leave.applied", extra={"request": row["id"], "minutes": quote.minutes})
    return made


def _measured(actor: Actor, wish: Apply, *, has_proof: bool, editing: str | None = None) -> Quote:
    quote = quotes.quote(actor.person_id, wish, has_proof=has_proof, editing=editing)
    if quote.refusal:
        raise quote.refusal
    ahead.check_backdating(quote.kind.rules, wish.first_day, wish.reason, clock.today())
    return quote


def edit(actor: Actor, request_id: str, wish: Apply) -> RequestOut:
    """Changes a request that waits or was sent back: it is measured anew and goes through its approvals again.

    It stays of its kind and keeps its proof unless another one comes.
    """
    row = _editable(actor, request_id, wish)
    days_before = (row.first_day, row.last_day)
    ledger.lock(actor.person_id)
    quote = remeasure(actor, row, wish)
    _cover(actor, row, wish, days_before)
    platform.audit.record(actor, "leave.request.edit", row.id, person_id=row.person_id)
    approvals.revise(LEAVE, row.id, actor, *_asked(actor, wish, quote, row.id), copy=_copy(actor, wish, quote))
    return queries.my_request(actor, row.id)


def _editable(actor: Actor, request_id: str, plan: Plan) -> LeaveRequest:
    row = access.own_request(actor, request_id)
    if row.state != LeaveState.PENDING or plan.kind != row.kind_code or plan.replaces != row.replaces_id:
        raise Conflict("只能修改审批中的申请，假别不能改；要换假别请撤回后重新申请")
    return row


def remeasure(actor: Actor, row: LeaveRequest, wish: Apply) -> Quote:
    """The request that waits becomes what is wished, by the rules of today, and holds what that costs; its account is
    locked by the caller."""
    ledger.release(row.id, Cause("重新计算，退回原来占用的额度", actor.label, row.id))
    quote = _measured(actor, wish, has_proof=wish.proof is not None or row.proof_id is not None, editing=row.id)
    for name, value in _content(actor, wish, quote).items():
        setattr(row, name, value)
    row.proof_id = _proof(actor, wish.proof) or row.proof_id
    db.session.execute(delete(LeaveSegment).where(LeaveSegment.request_id == row.id))
    db.session.flush()
    _hold(actor, row.id, wish, quote)
    return quote


def _cover(actor: Actor, row: LeaveRequest, wish: Apply, days_before: tuple[date, date]) -> None:
    """Another colleague, or other days, are asked for anew; who said yes to these days already has said it."""
    new = covering.chosen(actor, wish.cover)
    if (new["cover_id"], wish.first_day, wish.last_day) != (row.cover_id, *days_before):
        row.cover_id, row.cover_state = new["cover_id"], new["cover_state"]
        covering.ask(actor, row)


def _hold(actor: Actor, request_id: str, wish: Apply, quote: Quote) -> None:
    """Takes the days and what they cost; of what a replaced request holds already only the difference."""
    common = {"request_id": request_id, "person_id": actor.person_id}
    platform.add_many(
        LeaveSegment,
        [common | {"day": p.day, "start": p.start, "end": p.end, "minutes": p.minutes} for p in quote.portions],
    )
    cause = Cause(f"申请{quote.kind.name}{quote.length}，等待审批", actor.label, request_id)
    held = {lot.id: lot.rest for lot in holding.held([wish.replaces])} if wish.replaces else {}
    more = {lot_id: minutes - held.get(lot_id, 0) for lot_id, minutes in quote.spending.taken.items()}
    taken = {lot_id: minutes for lot_id, minutes in more.items() if minutes > 0}
    ledger.take(actor.person_id, quote.kind.code, EntryKind.HOLD, taken, cause)
    borrowed = debts.to_borrow(actor.person_id, quote.kind.code, quote.spending, held)
    debts.borrow(actor.person_id, quote.kind.code, borrowed, cause)


def _asked(actor: Actor, wish: Apply, quote: Quote, request_id: str) -> tuple[approvals.Facts, Message, list[Row]]:
    """What approvals are told: what conditions look at, the card, and the rows of the page in full."""
    card = _card(actor, wish, quote, request_id)
    said = occasions.words(quote.kind.rules.occasion, wish.told)
    cover = [("代班", f"{wish.cover}（已询问，答复见请假详情）")] if wish.cover else []
    return _facts(quote), card, _in_full(card) + _linked(wish) + cover + said


def _copy(actor: Actor, wish: Apply, quote: Quote) -> approvals.Copy | None:
    return discreet.copy(quote.kind, actor.name, "请假", queries.span_words(wish.ask), quote.length)


def _facts(quote: Quote) -> approvals.Facts:
    return {"kind": quote.kind.code, "days": quote.days, "minutes": quote.minutes}


def _linked(wish: Apply) -> list[Row]:
    """The request that this one goes on with or replaces, for whoever decides."""
    rows: list[Row] = []
    for title, other_id in (("续假，接着", wish.extends), ("改期，代替", wish.replaces)):
        if other_id:
            other = db.session.get_one(LeaveRequest, other_id)
            rows.append((title, f"{queries.span_of(other)}（{other.days.normalize():f}天）"))
    return rows


def _content(actor: Actor, wish: Apply, quote: Quote) -> dict[str, Any]:
    ask = wish.ask
    return {
        "person_id": actor.person_id,
        "kind_code": quote.kind.code,
        "kind_version": quote.kind.version,
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
        "proof_due_on": quote.proof_due_on,
        "told": _told(quote, wish),
        "event_key": quote.event_key,
        "extends_id": quote.extends_id,
        "replaces_id": wish.replaces,
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
            "staffing": staffing.words(actor.person_id, quote.portions),
            "request_id": request_id,
        },
    )


def _in_full(card: Message) -> list[tuple[str, str]]:
    """What the approver's page shows of the card, nothing cut off."""
    labels = {
        "span": "时间",
        "length": "时长",
        "reason": "事由",
        "balance": "批后余额",
        "away": "同期不在",
        "staffing": "人手",
    }
    return [(label, card.facts[fact]) for fact, label in labels.items() if card.facts[fact]]


def add_proof(actor: Actor, request_id: str, wish: AddProof) -> None:
    """Hands in a proof for a request that is still good."""
    row = access.own_request(actor, request_id)
    if row.state not in (LeaveState.PENDING, LeaveState.APPROVED):
        raise Conflict("这次请假已经结束，不用再补材料")
    row.proof_id = _proof(actor, wish.proof)
    platform.audit.record(actor, "leave.request.prove", row.id, person_id=row.person_id)
