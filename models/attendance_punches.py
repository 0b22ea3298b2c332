"""Tables beside the punches: what was done in the field, days agreed to be worked elsewhere, cases to look at, and how
the files of attendance machines are read."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Hash, Id, Key, Record
from models.enums import CaseState, Direction, FieldState, SignalKind


class FieldReport(Record):
    """What belongs to a field punch: whom it was for, a photo, and what the manager said to it.

    The manager's word never touches the punch: a doubt opens a `ReviewCase`.
    """

    __tablename__ = "field_report"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    direction: Mapped[Direction] = mapped_column(String(4))
    place: Mapped[str] = mapped_column(String(100))
    customer: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    photo_id: Mapped[str | None] = mapped_column(Id)
    state: Mapped[FieldState] = mapped_column(String(16), default=FieldState.OPEN)
    decided_by: Mapped[str | None] = mapped_column(Id)
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("person_id", "at", "direction"),
        Index("ix_field_report_created", "created_at", "id"),
    )


class RemoteDay(Base):
    """A day that somebody may punch from anywhere; gone when the request `cause` is taken back."""

    __tablename__ = "remote_day"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(Id, index=True)


class ReviewCase(Record):
    """Punches that somebody should look at again. It changes no verdict; `key` makes what caused it one case.

    `facts` are what the rule saw. The person may answer while it is open; who closes it says why in `note`.
    """

    __tablename__ = "review_case"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SignalKind] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(Key(160), unique=True)
    day: Mapped[date]
    facts: Mapped[dict[str, Any]]
    state: Mapped[CaseState] = mapped_column(String(16), default=CaseState.OPEN)
    answer: Mapped[str | None] = mapped_column(String(500))
    answered_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(String(500))
    decided_by: Mapped[str | None] = mapped_column(Id)
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_review_case_person", "person_id", "created_at", "id"),
        Index("ix_review_case_created", "created_at", "id"),
    )


class MachineFormat(Record):
    """How files with this header are read: which column means what. `header` is the hash of the column titles."""

    __tablename__ = "machine_format"
    header: Mapped[str] = mapped_column(Hash, unique=True)
    columns: Mapped[dict[str, Any]]
    changed_by: Mapped[str] = mapped_column(Id)
    changed_at: Mapped[datetime]


class CheckinPull(Record):
    """One reading of WeCom's own check-ins, from `since` to `until`; `slot` is "running" while it goes on."""

    __tablename__ = "checkin_pull"
    since: Mapped[datetime]
    until: Mapped[datetime]
    slot: Mapped[str | None] = mapped_column(Key(16), unique=True)
    asked: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (Index("ix_checkin_pull_created", "created_at"),)
