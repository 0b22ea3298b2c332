"""A tried draft becomes the next version of its kind: today at once, on a later day by the job of that day."""

from datetime import date
from typing import Any

from sqlalchemy import update

from kit import clock, log
from kit.errors import AppError, Conflict, Invalid
from kit.schema import Day, Wish
from models.leave import LeaveKindDraft
from services import platform
from services.leave.kind_drafts import saving
from services.leave.kind_drafts.saving import SHELF
from services.leave.rulebook import catalog
from services.people import AnyActor, Permission, System

RELEASE = "leave.release_kind"
JOB = System("leave.release_kind")
logger = log.get(__name__)


class ReleaseKind(Wish):
    """The day from which requests are measured by the draft."""

    valid_from: Day


def release(actor: AnyActor, draft_id: str, wish: ReleaseKind) -> None:
    """Releases a draft whose trial has ended, or chooses the day for it; requests made before keep their version.

    `Conflict` when the kind was edited meanwhile, or another release of it waits for its day.
    """
    actor.require(Permission.LEAVE_KIND_EDIT)
    row = SHELF.get(draft_id)
    SHELF.check_unreleased(row)
    SHELF.check_tried(row)
    if wish.valid_from < clock.today():
        raise Invalid("生效日期不能早于今天：已经提交的请假按提交时的规则走完")
    catalog.hold(row.kind_code)
    catalog.check_nothing_waits(row.kind_code)
    filled = saving.form(row)
    saving.check_newest(row.kind_code, filled)
    catalog.check_floor(row.kind_code, filled)
    if wish.valid_from == clock.today():
        _put_into_force(actor, row)
    else:
        _choose(actor, row, wish.valid_from)


def _put_into_force(actor: AnyActor, row: LeaveKindDraft) -> None:
    filled = saving.form(row)
    SHELF.release(row.id, filled.version + 1)
    catalog.edit_kind(actor, row.kind_code, filled)


def _choose(actor: AnyActor, row: LeaveKindDraft, on: date) -> None:
    _set_day(row.id, None, on)
    chosen = {"draft": row.id, "on": on.isoformat()}
    terms = platform.Terms(due_at=clock.at_local(on))
    platform.promise(RELEASE, chosen, dedupe_key=f"{RELEASE}:{row.id}:{on.isoformat()}", terms=terms)
    platform.audit.record(actor, "leave.kind_draft.choose_day", row.id, after=chosen | {"kind": row.kind_code})


def _set_day(draft_id: str, was: date | None, now: date | None) -> None:
    still = (LeaveKindDraft.id == draft_id, LeaveKindDraft.released_version.is_(None))
    same = LeaveKindDraft.releases_on.is_not_distinct_from(was)
    if not platform.changed(update(LeaveKindDraft).where(*still, same).values(releases_on=now)):
        raise Conflict("这份草案刚被他人改动，请刷新")


def recall(actor: AnyActor, draft_id: str) -> None:
    """Takes back the day chosen for a release that has not come yet."""
    actor.require(Permission.LEAVE_KIND_EDIT)
    row = SHELF.get(draft_id)
    SHELF.check_unreleased(row)
    if row.releases_on is None:
        raise Conflict("这份草案没有定下生效日期")
    chosen = row.releases_on
    _set_day(draft_id, chosen, None)
    platform.audit.record(actor, "leave.kind_draft.recall", draft_id, before={"on": chosen.isoformat()})


def keep_release(payload: dict[str, Any]) -> None:
    """The job of the day: puts the draft into force, unless the day was taken back; never twice.

    One that cannot be released any more stays where it is, and its page says so.
    """
    row = SHELF.get(str(payload["draft"]))
    if row.releases_on != date.fromisoformat(payload["on"]) or row.released_version is not None:
        return
    try:
        with platform.savepoint():
            _put_into_force(JOB, row)
    except AppError as refusal:
        logger.warning("leave.kind_not_released", extra={"draft": row.id, "why": refusal.title})
