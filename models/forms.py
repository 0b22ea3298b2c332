"""Tables of forms: the definitions HR publishes, and what people fill in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Id, Key, Record
from models.enums import FormState


class FormVersion(Record):
    """One version of a form; versions are added, never changed, and the highest is in force."""

    __tablename__ = "form_version"
    code: Mapped[str] = mapped_column(Key(26))
    version: Mapped[int]
    definition: Mapped[dict[str, Any]]
    created_by: Mapped[str | None] = mapped_column(Id)

    __table_args__ = (UniqueConstraint("code", "version"),)


class FormRequest(Record):
    """A form somebody filled in. A draft keeps what was typed; submitted, it keeps values checked by its version."""

    __tablename__ = "form_request"
    version_id: Mapped[str] = mapped_column(ForeignKey("form_version.id"))
    code: Mapped[str] = mapped_column(Key(26))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    state: Mapped[FormState] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(100), default="")
    content: Mapped[dict[str, Any]]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_form_request_person", "person_id", "state", "created_at", "id"),
        Index("ix_form_request_code", "code", "submitted_at", "id"),
        Index("ix_form_request_submitted", "submitted_at", "id"),
    )
