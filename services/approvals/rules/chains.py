"""What a chain may say, and which of its nodes apply to a request.

A chain is data. It is checked when it is saved, so that every chain that was accepted asks somebody and ends. As JSON
(what goes without saying is left out):

    {"nodes": [node, …],            1 to 20, in order
     "fallback": "hr",              the role that decides where nobody else can
     "policies": {"vacant": "go_up",    a place that nobody holds: go_up, fallback, hr, skip
                  "own": "go_up",       a place that the applicant holds: the same words
                  "departed": "go_up",  an approver who left while asked: the same words
                  "absent": "stand_in",  an approver on leave: stand_in (their delegate, else go_up), go_up, wait
                  "repeated": "skip",   who has approved an earlier step: skip (counts here too), ask
                  "keeps_approvals": false}}  whether approvals outlive a change by the applicant that asks for no more

    node = {"name": "财务", "kind": "approve",       approve, copy, auto, parallel
            "when": [[{"field": "days", "op": "gt", "value": "3"}]],   groups: one of them holds as a whole
            "condition": "amount > 5000 and kind in (\"差旅\", \"招待\")"}   and this holds; kit.expression
    approve: "approvers": [approver, …], "mode": or_sign, countersign, in_turn, n_of_m, weighted;
             "needed": 2 (how many, or how much weight, must agree); "vacant", "absent": as in policies, for this node;
             "sla": {"remind_after": 4, "escalate_after": 8, "escalate_to": "superior" or a role,
                     "act_after": 16, "act": "approve" or "reject"}   working hours of the approver
    copy:    "approvers": [approver, …]     who is told
    auto:    "test": "amount <= 200", "reason": "…"     passes, or refuses the request with the reason
    parallel: "branches": [[node, …], [node, …]]        2 to 5; all have to finish; no parallel inside

    approver = {"kind": "superior", "level": 2} or {"kind": "department_head", "level": 1}
             or {"kind": "role", "role": "hr"} or {"kind": "person", "person_id": "…"}
             or {"kind": "field", "field": "buddy"}     a field of kind person
             or {"kind": "choice", "role": "hr"}        the applicant chooses among a role, among "people": [id, …],
                                                        or, without both, among all; "most": how many
             each with "weight": 1
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from kit.schema import Identifier, Line, Wish
from models.enums import (
    Absent,
    ApproverKind,
    Decision,
    NodeKind,
    Repeat,
    Role,
    SignMode,
    Vacancy,
)
from services.approvals.rules import conditions
from services.approvals.rules.conditions import Condition, Facts
from services.approvals.rules.signing import COUNTED

HIGHEST_LEVEL = 10


class Approver(Wish):
    """Whom a node asks: the `level`-th superior or department head, everybody in a role, one named person, the person
    in a field, or whom the applicant chooses (among a role, among `people`, or among all)."""

    kind: ApproverKind
    level: int = Field(1, ge=1, le=HIGHEST_LEVEL)
    role: Role | None = None
    person_id: Identifier | None = None
    field: str | None = Field(None, pattern=r"^[a-z_][a-z0-9_]{0,31}$")
    people: tuple[Identifier, ...] = Field((), max_length=50)
    most: int = Field(1, ge=1, le=10)
    weight: int = Field(1, ge=1, le=100)

    @model_validator(mode="after")
    def _whole(self) -> "Approver":
        is_choice = self.kind is ApproverKind.CHOICE
        if not is_choice and (self.kind is ApproverKind.ROLE) != (self.role is not None):
            raise ValueError("按角色审批要写明角色，其他方式不写角色")
        if (self.kind is ApproverKind.PERSON) != (self.person_id is not None):
            raise ValueError("指定人员审批要写明人员，其他方式不写人员")
        if (self.kind is ApproverKind.FIELD) != (self.field is not None):
            raise ValueError("按字段审批要写明人员字段，其他方式不写字段")
        if ((self.people or self.most > 1) and not is_choice) or (self.people and self.role):
            raise ValueError("只有申请人自选才写候选人和人数，候选人和角色只写一项")
        return self


class Sla(Wish):
    """How long a task may wait, in working hours of its approver, and what happens then; `None`: nothing."""

    remind_after: int | None = Field(None, ge=1, le=400)
    escalate_after: int | None = Field(None, ge=1, le=400)
    escalate_to: Role | None = None
    act_after: int | None = Field(None, ge=1, le=400)
    act: Decision | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Sla":
        given = [one for one in (self.remind_after, self.escalate_after, self.act_after) if one is not None]
        if not given or given != sorted(set(given)):
            raise ValueError("时限至少写一项，并且依次为提醒、升级、自动处理，后一项要更晚")
        if (self.act_after is None) != (self.act is None):
            raise ValueError("自动处理要同时写明时限和结果")
        return self


class Node(Wish):
    """A step of a chain. It applies when any group of `when` holds as a whole, and `condition` holds; without them it
    always does."""

    name: Annotated[Line, Field(min_length=1, max_length=32)]
    kind: NodeKind = NodeKind.APPROVE
    approvers: tuple[Approver, ...] = Field((), max_length=10)
    mode: SignMode = SignMode.OR_SIGN
    needed: int | None = Field(None, ge=1, le=1000)
    when: tuple[tuple[Condition, ...], ...] = Field((), max_length=20)
    condition: str = Field("", max_length=500)
    vacant: Vacancy | None = None
    absent: Absent | None = None
    sla: Sla | None = None
    test: str = Field("", max_length=500)
    reason: Line = ""
    branches: tuple[tuple["Node", ...], ...] = ()

    @field_validator("when")
    @classmethod
    def _no_empty_group(cls, groups: tuple[tuple[Condition, ...], ...]) -> tuple[tuple[Condition, ...], ...]:
        if not all(groups):
            raise ValueError("每组条件至少写一条")
        return groups

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Node":
        if (self.kind in (NodeKind.APPROVE, NodeKind.COPY)) != bool(self.approvers):
            raise ValueError("审批和抄送环节要写明人员，其他环节不写")
        if (self.kind is NodeKind.AUTO) != bool(self.test and self.reason):
            raise ValueError("自动环节要写明判断和理由，其他环节不写")
        if (self.kind is NodeKind.PARALLEL) != bool(self.branches):
            raise ValueError("并行环节要写明分支，其他环节不写")
        if (self.mode in COUNTED) != (self.needed is not None):
            raise ValueError("按人数或按权重通过要写明需要多少，其他方式不写")
        return self

    @model_validator(mode="after")
    def _signable(self) -> "Node":
        if self.kind is not NodeKind.APPROVE and (self.sla or self.absent or self.mode is not SignMode.OR_SIGN):
            raise ValueError("只有审批环节有签署方式、时限和休假时的处理")
        if self.mode is not SignMode.WEIGHTED and any(one.weight > 1 for one in self.approvers):
            raise ValueError("只有按权重通过才写权重")
        return self

    @field_validator("branches")
    @classmethod
    def _flat(cls, branches: tuple[tuple["Node", ...], ...]) -> tuple[tuple["Node", ...], ...]:
        if not branches:
            return branches
        if not 2 <= len(branches) <= 5 or not all(1 <= len(branch) <= 10 for branch in branches):
            raise ValueError("并行环节要有 2 到 5 个分支，每个分支 1 到 10 个环节")
        if any(node.kind is NodeKind.PARALLEL for branch in branches for node in branch):
            raise ValueError("并行分支里不能再分并行")
        return branches

    def applies(self, facts: Facts) -> bool:
        """Is this step asked for such a request? When a condition cannot tell, it is: better once too often."""
        if self.when and not any(all(one.holds(facts) for one in group) for group in self.when):
            return False
        return not self.condition or conditions.holds(self.condition, facts) is not False

    @property
    def is_unconditional(self) -> bool:
        """Does it apply to every request?"""
        return not self.when and not self.condition

    @property
    def always_asks(self) -> bool:
        """Is somebody asked to decide whatever the request?"""
        inner = any(node.always_asks for branch in self.branches for node in branch)
        return self.is_unconditional and (self.kind is NodeKind.APPROVE or inner)


class Policies(Wish):
    """What happens to places that are vacant, the applicant's own, left, or held by somebody who is on leave or has
    approved before; and whether approvals outlive a change by the applicant that asks for no more than was approved."""

    vacant: Vacancy = Vacancy.GO_UP
    own: Vacancy = Vacancy.GO_UP
    departed: Vacancy = Vacancy.GO_UP
    absent: Absent = Absent.STAND_IN
    repeated: Repeat = Repeat.SKIP
    keeps_approvals: bool = False


@dataclass(frozen=True)
class Placed:
    """A node that applies, and where: stages follow each other, branches of a stage run side by side."""

    stage: int
    branch: int
    node: Node


class Chain(Wish):
    """The approval chain of a subject: nodes in order, and the role that decides where nobody else can."""

    nodes: tuple[Node, ...] = Field(min_length=1, max_length=20)
    fallback: Role = Role.HR
    policies: Policies = Policies()

    @field_validator("nodes")
    @classmethod
    def _always_asks_somebody(cls, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        if not any(node.always_asks for node in nodes):
            raise ValueError("至少要有一个环节不带条件，否则有的申请会没有人审批")
        return nodes

    @model_validator(mode="after")
    def _choices_have_names_of_their_own(self) -> "Chain":
        chosen = [node.name for node in self.walk() if choice_of(node)]
        if len(chosen) != len(set(chosen)):
            raise ValueError("申请人自选的环节不能同名")
        return self

    def walk(self) -> Iterator[Node]:
        """Every node, those inside branches included."""
        for node in self.nodes:
            yield node
            yield from (inner for branch in node.branches for inner in branch)

    def placed(self, facts: Facts) -> list[Placed]:
        """The nodes that apply, in order, each in its stage and branch; some of them always ask somebody."""
        return [
            Placed(stage, number, inner)
            for stage, node in enumerate(node for node in self.nodes if node.applies(facts))
            for number, branch in enumerate(node.branches or ((node,),))
            for inner in branch
            if inner is node or inner.applies(facts)
        ]

    def route(self, facts: Facts) -> list[Node]:
        """The nodes that apply, in order; never empty."""
        return [one.node for one in self.placed(facts)]


def choice_of(node: Node) -> Approver | None:
    """The part of the node that the applicant fills."""
    return next((one for one in node.approvers if one.kind is ApproverKind.CHOICE), None)
