"""The vocabulary of closing a month of attendance."""

from enum import StrEnum


class MonthState(StrEnum):
    """How far a month of attendance has come; it goes down this list, and back up only by being counted again."""

    OPEN = "open"
    COUNTING = "counting"  # a job adds up everybody's days
    REVIEW = "review"  # HR clears exceptions
    CONFIRMING = "confirming"  # everybody looks at their own month
    CLOSED = "closed"


class SheetState(StrEnum):
    """What somebody says of their own month."""

    SHOWN = "shown"  # nothing yet
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
