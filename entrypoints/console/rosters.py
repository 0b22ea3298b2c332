"""Rosters of a department: the grid, what it leaves unmet, the solver, publishing; and what rosters keep to."""

from datetime import timedelta

from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit import clock, workbook
from kit.schema import Identifier, Wish
from services import people, rosters, schedule
from services.people import Actor, Permission

bp = blueprint("rosters")

EDIT, RULES = Permission.ROSTERS_ROSTER_EDIT, Permission.ROSTERS_RULE_EDIT
HERE = "/console/rosters"
STATES = {"draft": ("草稿", "wait"), "published": ("已发布", "good")}
WEEKDAYS = [(str(n), f"周{title}") for n, title in enumerate("一二三四五六日", 1)]


class RulesQuery(Wish):
    """Of which department; none: the first of mine."""

    department_id: Identifier | None = None


@bp.get("")
@endpoint(needs=EDIT, page="console/rosters/list.html")
def listing(actor: Actor) -> dict[str, object]:
    """The rosters of my departments, and the form for a new one."""
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    return {
        "rosters": rosters.rosters(actor),
        "states": STATES,
        "departments": rosters.departments(actor),
        "first": monday,
        "last": monday + timedelta(days=6),
    }


@bp.post("")
@endpoint(needs=EDIT, body=rosters.NewRoster)
def begin(actor: Actor, body: rosters.NewRoster) -> Redirect:
    """A new, empty roster."""
    return Redirect(f"{HERE}/{rosters.begin(actor, body)}")


@bp.get("/rules")
@endpoint(needs=EDIT, query=RulesQuery, page="console/rosters/rules.html")
def rules(actor: Actor, query: RulesQuery) -> dict[str, object]:
    """What a department's rosters keep to, and how many people it needs."""
    departments = rosters.departments(actor)
    chosen = query.department_id or (departments[0][0] if departments else None)
    return {
        "rules": rosters.rules_of(actor, chosen) if chosen else None,
        "departments": departments,
        "shifts": [(one.id, one.name) for one in schedule.shifts() if one.is_active],
        "tags": list(people.tag_names().items()),
        "weekdays": WEEKDAYS,
        "may_keep": actor.may(RULES),
    }


@bp.post("/rules")
@endpoint(needs=RULES, body=rosters.PolicyWish)
def keep(actor: Actor, body: rosters.PolicyWish) -> Redirect:
    """Give a department rules of its own."""
    rosters.keep(actor, body)
    return Redirect(f"{HERE}/rules?department_id={body.department_id}")


@bp.post("/minima")
@endpoint(needs=EDIT, body=rosters.MinimumWish)
def add_minimum(actor: Actor, body: rosters.MinimumWish) -> Redirect:
    """Say how many people a department needs."""
    rosters.add_minimum(actor, body)
    return Redirect(f"{HERE}/rules?department_id={body.department_id}")


@bp.post("/minima/<string:minimum_id>/remove")
@endpoint(needs=EDIT)
def remove_minimum(actor: Actor, minimum_id: str) -> Redirect:
    """Take a minimum back."""
    return Redirect(f"{HERE}/rules?department_id={rosters.remove_minimum(actor, minimum_id)}")


@bp.get("/<string:roster_id>")
@endpoint(needs=EDIT, page="console/rosters/grid.html")
def show(actor: Actor, roster_id: str) -> dict[str, object]:
    """The grid."""
    return {"grid": rosters.grid(actor, roster_id), "states": STATES}


@bp.post("/<string:roster_id>/cells")
@endpoint(needs=EDIT, body=rosters.CellsWish, page="console/rosters/_saved.html")
def write(actor: Actor, body: rosters.CellsWish, roster_id: str) -> dict[str, object]:
    """Write some days."""
    return {"version": rosters.write(actor, roster_id, body), "count": len(body.lines)}


@bp.post("/<string:roster_id>/copy")
@endpoint(needs=EDIT, body=rosters.CopyWish)
def copy(actor: Actor, body: rosters.CopyWish, roster_id: str) -> Redirect:
    """Fill what is empty from before."""
    rosters.copy(actor, roster_id, body)
    return Redirect(f"{HERE}/{roster_id}")


@bp.post("/<string:roster_id>/clear")
@endpoint(needs=EDIT, body=rosters.Seen)
def clear(actor: Actor, body: rosters.Seen, roster_id: str) -> Redirect:
    """Empty the days to come."""
    rosters.clear(actor, roster_id, body)
    return Redirect(f"{HERE}/{roster_id}")


@bp.post("/<string:roster_id>/discard")
@endpoint(needs=EDIT)
def discard(actor: Actor, roster_id: str) -> Redirect:
    """Throw a draft away."""
    rosters.discard(actor, roster_id)
    return Redirect(HERE)


@bp.get("/<string:roster_id>/check")
@endpoint(needs=EDIT, page="console/rosters/_check.html")
def check(actor: Actor, roster_id: str) -> rosters.CheckView:
    """What the roster leaves unmet, and publishing it."""
    return rosters.check(actor, roster_id)


@bp.post("/<string:roster_id>/publish")
@endpoint(needs=EDIT, body=rosters.Publish)
def publish(actor: Actor, body: rosters.Publish, roster_id: str) -> Redirect:
    """Put the roster in force."""
    rosters.publish(actor, roster_id, body)
    return Redirect(f"{HERE}/{roster_id}")


@bp.post("/<string:roster_id>/reopen")
@endpoint(needs=EDIT, body=rosters.Seen)
def reopen(actor: Actor, body: rosters.Seen, roster_id: str) -> Redirect:
    """Change a published roster; what was published holds meanwhile."""
    rosters.reopen(actor, roster_id, body)
    return Redirect(f"{HERE}/{roster_id}")


@bp.post("/<string:roster_id>/take-back")
@endpoint(needs=EDIT, body=rosters.Seen)
def take_back(actor: Actor, body: rosters.Seen, roster_id: str) -> Redirect:
    """Take a published roster back."""
    rosters.take_back(actor, roster_id, body)
    return Redirect(f"{HERE}/{roster_id}")


@bp.post("/<string:roster_id>/solve")
@endpoint(needs=EDIT, body=rosters.SolveWish)
def solve(actor: Actor, body: rosters.SolveWish, roster_id: str) -> Redirect:
    """Ask the solver to fill the open days."""
    rosters.ask(actor, roster_id, body)
    return Redirect(f"{HERE}/{roster_id}")


@bp.get("/<string:roster_id>/progress")
@endpoint(needs=EDIT, page="console/rosters/_progress.html")
def progress(actor: Actor, roster_id: str) -> dict[str, object] | Redirect:
    """How far the solver has come; the page asks again while it runs, and is shown anew when it ends."""
    found = rosters.progress(actor, roster_id)
    if found is None or found.state not in ("waiting", "running"):
        return Redirect(f"{HERE}/{roster_id}")
    return {"roster_id": roster_id, "solve": found}


@bp.get("/<string:roster_id>/sheet")
@endpoint(needs=EDIT, writes=True)
def sheet(actor: Actor, roster_id: str) -> Download:
    """The grid as a workbook."""
    title, content = rosters.export(actor, roster_id)
    return Download(f"{title}.xlsx", content, workbook.MEDIA_TYPE)


@bp.post("/<string:roster_id>/sheet")
@endpoint(needs=EDIT, body=rosters.ImportRoster, uploads=True)
def load(actor: Actor, body: rosters.ImportRoster, roster_id: str) -> Redirect:
    """Take a workbook over."""
    rosters.load(actor, roster_id, body)
    return Redirect(f"{HERE}/{roster_id}")
