"""A draft is tried: the granted requests of a past year are measured by it and by the rules it would replace.

Both measure each request anew, by the calendar and the shifts of its days, so that the difference is the rules' and not
the date's; what the draft would have refused is told apart, for nobody knows what would have been asked for instead.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from kit import clock
from kit.ids import new_id
from models.base import db
from models.leave import LeaveKindTrial, LeaveRun
from services import platform
from services.leave.granting import grants, runs
from services.leave.kind_drafts import past, saving
from services.leave.kind_drafts.judging import Year
from services.leave.kind_drafts.past import Whose
from services.leave.kind_drafts.rules import Judged, note
from services.leave.kind_drafts.saving import SHELF
from services.leave.rulebook import catalog
from services.leave.rulebook.catalog import Kind
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.schemas import EditKind
from services.leave.trials import shelf
from services.leave.trials.shelf import TrialYear
from services.people import AnyActor, Permission

TRY = "leave.try_kind"
LONGEST = 300  # what a column of refusals holds


def start(actor: AnyActor, draft_id: str, wish: TrialYear) -> None:
    """Begins to try a draft on a past year; what an earlier trial of it found is forgotten."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    shelf.check_past(wish.year)
    row = SHELF.get(draft_id)
    SHELF.check_unreleased(row)
    filled = saving.form(row)
    saving.check_newest(row.kind_code, filled)
    mine = past.whose(row.kind_code, wish.year).subquery()
    total = db.session.scalar(select(func.count()).select_from(mine)) or 0
    kept = {"kind": row.kind_code, "year": wish.year, "base": filled.version}
    run_id = SHELF.begin(actor, row, f"{wish.year}年{filled.name}规则试算", kept, total)
    platform.promise(TRY, {"run": run_id}, dedupe_key=f"{TRY}:{run_id}")


def keep_trial(payload: dict[str, Any]) -> None:
    """The job: measures the requests of the next chunk of people."""
    run = runs.get(str(payload["run"]))
    after = runs.carry_on(run, _following(run), lambda ids: _try(run.id, dict(run.wish), ids))
    if after:
        platform.promise(TRY, {"run": run.id}, dedupe_key=f"{TRY}:{run.id}:{after}")


def _following(run: LeaveRun) -> list[str]:
    mine = past.whose(run.wish["kind"], int(run.wish["year"])).subquery()
    wanted = select(mine.c.person_id).where(mine.c.person_id > run.after).order_by(mine.c.person_id)
    return list(db.session.scalars(wanted.limit(grants.CHUNK)))


def _try(run_id: str, wish: Mapping[str, Any], ids: Sequence[str]) -> int:
    row = SHELF.get(wish["draft"])
    filled, base = saving.form(row), catalog.then(row.kind_code, int(wish["base"]))
    if base is None:
        return 0
    was_active = catalog.kind_detail(row.kind_code).is_active
    drafted = Kind(row.kind_code, filled.name, filled.version + 1, _rules(filled))
    found = []
    for one in past.read(ids, row.kind_code, int(wish["year"])):
        before, after = Year(one, base, was_active).judged(), Year(one, drafted, filled.is_active).judged()
        found += [_result(run_id, one, mine, before[mine], after[mine]) for mine in before]
    return platform.first_of_many(LeaveKindTrial, found)


def _rules(filled: EditKind) -> KindRules:
    return KindRules.model_validate(filled.model_dump(include=set(KindRules.model_fields)))


def _result(run_id: str, whose: Whose, request_id: str, before: Judged, after: Judged) -> dict[str, Any]:
    refusal = after.refusal if before.refusal is None else None
    counted = before if refusal else after
    day_minutes = max(plan.full_minutes for plan in whose.plans.values())
    was, now = _minutes(before.days, day_minutes), _minutes(counted.days, day_minutes)
    return {
        "id": new_id(),
        "created_at": clock.now(),
        "run_id": run_id,
        "request_id": request_id,
        "person_id": whose.person.id,
        "department_id": whose.person.department_id,
        "day_minutes": day_minutes,
        "before": was,
        "after": now,
        "difference": now - was,
        "note": note(before.portions, counted.portions),
        "refusal": refusal.title[:LONGEST] if refusal else None,
        "left_on": None if whose.person.is_active else whose.person.left_on,
    }


def _minutes(days: Fraction, day_minutes: int) -> int:
    """Days as minutes of somebody's longest working day, so that days of other lengths can be added up."""
    return round(days * day_minutes)
