"""From a node to people: who is asked about this applicant's request, and who stands in for them today.

Nobody is ever asked about their own request. A place that is vacant, or held by the applicant, is passed on as the
node or its chain says: to whoever stands above, to HR, to the chain's fallback role, or to nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.enums import ApproverKind, Role, Vacancy
from services import people
from services.approvals.absence import Roster
from services.approvals.rules.chains import HIGHEST_LEVEL, Approver, Node, Policies
from services.approvals.rules.conditions import Facts


@dataclass(frozen=True)
class Applicant:
    """What the search for approvers needs to know of somebody."""

    id: str
    department_id: str | None

    @classmethod
    def known(cls, person_id: str) -> "Applicant":
        """The applicant of a request made earlier, where they belong now."""
        person = people.get(person_id)
        return cls(person.id, person.department_id)


@dataclass(frozen=True)
class Case:
    """A request as the search for approvers sees it: whose it is, what it tells, whom its applicant chose; and who is
    on leave meanwhile."""

    applicant: Applicant
    fallback: Role
    policies: Policies = field(default_factory=Policies)
    facts: Facts = field(default_factory=dict)
    choices: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    roster: Roster = field(default_factory=Roster)

    def others(self, person_ids: Iterable[str]) -> list[str]:
        """These people without the applicant."""
        return [one for one in person_ids if one != self.applicant.id]

    def holders(self, role: Role) -> list[str]:
        """Who holds the role for the applicant, without the applicant."""
        return self.others(people.holders_of(role, self.applicant.id))


@dataclass(frozen=True)
class Found:
    """Whom a node asks, with their weights. `may_skip`: nobody, and the chain does without."""

    people: dict[str, int]
    may_skip: bool = False


@dataclass(frozen=True)
class _Place:
    people: list[str]
    way: Vacancy | None = None


def approvers_of(node: Node, case: Case) -> Found:
    """The people the node asks, each once; nobody only when the chain does without, or even the fallback role has
    nobody else."""
    places = [_place(approver, node, case) for approver in node.approvers]
    asked: dict[str, int] = {}
    for approver, place in zip(node.approvers, places, strict=True):
        asked |= {one: max(asked.get(one, 0), approver.weight) for one in place.people}
    if asked:
        return Found(asked)
    ways = {place.way for place in places}
    if ways == {Vacancy.SKIP}:
        return Found({}, may_skip=True)
    return Found(in_their_place(case, Vacancy.HR if Vacancy.HR in ways else Vacancy.FALLBACK))


def in_their_place(case: Case, way: Vacancy) -> dict[str, int]:
    """HR or the fallback role, without the applicant."""
    hr = case.holders(Role.HR) if way is Vacancy.HR else []
    return dict.fromkeys(hr or case.holders(case.fallback), 1)


def _place(approver: Approver, node: Node, case: Case) -> _Place:
    holders = FIND[approver.kind](approver, node, case)
    if asked := case.others(holders):
        return _Place(asked)
    way = node.vacant or (case.policies.own if holders else case.policies.vacant)
    climb = CLIMB.get(approver.kind)
    return _Place(case.others(climb(approver, node, case)) if climb and way is Vacancy.GO_UP else [], way)


def _superior(approver: Approver, _node: Node, case: Case) -> list[str]:
    return _one(people.superior_of(case.applicant.id, approver.level))


def _lower_superior(approver: Approver, _node: Node, case: Case) -> list[str]:
    # nobody that high: the highest there is has the last word
    levels = range(approver.level - 1, 0, -1)
    return _first(lambda level: _one(people.superior_of(case.applicant.id, level)), levels)


def _head(approver: Approver, _node: Node, case: Case) -> list[str]:
    home = case.applicant.department_id
    return people.heads_of(home, approver.level) if home else []


def _higher_head(approver: Approver, _node: Node, case: Case) -> list[str]:
    home = case.applicant.department_id
    levels = range(approver.level + 1, HIGHEST_LEVEL + 1)
    return _first(lambda level: case.others(people.heads_of(home, level)), levels) if home else []


def _role(approver: Approver, _node: Node, case: Case) -> list[str]:
    return people.holders_of(approver.role, case.applicant.id) if approver.role else []


def _named(approver: Approver, node: Node, case: Case) -> list[str]:
    """Those who are named: by the chain, by a field, or by the applicant's choice."""
    if approver.kind is ApproverKind.CHOICE:
        return list(case.choices.get(node.name, ()))
    told = case.facts.get(approver.field) if approver.field else approver.person_id
    return _one(str(told) if told else None)


def _present(approver: Approver, node: Node, case: Case) -> list[str]:
    named = _named(approver, node, case)
    known = people.many(named)
    return [one for one in named if one in known and known[one].is_active]


def _above_named(approver: Approver, node: Node, case: Case) -> list[str]:
    known = people.many(_named(approver, node, case))
    return [above for one in known if (above := people.superior_of(one))]


FIND: dict[ApproverKind, Callable[[Approver, Node, Case], list[str]]] = {
    ApproverKind.SUPERIOR: _superior,
    ApproverKind.DEPARTMENT_HEAD: _head,
    ApproverKind.ROLE: _role,
    ApproverKind.PERSON: _present,
    ApproverKind.FIELD: _present,
    ApproverKind.CHOICE: _present,
}
CLIMB: dict[ApproverKind, Callable[[Approver, Node, Case], list[str]]] = {
    ApproverKind.SUPERIOR: _lower_superior,
    ApproverKind.DEPARTMENT_HEAD: _higher_head,
    ApproverKind.PERSON: _above_named,
    ApproverKind.FIELD: _above_named,
    ApproverKind.CHOICE: _above_named,
}


def heir_of(person_id: str, case: Case, taken: Iterable[str]) -> str | None:
    """Who takes over the task of somebody who left, as the chain says: their superior, else HR or the fallback role;
    nobody when it does without them."""
    way = case.policies.departed
    if way is Vacancy.SKIP:
        return None
    barred = {person_id, *taken}
    above = case.others(_one(people.superior_of(person_id))) if way is Vacancy.GO_UP else []
    free = [one for one in above if one not in barred]
    return next((one for one in free or in_their_place(case, way) if one not in barred), None)


def _first(find: Callable[[int], list[str]], levels: Iterable[int]) -> list[str]:
    return next((found for level in levels if (found := find(level))), [])


def _one(person_id: str | None) -> list[str]:
    return [person_id] if person_id else []
