"""Tables of notices: what HR broadcast, the calls it left in, and how far it got with each person."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Key, Record
from models.enums import NoticeState, ReceiptState


class Notice(Record):
    """A notice. `audience` lists terms such as `department:<id>`; `sent_at` is when sending began.

    `expected` is how many people it was for then; `preview_person_id` may read the draft.
    """

    __tablename__ = "notice"
    title: Mapped[str] = mapped_column(String(36))
    body: Mapped[str] = mapped_column(Text)
    sender: Mapped[str] = mapped_column(String(20))
    audience: Mapped[dict[str, Any]]
    must_confirm: Mapped[bool] = mapped_column(Boolean, default=False)
    is_urgent: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[NoticeState] = mapped_column(String(16), default=NoticeState.DRAFT)
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    preview_person_id: Mapped[str | None] = mapped_column(Id)
    expected: Mapped[int] = mapped_column(default=0)
    scheduled_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_notice_created", "created_at", "id"),
        Index("ix_notice_state", "state", "sent_at"),
    )


class NoticeCall(Record):
    """One call that carries a notice to people `after` (exclusive) to `last` (inclusive) of its receipts."""

    __tablename__ = "notice_call"
    notice_id: Mapped[str] = mapped_column(ForeignKey("notice.id"), index=True)
    after: Mapped[str] = mapped_column(Id)
    last: Mapped[str] = mapped_column(Id)
    receivers: Mapped[int]
    msgid: Mapped[str | None] = mapped_column(Key(128))
    settled_at: Mapped[datetime | None]


class NoticeReceipt(Base):
    """How far a notice got with one person; it only moves forward. `sent_at` repeats the notice's, for their list."""

    __tablename__ = "notice_receipt"
    notice_id: Mapped[str] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    state: Mapped[ReceiptState] = mapped_column(String(16), default=ReceiptState.WAITING)
    sent_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_notice_receipt_state", "notice_id", "state", "person_id"),
        Index("ix_notice_receipt_person", "person_id", "sent_at", "notice_id"),
    )
