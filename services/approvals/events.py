"""What approvals tell those who own the subjects."""

from dataclasses import dataclass
from typing import Any

from models.enums import InstanceState


@dataclass(frozen=True)
class Decided:
    """A request came to its end by a decision. The owner of the subject settles what depends on it, and tells the
    applicant: only the owner knows the consequences. (`decided_by` is a person id, or `system` where an expression or
    the clock decided; `comment` is theirs; `part` is what was approved, when that is not all.)"""

    subject: str
    subject_id: str
    instance_id: str
    state: InstanceState
    decided_by: str
    comment: str
    part: dict[str, Any] | None = None


@dataclass(frozen=True)
class Returned:
    """A request was sent back to its applicant, who has been told; its owner lets them change it and calls `revise`.

    Until then nobody is asked."""

    subject: str
    subject_id: str
    instance_id: str
    returned_by: str
    comment: str


@dataclass(frozen=True)
class Resumed:
    """A request that had been sent back was submitted again as it was."""

    subject: str
    subject_id: str
    instance_id: str


@dataclass(frozen=True)
class StepOpened:
    """A step asks these people (ids) now; they have been sent the card."""

    subject: str
    subject_id: str
    instance_id: str
    step: str
    approver_ids: tuple[str, ...]
