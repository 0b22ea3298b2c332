"""From a node to people: who is asked about this applicant's request, and who stands in for them today.

Nobody is ever asked about their own request. A place that is vacant, or held by the applicant, is passed on as the
node says: to whoever stands above, at last to the chain's fallback role.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain as joined

from models.enums import ApproverKind, Role, Vacancy
from services import people
from services.approvals.rules import HIGHEST_LEVEL, Approver, Node


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


def approvers_of(node: Node, applicant: Applicant, fallback: Role) -> list[str]:
    """Ids of the people the node asks, each once; empty only when even the fallback role has nobody else."""
    found = joined.from_iterable(_places(one, node.vacant, applicant) for one in node.approvers)
    asked = [one for one in dict.fromkeys(found) if one != applicant.id]
    return asked or _others(people.holders_of(fallback, applicant.id), applicant)


def _places(approver: Approver, vacant: Vacancy, applicant: Applicant) -> list[str]:
    return FIND[approver.kind](approver, vacant, applicant)


def _superior(approver: Approver, vacant: Vacancy, applicant: Applicant) -> list[str]:
    # nobody that high: the highest there is has the last word
    lowest = 1 if vacant is Vacancy.GO_UP else approver.level
    return _first(lambda level: _one(people.superior_of(applicant.id, level)), range(approver.level, lowest - 1, -1))


def _head(approver: Approver, vacant: Vacancy, applicant: Applicant) -> list[str]:
    if applicant.department_id is None:
        return []
    department_id = applicant.department_id
    highest = HIGHEST_LEVEL if vacant is Vacancy.GO_UP else approver.level
    levels = range(approver.level, highest + 1)
    return _first(lambda level: _others(people.heads_of(department_id, level), applicant), levels)


def _role(approver: Approver, _vacant: Vacancy, applicant: Applicant) -> list[str]:
    return _others(people.holders_of(approver.role, applicant.id), applicant) if approver.role else []


def _person(approver: Approver, vacant: Vacancy, applicant: Applicant) -> list[str]:
    named = people.many(_one(approver.person_id)).get(approver.person_id or "")
    if named is None or (named.is_active and named.id != applicant.id):
        return [named.id] if named else []
    above = people.superior_of(named.id) if vacant is Vacancy.GO_UP else None
    return _others(_one(above), applicant)


FIND: dict[ApproverKind, Callable[[Approver, Vacancy, Applicant], list[str]]] = {
    ApproverKind.SUPERIOR: _superior,
    ApproverKind.DEPARTMENT_HEAD: _head,
    ApproverKind.ROLE: _role,
    ApproverKind.PERSON: _person,
}


def heir_of(person_id: str, applicant: Applicant, taken: Iterable[str], fallback: Role) -> str | None:
    """Who takes over the task of somebody who left: their superior, else somebody in the fallback role."""
    barred = {person_id, applicant.id, *taken}
    above = _one(people.superior_of(person_id))
    candidates = [one for one in above if one not in barred]
    candidates += [] if candidates else people.holders_of(fallback, applicant.id)
    return next((one for one in candidates if one not in barred), None)


def _first(find: Callable[[int], list[str]], levels: Iterable[int]) -> list[str]:
    return next((found for level in levels if (found := find(level))), [])


def _others(person_ids: Sequence[str], applicant: Applicant) -> list[str]:
    return [one for one in person_ids if one != applicant.id]


def _one(person_id: str | None) -> list[str]:
    return [person_id] if person_id else []
