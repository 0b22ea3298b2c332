"""A draft is tried: a past year is reckoned for everybody by it and by the policy it would replace, chunk by chunk.

Both are laid over the whole year, so that the difference is the rule's and not the date's. The facts are those of that
year: who worked here in it, their dates, their absences, what they took. Who has left since is among them and marked;
who left in that year is reckoned until their last day, and their settlement is not looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from kit import clock
from kit.errors import Invalid
from kit.ids import new_id
from models.base import db
from models.enums import Basis
from models.leave import LeavePolicyTrial, LeaveRun
from services import people, platform
from services.leave.granting import grants, policies, runs
from services.leave.granting.rules.entitlement import Due
from services.leave.granting.rules.policy import Released, in_force
from services.leave.policy_drafts import saving
from services.leave.policy_drafts.saving import SHELF
from services.leave.trials import shelf
from services.leave.trials.shelf import TrialYear
from services.people import AnyActor, Permission, PersonView

TRY = "leave.try_draft"
LONGEST = 500  # what a column of sentences holds


def start(actor: AnyActor, draft_id: str, wish: TrialYear) -> None:
    """Begins to try a draft on a past year; what an earlier trial of it found is forgotten."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    shelf.check_past(wish.year)
    row = SHELF.get(draft_id)
    drafted = policies.draft(row.kind_code, saving.form(row))
    if drafted.policy.basis is Basis.OVERTIME:
        raise Invalid("加班换休按每次加班计算，没有全年额度可以试算")
    base = in_force(policies.of_kind(row.kind_code), drafted.valid_from)
    total = db.session.scalar(select(func.count()).select_from(_worked(wish.year).subquery())) or 0
    kept = {"year": wish.year, "base": base.version if base else 0}
    run_id = SHELF.begin(actor, row, f"{wish.year}年{drafted.kind_name}试算", kept, total)
    platform.promise(TRY, {"run": run_id}, dedupe_key=f"{TRY}:{run_id}")


def keep_trial(payload: dict[str, Any]) -> None:
    """The job: reckons the next chunk of people; one whose draft is gone or tried anew has ended."""
    run = runs.get(str(payload["run"]))
    after = runs.carry_on(run, _following(run), lambda ids: _try(run.id, dict(run.wish), ids))
    if after:
        platform.promise(TRY, {"run": run.id}, dedupe_key=f"{TRY}:{run.id}:{after}")


def _worked(year: int) -> Select[str]:
    return people.worked_since(date(year, 1, 1))


def _following(run: LeaveRun) -> list[str]:
    worked = _worked(int(run.wish["year"])).subquery()
    wanted = select(worked.c.id).where(worked.c.id > run.after).order_by(worked.c.id).limit(grants.CHUNK)
    return list(db.session.scalars(wanted))


def _try(run_id: str, wish: Mapping[str, Any], ids: Sequence[str]) -> int:
    row, year = SHELF.get(wish["draft"]), int(wish["year"])
    filled = saving.form(row)
    known = policies.of_kind(row.kind_code)
    name = known[0].kind_name if known else row.kind_code
    drafted = Released(row.kind_code, name, filled.version + 1, filled.valid_from, filled.policy())
    base = next((one for one in known if one.version == wish["base"]), None)
    rows = [_result(run_id, *one) for one in compared(ids, base, drafted, year)]
    return platform.first_of_many(LeavePolicyTrial, rows)


@dataclass(frozen=True)
class Side:
    """What one policy gives somebody in the year, in minutes, and why."""

    minutes: int = 0
    sentence: str = ""
    day_minutes: int = 0


def compared(
    ids: Sequence[str], base: Released | None, drafted: Released, year: int
) -> list[tuple[PersonView, Side, Side]]:
    """These people with what each of the two would have given them in the year; nothing is written."""
    end = date(year, 12, 31)
    hired = [one for one in people.many(ids).values() if one.hired_on and one.hired_on <= end]
    if not hired:
        return []
    before, after = _laid_over(hired, base, year) if base else {}, _laid_over(hired, drafted, year)
    return [(one, before.get(one.id, Side()), after.get(one.id, Side())) for one in hired]


def _laid_over(hired: Sequence[PersonView], released: Released, year: int) -> dict[str, Side]:
    whole_year = {released.kind_code: [replace(released, valid_from=date(year, 1, 1))]}
    gathered = grants.gather([one.id for one in hired], whole_year, year, grants.every_kind())
    dues: dict[str, list[Due]] = {}
    left = {one.id: one.left_on for one in hired if not one.is_active and one.left_on}
    kept = {whose: spans for whose, spans in gathered.settled.items() if whose[0] not in left}
    for one in grants.reckon(hired, whole_year, replace(gathered, settled=kept), date(year, 12, 31), left):
        dues.setdefault(one.person_id, []).append(one)
    return {person_id: _side(mine) for person_id, mine in dues.items()}


def _side(mine: Sequence[Due]) -> Side:
    """The sum, with the last word of each source: of what comes by the month, December's holds the whole year."""
    last = {"company" in one.key: one.sentence for one in mine}
    return Side(sum(one.minutes for one in mine), "；".join(last.values())[:LONGEST], mine[0].day_minutes)


def _result(run_id: str, person: PersonView, before: Side, after: Side) -> dict[str, Any]:
    return {
        "id": new_id(),
        "created_at": clock.now(),
        "run_id": run_id,
        "person_id": person.id,
        "department_id": person.department_id,
        "day_minutes": after.day_minutes or before.day_minutes or 1,
        "before": before.minutes,
        "after": after.minutes,
        "difference": after.minutes - before.minutes,
        "sentence_before": before.sentence,
        "sentence_after": after.sentence,
        "left_on": None if person.is_active else person.left_on,
    }
