"""What the directory tells, as plain values: whoever reads WeCom translates its answers into these."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DepartmentTold:
    """A department by WeCom's number. A bigger `order` comes first; the parent may be one we cannot see."""

    number: int
    name: str | None
    parent: int
    order: int = 0


@dataclass(frozen=True, slots=True)
class MemberTold:
    """A member. `None` means "not told": what is known stays. `leads` are the departments they lead."""

    userid: str
    name: str | None = None
    departments: tuple[int, ...] = ()
    leads: frozenset[int] = frozenset()
    home: int | None = None
    superiors: tuple[str, ...] | None = None
    position: str | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class TagTold:
    """A tag with the members and the whole departments that wear it."""

    number: int
    name: str
    userids: tuple[str, ...]
    departments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole directory. Complete by construction: whoever failed to read a part of it has no snapshot."""

    read_at: datetime
    departments: tuple[DepartmentTold, ...]
    members: tuple[MemberTold, ...]
    tags: tuple[TagTold, ...] = ()


@dataclass(frozen=True, slots=True)
class Synced:
    """What a full synchronisation changed."""

    people: int
    joined: int
    left: int
    moved: int
