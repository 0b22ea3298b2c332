"""The time machine of policies: drafts tried on a past year, who gains and who loses, and the release from there."""

from entrypoints import charts, exports
from entrypoints.console.leave_policies import CHOICES
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit import clock
from services import leave, people
from services.people import Actor, Permission

bp = blueprint("leave_drafts", "/leave/drafts")
drafts = leave.policy_drafts

KINDS, PAY = Permission.LEAVE_KIND_EDIT, Permission.PAYROLL_BATCH_READ
HERE = "/console/leave/drafts"
CHANGES = {"gain": "增加", "lose": "减少", "same": "不变"}
HEADER = ("员工", "部门", "现行规则（天）", "草案（天）", "差额（天）", "现行规则的计算", "草案的计算")


@bp.get("")
@endpoint(needs=KINDS, page="console/leave/drafts.html")
def listing(actor: Actor) -> dict[str, object]:
    """The last drafts, and how far each has come."""
    return {"drafts": drafts.drafts(actor), "choices": CHOICES}


@bp.get("/<string:draft_id>")
@endpoint(needs=KINDS, query=drafts.ResultsQuery, page="console/leave/draft.html", writes=True)
def show(actor: Actor, query: drafts.ResultsQuery, draft_id: str) -> dict[str, object] | Download:
    """A draft, what its trial has found, and its release; or who gains and who loses as a file."""
    draft = drafts.show(actor, draft_id)
    if query.format:
        rows = map(_line, drafts.export(actor, draft_id, query))
        return exports.file(f"{draft.kind_name}草案试算", HEADER, rows, query.format)
    found = drafts.summary(actor, draft_id) if draft.is_tried else None
    return {
        "draft": draft,
        "address": f"{HERE}/{draft_id}",
        "found": found,
        "page": drafts.listing(actor, draft_id, query) if draft.is_tried else None,
        "people_chart": _people(found) if found else [],
        "days_chart": _days(found) if found else [],
        "query": query,
        "changes": CHANGES,
        "choices": CHOICES,
        "departments": people.department_tree(),
        "last_year": clock.today().year - 1,
        "may_price": actor.may(PAY),
    }


def _line(one: drafts.ResultRow) -> tuple[object, ...]:
    return (
        one.person_name, one.department, one.before, one.after, one.difference, one.sentence_before, one.sentence_after,
    )  # fmt: skip


def _people(found: drafts.Summary) -> list[charts.Bar]:
    counts = (("增加", found.gaining), ("减少", found.losing), ("不变", found.unchanged))
    return charts.scaled([(title, f"{count} 人", count) for title, count in counts])


def _days(found: drafts.Summary) -> list[charts.Bar]:
    return charts.scaled([(one.department, f"{one.difference:+} 天", abs(one.difference)) for one in found.lines])


@bp.post("/<string:draft_id>/trials")
@endpoint(needs=KINDS, body=drafts.TrialYear)
def try_on(actor: Actor, body: drafts.TrialYear, draft_id: str) -> Redirect:
    """Try the draft on a past year's facts."""
    drafts.start(actor, draft_id, body)
    return Redirect(f"{HERE}/{draft_id}")


@bp.get("/<string:draft_id>/progress")
@endpoint(needs=KINDS, page="console/leave/_draft_progress.html")
def progress(actor: Actor, draft_id: str) -> dict[str, object] | Redirect:
    """How far the trial has come; the page asks again while it runs, and is shown anew when it ends."""
    draft = drafts.show(actor, draft_id)
    if draft.run is None or draft.run.ended_at is not None:
        return Redirect(f"{HERE}/{draft_id}")
    return {"draft": draft, "address": f"{HERE}/{draft_id}"}


@bp.post("/<string:draft_id>/release")
@endpoint(needs=KINDS, body=drafts.ReleaseDraft)
def release(actor: Actor, body: drafts.ReleaseDraft, draft_id: str) -> Redirect:
    """Release the draft as the next version."""
    drafts.release(actor, draft_id, body)
    return Redirect(f"{HERE}/{draft_id}")


@bp.post("/<string:draft_id>/discard")
@endpoint(needs=KINDS)
def discard(actor: Actor, draft_id: str) -> Redirect:
    """Throw the draft away."""
    drafts.discard(actor, draft_id)
    return Redirect(HERE)
