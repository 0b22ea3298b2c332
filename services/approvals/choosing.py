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
    if not 1 <= len(wanted) <= approver.most:
        raise Invalid(f"请为环节“{node.name}”选择审批人，最多 {approver.most} 人")
    allowed = _allowed(approver, applicant_id)
    known = people.many(wanted)
    for one in wanted:
        if one == applicant_id or one not in known or not known[one].is_active or (allowed and one not in allowed):
            raise Invalid(f"环节“{node.name}”不能选这位审批人，请另选")
    return wanted


def _allowed(approver: Approver, applicant_id: str) -> list[str]:
    if approver.role:
        return people.holders_of(approver.role, applicant_id)
    return list(approver.people)


def offered(node: Node, applicant_id: str) -> Choosing | None:
    """What the applicant may choose for a node; candidates are named unless everybody is one."""
    approver = choice_of(node)
    if approver is None:
        return None
    known = people.many(_allowed(approver, applicant_id)).values()
    named = [Candidate(id=one.id, name=one.name) for one in known if one.is_active and one.id != applicant_id]
    is_anybody = not approver.role and not approver.people
    return Choosing(most=approver.most, is_anybody=is_anybody, candidates=named)
