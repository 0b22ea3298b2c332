"""The life of a request as its owner drives it: begun with the subject's chain in force, taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

import templates_msg
from kit import clock, log
from kit.errors import Conflict, NotFound
from kit.ids import new_id
from kit.text import clip
from models.approvals import ApprovalInstance as Instance
from models.base import db
from models.enums import Act, InstanceState
from services import platform
from services.approvals import choosing, engine, flows, stored, trail
from services.approvals.routing import Applicant
from services.approvals.rules import limits
from services.approvals.rules.conditions import Facts
from services.approvals.rules.refusals import AlreadyDecided
from services.approvals.running import Running, lock
from services.approvals.trail import Entry
from services.approvals.views import Copy, InstanceOut, Row
from services.people import Actor, AnyActor
from templates_msg import Message

LONGEST_TITLE = 200
logger = log.get(__name__)


def start(  # noqa: PLR0913 — what a request consists of
    subject: str,
    subject_id: str,
    applicant: Actor,
    facts: Facts,
    message: Message,
    details: Sequence[Row] = (),
    choices: Mapping[str, Sequence[str]] | None = None,
    copy: Copy | None = None,
) -> InstanceOut:
    """Sends a request on its way and asks the first approvers.

    `facts` are what conditions look at; `message` is the card of the approvers, its buttons carry the verbs `approve`
    and `reject`; `details` are what the page shows in full, by default the words of the card; `choices` are whom the
    applicant chose for the nodes that leave it to them; `copy` is what those who are only told see instead of all
    that, where that has to be less. `NoApprover` when nobody can decide, `Conflict` when the same
    thing waits for a decision already, `Invalid` when a choice is missing or not among the candidates.
    """
    flow, whom = flows.in_force(subject), Applicant(applicant.person_id, applicant.department_id)
    facts = flows.told(whom, facts)
    running = Running(
        new_id(), subject, subject_id, applicant.person_id, *written(message, facts), InstanceState.PENDING,
        stored.freeze(facts), choosing.checked(flow.chain, facts, choices or {}, applicant.person_id),
    )  # fmt: skip
    chain = None if flow.version else flow.chain.model_dump(mode="json", exclude_defaults=True)
    begun = {
        "flow_version": flow.version,
        "chain": chain,
        "summary": summary_of(message, details, copy),
        "created_at": clock.now(),
    }
    if not platform.first(Instance, **vars(running), **begun, open_key=running.name):
        raise Conflict("这项申请正在审批中，请等待结果或先撤回")
    progress = engine.begin(running, whom, flow.chain, Entry(Act.STARTED, actor_id=applicant.person_id))
    state = engine.conclude(running, progress, None)
    logger.info("approvals.started", extra={"instance": running.id, "subject": subject})
    return InstanceOut(
        id=running.id,
        subject=subject,
        subject_id=subject_id,
        title=running.title,
        applicant=applicant.name,
        state=state,
        started_at=begun["created_at"],
        ended_at=None if state is InstanceState.PENDING else clock.now(),
        waiting_for=list(progress.waiting_for),
    )


def written(message: Message, facts: Facts) -> tuple[str, str, dict[str, Any]]:
    """The title of the request, and the card of its approvers as it is stored."""
    return clip(templates_msg.title(message), LONGEST_TITLE), message.template, stored.freeze(message.facts)


def summary_of(message: Message, details: Sequence[Row], copy: Copy | None) -> dict[str, Any]:
    """The rows of the request's page, as they are stored, and what copies show instead."""
    rows = {"rows": [list(row) for row in details or _rows_of(message)]}
    return rows | ({"copy": copy.model_dump(mode="json")} if copy else {})


def _rows_of(message: Message) -> list[Row]:
    card = templates_msg.render(message)["template_card"]
    said = [("说明", card["main_title"]["desc"])] if card["main_title"].get("desc") else []
    return said + [(row["keyname"], row["value"]) for row in card.get("horizontal_content_list", ())]


def newest(subject: str, subject_id: str) -> str:
    """The id of the newest request about this thing; `NotFound` when there is none."""
    ours = (Instance.subject == subject) & (Instance.subject_id == subject_id)
    found = select(Instance.id).where(ours).order_by(Instance.created_at.desc(), Instance.id.desc()).limit(1)
    instance_id = db.session.scalar(found)
    if instance_id is None:
        raise NotFound()
    return instance_id


def withdraw(subject: str, subject_id: str, actor: AnyActor) -> None:
    """Takes a pending request back; its owner has checked whose it is. `AlreadyDecided` when it came too late.

    The owner knows that it withdrew, so nothing is published.
    """
    running = lock(newest(subject, subject_id))
    if running.state not in limits.ALIVE:
        raise AlreadyDecided("这项申请已经审批完，不能撤回了")
    engine.close_open(running, "申请人已撤回")
    doer = actor.person_id if isinstance(actor, Actor) else None
    engine.end(running, InstanceState.WITHDRAWN, doer)
    trail.note(running.id, Entry(Act.WITHDRAWN, actor_id=doer))
    platform.audit.record(actor, "approvals.withdraw", running.name, person_id=running.applicant_id)
