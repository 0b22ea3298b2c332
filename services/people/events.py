"""What people tells the other domains; published inside the transaction of the change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Joined:
    """Somebody is in the directory and active, for the first time or again."""

    person_id: str


@dataclass(frozen=True)
class Left:
    """Somebody is no longer active: their sessions have ended; whatever waits for them must find another."""

    person_id: str


@dataclass(frozen=True)
class Moved:
    """Somebody's home department or direct superior changed."""

    person_id: str
    department_id: str | None
    superior_id: str | None


@dataclass(frozen=True)
class Dated:
    """HR changed the first day of these people, here or of work at all; all that one act changed, at once."""

    person_ids: tuple[str, ...]
