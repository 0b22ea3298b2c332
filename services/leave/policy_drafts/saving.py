"""Drafts of policies: saved as HR filled them in, looked at, thrown away."""

from datetime import date, datetime

from sqlalchemy import Select, delete, select, update

from kit import clock
from kit.errors import Conflict, NotFound
from kit.ids import new_id
from kit.schema import View
from models.base import db
from models.leave import LeavePolicyDraft, LeavePolicyTrial, LeaveRun
from services import platform
from services.leave.granting import policies
from services.leave.granting.policies import PolicyForm
from services.leave.granting.rules.policy import Policy
from services.leave.rulebook import catalog
from services.people import AnyActor, Permission

SHOWN = 50
FRESH = {"populate_existing": True}  # chunks are noted past the session's memory


class Progress(View):
    """How many of how many people a trial has come through; `base` is the version it compares with, 0 for none."""

    total: int
    done: int
    base: int
    ended_at: datetime | None


class DraftOut(View):
    """A draft: what it says, from when it was meant to hold, and how far its trial has come."""

    id: str
    kind_code: str
    kind_name: str
    version: int
    valid_from: date
    policy: Policy
    created_at: datetime
    year: int | None
    run: Progress | None
    released_version: int | None


def save(actor: AnyActor, code: str, wish: PolicyForm) -> str:
    """Keeps a form as a draft; its id. It must be one that could be released now."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    policies.draft(code, wish)
    row = LeavePolicyDraft(id=new_id(), kind_code=code, form=wish.model_dump(mode="json"), saved_by=actor.label)
    db.session.add(row)
    platform.audit.record(actor, "leave.draft.save", row.id, after={"kind": code, "form": row.form})
    return row.id


def drafts(actor: AnyActor) -> list[DraftOut]:
    """The last drafts, newest first."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    return _listed(select(LeavePolicyDraft))


def tried(actor: AnyActor) -> list[DraftOut]:
    """The last drafts whose trial has ended, for those who put a price on them; newest first."""
    actor.require(Permission.PAYROLL_BATCH_READ)
    ended = select(LeaveRun.id).where(LeaveRun.ended_at.is_not(None))
    return _listed(select(LeavePolicyDraft).where(LeavePolicyDraft.run_id.in_(ended)))


def show(actor: AnyActor, draft_id: str) -> DraftOut:
    """One draft, for HR or for whoever puts a price on it; `NotFound` when there is none."""
    if not actor.may(Permission.PAYROLL_BATCH_READ):
        actor.require(Permission.LEAVE_KIND_EDIT)
    return _listed(select(LeavePolicyDraft).where(LeavePolicyDraft.id == draft_id), is_one=True)[0]


def discard(actor: AnyActor, draft_id: str) -> None:
    """Throws a draft away with what its trial found; one that was released stays."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    row = get(draft_id)
    unreleased = delete(LeavePolicyDraft).where(
        LeavePolicyDraft.id == draft_id, LeavePolicyDraft.released_version.is_(None)
    )
    if not platform.changed(unreleased):
        raise Conflict("这份草案已经发布，不能删除")
    forget(row.run_id)
    platform.audit.record(actor, "leave.draft.discard", draft_id, before={"kind": row.kind_code, "form": row.form})


def get(draft_id: str) -> LeavePolicyDraft:
    """The draft as it stands; `NotFound` when there is none."""
    found = select(LeavePolicyDraft).where(LeavePolicyDraft.id == draft_id)
    row = db.session.scalars(found, execution_options=FRESH).first()
    if row is None:
        raise NotFound("没有这份草案，它可能已被删除")
    return row


def forget(run_id: str | None) -> None:
    """Ends a trial that nobody wants to read any more, first of all, so that no chunk adds to it."""
    if run_id is None:
        return
    going = update(LeaveRun).where(LeaveRun.id == run_id, LeaveRun.ended_at.is_(None))
    platform.changed(going.values(ended_at=clock.now()))
    platform.changed(delete(LeavePolicyTrial).where(LeavePolicyTrial.run_id == run_id))


def form(row: LeavePolicyDraft) -> PolicyForm:
    """What HR filled in."""
    return PolicyForm.model_validate(row.form)


def _listed(wanted: Select[LeavePolicyDraft], *, is_one: bool = False) -> list[DraftOut]:
    newest = wanted.order_by(LeavePolicyDraft.created_at.desc(), LeavePolicyDraft.id.desc()).limit(SHOWN)
    rows = db.session.scalars(newest, execution_options=FRESH).all()
    if is_one and not rows:
        raise NotFound("没有这份草案，它可能已被删除")
    wanted_runs = select(LeaveRun).where(LeaveRun.id.in_([row.run_id for row in rows if row.run_id]))
    runs = {run.id: run for run in db.session.scalars(wanted_runs, execution_options=FRESH)}
    names = {kind.code: kind.name for kind in catalog.all_kinds()}
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
        run=run and Progress(total=run.total, done=run.done, base=int(run.wish["base"]), ended_at=run.ended_at),
        released_version=row.released_version,
    )
