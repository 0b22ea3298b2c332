"""A tried draft becomes the next version of a policy, from a day on."""

from kit.errors import Invalid
from kit.schema import Day, Wish
from services.leave.granting import policies
from services.leave.granting.rules.policy import in_force
from services.leave.policy_drafts import saving
from services.leave.policy_drafts.saving import SHELF
from services.people import AnyActor, Permission


class ReleaseDraft(Wish):
    """The day from which the draft is to hold."""

    valid_from: Day


def release(actor: AnyActor, draft_id: str, wish: ReleaseDraft) -> int:
    """Releases a draft whose trial has ended; the version's number.

    `Conflict` when another version was released meanwhile: then the trial compared it with something else.
    """
    actor.require(Permission.LEAVE_KIND_EDIT)
    row = SHELF.get(draft_id)
    SHELF.check_unreleased(row)
    form = saving.form(row).model_copy(update=wish.model_dump())
    policies.draft(row.kind_code, form)
    run = SHELF.check_tried(row)
    replaced = in_force(policies.of_kind(row.kind_code), wish.valid_from)
    if (replaced.version if replaced else 0) != run.wish["base"]:
        raise Invalid("从这一天起替换的不是试算时对照的版本，请换一个生效日期，或改好后另存草案再试算")
    version = policies.release(actor, row.kind_code, form)
    SHELF.release(draft_id, version)
    return version
