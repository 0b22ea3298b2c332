"""What approvals show: steps, what waits, requests with their trail."""

from datetime import date, datetime
from typing import Any

from kit.schema import View
from models.enums import Act, InstanceState, NodeKind, SignMode, StepState, TaskState

Row = tuple[str, str]


class Copy(View):
    """What those who are only told of a request see of it, where they must not see all: nothing of what was said."""

    title: str
    rows: list[Row]


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


class PartOut(View):
    """A part of a request that may be approved alone: what a decision says of it, and its words."""

    part: dict[str, Any]
    title: str


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
    parts: list[PartOut]
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
