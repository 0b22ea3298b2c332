"""The vocabulary of pay."""

from enum import StrEnum


class BatchState(StrEnum):
    DRAFT = "draft"
    RELEASED = "released"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    RECALLED = "recalled"


class ItemKind(StrEnum):
    EARNING = "earning"
    DEDUCTION = "deduction"
    EMPLOYER_COST = "employer_cost"
    INFORMATION = "information"


class DisputeState(StrEnum):
    OPEN = "open"  # payroll is to answer
    ANSWERED = "answered"
    CLOSED = "closed"


class ViewPurpose(StrEnum):
    """Why somebody looked at a payslip; payroll says so before it is shown."""

    OWN = "own"
    ANSWER = "answer"
    CORRECT = "correct"
    REVIEW = "review"
