"""The vocabulary of the assistant."""

from enum import StrEnum


class DraftState(StrEnum):
    """Leave asked for in the chat: still being talked about, submitted, or given up."""

    OPEN = "open"
    SUBMITTED = "submitted"
    DROPPED = "dropped"
