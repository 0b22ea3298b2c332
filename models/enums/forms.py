"""The vocabulary of forms."""

from enum import StrEnum


class FieldType(StrEnum):
    """What a field of a form takes."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    MONEY = "money"  # yuan, two decimals
    DATE = "date"
    DATES = "dates"  # from a day to a day, both included
    HALF_DAYS = "half_days"  # from a half of a day to a half of a day, both included
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    DEPARTMENT = "department"
    FILES = "files"
    TABLE = "table"


class Viewer(StrEnum):
    """Whose eyes a field of a form is for."""

    APPLICANT = "applicant"
    APPROVER = "approver"
    HR = "hr"


class FormState(StrEnum):
    """How far a form somebody filled in has come."""

    DRAFT = "draft"
    PENDING = "pending"
    RETURNED = "returned"  # to its applicant, who changes it or submits it again
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"  # approved, and taken back by HR afterwards
