"""Table of the assistant: leave that somebody is asking for in the chat and has not confirmed yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record
from models.enums import DraftState


class LeaveDraft(Record):
    """What was said so far. `gap` is what was asked last; its id is what the card's buttons carry, for one use."""

    __tablename__ = "leave_draft"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    wish: Mapped[dict[str, Any]]
    gap: Mapped[str | None] = mapped_column(String(8))
    state: Mapped[DraftState] = mapped_column(String(16), default=DraftState.OPEN)
    heard_at: Mapped[datetime]

    __table_args__ = (Index("ix_leave_draft_person", "person_id", "state", "heard_at"),)
