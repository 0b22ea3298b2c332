"""A request whose row is locked: what everything that moves it needs to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.approvals import ApprovalInstance as Instance
from models.base import db
from models.enums import InstanceState, Role
from services.approvals import stored
from services.approvals.routing import Applicant, Case
from services.approvals.rules.chains import Policies
from templates_msg import Message


@dataclass(frozen=True)
class Running:
    """An instance whose row this transaction has locked."""

    id: str
    subject: str
    subject_id: str
    applicant_id: str
    title: str
    template: str
    facts: dict[str, Any]
    state: InstanceState
    compared: dict[str, Any]
    choices: dict[str, Any] | None = None
    part: dict[str, Any] | None = None
    version: int = 1
    round: int = 1
    counts_from: int = 1
    paused_at: datetime | None = None

    @property
    def message(self) -> Message:
        """What approvers are told."""
        return Message(self.template, stored.thaw(self.facts))

    @property
    def name(self) -> str:
        """What the audit calls it."""
        return f"{self.subject}:{self.subject_id}"

    def case(self, applicant: Applicant, fallback: Role, policies: Policies) -> Case:
        """The request as the search for approvers sees it."""
        return Case(applicant, fallback, policies, stored.thaw(self.compared), self.choices or {}, self.subject)


COLUMNS = (
    Instance.id, Instance.subject, Instance.subject_id, Instance.applicant_id, Instance.title, Instance.template,
    Instance.facts, Instance.state, Instance.compared, Instance.choices, Instance.part, Instance.version,
    Instance.round, Instance.counts_from, Instance.paused_at,
)  # fmt: skip
"""What makes a `Running`, in its order."""


def lock(instance_id: str) -> Running:
    """Takes the instance's row until the transaction ends."""
    return Running(*db.session.execute(select(*COLUMNS).where(Instance.id == instance_id).with_for_update()).one())
