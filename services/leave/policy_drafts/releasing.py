"""A tried draft becomes the next version of a policy, from a day on."""

from sqlalchemy import update

from kit.errors import Conflict, Invalid
from kit.schema import Day, Wish
from models.leave import LeavePolicyDraft
from services import platform
from services.leave.granting import policies, runs
from services.leave.granting.rules.policy import in_force
from services.leave.policy_drafts import saving
from services.people import AnyActor, Permission


class ReleaseDraft(Wish):
    """The day from which the draft is to hold."""

    valid_from: Day


def release(actor: AnyActor, draft_id: str, wish: ReleaseDraft) -> int:
    """Releases a draft whose trial has ended; the version's number.

    `Conflict` when another version was released meanwhile: then the trial compared it with something else.
    """
    actor.require(Permission.LEAVE_KIND_EDIT)
    row = saving.get(draft_id)
    if row.released_version is not None:
        raise Conflict(f"这份草案已发布为第 {row.released_version} 版")
    form = saving.form(row).model_copy(update=wish.model_dump())
    policies.draft(row.kind_code, form)
    _check_tried(row, wish)
    version = policies.release(actor, row.kind_code, form)
    unreleased = update(LeavePolicyDraft).where(
        LeavePolicyDraft.id == draft_id, LeavePolicyDraft.released_version.is_(None)
    )
    if not platform.changed(unreleased.values(released_version=version)):
        raise Conflict("这份草案刚被他人发布，请刷新")
    return version


def _check_tried(row: LeavePolicyDraft, wish: ReleaseDraft) -> None:
    run = runs.get(row.run_id) if row.run_id else None
    if run is None or run.ended_at is None:
        raise Conflict("请先试算完，再发布")
    replaced = in_force(policies.of_kind(row.kind_code), wish.valid_from)
    if (replaced.version if replaced else 0) != run.wish["base"]:
        raise Invalid("从这一天起替换的不是试算时对照的版本，请换一个生效日期，或改好后另存草案再试算")
