"""Drafts of policies: saved as HR filled them in, looked at, thrown away."""

from collections.abc import Sequence
from datetime import date

from models.leave import LeavePolicyDraft, LeavePolicyTrial, LeaveRun
from services.leave.granting import policies
from services.leave.granting.policies import PolicyForm
from services.leave.granting.rules.policy import Policy
from services.leave.rulebook import catalog
from services.leave.trials import shelf
from services.leave.trials.shelf import Kept, Shelf
from services.people import AnyActor, Permission

SHELF = Shelf(LeavePolicyDraft, LeavePolicyTrial, "leave.draft")


class DraftOut(Kept):
    """A draft: what it says, from when it was meant to hold, and how far its trial has come."""

    valid_from: date
    policy: Policy


def save(actor: AnyActor, code: str, wish: PolicyForm) -> str:
    """Keeps a form as a draft; its id. It must be one that could be released now."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    policies.draft(code, wish)
    return SHELF.keep(actor, code, wish.model_dump(mode="json"))


def drafts(actor: AnyActor) -> list[DraftOut]:
    """The last drafts, newest first."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    return _shown(SHELF.newest())


def tried(actor: AnyActor) -> list[DraftOut]:
    """The last drafts whose trial has ended, for those who put a price on them; newest first."""
    actor.require(Permission.PAYROLL_BATCH_READ)
    return _shown(SHELF.tried())


def show(actor: AnyActor, draft_id: str) -> DraftOut:
    """One draft, for HR or for whoever puts a price on it; `NotFound` when there is none."""
    if not actor.may(Permission.PAYROLL_BATCH_READ):
        actor.require(Permission.LEAVE_KIND_EDIT)
    return _shown([SHELF.get(draft_id)])[0]


def discard(actor: AnyActor, draft_id: str) -> None:
    """Throws a draft away with what its trial found; one that was released stays."""
    SHELF.discard(actor, draft_id)


def form(row: LeavePolicyDraft) -> PolicyForm:
    """What HR filled in."""
    return PolicyForm.model_validate(row.form)


def _shown(rows: Sequence[LeavePolicyDraft]) -> list[DraftOut]:
    runs, names = SHELF.runs_of(rows), {kind.code: kind.name for kind in catalog.all_kinds()}
    return [_out(row, names[row.kind_code], runs.get(row.run_id or "")) for row in rows]


def _out(row: LeavePolicyDraft, kind_name: str, run: LeaveRun | None) -> DraftOut:
    filled = form(row)
    return DraftOut(
        id=row.id,
        kind_code=row.kind_code,
        kind_name=kind_name,
        version=filled.version + 1,
        valid_from=filled.valid_from,
        policy=filled.policy(),
        created_at=row.created_at,
        year=row.year,
        run=shelf.progress(run),
        released_version=row.released_version,
    )
