"""Tables of closed months: how far a month has come, everybody's sheet of it, and what came too late for it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit import clock
from models.base import Base, Hash, Key, Record, Sequence
from models.enums import MonthState, SheetState


class AttendanceMonth(Base):
    """A month of the whole company, by its first day: the gate between who settles days and who closes the month.

    Whoever writes days holds the row shared, whoever moves the month on holds it alone: no day changes behind a close.
    `version` grows with every move. `people` were `counted` so far; `hash` covers all sheets and what was added from
    earlier months, once closed.
    """

    __tablename__ = "attendance_month"
    month: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[MonthState] = mapped_column(String(16), default=MonthState.OPEN)
    version: Mapped[int] = mapped_column(Integer, default=0)
    people: Mapped[int] = mapped_column(Integer, default=0)
    counted: Mapped[int] = mapped_column(Integer, default=0)
    hash: Mapped[str | None] = mapped_column(Hash)
    moved_by: Mapped[str | None] = mapped_column(Key(64))
    moved_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(500))


class Figures:
    """The numbers of a month, or what a day adds to them: minutes, days and times."""

    work_days: Mapped[int] = mapped_column(Integer, default=0)
    attended_days: Mapped[int] = mapped_column(Integer, default=0)
    late_times: Mapped[int] = mapped_column(Integer, default=0)
    late_minutes: Mapped[int] = mapped_column(Integer, default=0)
    early_times: Mapped[int] = mapped_column(Integer, default=0)
    early_minutes: Mapped[int] = mapped_column(Integer, default=0)
    missing_times: Mapped[int] = mapped_column(Integer, default=0)
    absent_days: Mapped[int] = mapped_column(Integer, default=0)
    absent_minutes: Mapped[int] = mapped_column(Integer, default=0)
    leave_minutes: Mapped[int] = mapped_column(Integer, default=0)
    trip_days: Mapped[int] = mapped_column(Integer, default=0)
    trip_minutes: Mapped[int] = mapped_column(Integer, default=0)
    worked_minutes: Mapped[int] = mapped_column(Integer, default=0)
    expected_minutes: Mapped[int] = mapped_column(Integer, default=0)


class MonthSheet(Figures, Record):
    """Somebody's month: the sum of their settled days, and what they say of it.

    `hash` covers every day; a sheet that changes is shown again, whatever was said of it before. `open_days` are days
    of the employment that have no result yet.
    """

    __tablename__ = "month_sheet"
    month: Mapped[date]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    days: Mapped[int] = mapped_column(Integer, default=0)
    open_days: Mapped[int] = mapped_column(Integer, default=0)
    hash: Mapped[str] = mapped_column(Hash)
    state: Mapped[SheetState] = mapped_column(String(16), default=SheetState.SHOWN)
    said: Mapped[str | None] = mapped_column(String(500))
    said_by: Mapped[str | None] = mapped_column(Key(64))
    said_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(String(500))
    answered_by: Mapped[str | None] = mapped_column(Key(64))

    __table_args__ = (
        UniqueConstraint("month", "person_id"),
        Index("ix_month_sheet_state", "month", "state", "person_id"),
    )


class MonthAdjustment(Figures, Base):
    """What a fact that came after the close changed of a day: differences, added to the month they belong to.

    Append-only: the day's result with all its adjustments is what the day is now. `number` counts those of a day, so
    that two who reckon at once cannot both add.
    """

    __tablename__ = "month_adjustment"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    month: Mapped[date]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    number: Mapped[int] = mapped_column(Integer)
    cause: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(Hash)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        UniqueConstraint("person_id", "day", "number"),
        Index("ix_month_adjustment_month", "month", "person_id"),
    )
