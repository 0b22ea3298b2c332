"""Questions about a payslip: the owner asks, payroll answers, either ends it; every word is sealed."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, Select, func, select

from kit import clock
from kit.errors import Conflict, Invalid
from kit.ids import new_id
from kit.pages import Page, PageQuery, cut, decode
from models.base import db
from models.enums import DisputeState, ItemKind, Role
from models.payroll import DisputeWord, Payslip, PayslipBatch, PayslipDispute
from services import notices, people, platform
from services.payroll import access, sheet
from services.payroll.rules import Slip
from services.payroll.schemas import Ask, DisputeLine, DisputesQuery, DisputeView, Reply, Word
from services.people import Actor, Permission
from templates_msg import Message

Lines = Select[PayslipDispute, date, str]
MOST_WORDS, MOST_OPEN, MOST_EXPORTED = 50, 5, 20_000


def ask(actor: Actor, payslip_id: str, wish: Ask) -> DisputeLine:
    """Opens a question about a line of my payslip, or about the whole; payroll is told.

    The answer repeats no word of it: answers may be kept for a repeat of the request, and words rest sealed.
    """
    slip = access.opened(payslip_id, access.own_current(actor, payslip_id).sealed)
    kind, item = _item(slip, wish.item)
    waiting = select(func.count()).where(PayslipDispute.payslip_id == payslip_id, PayslipDispute.state == "open")
    if (db.session.scalar(waiting) or 0) >= MOST_OPEN:
        raise Conflict("您对这份工资条已有多个问题等待答复，请先在原问题里补充")
    dispute = PayslipDispute(id=new_id(), payslip_id=payslip_id, person_id=actor.person_id, item_kind=kind, item=item)
    db.session.add(dispute)
    db.session.flush()  # its words refer to it
    _say(actor, dispute, 1, wish.text)
    _tell_payroll(dispute, 1)
    platform.audit.record(actor, "payroll.dispute.ask", dispute.id, person_id=actor.person_id)
    return _view(_row(dispute), actor.name)


def _item(slip: Slip, wanted: str) -> tuple[ItemKind | None, str]:
    """The kind and name of the item that is asked about; none is the whole payslip."""
    if not wanted:
        return None, ""
    items = [
        *((line.kind, line.name) for line in slip.lines),
        *((ItemKind.INFORMATION, name) for name, _ in slip.notes),
    ]
    found = next((item for item in items if sheet.label(*item) == wanted), None)
    if found is None:
        raise Invalid("工资条里没有这一项", errors=[{"field": "item", "message": "请选择工资条中的一项"}])
    return found


def add(actor: Actor, dispute_id: str, wish: Reply) -> None:
    """The owner adds something; the question waits for payroll again."""
    dispute = access.own_dispute(actor, dispute_id)
    number = _next(dispute)
    dispute.state = DisputeState.OPEN
    _say(actor, dispute, number, wish.text)
    _tell_payroll(dispute, number)


def answer(actor: Actor, dispute_id: str, wish: Reply) -> None:
    """Payroll answers; the owner is told."""
    dispute = _of_somebody_else(actor, dispute_id)
    number = _next(dispute)
    dispute.state = DisputeState.ANSWERED
    _say(actor, dispute, number, wish.text)
    message = Message("payroll/dispute_answered", {"link": f"/h5/payslips/disputes/{dispute.id}"})
    notices.notify(dispute.person_id, message, key=f"payslip-dispute:{dispute.id}:{number}")
    platform.audit.record(actor, "payroll.dispute.answer", dispute.id, person_id=dispute.person_id)


def close_own(actor: Actor, dispute_id: str) -> None:
    """The owner is satisfied, or gives up."""
    _close(actor, access.own_dispute(actor, dispute_id))


def close(actor: Actor, dispute_id: str) -> None:
    """Payroll ends a question that it has answered."""
    dispute = _of_somebody_else(actor, dispute_id)
    if dispute.state == DisputeState.OPEN:
        raise Conflict("请先答复员工，再结束这个问题")
    _close(actor, dispute)


def _close(actor: Actor, dispute: PayslipDispute) -> None:
    if dispute.state == DisputeState.CLOSED:
        return
    dispute.state, dispute.closed_at = DisputeState.CLOSED, clock.now()
    platform.audit.record(actor, "payroll.dispute.close", dispute.id, person_id=dispute.person_id)


def _of_somebody_else(actor: Actor, dispute_id: str) -> PayslipDispute:
    dispute = access.dispute(actor, dispute_id)
    if dispute.person_id == actor.person_id:
        raise Conflict("这是您本人提出的问题，请由其他薪酬人员答复")
    return dispute


def _next(dispute: PayslipDispute) -> int:
    if dispute.state == DisputeState.CLOSED:
        raise Conflict("这个问题已经结束；如仍有疑问，请重新提出")
    said = db.session.scalar(select(func.max(DisputeWord.number)).where(DisputeWord.dispute_id == dispute.id)) or 0
    if said >= MOST_WORDS:
        raise Conflict("这个问题的往来过多，请当面沟通后重新提出")
    return said + 1


def _say(actor: Actor, dispute: PayslipDispute, number: int, text: str) -> None:
    word = DisputeWord(id=new_id(), dispute_id=dispute.id, author_id=actor.person_id, number=number)
    word.sealed = platform.vault.sealer().seal(_context(word.id), text.encode())
    db.session.add(word)


def _context(word_id: str) -> str:
    return f"payslip_dispute_word:{word_id}"


def _tell_payroll(dispute: PayslipDispute, number: int) -> None:
    holders = [who for who in people.holders_of(Role.PAYROLL, dispute.person_id) if who != dispute.person_id]
    message = Message("payroll/dispute_asked", {"link": f"/console/payroll/disputes/{dispute.id}"})
    notices.notify(holders, message, key=f"payslip-dispute:{dispute.id}:{number}")


def mine(actor: Actor, query: PageQuery) -> Page[DisputeLine]:
    """My questions, newest first."""
    wanted = _lines().where(PayslipDispute.person_id == actor.person_id)
    return _paged(wanted, DisputesQuery(limit=query.limit, cursor=query.cursor))


def listing(actor: Actor, query: DisputesQuery) -> Page[DisputeLine]:
    """The questions of everybody within reach."""
    return _paged(_filtered(actor, query), query)


def exported(actor: Actor, query: DisputesQuery) -> list[DisputeLine]:
    """The whole filtered list, newest first, at most twenty thousand; never the words. Recorded."""
    newest = _filtered(actor, query).order_by(PayslipDispute.created_at.desc(), PayslipDispute.id).limit(MOST_EXPORTED)
    rows = db.session.execute(newest).all()
    platform.audit.record(actor, "payroll.dispute.export", "payslip_dispute", after={"rows": len(rows)})
    return _views(rows)


def _filtered(actor: Actor, query: DisputesQuery) -> Lines:
    actor.require(Permission.PAYROLL_DISPUTE_ANSWER)
    reach = people.within(actor, Permission.PAYROLL_DISPUTE_ANSWER)
    wanted = _lines().where(PayslipDispute.person_id.in_(reach))
    return wanted.where(PayslipDispute.state == query.state) if query.state else wanted


def _lines() -> Lines:
    return (
        select(PayslipDispute, PayslipBatch.month, PayslipBatch.title)
        .join(Payslip, Payslip.id == PayslipDispute.payslip_id)
        .join(PayslipBatch, PayslipBatch.id == Payslip.batch_id)
    )


def _paged(wanted: Lines, query: DisputesQuery) -> Page[DisputeLine]:
    column, is_down = PayslipDispute.created_at, query.sort.startswith("-")
    if query.cursor:
        (last,) = decode(query.cursor, str)
        at = select(column).where(PayslipDispute.id == last).scalar_subquery()
        tie = (column == at) & (PayslipDispute.id < last if is_down else PayslipDispute.id > last)
        wanted = wanted.where((column < at if is_down else column > at) | tie)
    order = (column.desc(), PayslipDispute.id.desc()) if is_down else (column, PayslipDispute.id)
    rows = db.session.execute(wanted.order_by(*order).limit(query.limit + 1)).all()
    part = cut(rows, query.limit, lambda row: [row.PayslipDispute.id])
    return Page(items=_views(part.rows), next_cursor=part.next_cursor)


def _views(rows: Sequence[Row[PayslipDispute, date, str]]) -> list[DisputeLine]:
    known = people.many(row.PayslipDispute.person_id for row in rows)
    return [_view(row, known[row.PayslipDispute.person_id].name) for row in rows]


def _view(row: Row[PayslipDispute, date, str], person_name: str) -> DisputeLine:
    dispute = row.PayslipDispute
    return DisputeLine(
        id=dispute.id,
        payslip_id=dispute.payslip_id,
        month=row.month,
        title=row.title,
        item=sheet.label(ItemKind(dispute.item_kind), dispute.item) if dispute.item_kind else dispute.item,
        state=DisputeState(dispute.state),
        created_at=dispute.created_at,
        person_name=person_name,
    )


def my_thread(actor: Actor, dispute_id: str) -> DisputeView:
    """My question with everything said."""
    return _thread(access.own_dispute(actor, dispute_id))


def thread(actor: Actor, dispute_id: str) -> DisputeView:
    """Somebody's question with everything said; on record, for people write amounts."""
    dispute = access.dispute(actor, dispute_id)
    platform.audit.record(actor, "payroll.dispute.read", dispute.id, person_id=dispute.person_id)
    return _thread(dispute)


def _thread(dispute: PayslipDispute) -> DisputeView:
    said = db.session.scalars(
        select(DisputeWord).where(DisputeWord.dispute_id == dispute.id).order_by(DisputeWord.number)
    ).all()
    known = people.many([dispute.person_id, *(word.author_id for word in said)])
    line = _view(_row(dispute), known[dispute.person_id].name)
    return DisputeView(**line.model_dump(), words=[_word(one, dispute, known[one.author_id].name) for one in said])


def _row(dispute: PayslipDispute) -> Row[PayslipDispute, date, str]:
    return db.session.execute(_lines().where(PayslipDispute.id == dispute.id)).one()


def _word(one: DisputeWord, dispute: PayslipDispute, author_name: str) -> Word:
    text = platform.vault.sealer().open(_context(one.id), one.sealed).decode()
    return Word(author_name=author_name, is_owner=one.author_id == dispute.person_id, text=text, at=one.created_at)
