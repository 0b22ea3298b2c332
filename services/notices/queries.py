"""What HR reads about notices: the list, one with its tally, who has come how far, and the tables to take away."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from kit import clock
from kit.pages import Page, cut, decode
from models.base import db
from models.enums import NoticeState, ReceiptState
from models.notices import Notice, NoticeReceipt
from services import people, platform
from services.notices import audience
from services.notices.access import managed, managed_by
from services.notices.body import blocks
from services.notices.commands import behind, nudge_of
from services.notices.reading import UNREAD
from services.notices.schemas import (
    NoticeLine,
    NoticesQuery,
    NoticeView,
    ReceiptLine,
    ReceiptsQuery,
    Tally,
)
from services.people import Actor, Permission
from templates_msg import Message

READ = Permission.NOTICES_NOTICE_READ
SORTS: dict[str, Any] = {"created_at": Notice.created_at, "title": Notice.title}
MOST_EXPORTED = 50_000
REMIND_AFTER, REMIND_UNTIL = timedelta(hours=20), timedelta(days=14)


def listing(actor: Actor, query: NoticesQuery) -> Page[NoticeLine]:
    """The notices within the actor's reach, filtered and sorted."""
    name, is_down = query.sort.removeprefix("-"), query.sort.startswith("-")
    column = SORTS[name]
    wanted = _filtered(actor, query)
    if query.cursor:
        (last,) = decode(query.cursor, str)
        at = select(column).where(Notice.id == last).scalar_subquery()
        beyond = column < at if is_down else column > at
        tie = (column == at) & (Notice.id < last if is_down else Notice.id > last)
        wanted = wanted.where(beyond | tie)
    order = (column.desc(), Notice.id.desc()) if is_down else (column, Notice.id)
    rows = db.session.scalars(wanted.order_by(*order).limit(query.limit + 1)).all()
    part = cut(rows, query.limit, lambda row: [row.id])
    return Page(items=[NoticeLine.model_validate(row) for row in part.rows], next_cursor=part.next_cursor)


def _filtered(actor: Actor, query: NoticesQuery) -> Select[Notice]:
    wanted = select(Notice).where(managed_by(actor, READ))
    if query.state:
        wanted = wanted.where(Notice.state == query.state)
    if query.q:
        wanted = wanted.where(Notice.title.contains(query.q, autoescape=True))
    return wanted


def get(actor: Actor, notice_id: str) -> NoticeView:
    """One notice with its audience and tally."""
    notice = managed(actor, notice_id, READ)
    terms = notice.audience["terms"]
    author = people.many([notice.author_id])[notice.author_id]
    line = NoticeLine.model_validate(notice)
    return NoticeView(
        **line.model_dump(),
        body=notice.body,
        blocks=blocks(notice.body),
        audience=terms,
        audience_titles=audience.titles(terms),
        author_name=author.name,
        tally=_tally(notice),
        recalled_at=notice.recalled_at,
        nudged_at=notice.nudged_at,
        people=audience.count(terms) if notice.state == NoticeState.DRAFT else notice.expected,
        now=clock.now(),
    )


def _tally(notice: Notice) -> Tally:
    """Counts by state; people who have not been addressed yet are waiting."""
    states = select(NoticeReceipt.state, func.count()).where(NoticeReceipt.notice_id == notice.id)
    counts: dict[str, int] = {state: number for state, number in db.session.execute(states.group_by("state"))}
    if notice.state == NoticeState.SENDING:
        missing = max(0, notice.expected - sum(counts.values()))
        counts[ReceiptState.WAITING] = counts.get(ReceiptState.WAITING, 0) + missing
    return Tally.model_validate(counts)


def receipts(actor: Actor, notice_id: str, query: ReceiptsQuery) -> Page[ReceiptLine]:
    """Who has come how far."""
    notice = managed(actor, notice_id, READ)
    wanted = _receipts(notice, query)
    if query.cursor:
        wanted = wanted.where(NoticeReceipt.person_id > decode(query.cursor, str)[0])
    rows = db.session.scalars(wanted.limit(query.limit + 1)).all()
    part = cut(rows, query.limit, lambda row: [row.person_id])
    return Page(items=_lines(part.rows), next_cursor=part.next_cursor)


def _receipts(notice: Notice, query: ReceiptsQuery) -> Select[NoticeReceipt]:
    wanted = select(NoticeReceipt).where(NoticeReceipt.notice_id == notice.id).order_by(NoticeReceipt.person_id)
    if query.only == "unread":
        return wanted.where(NoticeReceipt.state.in_(UNREAD))
    if query.only == "unconfirmed":
        return wanted.where(NoticeReceipt.state != ReceiptState.CONFIRMED)
    return wanted.where(NoticeReceipt.state == query.only) if query.only else wanted


def _lines(rows: Any) -> list[ReceiptLine]:
    known = people.many(row.person_id for row in rows)
    return [
        ReceiptLine(
            person_id=row.person_id,
            name=known[row.person_id].name,
            department_name=known[row.person_id].department_name,
            state=ReceiptState(row.state),
            opened_at=row.opened_at,
            confirmed_at=row.confirmed_at,
        )
        for row in rows
    ]


def exported(actor: Actor, query: NoticesQuery) -> list[NoticeLine]:
    """The whole filtered list, newest first, at most fifty thousand; recorded."""
    rows = db.session.scalars(_filtered(actor, query).order_by(Notice.created_at.desc()).limit(MOST_EXPORTED)).all()
    platform.audit.record(actor, "notices.notice.export", "notice", after={"rows": len(rows)})
    return [NoticeLine.model_validate(row) for row in rows]


def exported_receipts(actor: Actor, notice_id: str, query: ReceiptsQuery) -> list[ReceiptLine]:
    """All receipts asked for, at most fifty thousand; recorded."""
    notice = managed(actor, notice_id, READ)
    rows = db.session.scalars(_receipts(notice, query).limit(MOST_EXPORTED)).all()
    platform.audit.record(actor, "notices.receipt.export", notice.id, after={"rows": len(rows)})
    return _lines(rows)


def unconfirmed() -> Iterator[tuple[str, Message, list[str]]]:
    """Notices that ask for confirmation and were sent between a day and two weeks ago: id, reminder, who is behind."""
    now = clock.now()
    asked = select(Notice).where(
        Notice.state == NoticeState.SENT,
        Notice.must_confirm,
        Notice.sent_at.between(now - REMIND_UNTIL, now - REMIND_AFTER),
    )
    for notice in db.session.scalars(asked).all():
        yield notice.id, nudge_of(notice), list(db.session.scalars(behind(notice)))
