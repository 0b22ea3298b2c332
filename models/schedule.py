"""Tables of schedule: the nation's and the company's own calendar, shifts, rotations, and who works which when."""

from datetime import date
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Key, Record
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


class LocalCalendar(Record):
    """A year's own days of the company or of a department with all below it (a region, a site).

    `content` is `{"off": {"2026-04-18": "三月三"}, "work": {}}`. Like a notice it is never edited: the highest `number`
    of a year and department is in force, and whoever caches calendars compares the highest of all.
    """

    __tablename__ = "local_calendar"
    number: Mapped[int] = mapped_column(Integer, unique=True)
    year: Mapped[int]
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"), index=True)
    content: Mapped[dict[str, Any]]
    loaded_by: Mapped[str] = mapped_column(Id)


class ShiftRow(Record):
    """A shift. `content` holds segments (minutes from midnight), grace, weekdays, and whatever else is not the usual.

    Shifts and rotations are never edited, since days already worked refer to them; a change is a new one.
    """

    __tablename__ = "shift"
    name: Mapped[str] = mapped_column(String(40), unique=True)
    content: Mapped[dict[str, Any]]
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)


class RotationRow(Record):
    """Shifts that follow each other day by day. `content` is `{"turns": [shift id or null for a day of rest]}`."""

    __tablename__ = "shift_rotation"
    name: Mapped[str] = mapped_column(String(40), unique=True)
    content: Mapped[dict[str, Any]]
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)


class Assignment(Record):
    """A shift, or a place in a rotation, given to the company, a department with all below, or a person.

    `position` is where in the rotation its first day lies. One that a decision gave for a day names it as its `cause`,
    holds the `slot` (`person/2026-03-02`) that no other such decision may hold, and wins over rosters too.
    """

    __tablename__ = "shift_assignment"
    shift_id: Mapped[str | None] = mapped_column(ForeignKey("shift.id"), index=True)
    rotation_id: Mapped[str | None] = mapped_column(ForeignKey("shift_rotation.id"), index=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    scope: Mapped[AudienceKind] = mapped_column(String(16))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    cause: Mapped[str | None] = mapped_column(Id, index=True)
    slot: Mapped[str | None] = mapped_column(Key(40), unique=True)

    __table_args__ = (Index("ix_shift_assignment_scope", "scope", "starts_on"),)


class RosterDay(Base):
    """A person's day as their published roster names it: a shift, or rest without one. It wins over assignments.

    `department_id` is where they work that day when it is not their own, `roster_id` the roster that said so.
    """

    __tablename__ = "roster_day"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shift_id: Mapped[str | None] = mapped_column(ForeignKey("shift.id"), index=True)
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"), index=True)
    roster_id: Mapped[str | None] = mapped_column(Id, index=True)

    __table_args__ = (Index("ix_roster_day_day", "day", "department_id"),)
