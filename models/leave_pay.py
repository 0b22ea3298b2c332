"""Tables of leave and pay: how leave is paid, the days that leaving or expiry turn into money, what people gave up."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit import clock
from models.base import Base, Hash, Id, Key, LargeSealed, Record, Sequence
from models.enums import PayMethod, SettlementReason, SettlementState, Treatment


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


class LeavePayEntry(Base):
    """What a stretch of leave means for pay, in minutes of a working day of `day_minutes`; append-only.

    Leave that is taken back has an entry with the opposite minutes, so that the sum of a request is what stands.
    `month` (its first day) is the one whose pay it belongs to: that of `day`, or the first that was still open when it
    was written. `share` and `floor` are basis points of the own wage and of the local minimum wage. `is_workday` is
    false for days off that the kind counts.
    """

    __tablename__ = "leave_pay_entry"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("leave_request.id"), index=True)
    month: Mapped[date]
    day: Mapped[date]
    minutes: Mapped[int] = mapped_column(Integer)
    day_minutes: Mapped[int] = mapped_column(Integer)
    is_workday: Mapped[bool] = mapped_column(Boolean)
    kind_code: Mapped[str] = mapped_column(Key(32))
    kind_version: Mapped[int] = mapped_column(Integer)
    treatment: Mapped[Treatment] = mapped_column(String(16))
    share: Mapped[int] = mapped_column(Integer)
    floor: Mapped[int] = mapped_column(Integer)
    method: Mapped[PayMethod | None] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(Key(300))
    cause: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (Index("ix_leave_pay_entry_month", "month", "person_id"),)


class LeavePayPosting(Base):
    """Hundredths of days of a settlement that a closed month has paid; append-only, negative when it was taken back."""

    __tablename__ = "leave_pay_posting"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    settlement_id: Mapped[str] = mapped_column(ForeignKey("leave_settlement.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    month: Mapped[date]
    hundredths: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (Index("ix_leave_pay_posting_month", "month", "person_id"),)


class LeavePayClose(Base):
    """Through which month pay has been taken over, and the first that ever was: one row, the gate between both sides.

    Whoever writes entries holds it shared, whoever closes a month alone: no entry slips into a month behind its close.
    """

    __tablename__ = "leave_pay_close"
    key: Mapped[str] = mapped_column(Key(16), primary_key=True)
    first: Mapped[date | None]
    through: Mapped[date | None]
