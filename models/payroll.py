"""Tables of pay: batches and their payslips, who looked at them, and what was asked about them.

No column holds an amount: figures are one sealed blob for each payslip, words about them are sealed too.
"""

from datetime import date, datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Hash, Id, Key, LargeSealed, Record
from models.enums import BatchState, DisputeState, ItemKind, ViewPurpose


class PayslipBatch(Record):
    """The payslips of one workbook. `family` names month and title; each released batch of a family is a version.

    `content` is the keyed fingerprint of everything in it: the same workbook twice is one batch.
    """

    __tablename__ = "payslip_batch"
    family: Mapped[str] = mapped_column(Key(64))
    version: Mapped[int | None]  # none while a draft
    month: Mapped[date]  # its first day
    title: Mapped[str] = mapped_column(String(40))
    state: Mapped[BatchState] = mapped_column(String(16), default=BatchState.DRAFT)
    is_correction: Mapped[bool] = mapped_column(Boolean, default=False)
    people: Mapped[int]
    published: Mapped[int] = mapped_column(default=0)
    content: Mapped[str | None] = mapped_column(Hash, unique=True)
    sealed_totals: Mapped[bytes] = mapped_column(LargeSealed, deferred=True)
    prepared_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    released_by: Mapped[str | None] = mapped_column(Id)
    released_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    recalled_by: Mapped[str | None] = mapped_column(Id)
    recalled_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("family", "version"), Index("ix_payslip_batch_list", "month", "id"))


class Payslip(Record):
    """One person's payslip in a batch, at its place in the workbook; never edited, only replaced by a correction."""

    __tablename__ = "payslip"
    batch_id: Mapped[str] = mapped_column(ForeignKey("payslip_batch.id", ondelete="CASCADE"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeSealed)
    published_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]  # by its owner, the first time
    confirmed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        UniqueConstraint("batch_id", "person_id"),
        Index("ix_payslip_person", "person_id", "published_at"),
        Index("ix_payslip_unread", "opened_at", "reminded_at", "published_at"),
    )


class PayslipReading(Record):
    """Somebody looked at a payslip: its owner, or a payroll person with a purpose."""

    __tablename__ = "payslip_reading"
    payslip_id: Mapped[str] = mapped_column(ForeignKey("payslip.id"))
    viewer_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[ViewPurpose] = mapped_column(String(16))

    __table_args__ = (Index("ix_payslip_reading_of", "payslip_id", "created_at"),)


class PayslipDispute(Record):
    """A question of the owner about a payslip or one of its items, and the thread that follows.

    An item is known by its kind and name: 养老保险 may be both taken off and paid by the company.
    """

    __tablename__ = "payslip_dispute"
    payslip_id: Mapped[str] = mapped_column(ForeignKey("payslip.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    item_kind: Mapped[ItemKind | None] = mapped_column(String(16))
    item: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[DisputeState] = mapped_column(String(16), default=DisputeState.OPEN)
    closed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_payslip_dispute_state", "state", "created_at"),)


class DisputeWord(Record):
    """One message of the thread; people write amounts into it, so it is sealed."""

    __tablename__ = "payslip_dispute_word"
    dispute_id: Mapped[str] = mapped_column(ForeignKey("payslip_dispute.id"))
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeSealed)

    __table_args__ = (UniqueConstraint("dispute_id", "number"),)
