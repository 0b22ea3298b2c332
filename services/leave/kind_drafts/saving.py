"""Drafts of kinds: saved as HR filled them in, looked at, thrown away."""

from collections.abc import Sequence
from datetime import date

from kit.errors import Conflict
from models.leave import LeaveKindDraft, LeaveKindTrial, LeaveRun
from services.leave.rulebook import catalog
from services.leave.rulebook.catalog import Kind
from services.leave.schemas import EditKind
from services.leave.trials import shelf
from services.leave.trials.shelf import Kept, Shelf
from services.people import AnyActor, Permission

SHELF = Shelf(LeaveKindDraft, LeaveKindTrial, "leave.kind_draft")
CHANGED_MEANWHILE = "这种假的规则刚被他人修改过，请从最新版本重新填写草案"


class DraftOut(Kept):
    """A draft: its rules, how far its trial has come, and the day chosen for its release."""

    form: EditKind
    releases_on: date | None


def save(actor: AnyActor, code: str, wish: EditKind) -> str:
    """Keeps a form as a draft; its id. It must be one that could be released now: floors of the law hold."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    check_newest(code, wish)
    catalog.check_floor(code, wish)
    return SHELF.keep(actor, code, wish.model_dump(mode="json"))


def check_newest(code: str, wish: EditKind) -> None:
    """The form was filled in from the version that holds now."""
    if catalog.named(code).version != wish.version:
        raise Conflict(CHANGED_MEANWHILE)


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


def base(draft: DraftOut) -> Kind | None:
    """The kind as it was when the draft was filled in; `None` for versions replaced before they were kept."""
    return catalog.then(draft.kind_code, draft.form.version)


def discard(actor: AnyActor, draft_id: str) -> None:
    """Throws a draft away with what its trial found; one that was released stays."""
    SHELF.discard(actor, draft_id)


def form(row: LeaveKindDraft) -> EditKind:
    """What HR filled in."""
    return EditKind.model_validate(row.form)


def _shown(rows: Sequence[LeaveKindDraft]) -> list[DraftOut]:
    runs = SHELF.runs_of(rows)
    return [_out(row, runs.get(row.run_id or "")) for row in rows]


def _out(row: LeaveKindDraft, run: LeaveRun | None) -> DraftOut:
    filled = form(row)
    return DraftOut(
        id=row.id,
        kind_code=row.kind_code,
        kind_name=filled.name,
        version=filled.version + 1,
        form=filled,
        created_at=row.created_at,
        year=row.year,
        run=shelf.progress(run),
        releases_on=row.releases_on,
        released_version=row.released_version,
    )
