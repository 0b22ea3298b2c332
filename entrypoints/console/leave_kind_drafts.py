"""The time machine of kinds: rules tried on a past year's requests, what they would have charged, and the release."""

from collections.abc import Iterator
from decimal import Decimal

from entrypoints import charts, exports
from entrypoints.console.leave_kinds import CHOICES
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit import clock
from services import leave, people
from services.people import Actor, Permission

bp = blueprint("leave_kind_drafts", "/leave/kind-drafts")
drafts = leave.kind_drafts

KINDS, PAY = Permission.LEAVE_KIND_EDIT, Permission.PAYROLL_BATCH_READ
HERE = "/console/leave/kind-drafts"
CHANGES = {"more": "多扣", "less": "少扣", "same": "不变", "refused": "有请假会被拒绝"}
HEADER = (
    "员工", "部门", "离职日期", "请假时间", "现行规则（天）", "草案（天）", "差额（天）", "计算的不同",
    "草案会拒绝，因为",
)  # fmt: skip
NOTHING = "不限"


@bp.get("")
@endpoint(needs=KINDS, page="console/leave/kind_drafts.html")
def listing(actor: Actor) -> dict[str, object]:
    """The last drafts, and how far each has come."""
    return {"drafts": drafts.drafts(actor), "today": clock.today()}


@bp.get("/<string:draft_id>")
@endpoint(needs=KINDS, query=drafts.ResultsQuery, page="console/leave/kind_draft.html", writes=True)
def show(actor: Actor, query: drafts.ResultsQuery, draft_id: str) -> dict[str, object] | Download:
    """A draft, what its trial has found, and its release; or the requests that change as a file."""
    draft = drafts.show(actor, draft_id)
    if query.format:
        rows = map(_line, drafts.export(actor, draft_id, query))
        return exports.file(f"{draft.kind_name}规则试算", HEADER, rows, query.format)
    found = drafts.summary(actor, draft_id) if draft.is_tried else None
    return {
        "draft": draft,
        "address": f"{HERE}/{draft_id}",
        "differences": list(_differences(draft)),
        "found": found,
        "page": drafts.listing(actor, draft_id, query) if found else None,
        "chart": _chart(found) if found else [],
        "query": query,
        "changes": CHANGES,
        "departments": people.department_tree(),
        "today": clock.today(),
        "may_price": actor.may(PAY),
    }


def _line(one: drafts.RequestChange) -> tuple[object, ...]:
    return (
        one.person_name, one.department, one.left_on or "", one.span, one.before, one.after, one.difference, one.note,
        one.refusal or "",
    )  # fmt: skip


def _chart(found: drafts.KindSummary) -> list[charts.Bar]:
    return charts.scaled([(one.department, f"{one.difference:+} 天", abs(one.difference)) for one in found.lines])


def _differences(draft: drafts.DraftOut) -> Iterator[tuple[str, str, str]]:
    """Each rule that the draft changes: its title, and both values in words."""
    base = drafts.base(draft)
    if base is None:
        return
    if base.name != draft.form.name:
        yield "名称", base.name, draft.form.name
    for name, title in leave.RULE_TITLES.items():
        was, now = getattr(base.rules, name), getattr(draft.form, name)
        if was != now:
            yield title, _words(name, was), _words(name, now)


def _words(name: str, value: object) -> str:
    if name in CHOICES:
        return next((str(title) for choice, title in CHOICES[name].items() if choice == (value or "")), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "；".join(map(str, value)) or NOTHING
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return NOTHING if value in (None, "") else str(value)


@bp.post("/<string:draft_id>/trials")
@endpoint(needs=KINDS, body=drafts.TrialYear)
def try_on(actor: Actor, body: drafts.TrialYear, draft_id: str) -> Redirect:
    """Try the draft on a past year's requests."""
    drafts.start(actor, draft_id, body)
    return Redirect(f"{HERE}/{draft_id}")


@bp.get("/<string:draft_id>/progress")
@endpoint(needs=KINDS, page="console/leave/_draft_progress.html")
def progress(actor: Actor, draft_id: str) -> dict[str, object] | Redirect:
    """How far the trial has come; the page asks again while it runs, and is shown anew when it ends."""
    draft = drafts.show(actor, draft_id)
    if draft.run is None or draft.is_tried:
        return Redirect(f"{HERE}/{draft_id}")
    return {"draft": draft, "address": f"{HERE}/{draft_id}"}


@bp.post("/<string:draft_id>/release")
@endpoint(needs=KINDS, body=drafts.ReleaseKind)
def release(actor: Actor, body: drafts.ReleaseKind, draft_id: str) -> Redirect:
    """Release the draft as the next version, today or on a later day."""
    drafts.release(actor, draft_id, body)
    return Redirect(f"{HERE}/{draft_id}")


@bp.post("/<string:draft_id>/recall")
@endpoint(needs=KINDS)
def recall(actor: Actor, draft_id: str) -> Redirect:
    """Take back the day chosen for the release."""
    drafts.recall(actor, draft_id)
    return Redirect(f"{HERE}/{draft_id}")


@bp.post("/<string:draft_id>/discard")
@endpoint(needs=KINDS)
def discard(actor: Actor, draft_id: str) -> Redirect:
    """Throw the draft away."""
    drafts.discard(actor, draft_id)
    return Redirect(HERE)
