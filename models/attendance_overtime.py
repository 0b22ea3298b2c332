"""Tables of overtime: what was approved, what of it counted, and the working-time systems by which it is reckoned."""

from datetime import date, datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from kit import clock
from models.base import Base, Id, Record, Sequence
from models.enums import AudienceKind, OvertimeKind, OvertimePay, WorkPeriod, WorkSystem


class OvertimeRequest(Record):
    """Overtime that was approved, from instant to instant; `cause` is the form. Voided it stands no more.

    It is asked for before or confirmed after: what counts is in the entries, and depends on the punches.
    """

    __tablename__ = "overtime_request"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    cause: Mapped[str] = mapped_column(Id, unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    wants: Mapped[OvertimePay] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(200))
    stands: Mapped[bool] = mapped_column(Boolean, default=True)

    __table_args__ = (Index("ix_overtime_request_person", "person_id", "ends_at"),)


class OvertimeEntry(Base):
    """Minutes of overtime of a day, append-only: the sum counts. What facts change is added as a difference.

    `cause` is the form that asked for it, `kind` the class of the day it fell on, `pay` what becomes of it.
    """

    __tablename__ = "overtime_entry"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    kind: Mapped[OvertimeKind] = mapped_column(String(16))
    pay: Mapped[OvertimePay] = mapped_column(String(16))
    minutes: Mapped[int] = mapped_column(Integer)
    cause: Mapped[str] = mapped_column(Id, index=True)
    sentence: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        Index("ix_overtime_entry_person", "person_id", "day"),
        Index("ix_overtime_entry_day", "day", "person_id"),
    )


class WorkingTime(Record):
    """The working-time system of the company, a department with all below it or a person, by dates.

    `period` only with comprehensive time. `pays_holidays`: flexible time that is paid 300 % on statutory holidays all
    the same, as some cities ask. `permit` names the authority's approval (Labour Law art. 39).
    """

    __tablename__ = "working_time"
    scope: Mapped[AudienceKind] = mapped_column(String(16))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    system: Mapped[WorkSystem] = mapped_column(String(16))
    period: Mapped[WorkPeriod | None] = mapped_column(String(16))
    pays_holidays: Mapped[bool] = mapped_column(Boolean, default=False)
    permit: Mapped[str] = mapped_column(String(100), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
