"""A draft of a chain over the requests of the last days: which of them would gain or lose a step. Nothing is written.

Both ways are computed from what the request told when it was made: the one of the version it took, and the one of the
draft. A step is the same when it has the same name, asks the same approvers and is passed in the same way.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from kit import clock
from models.approvals import ApprovalFlow
from models.approvals import ApprovalInstance as Instance
from models.base import db
from models.enums import NodeKind, SignMode
from services import people
from services.approvals import flows, stored
from services.approvals.design.comparing import fields_of, told
from services.approvals.design.rules import Asks, Told
from services.approvals.design.schemas import Example, ReplayOut, StepShift
from services.approvals.rules import conditions
from services.approvals.rules.chains import Chain, Node
from services.approvals.rules.conditions import Facts
from services.people import Actor, Permission

DAYS, MOST, EXAMPLES = 30, 1000, 10


@dataclass(frozen=True)
class Step:
    """A step as far as replaying goes; two are the same whatever their words."""

    key: str
    asks: Asks
    words: str = field(compare=False)

    @classmethod
    def of(cls, one: Told) -> "Step":
        """The step that a node becomes."""
        whom = [one.words["人员"], one.words["方式"] if one.node.mode is not SignMode.OR_SIGN else ""]
        return cls(one.key, Asks.of(one.node), f"{one.key}（{'，'.join(filter(None, whom))}）")


@dataclass(frozen=True)
class Way:
    """A chain whose steps are told apart."""

    chain: Chain
    steps: Mapping[Node, Step]

    def of(self, facts: Facts) -> list[Step]:
        """The steps of a request that tells this."""
        return [self.steps[node] for node in self.chain.route(facts)]

    def refuses(self, facts: Facts) -> bool:
        """Does an automatic node refuse such a request?"""
        autos = (node for node in self.chain.route(facts) if node.kind is NodeKind.AUTO)
        return any(conditions.holds(node.test, facts) is False for node in autos)


@dataclass(frozen=True)
class Tried:
    """A request with both of its ways."""

    row: Any
    was: list[Step]
    now: list[Step]
    is_refused: bool


def replay(actor: Actor, subject: str, definition: str) -> ReplayOut:
    """What the draft would have meant for the requests of the last 30 days within the actor's reach.

    The newest 1,000 are looked at; `Invalid` when the draft is no chain.
    """
    draft, earlier = _way(subject, flows.read_chain(subject, definition)), _ways(subject)
    wanted = _requests(actor, subject)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = db.session.execute(wanted.order_by(Instance.created_at.desc(), Instance.id).limit(MOST)).all()
    tried = [_tried(row, earlier.get(row.flow_version, draft), draft) for row in rows]
    changed = [one for one in tried if one.was != one.now]
    return ReplayOut(
        days=DAYS,
        total=total,
        seen=len(rows),
        changed=len(changed),
        refused=sum(one.is_refused for one in tried),
        shifts=_shifts(changed),
        examples=_examples(changed[:EXAMPLES]),
    )


def _requests(actor: Actor, subject: str) -> Select[Any]:
    columns = (Instance.title, Instance.applicant_id, Instance.flow_version, Instance.compared, Instance.created_at)
    reach = people.within(actor, Permission.APPROVALS_INSTANCE_READ)
    since = clock.now() - timedelta(days=DAYS)
    return select(*columns).where(
        Instance.subject == subject, Instance.created_at >= since, Instance.applicant_id.in_(reach)
    )


def _ways(subject: str) -> dict[int, Way]:
    """Every version that a request of the subject may have taken."""
    saved = select(ApprovalFlow.version, ApprovalFlow.definition).where(ApprovalFlow.subject == subject)
    chains = {row.version: Chain.model_validate(row.definition) for row in db.session.execute(saved)}
    return {number: _way(subject, one) for number, one in {0: flows.subject_of(subject).chain, **chains}.items()}


def _way(subject: str, chain: Chain) -> Way:
    return Way(chain, {one.node: Step.of(one) for one in told(chain, fields_of(subject))})


def _tried(row: Any, was: Way, now: Way) -> Tried:
    facts = stored.thaw(row.compared)
    return Tried(row, was.of(facts), now.of(facts), now.refuses(facts))


def _shifts(changed: Iterable[Tried]) -> list[StepShift]:
    gained: Counter[Step] = Counter()
    lost: Counter[Step] = Counter()
    for one in changed:
        was, now = Counter(one.was), Counter(one.now)
        gained.update(now - was)
        lost.update(was - now)
    steps = sorted(gained | lost, key=lambda step: (-gained[step] - lost[step], step.words))
    return [StepShift(step=step.words, gained=gained[step], lost=lost[step]) for step in steps]


def _examples(changed: list[Tried]) -> list[Example]:
    ids = {one.row.applicant_id for one in changed}
    names = {one.id: one.name for one in people.many(ids).values()} if ids else {}
    return [
        Example(
            title=one.row.title,
            applicant=names[one.row.applicant_id],
            started_at=one.row.created_at,
            was=[step.words for step in one.was],
            now=[step.words for step in one.now],
        )
        for one in changed
    ]
