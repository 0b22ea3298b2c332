"""What approvals take in, give out and tell."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, model_validator

from kit.pages import PageQuery
from kit.schema import Day, Line, Paragraph, Version, View, Wish
from models.enums import Act, Decision, InstanceState, SignMode, StepState, TaskState

Row = tuple[str, str]


class Decide(Wish):
    """A decision on a task; refusing needs a reason."""

    decision: Decision
    comment: Paragraph = ""

    @model_validator(mode="after")
    def _reason(self) -> "Decide":
        if self.decision is Decision.REJECT and not self.comment:
            raise ValueError("驳回时请写明理由")
        return self


class Transfer(Wish):
    """Give a task to somebody else; `to` is a userid, an employee number or a full name."""

    to: str = Field(min_length=1, max_length=64)
    reason: Line = ""


class Delegate(Wish):
    """Let somebody else (userid, employee number or full name) decide for me on these days, both ends included."""

    to: str = Field(min_length=1, max_length=64)
    first_day: Day
    last_day: Day

    @model_validator(mode="after")
    def _order(self) -> "Delegate":
        if self.last_day < self.first_day:
            raise ValueError("结束日期不能早于开始日期")
        return self


class SaveFlow(Wish):
    """A new version of a chain, as JSON text; `based_on` is the version that was edited."""

    based_on: Version
    definition: str = Field(min_length=2, max_length=20_000)


class TryFlow(Wish):
    """Try a chain on somebody's request before it is saved; `facts` are lines of `field = value`."""

    definition: str = Field(min_length=2, max_length=20_000)
    applicant: str = Field(min_length=1, max_length=64)
    facts: str = Field("", max_length=2000)


class TaskQuery(PageQuery):
    """What waits for me; `q` is looked for in titles and the names of applicants."""

    q: Annotated[Line, Field(max_length=64)] | None = None


class MineQuery(TaskQuery):
    """My requests, newest first."""

    state: InstanceState | None = None


class InstanceQuery(PageQuery):
    """HR's list: filters, order (`started` or `-started`), and a file instead of a page."""

    subject: str | None = Field(None, max_length=32)
    state: InstanceState | None = None
    applicant: str | None = Field(None, max_length=64)
    first_day: Day | None = None
    last_day: Day | None = None
    sort: str = Field("-started", pattern=r"^-?started$")
    format: str | None = Field(None, pattern=r"^(csv|xlsx)$")


class StepView(View):
    """A step with the names of those who are asked; in a preview `state` is `waiting` or `skipped`."""

    name: str
    mode: SignMode
    state: StepState
    approvers: list[str]


class HistoryOut(View):
    """One entry of the trail: a sentence, what was said with it, and whether it is good, bad or neither."""

    at: datetime
    act: Act
    step: str
    title: str
    note: str
    tone: str


class TaskOut(View):
    """A request that waits for me; `on_behalf_of` names the approver who delegated it to me."""

    id: str
    instance_id: str
    subject: str
    title: str
    applicant: str
    step: str
    waiting_since: datetime
    is_overdue: bool
    on_behalf_of: str | None


class Count(View):
    """How many requests wait for me."""

    waiting: int


class InstanceOut(View):
    """A request on its way. `waiting_for` names those who may decide now."""

    id: str
    subject: str
    subject_id: str
    title: str
    applicant: str
    state: InstanceState
    started_at: datetime
    ended_at: datetime | None
    waiting_for: list[str]


class InstanceDetail(InstanceOut):
    """All about one request, for somebody who may see it; `my_task_id` when it is mine to decide now,
    `has_receipt` when it is mine and has ended."""

    rows: list[Row]
    steps: list[StepView]
    history: list[HistoryOut]
    my_task_id: str | None
    may_urge: bool
    has_receipt: bool


class DecisionOut(View):
    """What became of my decision: the task, and the request as a whole."""

    task: TaskState
    instance: InstanceState


class DelegationOut(View):
    """A delegation of mine, or one to me (`is_mine` tells which)."""

    id: str
    from_name: str
    to_name: str
    first_day: date
    last_day: date
    is_mine: bool


class NodeOut(View):
    """A node of a chain, in words."""

    name: str
    asks: str
    mode: SignMode
    when: str


class FlowOut(View):
    """The chain in force for a subject; version 0 is the one the product came with."""

    subject: str
    title: str
    version: int
    nodes: list[NodeOut]
    fallback: str
    definition: str
    fields: dict[str, str]
    versions: list["VersionOut"]


class VersionOut(View):
    """An older or newer version of a chain."""

    version: int
    saved_at: datetime | None
    saved_by: str
    definition: str


@dataclass(frozen=True)
class Decided:
    """A request came to its end by a decision. The owner of the subject settles what depends on it, and tells the
    applicant: only the owner knows the consequences. (`decided_by` is a person id; `comment` is theirs.)"""

    subject: str
    subject_id: str
    instance_id: str
    state: InstanceState
    decided_by: str
    comment: str


@dataclass(frozen=True)
class StepOpened:
    """A step asks these people (ids) now; they have been sent the card."""

    subject: str
    subject_id: str
    instance_id: str
    step: str
    approver_ids: tuple[str, ...]
