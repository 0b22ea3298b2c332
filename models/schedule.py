"""Tables of schedule: the yearly holiday notices that HR loaded, shifts, and who works which shift when."""

from datetime import date
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Id, Key, Record
from models.enums import AudienceKind


class HolidayNotice(Record):
    """A yearly notice as loaded; a year's highest version is in force and earlier ones stay readable.

    `number` counts all notices ever loaded: whoever caches calendars compares it.
    """

    __tablename__ = "holiday_notice"
    number: Mapped[int] = mapped_column(Integer, unique=True)
    year: Mapped[int]
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    loaded_by: Mapped[str] = mapped_column(Id)

    __table_args__ = (UniqueConstraint("year", "version"),)


class ShiftRow(Record):
    """A shift. `content` holds segments (minutes from midnight), grace minutes, weekdays and work on holidays."""

    __tablename__ = "shift"
    name: Mapped[str] = mapped_column(String(40), unique=True)
    content: Mapped[dict[str, Any]]
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)


class Assignment(Record):
    """A shift given to the company, a department with all below, or a person, from a day on.

    One that a decision gave for a day names it as its `cause`, and holds the `slot` (`person/2026-03-02`) that no other
    such decision may hold.
    """

    __tablename__ = "shift_assignment"
    shift_id: Mapped[str] = mapped_column(ForeignKey("shift.id"), index=True)
    scope: Mapped[AudienceKind] = mapped_column(String(16))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    cause: Mapped[str | None] = mapped_column(Id, index=True)
    slot: Mapped[str | None] = mapped_column(Key(40), unique=True)

    __table_args__ = (Index("ix_shift_assignment_scope", "scope", "starts_on"),)
