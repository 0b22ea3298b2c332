"""What approvals take in, give out and tell."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from kit.pages import PageQuery
from kit.schema import Day, Identifier, Line, Paragraph, Version, View, Wish
from models.enums import Act, Decision, InstanceState, NodeKind, Signing, SignMode, StepState, TaskState
from services.platform import Upload

Row = tuple[str, str]


def _from_json(value: Any) -> Any:
    """What a page says as text."""
    return json.loads(value) if isinstance(value, str) else value


class Decide(Wish):
    """A decision on a task; refusing needs a reason. `seen` is the version of the request that was read, `part` what of
    it is approved, in the words of its subject."""

    decision: Decision
    comment: Paragraph = ""
    seen: Version | None = None
    part: Annotated[dict[str, Any], Field(max_length=20), BeforeValidator(_from_json)] | None = None

    @model_validator(mode="after")
    def _reason(self) -> "Decide":
        if self.decision is Decision.REJECT and not self.comment:
            raise ValueError("驳回时请写明理由")
        if self.decision is Decision.REJECT and self.part is not None:
            raise ValueError("只有同意时才能只同意一部分")
        return self


class Seen(Wish):
    """A task, and the version of its request that was read; a box on a page says both as `task:version`."""

    task_id: Identifier
    seen: Version

    @model_validator(mode="before")
    @classmethod
    def _from_a_box(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        task_id, _, seen = value.partition(":")
        return {"task_id": task_id, "seen": int(seen) if seen.isdecimal() else None}


class DecideMany(Wish):
    """One decision on several tasks."""

    tasks: list[Seen] = Field(min_length=1, max_length=50)
    decision: Decision
    comment: Paragraph = ""

    @model_validator(mode="after")
    def _reason(self) -> "DecideMany":
        if self.decision is Decision.REJECT and not self.comment:
            raise ValueError("驳回时请写明理由")
        return self


class SendBack(Wish):
    """Send a request back: to the earlier step `to`, or to the applicant."""

    to: Identifier | None = None
    reason: Annotated[Paragraph, Field(min_length=1)]
    seen: Version | None = None


class SendAgain(Wish):
    """Submit a request again that was sent back, with an explanation."""

    comment: Annotated[Paragraph, Field(min_length=1)]


class AddSigner(Wish):
    """Ask somebody (userid, employee number or full name) to decide before me, after me or beside me."""

    to: str = Field(min_length=1, max_length=64)
    when: Signing
    reason: Line = ""


class Question(Wish):
    """What an approver wants to know of the applicant."""

    text: Annotated[Paragraph, Field(min_length=1)]


class Remark(Question):
    """Something said about a request, with a paper (picture or PDF) where that helps."""

    paper: Upload | None = None


class Transfer(Wish):
    """Give a task to somebody else; `to` is a userid, an employee number or a full name."""

    to: str = Field(min_length=1, max_length=64)
    reason: Line = ""


class Delegate(Wish):
    """Let somebody else (userid, employee number or full name) decide for me on these days, both ends included; all
    requests, or those of one subject."""

    to: str = Field(min_length=1, max_length=64)
    first_day: Day
    last_day: Day
    subject: Annotated[str, Field(max_length=32)] | None = None

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
    """What waits for me; `q` is looked for in titles, the names of applicants and what kinds of request are called.

    `subject` is a kind of request, `person` an applicant, the days are those on which it was asked for.
    """

    q: Annotated[Line, Field(max_length=64)] | None = None
    subject: Annotated[Line, Field(max_length=32)] | None = None
    person: Annotated[Line, Field(max_length=64)] | None = None
    first_day: Day | None = None
    last_day: Day | None = None


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


class Candidate(View):
    """Somebody who may be chosen."""

    id: str
    name: str


class Choosing(View):
    """A step whose approvers the applicant chooses: how many at most, and among whom."""

    most: int
    is_anybody: bool
    candidates: list[Candidate]


class StepView(View):
    """A step with the names of those who are asked; in a preview `state` is `waiting` or `skipped`.

    Steps of one `stage` and different branches run side by side. `way` says in words how it is passed; `choosing` is
    there when the applicant has to choose; `notes` say who is away and who decides instead.
    """

    id: str = ""
    name: str
    kind: NodeKind = NodeKind.APPROVE
    mode: SignMode
    state: StepState
    approvers: list[str]
    stage: int = 0
    branch: int = 0
    way: str = ""
    choosing: Choosing | None = None
    notes: list[str] = []


class HistoryOut(View):
    """One entry of the trail: a sentence, what was said with it, and whether it is good, bad or neither.

    `waited_minutes` is how long the request had lain before whoever acts here.
    """

    at: datetime
    act: Act
    step: str
    title: str
    note: str
    tone: str
    waited_minutes: int | None = None
    file_id: str | None = None


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
    version: int
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


class Earlier(View):
    """An earlier step that the request may be sent back to."""

    id: str
    name: str


class InstanceDetail(InstanceOut):
    """All about one request, for somebody who may see it; `my_task_id` when it is mine to decide now,
    `has_receipt` when it is mine and has ended."""

    rows: list[Row]
    steps: list[StepView]
    history: list[HistoryOut]
    my_task_id: str | None
    may_urge: bool
    version: int
    part: dict[str, Any] | None
    may_approve_part: bool
    may_send_again: bool
    may_answer: bool
    may_ask: bool
    may_return_to: list[Earlier]
    has_receipt: bool


class DecisionOut(View):
    """What became of my decision: the task, and the request as a whole."""

    task: TaskState
    instance: InstanceState


class OneDecided(View):
    """What became of one of several decisions; `problem` says why it was not made."""

    task_id: str
    is_done: bool
    problem: str


class DelegationOut(View):
    """A delegation of mine, or one to me (`is_mine` tells which)."""

    id: str
    from_name: str
    to_name: str
    first_day: date
    last_day: date
    about: str | None
    is_mine: bool


class NodeOut(View):
    """A node of a chain in words: whom it asks (or what it tests), how it is passed, when, how long it may take."""

    name: str
    kind: NodeKind
    asks: str
    mode: SignMode
    way: str
    when: str
    limit: str


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


class ReadyMade(View):
    """A chain to begin with: what it is called and good for, and its definition as JSON text."""

    code: str
    title: str
    about: str
    definition: str


class VersionOut(View):
    """An older or newer version of a chain."""

    version: int
    saved_at: datetime | None
    saved_by: str
    definition: str


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
