"""How a notice reaches its people: chunk by chunk, a call for each, receipts first; what WeCom said comes back here."""

from typing import Any

from sqlalchemy import exists, insert, literal, select, update

import templates_msg
from kit import clock
from models.base import db
from models.enums import NoticeState, ReceiptState
from models.notices import Notice, NoticeCall, NoticeReceipt
from services import people, platform
from services.notices import audience, rules
from services.notices.body import summary
from services.notices.sending import RECALL, RECEIVERS_PER_CALL, SEND
from services.platform import Terms
from templates_msg import Message

CHUNK = "notices.send_chunk"
RECEIPTS_AT_ONCE = 20_000
THE_END = "Z" * 26  # after every identifier
COLUMNS = ["notice_id", "person_id", "state", "sent_at"]

Payload = dict[str, Any]


def link_to(notice_id: str) -> str:
    """Where a notice is read."""
    return f"/h5/notices/{notice_id}"


def card_of(notice: Notice) -> Message:
    """The card that announces it."""
    return announcement(notice.title, notice.sender, notice.body, notice.must_confirm, link_to(notice.id))


def announcement(title: str, sender: str, body: str, must_confirm: bool, link: str) -> Message:
    """A card with these words; with a button when the reader has to confirm."""
    template = "notices/must_confirm" if must_confirm else "notices/notice"
    return Message(template, {"title": title, "sender": sender, "summary": summary(body), "link": link})


def send_chunk(payload: Payload) -> None:
    """Addresses the next thousand people after the cursor and promises the chunk after them; the last one ends it."""
    notice = db.session.get(Notice, payload["notice"])
    if notice is None or notice.state != NoticeState.SENDING:
        return
    after, opened = payload["after"], payload["opened"]
    page = _waiting(notice, after)
    if len(page) < RECEIVERS_PER_CALL and opened != THE_END:
        opened = _open_receipts(notice, opened)
        page = _waiting(notice, after)
    if page:
        _address(notice, after, page)
    if len(page) == RECEIVERS_PER_CALL:
        following = {"notice": notice.id, "after": page[-1][0], "opened": opened}
        platform.promise(CHUNK, following, dedupe_key=f"notice.chunk:{notice.id}:{page[-1][0]}")
    else:
        notice.state = NoticeState.SENT


def _waiting(notice: Notice, after: str) -> list[tuple[str, str]]:
    ours = (NoticeReceipt.notice_id == notice.id, NoticeReceipt.state == ReceiptState.WAITING)
    behind = select(NoticeReceipt.person_id).where(*ours, NoticeReceipt.person_id > after)
    return people.userids(behind.order_by(NoticeReceipt.person_id).limit(RECEIVERS_PER_CALL))


def _open_receipts(notice: Notice, after: str) -> str:
    """Opens the receipts of the next block of people in one statement; the id up to which they are open."""
    chosen = audience.ids(notice.audience["terms"]).subquery()
    beyond = select(chosen.c.id).where(chosen.c.id > after).order_by(chosen.c.id)
    last = db.session.scalar(beyond.offset(RECEIPTS_AT_ONCE - 1).limit(1)) or THE_END
    has_one = exists().where(NoticeReceipt.notice_id == notice.id, NoticeReceipt.person_id == chosen.c.id)
    rows = select(literal(notice.id), chosen.c.id, literal(ReceiptState.WAITING.value), literal(notice.sent_at)).where(
        chosen.c.id > after, chosen.c.id <= last, ~has_one
    )
    platform.changed(insert(NoticeReceipt).from_select(COLUMNS, rows))
    return last


def _address(notice: Notice, after: str, page: list[tuple[str, str]]) -> None:
    call = NoticeCall(notice_id=notice.id, after=after, last=page[-1][0], receivers=len(page))
    db.session.add(call)
    db.session.flush()  # its id names the promise
    wire = templates_msg.render(card_of(notice), {"confirm_notice": notice.id})
    payload = {"userids": [userid for _, userid in page], "message": wire, "call": call.id}
    priority = platform.URGENT if notice.is_urgent else platform.BULK
    platform.promise(SEND, payload, dedupe_key=_key(call), terms=Terms(priority=priority))


def _key(call: NoticeCall) -> str:
    return f"notice.send:{call.id}"


def welcome(event: people.Joined | people.Moved) -> None:
    """Shows somebody new (to the company, or to a department) the notices of the last months that are for them now."""
    since = clock.now() - rules.LATE_JOINERS_SEE
    recent = select(Notice).where(Notice.state.in_(rules.SENT_OUT), Notice.sent_at > since)
    for notice in db.session.scalars(recent):
        chosen = audience.ids(notice.audience["terms"]).subquery()
        is_for_them = select(chosen.c.id).where(chosen.c.id == event.person_id)
        if db.session.scalar(is_for_them) is not None:
            platform.first(
                NoticeReceipt,
                notice_id=notice.id,
                person_id=event.person_id,
                state=ReceiptState.DELIVERED,
                sent_at=notice.sent_at,
            )


def answered(payload: Payload, answer: Payload) -> None:
    """WeCom took a call: its people have the notice, except those it names. Other messages need no receipt."""
    call = db.session.get(NoticeCall, payload["call"]) if "call" in payload else None
    if call is None:
        return
    call.msgid, call.settled_at = answer["msgid"] or None, clock.now()
    _mark(call, ReceiptState.FAILED, {userid.lower() for userid in answer["failed"]})
    _mark(call, ReceiptState.DELIVERED)
    notice = db.session.get(Notice, call.notice_id)
    if notice is not None and notice.state == NoticeState.RECALLED:
        take_back(call)


def refused(payload: Payload, _reason: str) -> None:
    """WeCom took nobody of a call."""
    call = db.session.get(NoticeCall, payload.get("call", ""))
    if call is not None:
        call.settled_at = clock.now()
        _mark(call, ReceiptState.FAILED)


def _mark(call: NoticeCall, state: ReceiptState, only: set[str] | None = None) -> None:
    """Moves the receipts of a call that still wait, or only those of these accounts."""
    waiting = (
        NoticeReceipt.notice_id == call.notice_id,
        NoticeReceipt.person_id > call.after,
        NoticeReceipt.person_id <= call.last,
        NoticeReceipt.state == ReceiptState.WAITING,
    )
    change = update(NoticeReceipt).where(*waiting).values(state=state)
    if only is None:
        platform.changed(change)
    elif only:
        accounts = people.userids(select(NoticeReceipt.person_id).where(*waiting))
        failed = [person_id for person_id, userid in accounts if userid in only]
        for start in range(0, len(failed), 500):
            platform.changed(change.where(NoticeReceipt.person_id.in_(failed[start : start + 500])))


def take_back(call: NoticeCall) -> None:
    """Recalls the message of a call, or keeps it from leaving; one under way is recalled when it is answered."""
    if call.msgid:
        platform.promise(RECALL, {"msgid": call.msgid}, dedupe_key=f"notice.recall:{call.id}")
    else:
        platform.promises.cancel(_key(call))
