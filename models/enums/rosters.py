"""The vocabulary of rosters."""

from enum import StrEnum


class RosterState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class RosterRule(StrEnum):
    """What a roster can leave unmet."""

    REST = "rest"  # too little rest between two shifts
    DAILY = "daily"  # a shift of too many hours
    WEEKLY = "weekly"  # too many hours in a week
    RUN = "run"  # too many days in a row
    LEAVE = "leave"  # planned while on leave
    MINIMUM = "minimum"  # too few people
    UNPLANNED = "unplanned"  # nothing said of a day


class SolveState(StrEnum):
    """How far a roster that the solver makes has come."""

    WAITING = "waiting"
    RUNNING = "running"
    TAKEN = "taken"  # written into the draft
    STALE = "stale"  # the draft was changed meanwhile
    FAILED = "failed"


class OfferState(StrEnum):
    """A shift that somebody offers to colleagues."""

    OPEN = "open"
    TAKEN = "taken"  # somebody has taken it, the superior has not decided
    DONE = "done"
    WITHDRAWN = "withdrawn"


OFFERED = frozenset({OfferState.OPEN, OfferState.TAKEN, OfferState.DONE})
"""The states in which nobody can offer the same day again."""
