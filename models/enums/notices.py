"""The vocabulary of notices."""

from enum import StrEnum


class NoticeState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    RECALLED = "recalled"


class ReceiptState(StrEnum):
    """How far a notice got with one person; each state includes the ones before it."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    OPENED = "opened"
    CONFIRMED = "confirmed"


class AudienceKind(StrEnum):
    COMPANY = "company"
    DEPARTMENT = "department"
    TAG = "tag"
    ROLE = "role"
    PERSON = "person"
