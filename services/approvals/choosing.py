"""The applicant's choice: whom a chain lets them choose from, and whether they chose as it says."""

from collections.abc import Mapping, Sequence

from kit.errors import Invalid
from services import people
from services.approvals.rules.chains import Approver, Chain, Node, choice_of
from services.approvals.rules.conditions import Facts
from services.approvals.views import Candidate, Choosing

Choices = Mapping[str, Sequence[str]]
"""Name of a node → ids of the people chosen."""


def checked(chain: Chain, facts: Facts, choices: Choices, applicant_id: str) -> dict[str, list[str]] | None:
    """The choices that the request's nodes leave to its applicant; `None` when they leave none.

    `Invalid` naming the node for which nobody, too many, or somebody who may not be chosen was named.
    """
    nodes = [node for node in chain.route(facts) if choice_of(node)]
    return {node.name: _checked(node, choices.get(node.name, ()), applicant_id) for node in nodes} or None


def _checked(node: Node, chosen: Sequence[str], applicant_id: str) -> list[str]:
    wanted, approver = list(dict.fromkeys(chosen)), choice_of(node)
    assert approver is not None
    if not may_choose(approver, applicant_id) and not wanted:
        return []  # a place without a holder: the chain says who decides instead
    if not 1 <= len(wanted) <= approver.most:
        raise Invalid(f"请为环节“{node.name}”选择审批人，最多 {approver.most} 人")
    allowed = candidates(approver, applicant_id) if is_named(approver) else _present(wanted, applicant_id)
    if not set(wanted) <= {one.id for one in allowed}:
        raise Invalid(f"环节“{node.name}”不能选这位审批人，请另选")
    return wanted


def is_named(approver: Approver) -> bool:
    """Does the chain say whom to choose from? Otherwise it is everybody."""
    return bool(approver.role or approver.people)


def may_choose(approver: Approver, applicant_id: str) -> bool:
    """Is there anybody to choose but the applicant?"""
    return not is_named(approver) or bool(candidates(approver, applicant_id))


def candidates(approver: Approver, applicant_id: str) -> list[Candidate]:
    """Who is named to be chosen from and works here, without the applicant."""
    named = people.holders_of(approver.role, applicant_id) if approver.role else list(approver.people)
    return _present(named, applicant_id)


def _present(person_ids: Sequence[str], applicant_id: str) -> list[Candidate]:
    known = people.many(person_ids).values()
    return [Candidate(id=one.id, name=one.name) for one in known if one.is_active and one.id != applicant_id]


def offered(node: Node, applicant_id: str) -> Choosing | None:
    """What the applicant may choose for a node; candidates are named unless everybody is one. `None` where there is
    nothing to choose."""
    approver = choice_of(node)
    if approver is None or not may_choose(approver, applicant_id):
        return None
    return Choosing(
        most=approver.most,
        is_anybody=not is_named(approver),
        candidates=candidates(approver, applicant_id) if is_named(approver) else [],
    )
