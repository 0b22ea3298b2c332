"""HR releases policies: by what rule a kind is granted from a day on, tried on everybody before."""

from entrypoints.http import blueprint, endpoint
from entrypoints.results import Redirect
from kit import clock
from kit.schema import Identifier, Wish
from models.enums import Accrual, Basis, Crossing, Rounding
from services import leave
from services.people import Actor, Permission

bp = blueprint("leave_policies", "/leave/policies")

KINDS = Permission.LEAVE_KIND_EDIT
CHOICES = {
    "basis": {
        Basis.STATUTORY_ANNUAL: "法定年休假（按累计工龄），另加公司给的",
        Basis.COMPANY: "公司每年给",
        Basis.OVERTIME: "加班换休（按加班时长）",
    },
    "crossing": {
        Crossing.SEGMENTED: "分段折算",
        Crossing.YEAR_START: "全年按跨档前",
        Crossing.YEAR_END: "全年按跨档后",
    },
    "accrual": {Accrual.YEARLY: "一次发放全年", Accrual.MONTHLY: "每月 1 日发放当月部分"},
    "rounding": {Rounding.DAY: "整天", Rounding.HALF_DAY: "半天", Rounding.MINUTE: "分钟"},
}


class PolicyQuery(Wish):
    """The draft from which the form is filled; from the last version unless one is named."""

    draft: Identifier | None = None


@bp.get("")
@endpoint(needs=KINDS, page="console/leave/policies.html")
def policies(actor: Actor) -> dict[str, object]:
    """Each kind with a balance, and the policy in force."""
    kinds = [kind for kind in leave.all_kinds() if kind.rules.needs_balance]
    released = {kind.code: leave.policies.versions(actor, kind.code) for kind in kinds}
    held = {code: next((one for one in found if one.is_in_force), None) for code, found in released.items()}
    return {"kinds": kinds, "held": held, "choices": CHOICES}


@bp.get("/<string:code>")
@endpoint(needs=KINDS, query=PolicyQuery, page="console/leave/policy.html")
def policy(actor: Actor, query: PolicyQuery, code: str) -> dict[str, object]:
    """The versions of one kind's policy, and the form for the next: as the last one is, or as a draft says."""
    versions = leave.policies.versions(actor, code)
    last = versions[0].policy if versions else leave.policies.BLANK
    if query.draft:
        last = leave.policy_drafts.show(actor, query.draft).policy
    return {
        "kind": leave.kind_detail(code),
        "versions": versions,
        "policy": last,
        "steps": leave.policies.steps_text(last),
        "titles": leave.policies.TITLES,
        "choices": CHOICES,
        "next_year": clock.today().replace(year=clock.today().year + 1, month=1, day=1),
    }


@bp.post("/<string:code>/trial")
@endpoint(needs=KINDS, body=leave.policies.PolicyForm, page="console/leave/_trial.html")
def trial(actor: Actor, body: leave.policies.PolicyForm, code: str) -> leave.trial.Trial:
    """What the form would give to whom, beside what is given now; nothing is released."""
    return leave.trial.trial(actor, code, body)


@bp.post("/<string:code>/drafts")
@endpoint(needs=KINDS, body=leave.policies.PolicyForm)
def save_draft(actor: Actor, body: leave.policies.PolicyForm, code: str) -> Redirect:
    """Keep the form as a draft, to be tried on a past year."""
    return Redirect(f"/console/leave/drafts/{leave.policy_drafts.save(actor, code, body)}")


@bp.post("/<string:code>")
@endpoint(needs=KINDS, body=leave.policies.PolicyForm)
def release(actor: Actor, body: leave.policies.PolicyForm, code: str) -> Redirect:
    """Release the next version."""
    leave.policies.release(actor, code, body)
    return Redirect(f"/console/leave/policies/{code}")
