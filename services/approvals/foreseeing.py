"""The way a request would take, with names, before it is made: for its applicant, and for whoever edits the chain."""

from collections.abc import Sequence

from models.enums import NodeKind, Repeat, StepState
from services import people
from services.approvals import choosing, delegations, flows, standing_in, trail, walking
from services.approvals.design import wording
from services.approvals.design.schemas import TryFlow
from services.approvals.flows import Subject
from services.approvals.routing import Applicant, Case
from services.approvals.rules import signing
from services.approvals.rules.chains import Chain
from services.approvals.rules.conditions import Facts
from services.approvals.standing_in import Asked
from services.approvals.views import StepView
from services.approvals.walking import Line
from services.people import Actor

Seen = tuple[Line, StepState, Asked]


def preview(subject: str | Subject, applicant: Actor, facts: Facts) -> list[StepView]:
    """The steps such a request would take now, with names, before it is made."""
    whom = Applicant(applicant.person_id, applicant.department_id)
    name = subject if isinstance(subject, str) else subject.name
    return route(name, flows.in_force(subject).chain, whom, flows.told(whom, facts))


def try_out(subject: str, wish: TryFlow) -> list[StepView]:
    """The steps a chain being edited would have for somebody's request; nothing is saved."""
    applicant = delegations.colleague(wish.applicant)
    whom = Applicant(applicant.id, applicant.department_id)
    facts = flows.told(whom, flows.read_facts(subject, wish.facts))
    return route(subject, flows.read_chain(subject, wish.definition), whom, facts)


def route(subject: str, chain: Chain, applicant: Applicant, facts: Facts) -> list[StepView]:
    """The steps a chain has for somebody's request. A step whose only question was answered before is skipped, and
    whoever is away today is replaced as they would be today."""
    lines = [Line.fresh(placed, chain) for placed in chain.placed(facts)]
    case = Case(applicant, chain.fallback, chain.policies, facts, subject=subject)
    shown = _seen(lines, case)
    names = _names(shown)
    return [_view(one, names, applicant) for one in shown]


def _seen(lines: Sequence[Line], case: Case) -> list[Seen]:
    named = [walking.foresee(line, lines, case) for line in lines]
    case.roster.look(one for found in named for one in found)
    approved: set[str] = set()
    shown: list[Seen] = []
    for line, found in zip(lines, named, strict=True):
        node, settled = line.node, approved if case.policies.repeated is Repeat.SKIP else set()
        asked = standing_in.resolve(node, found, case, settled)
        is_passed = signing.without_repeats(node.mode, asked.people, settled, node.needed).is_answered
        shown.append((line, StepState.SKIPPED if is_passed else StepState.WAITING, asked))
        speak = node.kind is NodeKind.APPROVE and signing.all_speak(node.mode, asked.people)
        approved |= set(asked.people) if speak else set()
    return shown


def _names(shown: Sequence[Seen]) -> dict[str, str]:
    instead = [one for *_, asked in shown for one in asked.instead]
    ids = {one for *_, asked in shown for one in asked.people} | {one.person_id for one in instead}
    wanted = ids | {one.heir_id for one in instead if one.heir_id}
    return {one.id: one.name for one in people.many(wanted).values()} if wanted else {}


def _view(seen: Seen, names: dict[str, str], applicant: Applicant) -> StepView:
    line, state, asked = seen
    node = line.node
    return StepView(
        name=node.name,
        kind=node.kind,
        mode=node.mode,
        state=state,
        approvers=[names[one] for one in asked.people],
        stage=line.stage,
        branch=line.branch,
        way=wording.way_of(node.kind, node.mode, node.needed),
        choosing=choosing.offered(node, applicant.id),
        notes=[trail.sentence(one.entry(node.name), names) for one in asked.instead],
    )
