"""Tables of rosters: plans of departments in the making, what they keep to, and shifts that staff offer each other."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Key, Record
from models.enums import OfferState, RosterState, SolveState


class Roster(Record):
    """The plan of a department's people from a day to a day. `version` counts its changes: whoever acts names it."""

    __tablename__ = "roster"
    department_id: Mapped[str] = mapped_column(ForeignKey("department.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    state: Mapped[RosterState] = mapped_column(String(16), default=RosterState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(Id)

    __table_args__ = (UniqueConstraint("department_id", "first_day"),)


class RosterCell(Base):
    """A day of somebody in a roster: a shift, or rest without one. The solver leaves fixed ones as they are."""

    __tablename__ = "roster_cell"
    roster_id: Mapped[str] = mapped_column(ForeignKey("roster.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shift_id: Mapped[str | None] = mapped_column(ForeignKey("shift.id"), index=True)
    is_fixed: Mapped[bool] = mapped_column(Boolean, default=True)

    __table_args__ = (Index("ix_roster_cell_person_id", "person_id", "day"),)


class RosterMinimum(Record):
    """How many people a department needs: of a shift, or in a time of the day; on a weekday, a date, daily.

    `tag_id` is the tag of the directory that each of them wears.
    """

    __tablename__ = "roster_minimum"
    department_id: Mapped[str] = mapped_column(ForeignKey("department.id"), index=True)
    at_least: Mapped[int]
    shift_id: Mapped[str | None] = mapped_column(ForeignKey("shift.id"), index=True)
    start: Mapped[int] = mapped_column(default=0)
    end: Mapped[int] = mapped_column(default=0)
    weekday: Mapped[int | None]
    on_day: Mapped[date | None]
    tag_id: Mapped[str | None] = mapped_column(Id)


class RosterPolicy(Base):
    """What the people of a department and of those below it keep to; the nearest department's holds."""

    __tablename__ = "roster_policy"
    department_id: Mapped[str] = mapped_column(ForeignKey("department.id"), primary_key=True)
    content: Mapped[dict[str, Any]]


class RosterSolve(Record):
    """A roster that the solver was asked for. `based_on` is the version it fills; `outcome` what came of it."""

    __tablename__ = "roster_solve"
    roster_id: Mapped[str] = mapped_column(ForeignKey("roster.id"), index=True)
    based_on: Mapped[int]
    wish: Mapped[dict[str, Any]]
    state: Mapped[SolveState] = mapped_column(String(16), default=SolveState.WAITING)
    stage: Mapped[str] = mapped_column(String(60), default="")
    outcome: Mapped[dict[str, Any] | None]
    asked_by: Mapped[str] = mapped_column(Id)
    ended_at: Mapped[datetime | None]


class ShiftOffer(Record):
    """A shift that somebody offers: to give it away, or for a day of the taker's (`wanted_day`) in exchange.

    `slot` (`person/day`) lets nobody offer a day twice at once.
    """

    __tablename__ = "shift_offer"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("department.id"))
    day: Mapped[date]
    shift_id: Mapped[str] = mapped_column(ForeignKey("shift.id"), index=True)
    wanted_day: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[OfferState] = mapped_column(String(16), default=OfferState.OPEN)
    taker_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    slot: Mapped[str | None] = mapped_column(Key(40), unique=True)
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_shift_offer_department_id", "department_id", "state", "day"),)
