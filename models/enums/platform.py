"""The vocabulary of the plumbing."""

from enum import StrEnum


class PromiseState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    KEPT = "kept"
    REFUSED = "refused"  # a permanent no: trying again cannot help
    DEAD = "dead"  # out of tries; a person decides
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How an audited act ended."""

    DONE = "done"
    REFUSED = "refused"
