"""Approvers on leave: who decides in their place, as the node or its chain says, and how that is told.

A place goes to whom its holder delegated to, else up from superior to superior, else to the fallback role; passed
over are the applicant and whoever is away as well. Where nobody is left, or the chain waits, its holder is asked.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from models.enums import Absent, Act, NodeKind
from services import people
from services.approvals import delegations
from services.approvals.absence import Away
from services.approvals.routing import Case
from services.approvals.rules import signing
from services.approvals.rules.chains import HIGHEST_LEVEL, Node
from services.approvals.trail import Entry


@dataclass(frozen=True)
class Instead:
    """Somebody who would be asked is away: what becomes of their place, and who has it now, if anybody else has.

    Where they delegated it, the task stays theirs, and the delegate is told.
    """

    person_id: str
    away: Away
    act: Act = Act.AWAITED
    heir_id: str | None = None

    def entry(self, step_name: str) -> Entry:
        """What the history says of it."""
        return Entry(self.act, step_name, for_id=self.person_id, to_id=self.heir_id, comment=self.away.words)


@dataclass(frozen=True)
class Asked:
    """Whom a node asks, with their weights, and who of those it names is away."""

    people: dict[str, int]
    instead: tuple[Instead, ...] = ()


def resolve(node: Node, named: Mapping[str, int], case: Case, settled: Collection[str] = ()) -> Asked:
    """Whom the node asks, those who are away replaced; `settled` are people whose agreement it has already."""
    instead = {one: found for one in _missed(node, named, case, settled) if (found := instead_of(one, node, case))}
    asked: dict[str, int] = {}
    for one, weight in named.items():
        holder = _holder(one, instead.get(one))
        asked[holder] = max(asked.get(holder, 0), weight)
    return Asked(asked, tuple(instead.values()))


def _missed(node: Node, named: Mapping[str, int], case: Case, settled: Collection[str]) -> list[str]:
    """Those who are away, unless the others are enough."""
    if node.kind is not NodeKind.APPROVE:
        return []
    wanted = [one for one in named if one not in settled]
    case.roster.look(wanted)
    away = [one for one in wanted if case.roster.of(one)]
    here = {one: weight for one, weight in named.items() if one not in away}
    return [] if signing.is_enough(node.mode, here, node.needed) else away


def _holder(person_id: str, instead: Instead | None) -> str:
    return instead.heir_id if instead and instead.act is Act.COVERED and instead.heir_id else person_id


def instead_of(person_id: str, node: Node, case: Case, barred: Collection[str] = ()) -> Instead | None:
    """What becomes of the place of somebody who is away; `None` when they are there. `barred` are no heirs."""
    away, way = case.roster.of(person_id), node.absent or case.policies.absent
    if away is None:
        return None
    if way is Absent.WAIT:
        return Instead(person_id, away)
    if way is Absent.STAND_IN and (delegate := _delegate(person_id, case)):
        return Instead(person_id, away, Act.STOOD_IN, delegate)
    passed = {person_id, case.applicant.id, *barred}
    heir = next((one for one in _above(person_id, case) if one not in passed and not case.roster.of(one)), None)
    return Instead(person_id, away, Act.COVERED, heir) if heir else Instead(person_id, away)


def _delegate(person_id: str, case: Case) -> str | None:
    (asked,) = delegations.asked([person_id], case.subject)
    told = asked.told(case.applicant.id)
    return None if told == person_id or case.roster.of(told) else told


def _above(person_id: str, case: Case) -> Iterator[str]:
    for level in range(1, HIGHEST_LEVEL + 1):
        above = people.superior_of(person_id, level)
        if above is None:
            break
        yield above
    yield from case.holders(case.fallback)
