"""Tables of leave that becomes pay: the days that leaving or expiry turn into money, and what employees gave up."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Hash, Id, Key, LargeSealed, Record
from models.enums import SettlementReason, SettlementState


class LeaveSettlement(Record):
    """Leave not taken that turned into pay: at leaving, or when its last day passed; `trace` says how it was reckoned.

    `cause_key` makes it happen once: the employment ("left:2020-01-01"), or the lot with the last entry that was seen
    ("lot:<id>:<seq>"). `hired_on` is the employment's first day. `due_on` is the last day of the employment, or the
    last before the lot was written off. `percent` of a day's wage is paid for each day. `sealed_pay` holds the wage
    and the amount once payroll has entered them.
    """

    __tablename__ = "leave_settlement"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind_code: Mapped[str] = mapped_column(Key(32))
    reason: Mapped[SettlementReason] = mapped_column(String(16))
    cause_key: Mapped[str] = mapped_column(Key(96))
    hired_on: Mapped[date | None]
    due_on: Mapped[date]
    state: Mapped[SettlementState] = mapped_column(String(16))
    days: Mapped[Decimal] = mapped_column(Numeric(7, 2))
    percent: Mapped[int] = mapped_column(Integer)
    trace: Mapped[dict[str, Any]]
    sealed_pay: Mapped[bytes | None] = mapped_column(LargeSealed, deferred=True)
    changed_by: Mapped[str] = mapped_column(Key(64))

    __table_args__ = (
        UniqueConstraint("person_id", "kind_code", "cause_key"),
        Index("ix_leave_settlement_due", "due_on", "id"),
    )


class LeaveWaiver(Record):
    """Somebody declared in writing that they will not take statutory days of a year; append-only.

    Taking it back is a row of its own with the opposite minutes that names the first (`revokes_id`), so that the sum
    is what holds. `text` is what was declared, word by word, `signed` a keyed hash over all of it and the session.
    """

    __tablename__ = "leave_waiver"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind_code: Mapped[str] = mapped_column(Key(32))
    year: Mapped[int] = mapped_column(Integer)
    expires_on: Mapped[date]
    days: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    minutes: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(200))
    text_version: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(String(500))
    session_id: Mapped[str] = mapped_column(Id)
    signed: Mapped[str] = mapped_column(Hash)
    revokes_id: Mapped[str | None] = mapped_column(Id, unique=True)

    __table_args__ = (
        Index("ix_leave_waiver_person", "person_id", "kind_code", "year"),
        Index("ix_leave_waiver_newest", "created_at", "id"),
    )
