"""HR gives leave: a year's, by hand for many, out of a workbook; and sees how far each run has come."""

from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit import workbook
from services import leave, people
from services.people import Actor, Permission

bp = blueprint("leave_grants", "/leave/grants")

ADJUST = Permission.LEAVE_BALANCE_ADJUST
HERE = "/console/leave/grants"


@bp.get("")
@endpoint(needs=ADJUST, page="console/leave/grants.html")
def grants(actor: Actor) -> dict[str, object]:
    """The ways to give, and the last runs."""
    kinds = [(kind.code, kind.name) for kind in leave.all_kinds() if kind.rules.needs_balance and kind.is_active]
    known = {"departments": people.department_tree(), "returned": leave.returning.waiting(actor)}
    return {"kinds": kinds, "runs": leave.runs.newest(actor), **known}


@bp.post("")
@endpoint(needs=ADJUST, body=leave.GrantYear)
def give_year(actor: Actor, body: leave.GrantYear) -> Redirect:
    """Give a year's leave to whoever has not got it yet."""
    leave.ask_for_grants(actor, body.year)
    return Redirect(HERE)


@bp.get("/runs")
@endpoint(needs=ADJUST, page="console/leave/_runs.html")
def runs(actor: Actor) -> dict[str, object]:
    """How far the last runs have come; the page asks again while one goes on."""
    return {"runs": leave.runs.newest(actor)}


@bp.post("/awards/preview")
@endpoint(needs=ADJUST, body=leave.awards.Award, page="console/leave/_award.html")
def preview_award(actor: Actor, body: leave.awards.Award) -> leave.awards.AwardPreview:
    """How many people a grant reaches and what it comes to; nothing is given."""
    return leave.awards.preview(actor, body)


@bp.post("/awards")
@endpoint(needs=ADJUST, body=leave.awards.ConfirmedAward)
def give_award(actor: Actor, body: leave.awards.ConfirmedAward) -> Redirect:
    """Give what was shown."""
    leave.awards.give(actor, body)
    return Redirect(HERE)


@bp.get("/import")
@endpoint(needs=ADJUST, page="console/leave/import.html")
def ask_import(actor: Actor) -> None:
    """Where HR's workbook of grants is uploaded."""


@bp.get("/import/template")
@endpoint(needs=ADJUST, writes=True)
def template(actor: Actor) -> Download:
    """The workbook to fill in, with everybody already in it."""
    return Download("假期额度模板.xlsx", leave.importing.template(actor), workbook.MEDIA_TYPE)


@bp.post("/import/check")
@endpoint(needs=ADJUST, body=leave.importing.ImportWish, uploads=True, page="console/leave/_import.html")
def check_import(actor: Actor, body: leave.importing.ImportWish) -> leave.importing.ImportView:
    """What the workbook would give, or every cell that is wrong; nothing is given yet."""
    return leave.importing.check(actor, body)


@bp.post("/import")
@endpoint(needs=ADJUST, body=leave.importing.ApplyWish)
def apply_import(actor: Actor, body: leave.importing.ApplyWish) -> Redirect:
    """Give what the workbook that was looked at says."""
    leave.importing.apply(actor, body)
    return Redirect("/console/leave/balances")
