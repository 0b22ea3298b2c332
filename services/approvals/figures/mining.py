"""What HR learns from approvals: how long steps take, how often they refuse, what is stuck, who is overloaded.

A step counts in the period in which it was decided, its pauses do not. Each table is a statement or a few, however much
there is: the database ranks the waits and picks the percentiles; working hours are reckoned beside. All of it lies
within the reach of whoever looks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from kit import clock
from models.approvals import ApprovalInstance as Instance
from models.approvals import ApprovalStep as Step
from models.approvals import ApprovalTask as Task
from models.enums import StepState, TaskState
from services import people, platform
from services.approvals import flows
from services.approvals.figures import pauses, working
from services.approvals.figures import rules as rules_mining
from services.approvals.figures.rules import HIGH, MEDIAN, Spread, Worked
from services.approvals.figures.schemas import (
    ApproverFigures,
    FiguresQuery,
    MonthFigures,
    NodeFigures,
    Part,
    StuckStep,
    Timed,
)
from services.approvals.figures.scope import REQUEST_OF_STEP, about, in_period, spoken
from services.approvals.figures.working import Decision, decisions
from services.people import Actor, Permission, PersonView

MOST_SHOWN, MOST_EXPORTED = 20, 10_000


def nodes(actor: Actor, query: FiguresQuery, told: Sequence[Decision] | None = None) -> list[NodeFigures]:
    """Every node that decided in the period or has something waiting, the slowest first.

    `told` are the decisions of the period, where somebody has them already; so for the other tables.
    """
    worked = working.spreads(decisions(actor, query) if told is None else told, lambda one: (one.subject, one.node))
    keys = (Instance.subject, Step.name)
    timed = _spreads(_decided(actor, query, keys))
    opened = select(*keys, func.count(Step.id), func.min(Step.opened_at)).join(*REQUEST_OF_STEP)
    still = opened.where(Step.state == StepState.OPEN, *about(actor, query)).group_by(*keys)
    waiting = {tuple(row[:2]): row for row in platform.rows(still)}
    titles = flows.titles()
    both = {key: (timed[key], worked.get(key)) for key in timed}
    found = [_node(key, titles, both.get(key), waiting.get(key)) for key in {**timed, **waiting}]
    return sorted(found, key=lambda one: (-one.timed.median_hours if one.timed else 0, one.subject, one.node))


def months(actor: Actor, query: FiguresQuery, told: Sequence[Decision] | None = None) -> list[MonthFigures]:
    """The decisions of the period month by month; months without any are left out."""
    worked = working.spreads(decisions(actor, query) if told is None else told, lambda one: one.month)
    begun = query.period.months()
    before = [(Step.closed_at < clock.at_local(day), at) for at, day in enumerate(begun[1:])]
    bucket = case(*before, else_=len(begun) - 1) if before else literal(0)
    found = _spreads(_decided(actor, query, (bucket,)))
    return [
        MonthFigures(month=begun[at], **_hours(spread, worked.get(begun[at])))
        for (at,), spread in sorted(found.items())
    ]


def stuck(actor: Actor, query: FiguresQuery, most: int = MOST_SHOWN) -> list[StuckStep]:
    """What is open now and has waited longest, the oldest first."""
    request = (Instance.title, Instance.subject, Instance.applicant_id)
    opened = select(Step.id, Step.instance_id, Step.name, Step.opened_at, *request).join(*REQUEST_OF_STEP)
    oldest = opened.where(Step.state == StepState.OPEN, *about(actor, query)).order_by(Step.opened_at, Step.id)
    rows = platform.rows(oldest.limit(most))
    asked = _asked([row.id for row in rows])
    names = _names({row.applicant_id for row in rows} | {one for found in asked.values() for one in found})
    titles = flows.titles()
    return [_stuck(row, titles, names, asked[row.id]) for row in rows]


def approvers(
    actor: Actor, query: FiguresQuery, told: Sequence[Decision] | None = None, most: int = MOST_SHOWN
) -> list[ApproverFigures]:
    """Who has most waiting, then who takes longest; `Forbidden` to all but HR."""
    actor.require(Permission.APPROVALS_APPROVER_READ)
    worked = working.spreads(decisions(actor, query) if told is None else told, lambda one: one.by)
    waiting, timed = _waiting(actor, query), _spreads(_spoken(actor, query))
    everybody = {**waiting, **{key: None for (key,) in timed}}
    known = people.many(everybody) if everybody else {}
    found = [_approver(known[one], waiting.get(one), timed.get((one,)), worked.get(one)) for one in everybody]
    return sorted(found, key=_burden)[:most]


PARTS: dict[Part, Callable[[Actor, FiguresQuery], Sequence[Any]]] = {
    "nodes": nodes,
    "months": months,
    "stuck": partial(stuck, most=MOST_EXPORTED),
    "approvers": partial(approvers, most=MOST_EXPORTED),
}


def export(actor: Actor, query: FiguresQuery) -> Sequence[Any]:
    """One part of the figures, whole, to be taken away."""
    rows = PARTS[query.part](actor, query)
    after = {"part": query.part, "subject": query.subject, "rows": len(rows)}
    platform.audit.record(actor, "approvals.figures.export", "approval_figures", after=after)
    return rows


def _decided(actor: Actor, query: FiguresQuery, keys: tuple[Any, ...]) -> Select[*tuple[Any, ...]]:
    """The steps decided in the period: their keys, how long they were open, and whether they refused."""
    refused = case((Step.state == StepState.REJECTED, 1), else_=0)
    still = pauses.of_steps(in_period(query))
    steps = select(*keys, pauses.without(Step.opened_at, Step.closed_at, still), refused).join(*REQUEST_OF_STEP)
    return steps.outerjoin(still, still.c.id == Step.id).where(*in_period(query), *about(actor, query))


def _spoken(actor: Actor, query: FiguresQuery) -> Select[*tuple[Any, ...]]:
    """The decisions people made in those steps: who, how long it lay before them, and whether they refused."""
    refused = case((Task.state == TaskState.REJECTED, 1), else_=0)
    still = pauses.of_tasks(in_period(query))
    tasks = select(Task.decided_by, pauses.without(Task.created_at, Task.decided_at, still), refused)
    joined = tasks.join(Step, Step.id == Task.step_id).join(*REQUEST_OF_STEP)
    return joined.outerjoin(still, still.c.id == Task.id).where(*spoken(actor, query))


def _spreads(timed: Select[*tuple[Any, ...]]) -> dict[tuple[Any, ...], Spread]:
    """For each group of a statement's columns before the last two (wait, refusal): how many, percentiles, refusals."""
    *by, seconds, refused = timed.subquery().c
    place = func.row_number().over(partition_by=by, order_by=seconds).label("place")
    size = func.count().over(partition_by=by).label("size")
    ranked = select(*by, seconds.label("seconds"), refused.label("refused"), place, size).subquery().c
    group = list(ranked)[: len(by)]
    picks = [func.count(), _pick(ranked, MEDIAN), _pick(ranked, HIGH), func.sum(ranked.refused)]
    rows = platform.rows(select(*group, *picks).group_by(*group))
    return {tuple(row[: len(by)]): Spread(*map(int, row[len(by) :])) for row in rows}


def _pick(ranked: Any, share: Fraction) -> ColumnElement[int]:
    reached = ranked.place * share.denominator >= ranked.size * share.numerator
    return func.min(case((reached, ranked.seconds)))


def _waiting(actor: Actor, query: FiguresQuery) -> dict[str, Any]:
    tasks = select(Task.person_id, func.count(Task.id), func.min(Task.created_at))
    joined = tasks.join(Instance, Instance.id == Task.instance_id)
    still = joined.where(Task.state == TaskState.OPEN, *about(actor, query)).group_by(Task.person_id)
    return {row[0]: row for row in platform.rows(still)}


def _asked(step_ids: list[str]) -> dict[str, list[str]]:
    """step → the ids of those it asks now."""
    found: dict[str, list[str]] = defaultdict(list)
    tasks = select(Task.step_id, Task.person_id).where(Task.step_id.in_(step_ids), Task.state == TaskState.OPEN)
    for row in platform.rows(tasks.order_by(Task.id)) if step_ids else ():
        found[row.step_id].append(row.person_id)
    return found


def _names(person_ids: Iterable[str]) -> dict[str, str]:
    wanted = set(person_ids)
    return {one.id: one.name for one in people.many(wanted).values()} if wanted else {}


def _hours(spread: Spread, worked: Worked | None) -> dict[str, Any]:
    return {
        "decided": spread.decided,
        "median_hours": rules_mining.hours(spread.median),
        "high_hours": rules_mining.hours(spread.high),
        "worked_median_hours": rules_mining.hours(worked.median) if worked else None,
        "worked_high_hours": rules_mining.hours(worked.high) if worked else None,
        "refused_percent": spread.refused_percent,
    }


def _node(
    key: tuple[Any, ...], titles: Mapping[str, str], timed: tuple[Spread, Worked | None] | None, waiting: Any
) -> NodeFigures:
    subject, name = key
    return NodeFigures(
        subject=titles.get(subject, subject),
        node=name,
        timed=Timed(**_hours(*timed)) if timed else None,
        waiting=waiting[2] if waiting else 0,
        oldest_since=waiting[3] if waiting else None,
    )


def _stuck(row: Any, titles: Mapping[str, str], names: Mapping[str, str], asked: list[str]) -> StuckStep:
    return StuckStep(
        instance_id=row.instance_id,
        title=row.title,
        subject=titles.get(row.subject, row.subject),
        applicant=names[row.applicant_id],
        node=row.name,
        since=row.opened_at,
        hours=rules_mining.hours(int((clock.now() - row.opened_at).total_seconds())),
        waiting_for=[names[one] for one in asked],
    )


def _approver(person: PersonView, waiting: Any, spread: Spread | None, worked: Worked | None) -> ApproverFigures:
    decided = spread.decided if spread else 0
    return ApproverFigures(
        name=person.name,
        department=person.department_name,
        waiting=waiting[1] if waiting else 0,
        oldest_since=waiting[2] if waiting else None,
        decided=decided,
        timed=Timed(**_hours(spread, worked)) if spread and rules_mining.has_figures(decided) else None,
    )


def _burden(one: ApproverFigures) -> tuple[Any, ...]:
    return -one.waiting, -one.timed.median_hours if one.timed else 0, one.name
