"""The way through a chain: which steps open next, which are passed over, which an expression decides.

It only reads; what it finds is carried out by the engine. A stage is over when every step of every branch is; a
request that is not refused is always decided by somebody, whatever its chain does without.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kit.ids import new_id
from models.approvals import ApprovalStep as Step
from models.enums import Act, NodeKind, Repeat, Role, SignMode, StepState, Vacancy
from services.approvals import choosing, routing, standing_in
from services.approvals.routing import Case
from services.approvals.rules import conditions, signing
from services.approvals.rules.chains import Chain, Node, Placed, Policies, choice_of
from services.approvals.standing_in import Instead

COLUMNS = (Step.id, Step.name, Step.stage, Step.branch, Step.state, Step.node, Step.fallback, Step.policies)
"""What makes a stored `Line`."""
UNFINISHED = frozenset({StepState.WAITING, StepState.OPEN})


@dataclass
class Line:
    """A step as the walk sees it; its state moves on with the walk."""

    id: str
    name: str
    stage: int
    branch: int
    state: StepState
    node: Node
    fallback: Role
    policies: Policies

    @classmethod
    def stored(cls, row: Any) -> "Line":
        """The step of a row with the columns of this class."""
        rest = (row.id, row.name, row.stage, row.branch, StepState(row.state))
        policies = Policies.model_validate(row.policies or {})
        return cls(*rest, Node.model_validate(row.node), Role(row.fallback), policies)

    @classmethod
    def fresh(cls, placed: Placed, chain: Chain) -> "Line":
        """The step that a node of a chain becomes."""
        place = (placed.node.name, placed.stage, placed.branch)
        return cls(new_id(), *place, StepState.WAITING, placed.node, chain.fallback, chain.policies)


@dataclass(frozen=True)
class Move:
    """What becomes of a step, whom that concerns (with their weights), what the history says of it, and who of those
    it names is away."""

    line: Line
    state: StepState
    people: dict[str, int] = field(default_factory=dict)
    act: Act = Act.OPENED
    comment: str = ""
    needed: int | None = None
    instead: tuple[Instead, ...] = ()


def walk(lines: Sequence[Line], case: Case, approved: Collection[str]) -> list[Move]:
    """What happens now, in order; the walk stops at steps that ask somebody, at a refusal, or behind the last step."""
    moves: list[Move] = []
    for line in _ahead(lines):
        move = _move(line, lines, replace(case, fallback=line.fallback, policies=line.policies), approved)
        line.state = move.state
        moves.append(move)
        if move.state is StepState.REJECTED:
            break
    return moves


def _ahead(lines: Sequence[Line]) -> Iterator[Line]:
    """The steps whose turn it is, one after the other, as their states move on."""
    for stage in sorted({line.stage for line in lines}):
        for branch in sorted({line.branch for line in lines if line.stage == stage}):
            ours = [line for line in lines if (line.stage, line.branch) == (stage, branch)]
            for line in ours:
                if line.state is StepState.WAITING:
                    yield line
                if line.state is StepState.OPEN:
                    break
        if any(line.state in UNFINISHED for line in lines if line.stage == stage):
            return


def _move(line: Line, lines: Sequence[Line], case: Case, approved: Collection[str]) -> Move:
    if line.node.kind is NodeKind.AUTO:
        return _judge(line, case)
    found = routing.approvers_of(line.node, case)
    if line.node.kind is NodeKind.COPY:
        return Move(line, StepState.DONE, found.people, Act.COPIED)
    if found.may_skip and (approved or _others_ask(line, lines)):
        return Move(line, StepState.SKIPPED, act=Act.VACANT)
    people = found.people or (routing.in_their_place(case, Vacancy.FALLBACK) if found.may_skip else {})
    settled = approved if line.policies.repeated is Repeat.SKIP else ()
    present = standing_in.resolve(line.node, people, case, settled)
    return replace(_ask(line, present.people, settled), instead=present.instead)


def _judge(line: Line, case: Case) -> Move:
    # what cannot be told is left to the people in the chain
    if conditions.holds(line.node.test, case.facts) is False:
        return Move(line, StepState.REJECTED, act=Act.REFUSED, comment=line.node.reason)
    return Move(line, StepState.DONE, act=Act.PASSED)


def _others_ask(line: Line, lines: Sequence[Line]) -> bool:
    others = (one for one in lines if one is not line and one.state in UNFINISHED)
    return any(one.node.kind is NodeKind.APPROVE for one in others)


def _ask(line: Line, people: dict[str, int], approved: Collection[str]) -> Move:
    node = line.node
    weights = people if node.mode is SignMode.WEIGHTED else dict.fromkeys(people, 1)
    asked = signing.without_repeats(node.mode, weights, approved, node.needed)
    if asked.is_answered:
        return Move(line, StepState.SKIPPED, act=Act.SKIPPED)
    return Move(line, StepState.OPEN, asked.people, needed=asked.needed)


def foresee(line: Line, lines: Sequence[Line], case: Case) -> dict[str, int]:
    """Whom a step would ask (or tell) as things are, whatever was said before; nobody where the applicant still has to
    choose, or where the chain does without."""
    choice = choice_of(line.node)
    if line.node.kind is NodeKind.AUTO or (choice and choosing.may_choose(choice, case.applicant.id)):
        return {}
    found = routing.approvers_of(line.node, case)
    if found.may_skip and not _others_ask(line, lines):
        return routing.in_their_place(case, Vacancy.FALLBACK)
    return found.people
