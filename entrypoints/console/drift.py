"""假期对账: WeCom's own leave beside ours, what differs and why, and writing ours there where HR switched it on."""

from entrypoints import exports
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit.errors import NotFound
from kit.pages import Page
from services import leave
from services.people import Actor, Permission

bp = blueprint("drift", "/leave/drift")
drift = leave.drift

READ, PUSH = Permission.LEAVE_DRIFT_READ, Permission.LEAVE_DRIFT_PUSH
HERE = "/console/leave/drift"
HEADER = ("员工", "部门", "假别", "企业微信假期", "这里", "企业微信", "差额", "原因", "写入状态", "说明", "对账时间")
WORDS = {"causes": drift.CAUSES, "pushes": drift.PUSH_STATES, "run_states": drift.RUN_STATES}


@bp.get("")
@endpoint(needs=READ, query=drift.DriftQuery, page="console/leave/drift.html", writes=True)
def listing(actor: Actor, query: drift.DriftQuery) -> dict[str, object] | Download:
    """The differences that a comparison found, filtered and sorted; or the list as a file."""
    runs = drift.runs(actor)
    run = _chosen(runs, query.run)
    if query.format:
        rows = drift.export(actor, run.id, query) if run else []
        return exports.file("假期对账", HEADER, map(_line, rows), query.format)
    return {
        "runs": runs,
        "run": run,
        "latest": runs[0] if runs else None,
        "counts": drift.counts(actor, run.id) if run else {},
        "page": drift.listing(actor, run.id, query) if run else Page[drift.DriftRow](items=[]),
        "query": query,
        "kinds": {kind.code: kind.name for kind in leave.all_kinds() if kind.rules.needs_balance},
        "may_decide": drift.may_decide(actor),
        "pushing": [one.name for one in drift.vacations(actor) if one.pushes],
        **WORDS,
    }


def _chosen(runs: list[drift.RunView], run_id: str | None) -> drift.RunView | None:
    """The comparison asked for, else the latest."""
    if run_id is None:
        return runs[0] if runs else None
    found = next((run for run in runs if run.id == run_id), None)
    if found is None:
        raise NotFound("没有这次对账，或者它太早了，请选择最近的一次")
    return found


def _line(one: drift.DriftRow) -> tuple[object, ...]:
    who = (one.person_name, one.department, one.kind_name, one.vacation_name)
    state = drift.PUSH_STATES[one.push_state] if one.push_state else ""
    amounts = (one.ours, one.theirs, one.difference, drift.CAUSES[one.cause])
    return (*who, *amounts, state, one.push_note, exports.at(one.compared_at))


@bp.post("/runs")
@endpoint(needs=PUSH)
def start(actor: Actor) -> Redirect:
    """Compare now."""
    drift.start(actor)
    return Redirect(HERE)


@bp.get("/progress")
@endpoint(needs=READ, page="console/leave/_drift_progress.html")
def progress(actor: Actor) -> dict[str, object] | Redirect:
    """How far the latest comparison has come; the page asks again while it runs, and is shown anew when it ends."""
    runs = drift.runs(actor)
    if not runs or runs[0].state != "running":
        return Redirect(HERE)
    return {"latest": runs[0], **WORDS}


@bp.post("/<string:drift_id>/push")
@endpoint(needs=PUSH)
def push(actor: Actor, drift_id: str) -> Redirect:
    """Write our amount of one difference into WeCom."""
    drift.push(actor, drift_id)
    return Redirect(HERE)


@bp.get("/kinds")
@endpoint(needs=READ, page="console/leave/drift_kinds.html")
def kinds(actor: Actor) -> dict[str, object]:
    """WeCom's kinds, which of ours each is, and whether ours is written there."""
    ours = [(kind.code, kind.name) for kind in leave.all_kinds() if kind.rules.needs_balance]
    return {"vacations": drift.vacations(actor), "kinds": ours, "may_decide": drift.may_decide(actor)}


@bp.post("/kinds")
@endpoint(needs=PUSH, body=drift.MapVacation)
def choose(actor: Actor, body: drift.MapVacation) -> Redirect:
    """Say which kind of ours one of WeCom's is."""
    drift.choose(actor, body)
    return Redirect(f"{HERE}/kinds")


@bp.post("/kinds/switch")
@endpoint(needs=PUSH, body=drift.Switch)
def switch(actor: Actor, body: drift.Switch) -> Redirect:
    """Let comparisons write our amounts of a kind into WeCom, or no more."""
    drift.switch(actor, body)
    return Redirect(f"{HERE}/kinds")
