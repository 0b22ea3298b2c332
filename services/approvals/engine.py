"""What moves an instance: it begins, steps open and close, it goes on, it ends.

Whoever moves one holds the lock on its row first, so two movements of one instance never overlap; what then decides
is the row count of a conditional UPDATE.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from kit import clock
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.enums import Act, InstanceState, SignMode, StepState, TaskState
from services import notices, platform
from services.approvals import delegations, tasks, trail, walking
from services.approvals.events import Decided, StepOpened
from services.approvals.routing import Applicant
from services.approvals.rules import refusals
from services.approvals.rules.chains import Chain
from services.approvals.running import Running
from services.approvals.trail import Entry
from services.approvals.walking import Line, Move
from templates_msg import Message

SYSTEM = "system"
"""Who decided, where an expression or the clock did."""


@dataclass(frozen=True)
class Progress:
    """How far a walk came: the names of those who are asked now, or how the request ended (`None`: it goes on)."""

    waiting_for: tuple[str, ...] = ()
    ended: InstanceState | None = None
    reason: str = ""


def begin(running: Running, applicant: Applicant, chain: Chain, before: Entry, position: int = 0) -> Progress:
    """Sends a request through its chain, the first time or once more; `NoApprover` when there is nobody to ask.

    `before` is what the history says first, `position` where the steps are counted from.
    """
    case = running.case(applicant, chain.fallback, chain.policies)
    lines = [Line.fresh(placed, chain) for placed in chain.placed(case.facts)]
    moves = walking.walk(lines, case, _approved(running) if running.round > 1 else ())
    if any(move.state is StepState.OPEN and not move.people for move in moves):
        raise refusals.NoApprover()
    done = {move.line.id: move for move in moves}
    rows = [_row(running, position + number, line, done.get(line.id)) for number, line in enumerate(lines)]
    platform.add_many(Step, rows)
    return _carry_out(running, lines, moves, before)


def _row(running: Running, position: int, line: Line, move: Move | None) -> dict[str, Any]:
    return {
        "id": line.id,
        "instance_id": running.id,
        "position": position,
        "round": running.round,
        "stage": line.stage,
        "branch": line.branch,
        "name": line.name,
        "mode": line.node.mode,
        "needed": move.needed if move else None,
        "node": line.node.model_dump(mode="json", exclude_defaults=True),
        "fallback": line.fallback,
        "policies": line.policies.model_dump(mode="json", exclude_defaults=True),
        "state": line.state,
        "opened_at": clock.now() if line.state is StepState.OPEN else None,
        "closed_at": None if line.state in walking.UNFINISHED else clock.now(),
    }


_LINES = (
    select(*walking.COLUMNS)
    .where(
        Step.instance_id == bindparam("instance_id"),
        Step.round == bindparam("round"),
        Step.state.in_(list(walking.UNFINISHED)),
    )
    .order_by(Step.position)
)


def go_on(running: Running) -> Progress:
    """Opens what comes next; when nothing is left, the request is approved."""
    rows = platform.rows(_LINES, {"instance_id": running.id, "round": running.round})
    lines = [Line.stored(row) for row in rows]
    if not lines:
        return Progress(ended=InstanceState.APPROVED)
    case = running.case(Applicant.known(running.applicant_id), lines[0].fallback, lines[0].policies)
    moves = walking.walk(lines, case, _approved(running))
    for move in moves:
        since = "opened_at" if move.state is StepState.OPEN else "closed_at"
        _change_step(move.line.id, StepState.WAITING, state=move.state, needed=move.needed, **{since: clock.now()})
    return _carry_out(running, lines, moves)


def _approved(running: Running) -> set[str]:
    """Who has approved, as far as it still counts."""
    counted = (
        select(Task.decided_by)
        .join(Step, Step.id == Task.step_id)
        .where(Task.instance_id == running.id, Task.state == TaskState.APPROVED, Step.round >= running.counts_from)
    )
    return {row.decided_by for row in platform.rows(counted) if row.decided_by}


def _carry_out(running: Running, lines: Sequence[Line], moves: Sequence[Move], *before: Entry) -> Progress:
    names: list[str] = []
    for move in moves:
        names += _done(running, move, before)
        before = ()
    trail.note(running.id, *before)
    refusal = next((move for move in moves if move.state is StepState.REJECTED), None)
    if refusal:
        return Progress(ended=InstanceState.REJECTED, reason=refusal.comment)
    is_over = all(line.state not in walking.UNFINISHED for line in lines)
    return Progress(tuple(names), InstanceState.APPROVED if is_over else None)


def _done(running: Running, move: Move, before: Sequence[Entry]) -> list[str]:
    line = move.line
    before = [*before, *(one.entry(line.name) for one in move.instead)]
    if move.state is StepState.OPEN:
        return ask(running, line, move.people, *before)
    trail.note(running.id, *before, Entry(move.act, line.name, comment=move.comment))
    if move.people:
        _copy(running, line, list(move.people))
    return []


def ask(running: Running, line: Line, people: dict[str, int], *before: Entry) -> list[str]:
    """Hands out the tasks of an open step and sends the cards; the names of those asked.

    A step without anybody is left to the sweep.
    """
    if not people:
        trail.note(running.id, *before, Entry(Act.STUCK, line.name))
        return []
    asked = delegations.asked(list(people), running.subject)
    names = [one.name for one in asked]
    trail.note(running.id, *before, Entry(Act.OPENED, line.name, comment="、".join(names)))
    if line.node.mode is SignMode.IN_TURN:
        tasks.in_turn(running, line.id, line.node, asked)
        names = names[:1]
    else:
        tasks.hand_out(running, line.id, line.node, asked, [tasks.Place(people[one.id]) for one in asked])
    platform.publish(StepOpened(running.subject, running.subject_id, running.id, line.name, tuple(people)))
    return names


_SUMMARY = select(Instance.summary).where(Instance.id == bindparam("instance_id"))


def _copy(running: Running, line: Line, person_ids: list[str]) -> None:
    """Tells people of the request; they may read it from now on."""
    tasks.keep_copies(running, line.id, person_ids)
    stored = platform.scalar(_SUMMARY, {"instance_id": running.id}) or {}
    title = stored["copy"]["title"] if "copy" in stored else running.title
    facts = {"title": title, "link": f"/h5/approvals/{running.id}"}
    notices.notify(person_ids, Message("approvals/copied", facts), key=f"copied:{line.id}")


def conclude(running: Running, progress: Progress, actor_id: str | None, comment: str = "") -> InstanceState:
    """Ends the request when the walk has ended it; how it stands now."""
    if progress.ended is None:
        return InstanceState.PENDING
    is_own = progress.ended is InstanceState.APPROVED and actor_id is not None
    finish(running, progress.ended, actor_id if is_own else None, comment if is_own else progress.reason)
    return progress.ended


def finish(running: Running, state: InstanceState, actor_id: str | None, comment: str = "") -> None:
    """Ends the instance with a decision and tells the owner of the subject."""
    end(running, state, actor_id)
    who = (actor_id or SYSTEM, comment)
    platform.publish(Decided(running.subject, running.subject_id, running.id, state, *who, running.part))


def end(running: Running, state: InstanceState, actor_id: str | None) -> None:
    """Ends the instance: it is pending no more, and steps not reached are closed."""
    ended = {"state": state, "open_key": None, "decided_by": actor_id, "ended_at": clock.now()}
    if not platform.moved(Instance, running.id, running.state, **ended):
        raise refusals.AlreadyDecided()
    if state is not InstanceState.APPROVED:
        close_unreached(running)


def close_unreached(running: Running) -> None:
    """Steps that nobody was asked in yet close."""
    unreached = update(Step).where(Step.instance_id == running.id, Step.state == StepState.WAITING)
    platform.changed(unreached.values(state=StepState.CLOSED, closed_at=clock.now()))


def close_open(running: Running, words: str) -> None:
    """Closes every step that is open, with its tasks and cards."""
    for step_id in open_steps(running.id):
        tasks.close(step_id, StepState.CLOSED, tasks.pending(step_id), words)


def open_steps(instance_id: str) -> list[str]:
    """The ids of the steps that ask somebody now."""
    opened = select(Step.id).where(Step.instance_id == instance_id, Step.state == StepState.OPEN)
    return [row.id for row in platform.rows(opened)]


def _change_step(step_id: str, was: StepState, **values: Any) -> None:
    if not platform.moved(Step, step_id, was, **values):
        raise refusals.AlreadyDecided()
