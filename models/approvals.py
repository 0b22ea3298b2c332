"""Tables of approvals: chains as data, running instances with their steps and tasks, the history, delegations."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Key, Record, Sequence
from models.enums import Act, Deadline, InstanceState, Role, SignMode, StepState, TaskState


class ApprovalFlow(Record):
    """One version of the chain of a subject; versions are added, never changed, and the highest is in force."""

    __tablename__ = "approval_flow"
    subject: Mapped[str] = mapped_column(Key(32))
    version: Mapped[int]
    definition: Mapped[dict[str, Any]]
    created_by: Mapped[str | None] = mapped_column(Id)

    __table_args__ = (UniqueConstraint("subject", "version"),)


class ApprovalInstance(Record):
    """One request on its way. `open_key` is set while it is pending, so that a subject waits in one chain at a time.

    `template` and `facts` say what approvers are told; `title` and `summary` are the same words for pages. `compared`
    is what the conditions looked at, `choices` whom the applicant chose (node → person ids), `part` what approvers have
    left of the request. `version` counts the content: it is raised by whatever changes what is being decided. `round`
    counts the ways through the chain; approvals count from round `counts_from` on. `paused_at`: the applicant was asked
    something then, and the clocks stand still. `chain` is the one it began with where that is no saved version.
    """

    __tablename__ = "approval_instance"
    subject: Mapped[str] = mapped_column(Key(32))
    subject_id: Mapped[str] = mapped_column(Id)
    open_key: Mapped[str | None] = mapped_column(Key(64), unique=True)
    applicant_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    flow_version: Mapped[int]
    chain: Mapped[dict[str, Any] | None]
    template: Mapped[str] = mapped_column(Key(64))
    facts: Mapped[dict[str, Any]]
    compared: Mapped[dict[str, Any]]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[dict[str, Any]]
    state: Mapped[InstanceState] = mapped_column(String(16), default=InstanceState.PENDING)
    decided_by: Mapped[str | None] = mapped_column(Id)
    ended_at: Mapped[datetime | None]
    urged_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    round: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    counts_from: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    choices: Mapped[dict[str, Any] | None]
    part: Mapped[dict[str, Any] | None]
    paused_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_approval_instance_subject", "subject", "subject_id"),
        Index("ix_approval_instance_applicant", "applicant_id", "created_at", "id"),
        Index("ix_approval_instance_started", "created_at", "id"),
        Index("ix_approval_instance_state", "state", "created_at", "id"),
        Index("ix_approval_instance_ended", "ended_at", "id"),
        Index("ix_approval_instance_subject_ended", "subject", "ended_at"),
    )


class ApprovalStep(Record):
    """A node of the chain within an instance, copied from the version it began with; `node` says who decides,
    `fallback` who does when nobody else can, `policies` what happens to places without a holder.

    Stages follow each other; the branches of a stage run side by side. `needed`: how much agreement a step that counts
    it still needs.
    """

    __tablename__ = "approval_step"
    instance_id: Mapped[str] = mapped_column(ForeignKey("approval_instance.id"))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(64))
    mode: Mapped[SignMode] = mapped_column(String(16))
    node: Mapped[dict[str, Any]]
    fallback: Mapped[Role] = mapped_column(String(32))
    policies: Mapped[dict[str, Any] | None]
    round: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    stage: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    branch: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    needed: Mapped[int | None]
    state: Mapped[StepState] = mapped_column(String(16), default=StepState.WAITING)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("instance_id", "position"),
        Index("ix_approval_step_state", "state", "opened_at"),
        Index("ix_approval_step_closed", "closed_at"),
    )


class ApprovalTask(Record):
    """One approver's part of a step. `action_id` is what a card's buttons carry: random, of one use, expiring.

    It gives no right by itself: who may act is asked when it is tapped. `is_passed_on`: a person gave it to this
    approver, so it stays with them when the applicant moves. `waits_for` is the task that has to be approved first;
    `due` happens at `due_at`, unless it was decided before. `part` is what this approval left of the request, when it
    was not all.
    """

    __tablename__ = "approval_task"
    step_id: Mapped[str] = mapped_column(ForeignKey("approval_step.id"), index=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("approval_instance.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    state: Mapped[TaskState] = mapped_column(String(16), default=TaskState.OPEN)
    is_passed_on: Mapped[bool] = mapped_column(Boolean, default=False)
    is_added: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    weight: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    waits_for: Mapped[str | None] = mapped_column(Id)
    part: Mapped[dict[str, Any] | None]
    due: Mapped[Deadline | None] = mapped_column(String(16))
    due_at: Mapped[datetime | None]
    action_id: Mapped[str] = mapped_column(Key(32), unique=True)
    action_expires_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(Id)
    decided_at: Mapped[datetime | None]
    reminded_on: Mapped[date | None]

    __table_args__ = (
        Index("ix_approval_task_person", "person_id", "state", "created_at", "id"),
        Index("ix_approval_task_state", "state", "created_at", "id"),
        Index("ix_approval_task_due", "state", "due_at"),
    )


class ApprovalHistory(Base):
    """What happened to an instance, in order; append-only. `actor_id` is empty for the system."""

    __tablename__ = "approval_history"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("approval_instance.id"), index=True)
    at: Mapped[datetime]
    act: Mapped[Act] = mapped_column(String(16))
    step_name: Mapped[str] = mapped_column(String(64), default="")
    actor_id: Mapped[str | None] = mapped_column(Id)
    for_id: Mapped[str | None] = mapped_column(Id)
    to_id: Mapped[str | None] = mapped_column(Id)
    comment: Mapped[str] = mapped_column(String(500), default="")
    file_id: Mapped[str | None] = mapped_column(Id)


class ApprovalDelegation(Record):
    """Somebody decides for somebody else from `first_day` to `last_day`, both included, unless it was revoked.

    `subject` limits it to requests of one kind.
    """

    __tablename__ = "approval_delegation"
    from_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    to_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    subject: Mapped[str | None] = mapped_column(Key(32))
    revoked_at: Mapped[datetime | None]
