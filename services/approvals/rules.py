"""Rules of approvals: what a chain may say, which of its nodes apply, who is left to ask, when a step is over.

A chain is data. It is checked when it is saved, so that every chain that was accepted asks somebody and ends.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from kit.errors import Conflict, Invalid
from kit.schema import Identifier, Line, Wish
from models.enums import ApproverKind, Comparison, Decision, FactKind, Role, SignMode, StepState, Vacancy

Value = Decimal | int | str
Facts = Mapping[str, Value]
"""What a subject tells the conditions, e.g. `{"days": Decimal("3.5"), "kind": "annual"}`."""

CARD_LIVES = timedelta(days=14)
URGE_PAUSE = timedelta(hours=4)
LONGEST_DELEGATION = timedelta(days=180)
HIGHEST_LEVEL = 10
NO_REASON = "（卡片驳回，未填写理由）"

NUMBERS = frozenset(
    {
        Comparison.EQUALS,
        Comparison.DIFFERS,
        Comparison.MORE,
        Comparison.AT_LEAST,
        Comparison.LESS,
        Comparison.AT_MOST,
    }
)
TEXTS = frozenset({Comparison.EQUALS, Comparison.DIFFERS, Comparison.ONE_OF})

Operand = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int | float | Decimal) else v)]


class NoApprover(Conflict):
    """Nobody may decide this request: no superior, no head, nobody in the fallback role but the applicant."""

    code, default_title = "approvals.no_approver", "找不到可以审批的人，请联系人事设置审批流程"


class AlreadyDecided(Conflict):
    """Somebody was faster, or the request has ended; the title says who and how."""

    code, default_title = "approvals.already_decided", "这一步已经有人处理了"


@dataclass(frozen=True)
class Fact:
    """A field that conditions on a subject may compare."""

    title: str
    kind: FactKind


class Condition(Wish):
    """A comparison of one field with a constant; numbers may be written as text ("3.5")."""

    field: str = Field(pattern=r"^[a-z_]{1,32}$")
    op: Comparison
    value: Operand | tuple[Operand, ...] = Field(max_length=100)

    @model_validator(mode="after")
    def _shape(self) -> "Condition":
        if isinstance(self.value, tuple) != (self.op is Comparison.ONE_OF):
            raise ValueError("“属于”要写成一列值，其他比较只写一个值")
        return self

    def holds(self, facts: Facts) -> bool:
        """Does the comparison hold? A field the subject did not tell never does."""
        fact = facts.get(self.field)
        if fact is None:
            return False
        if isinstance(self.value, tuple):
            return str(fact) in self.value
        left, right = (fact, self.value) if isinstance(fact, str) else (Decimal(fact), Decimal(self.value))
        return bool(_COMPARE[self.op](left, right))


_COMPARE: dict[Comparison, Any] = {
    Comparison.EQUALS: lambda left, right: left == right,
    Comparison.DIFFERS: lambda left, right: left != right,
    Comparison.MORE: lambda left, right: left > right,
    Comparison.AT_LEAST: lambda left, right: left >= right,
    Comparison.LESS: lambda left, right: left < right,
    Comparison.AT_MOST: lambda left, right: left <= right,
}


class Approver(Wish):
    """Whom a node asks: the `level`-th superior or department head, everybody in a role, or one named person."""

    kind: ApproverKind
    level: int = Field(1, ge=1, le=HIGHEST_LEVEL)
    role: Role | None = None
    person_id: Identifier | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Approver":
        if (self.kind is ApproverKind.ROLE) != (self.role is not None):
            raise ValueError("按角色审批要写明角色，其他方式不写角色")
        if (self.kind is ApproverKind.PERSON) != (self.person_id is not None):
            raise ValueError("指定人员审批要写明人员，其他方式不写人员")
        return self


class Node(Wish):
    """A step of a chain. It applies when any group of `when` holds as a whole; without groups it always does."""

    name: Annotated[Line, Field(min_length=1, max_length=32)]
    approvers: tuple[Approver, ...] = Field(min_length=1, max_length=10)
    mode: SignMode = SignMode.OR_SIGN
    when: tuple[tuple[Condition, ...], ...] = Field((), max_length=20)
    vacant: Vacancy = Vacancy.GO_UP

    @field_validator("when")
    @classmethod
    def _no_empty_group(cls, groups: tuple[tuple[Condition, ...], ...]) -> tuple[tuple[Condition, ...], ...]:
        if not all(groups):
            raise ValueError("每组条件至少写一条")
        return groups

    def applies(self, facts: Facts) -> bool:
        """Is this step asked for such a request?"""
        return not self.when or any(all(one.holds(facts) for one in group) for group in self.when)


class Chain(Wish):
    """The approval chain of a subject: nodes in order, and the role that decides where nobody else can."""

    nodes: tuple[Node, ...] = Field(min_length=1, max_length=20)
    fallback: Role = Role.HR

    @field_validator("nodes")
    @classmethod
    def _always_asks_somebody(cls, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        if all(node.when for node in nodes):
            raise ValueError("至少要有一个环节不带条件，否则有的申请会没有人审批")
        return nodes

    def route(self, facts: Facts) -> list[Node]:
        """The nodes that apply, in order; never empty."""
        return [node for node in self.nodes if node.applies(facts)]


def check_fields(chain: Chain, fields: Mapping[str, Fact]) -> None:
    """`Invalid` naming the first condition that compares an unknown field, or a field with the wrong kind of value."""
    for node in chain.nodes:
        for condition in (one for group in node.when for one in group):
            if condition.field not in fields:
                known = "、".join(f"{name}（{fact.title}）" for name, fact in fields.items())
                raise Invalid(f"环节“{node.name}”用了没有的字段 {condition.field}，可用：{known or '无'}")
            if not _fits(condition, fields[condition.field].kind):
                raise Invalid(f"环节“{node.name}”里 {condition.field} 的比较方式或值不对")


def _fits(condition: Condition, kind: FactKind) -> bool:
    if kind is FactKind.TEXT:
        return condition.op in TEXTS
    return condition.op in NUMBERS and isinstance(condition.value, str) and _is_number(condition.value)


def fact_from(text: str, fact: Fact) -> Value:
    """What somebody typed, as a value of the field."""
    if fact.kind is FactKind.TEXT:
        return text
    if not _is_number(text):
        raise Invalid(f"{fact.title}要填写数字")
    return Decimal(text)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


@dataclass(frozen=True)
class Asked:
    """Who is left to ask in a step, and whether the step needs nobody because its question is already answered."""

    people: tuple[str, ...]
    is_answered: bool


def without_repeats(mode: SignMode, candidates: Sequence[str], approved: Collection[str]) -> Asked:
    """Nobody is asked twice: who has approved an earlier step counts as having approved this one."""
    left = tuple(one for one in dict.fromkeys(candidates) if one not in approved)
    if mode == SignMode.OR_SIGN:
        return Asked(left, is_answered=len(left) < len(set(candidates)))
    return Asked(left, is_answered=bool(candidates) and not left)


def outcome(mode: SignMode, decision: Decision, others_open: int) -> StepState | None:
    """How the step stands after a decision; `None` while countersigners are still to speak. One refusal refuses."""
    if decision is Decision.REJECT:
        return StepState.REJECTED
    return StepState.APPROVED if mode == SignMode.OR_SIGN or not others_open else None


def is_expired(expires_at: datetime, now: datetime) -> bool:
    """Has the card's action outlived itself?"""
    return now >= expires_at


def all_speak(mode: SignMode, candidates: Sequence[str]) -> bool:
    """Is it certain beforehand that each of them will have decided?"""
    return mode == SignMode.COUNTERSIGN or len(candidates) == 1
