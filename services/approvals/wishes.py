"""What people and pages ask of approvals."""

import json
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from kit.pages import PageQuery
from kit.schema import Day, Identifier, Line, Paragraph, Version, Wish
from models.enums import Decision, InstanceState, Signing
from services.platform import Upload


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
