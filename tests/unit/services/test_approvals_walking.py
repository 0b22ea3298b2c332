"""Every chain that is accepted asks somebody and ends, and never asks the applicant: in whatever company."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.enums import Absent, Act, ApproverKind, NodeKind, Repeat, Role, SignMode, StepState, TaskState, Vacancy
from services.approvals import absence, routing, standing_in, walking
from services.approvals.absence import Away
from services.approvals.delegations import Asked
from services.approvals.routing import Applicant, Case
from services.approvals.rules import signing
from services.approvals.rules.chains import Approver, Chain, Node, Policies
from services.approvals.rules.conditions import Condition
from services.approvals.walking import Line

IDS = [f"{number:026}" for number in range(8)]
APPLICANT = IDS[0]


@dataclass(frozen=True)
class Person:
    """As much of somebody as routing looks at."""

    id: str
    is_active: bool


@dataclass(frozen=True)
class Directory:
    """A company: superiors may form circles, places may be vacant, people may have left."""

    superiors: dict[str, str | None]
    heads: dict[int, list[str]]
    holders: dict[Role, list[str]]
    gone: set[str] = field(default_factory=set)
    away: set[str] = field(default_factory=set)
    delegates: dict[str, str | None] = field(default_factory=dict)

    def superior_of(self, person_id: str, level: int = 1) -> str | None:
        here, met = person_id, {person_id}
        for _ in range(level):
            above = self.superiors.get(here)
            while above is not None and above in self.gone and above not in met:
                met.add(above)
                above = self.superiors.get(above)
            if above is None or above in met:
                return None
            met.add(above)
            here = above
        return here

    def heads_of(self, _department_id: str, level: int = 1) -> list[str]:
        return [one for one in self.heads.get(level, []) if one not in self.gone]

    def holders_of(self, role: Role, _for_person_id: str | None = None) -> list[str]:
        return [one for one in self.holders.get(role, []) if one not in self.gone]

    def many(self, person_ids: Iterable[str]) -> dict[str, Person]:
        return {one: Person(one, one not in self.gone) for one in person_ids if one in IDS}

    def tell(self, person_ids: Iterable[str], now: datetime) -> dict[str, Away]:
        weeks = Away(now.date(), now.date() + timedelta(weeks=2), now + timedelta(weeks=2))
        return {one: weeks for one in person_ids if one in self.away}

    def asked(self, person_ids: Iterable[str], _subject: str) -> list[Asked]:
        return [Asked(one, one, self.delegates.get(one)) for one in person_ids]


people = st.sampled_from(IDS)
crowds = st.lists(people, max_size=3, unique=True)
directories = st.builds(
    Directory,
    superiors=st.fixed_dictionaries({one: st.none() | people for one in IDS}),
    heads=st.fixed_dictionaries({1: crowds, 2: crowds}),
    holders=st.fixed_dictionaries({Role.HR: crowds, Role.PAYROLL: crowds}),
    gone=st.sets(people.filter(lambda one: one != APPLICANT)),
    away=st.sets(people),
    delegates=st.fixed_dictionaries({one: st.none() | people for one in IDS}),
)
approvers = st.one_of(
    st.builds(Approver, kind=st.just(ApproverKind.SUPERIOR), level=st.integers(1, 4)),
    st.builds(Approver, kind=st.just(ApproverKind.DEPARTMENT_HEAD), level=st.integers(1, 3)),
    st.builds(Approver, kind=st.just(ApproverKind.ROLE), role=st.sampled_from([Role.HR, Role.PAYROLL])),
    st.builds(Approver, kind=st.just(ApproverKind.PERSON), person_id=people),
    st.just(Approver(kind=ApproverKind.FIELD, field="buddy")),
    st.just(Approver(kind=ApproverKind.CHOICE)),
)
asked = st.lists(approvers, min_size=1, max_size=3).map(tuple)
conditions = st.sampled_from(["", "days > 3", "days <= 3"])
COUNTED = {SignMode.N_OF_M, SignMode.WEIGHTED}


def approve_node(mode: SignMode, who: tuple[Approver, ...], condition: str, vacant: Vacancy | None) -> Node:
    needed = 2 if mode in COUNTED else None
    return Node(name="审批", approvers=who, mode=mode, needed=needed, condition=condition, vacant=vacant)


simple = st.one_of(
    st.builds(approve_node, st.sampled_from(SignMode), asked, conditions, st.none() | st.sampled_from(Vacancy)),
    st.builds(Node, name=st.just("抄送"), kind=st.just(NodeKind.COPY), approvers=asked, condition=conditions),
    st.builds(Node, name=st.just("判断"), kind=st.just(NodeKind.AUTO), test=st.just("days < 5"), reason=st.just("太久"),
              condition=conditions),
)  # fmt: skip
branches = st.lists(st.lists(simple, min_size=1, max_size=3).map(tuple), min_size=2, max_size=3).map(tuple)
nodes = simple | st.builds(Node, name=st.just("并行"), kind=st.just(NodeKind.PARALLEL), branches=branches)
policies = st.builds(
    Policies,
    vacant=st.sampled_from(Vacancy),
    own=st.sampled_from(Vacancy),
    repeated=st.sampled_from(Repeat),
    absent=st.sampled_from(Absent),
)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Any chain that a save accepts; node names are their own."""
    made = draw(st.lists(nodes, max_size=4))
    sure = draw(st.builds(approve_node, st.sampled_from(SignMode), asked, st.just(""), st.none()))
    made.insert(draw(st.integers(0, len(made))), sure)
    number = count()

    def named(node: Node) -> Node:
        inner = tuple(tuple(named(one) for one in branch) for branch in node.branches)
        return node.model_copy(update={"name": f"{node.name}{next(number)}", "branches": inner})

    return Chain(nodes=tuple(named(node) for node in made), policies=draw(policies))


def ways(lines: list[Line], case: Case) -> Iterator[walking.Move]:
    """Everybody who is asked agrees, one after the other, until nothing is open."""
    approved: set[str] = set()
    while moves := walking.walk(lines, case, approved):
        yield from moves
        for move in moves:
            if move.state is StepState.OPEN:
                approved |= set(move.people)
                mode = move.line.node.mode
                parts = [signing.Part(TaskState.APPROVED, weight) for weight in move.people.values()]
                assert not move.people or signing.standing(mode, move.needed, parts) is StepState.APPROVED
                move.line.state = StepState.APPROVED if move.people else StepState.CLOSED
        if any(move.state is StepState.REJECTED for move in moves):
            return


@settings(max_examples=300)
@given(chains(), directories, st.integers(1, 8), people, st.lists(people, max_size=2))
def test_every_accepted_chain_ends_and_asks_somebody_who_is_not_the_applicant(
    chain: Chain, company: Directory, days: int, buddy: str, chosen: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (routing, standing_in):
            patch.setattr(module, "people", company)
        patch.setattr(standing_in, "delegations", company)
        patch.setattr(absence, "_tellers", [company.tell])
        facts = {"days": days, "buddy": buddy}
        choices = {node.name: chosen for node in chain.walk()}
        case = Case(Applicant(APPLICANT, "home"), chain.fallback, chain.policies, facts, choices)
        lines = [Line.fresh(placed, chain) for placed in chain.placed(facts)]
        moves = list(ways(lines, case))
    asked_somebody = [move for move in moves if move.state is StepState.OPEN]
    assert len(moves) <= len(lines)
    assert all(APPLICANT not in move.people for move in moves if move.line.node.kind is NodeKind.APPROVE)
    for one in (one for move in moves for one in move.instead):
        assert one.person_id in company.away
        assert one.heir_id not in {APPLICANT, one.person_id, *company.away}
        assert (one.heir_id is None) == (one.act is Act.AWAITED)
    assert asked_somebody or any(move.state is StepState.REJECTED for move in moves)


def test_a_condition_in_groups_still_chooses() -> None:
    far = Condition.model_validate({"field": "days", "op": "gt", "value": 3})
    superior = Approver(kind=ApproverKind.SUPERIOR)
    chain = Chain(
        nodes=(Node(name="甲", approvers=(superior,)), Node(name="乙", approvers=(superior,), when=((far,),)))
    )
    assert [len(chain.route({"days": days})) for days in (3, 4)] == [1, 2]
