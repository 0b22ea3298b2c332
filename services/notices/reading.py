"""What everybody does with their own notices: list, open, confirm."""

from typing import Any

from sqlalchemy import bindparam, func, select, update

from kit import clock
from kit.errors import Conflict
from kit.pages import Page, cut, decode
from models.enums import NoticeState, ReceiptState
from models.notices import Notice, NoticeReceipt
from services import platform
from services.notices.access import received
from services.notices.body import blocks
from services.notices.schemas import MineQuery, MyNotice, MyNoticeLine
from services.people import Actor

UNREAD = (ReceiptState.WAITING, ReceiptState.DELIVERED, ReceiptState.FAILED)


_STANDING = (NoticeReceipt.person_id == bindparam("me"), Notice.state != NoticeState.RECALLED)
# built once, for every home page asks it
_MINE = (
    select(Notice.id, Notice.title, Notice.sender, Notice.must_confirm, NoticeReceipt.sent_at, NoticeReceipt.state)
    .join(NoticeReceipt, NoticeReceipt.notice_id == Notice.id)
    .where(*_STANDING)
    .order_by(NoticeReceipt.sent_at.desc(), NoticeReceipt.notice_id.desc())
)
_UNREAD_COUNT = (
    select(func.count())
    .select_from(NoticeReceipt)
    .join(Notice, Notice.id == NoticeReceipt.notice_id)
    .where(*_STANDING, NoticeReceipt.state.in_(UNREAD))
)
_NEWEST = _MINE.add_columns(_UNREAD_COUNT.correlate(None).scalar_subquery().label("unread")).limit(bindparam("most"))


def mine(actor: Actor, query: MineQuery) -> Page[MyNoticeLine]:
    """One's own notices, newest first; what was recalled is gone."""
    wanted = _MINE
    if query.only == "unread":
        wanted = wanted.where(NoticeReceipt.state.in_(UNREAD))
    if query.cursor:
        wanted = wanted.where(_before(actor, *decode(query.cursor, str)))
    rows = platform.rows(wanted.limit(query.limit + 1), {"me": actor.person_id})
    part = cut(rows, query.limit, lambda row: [row.id])
    return Page(items=[_line(row) for row in part.rows], next_cursor=part.next_cursor)


def _before(actor: Actor, notice_id: str) -> Any:
    of_person, of_notice = NoticeReceipt.person_id == actor.person_id, NoticeReceipt.notice_id == notice_id
    at = select(NoticeReceipt.sent_at).where(of_person, of_notice).scalar_subquery()
    tie = (NoticeReceipt.sent_at == at) & (NoticeReceipt.notice_id < notice_id)
    return (NoticeReceipt.sent_at < at) | tie


def _line(row: Any) -> MyNoticeLine:
    return MyNoticeLine(
        id=row.id,
        title=row.title,
        sender=row.sender,
        sent_at=row.sent_at,
        is_unread=row.state in UNREAD,
        needs_confirmation=row.must_confirm and row.state != ReceiptState.CONFIRMED,
    )


def newest(actor: Actor, most: int) -> tuple[list[MyNoticeLine], int]:
    """One's newest notices, and how many of all of them are unread; what the home page shows."""
    rows = platform.rows(_NEWEST, {"me": actor.person_id, "most": most})
    return [_line(row) for row in rows], rows[0].unread if rows else 0


def unread_count(actor: Actor) -> int:
    """How many notices the actor has not opened."""
    return platform.scalar(_UNREAD_COUNT, {"me": actor.person_id}) or 0


def my_notice(actor: Actor, notice_id: str) -> MyNotice:
    """A notice one received, or the draft one was shown; it does not count as opened yet."""
    notice, receipt = received(actor, notice_id)
    if notice.state == NoticeState.RECALLED:
        raise Conflict("这条公告已被撤回")
    return MyNotice(
        id=notice.id,
        title=notice.title,
        sender=notice.sender,
        sent_at=receipt.sent_at if receipt else None,
        blocks=blocks(notice.body),
        must_confirm=notice.must_confirm,
        confirmed_at=receipt.confirmed_at if receipt else None,
        is_unread=receipt is not None and receipt.state in UNREAD,
        is_preview=receipt is None,
    )


def mark_opened(actor: Actor, notice_id: str) -> None:
    """Notes that the actor has the notice in front of them; the first time counts."""
    received(actor, notice_id)
    first_time = update(NoticeReceipt).where(*_my_receipt(actor, notice_id), NoticeReceipt.state.in_(UNREAD))
    platform.changed(first_time.values(state=ReceiptState.OPENED, opened_at=clock.now()))


def confirm(actor: Actor, notice_id: str) -> None:
    """Notes that the actor has read and understood; once, repeats change nothing."""
    notice, receipt = received(actor, notice_id)
    if notice.state == NoticeState.RECALLED:
        raise Conflict("这条公告已被撤回")
    if receipt is None:
        raise Conflict("这是预览，无需确认")
    if not notice.must_confirm:
        raise Conflict("这条公告无需确认")
    now = clock.now()
    not_yet = update(NoticeReceipt).where(*_my_receipt(actor, notice_id), NoticeReceipt.state != ReceiptState.CONFIRMED)
    opened = func.coalesce(NoticeReceipt.opened_at, now)
    platform.changed(not_yet.values(state=ReceiptState.CONFIRMED, opened_at=opened, confirmed_at=now))


def _my_receipt(actor: Actor, notice_id: str) -> tuple[Any, Any]:
    return NoticeReceipt.notice_id == notice_id, NoticeReceipt.person_id == actor.person_id
