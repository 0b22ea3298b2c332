"""Leave on the phone: what I have and why, asking for leave with its cost in view, and what became of it."""

from typing import Annotated

from pydantic import Field

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit.schema import Identifier
from models.enums import CoverState
from services import leave

bp = blueprint("leave")


class Begin(leave.Chosen):
    """What a form begins with: what is chosen already, or a draft of mine."""

    draft: Identifier | None = None


class Picked(leave.Cancel):
    """Days picked on the page: at least one, for none would mean all."""

    days: list[leave.PickedDay] = Field(min_length=1, title="销假的日子")


class Kept(leave.SaveDraft):
    """The form as a browser without scripts sends it: with the name of a file, which is not kept, as the page says."""

    proof: Annotated[str, Field(max_length=255)] = ""


@bp.get("")
@endpoint(needs=OWN, page="h5/leave/balances.html")
def balances(actor):
    """What I have of each kind, what expires when, and my drafts."""
    return {"balances": leave.balances(actor), "drafts": leave.drafts.drafts(actor)}


@bp.get("/ledger")
@endpoint(needs=OWN, query=leave.LedgerQuery, page="h5/leave/ledger.html")
def ledger(actor, query):
    """Every movement of my leave with its cause."""
    return leave.entries(actor, query)


@bp.get("/new")
@endpoint(needs=OWN, query=Begin, page="h5/leave/new.html")
def new(actor, query):
    """The form, empty or as a draft left it; first the choice of a kind."""
    chosen = leave.drafts.draft(actor, query.draft).form if query.draft else leave.begun(actor, query)
    return {"kinds": leave.kinds(), "chosen": chosen, "editing": None, "draft_id": query.draft}


@bp.get("/preview")
@endpoint(needs=OWN, query=leave.PlanQuery, page="h5/leave/_preview.html")
def preview(actor, query):
    """What the form as it stands would cost and leave."""
    return leave.preview(actor, query, query.editing)


@bp.get("/requests")
@endpoint(needs=OWN, query=leave.MineQuery, page="h5/leave/requests.html")
def requests(actor, query):
    """My requests, newest first."""
    return {"page": leave.my_requests(actor, query), "states": leave.STATES}


@bp.post("/requests")
@endpoint(needs=OWN, body=leave.Submit, uploads=True)
def apply(actor, body):
    """Ask for leave."""
    return Redirect(f"/h5/leave/requests/{leave.drafts.submit(actor, body).id}")


@bp.post("/drafts")
@endpoint(needs=OWN, body=Kept)
def save_draft(actor, body):
    """Keep the form for later."""
    leave.drafts.save(actor, body)
    return Redirect("/h5/leave")


@bp.post("/drafts/<string:draft_id>/discard")
@endpoint(needs=OWN)
def drop_draft(actor, draft_id):
    """Throw a draft away."""
    leave.drafts.drop(actor, draft_id)
    return Redirect("/h5/leave")


@bp.get("/requests/<string:request_id>")
@endpoint(needs=OWN, page="h5/leave/request.html")
def request(actor, request_id):
    """One request with its days, its way through approval, and what can be done with it."""
    detail = leave.request_detail(actor, request_id)
    told = {"states": leave.STATES, "covers": leave.covering.WORDS}
    return {"request": detail, "timeline": leave.timeline(actor, request_id), **told}


@bp.get("/requests/<string:request_id>/edit")
@endpoint(needs=OWN, page="h5/leave/new.html")
def editing(actor, request_id):
    """The form with what was asked, to change it."""
    form = leave.form_of(actor, request_id)
    return {"kinds": leave.kinds(), "chosen": form, "editing": request_id, "draft_id": None}


@bp.post("/requests/<string:request_id>/edit")
@endpoint(needs=OWN, body=leave.Apply, uploads=True)
def edit(actor, request_id, body):
    """Change a request that waits or was sent back."""
    leave.edit(actor, request_id, body)
    return Redirect(f"/h5/leave/requests/{request_id}")


@bp.post("/requests/<string:request_id>/withdraw")
@endpoint(needs=OWN)
def withdraw(actor, request_id):
    """Take the request back."""
    leave.withdraw(actor, request_id)
    return Redirect(f"/h5/leave/requests/{request_id}")


@bp.post("/requests/<string:request_id>/cancel")
@endpoint(needs=OWN, body=leave.Cancel)
def cancel(actor, request_id, body):
    """Ask to take approved leave back."""
    leave.cancel(actor, request_id, body)
    return Redirect(f"/h5/leave/requests/{request_id}")


@bp.get("/requests/<string:request_id>/part")
@endpoint(needs=OWN, page="h5/leave/part.html")
def parts(actor, request_id):
    """My approved leave day by day, to pick what I take back."""
    return leave.choosing.parts(actor, request_id)


@bp.get("/requests/<string:request_id>/refund")
@endpoint(needs=OWN, query=leave.Returned, page="h5/leave/_refund.html")
def refund(actor, request_id, query):
    """What the days as they are picked would return; nothing is said while none are."""
    found = leave.choosing.refund(actor, request_id, query)
    return found if query.days else None


@bp.post("/requests/<string:request_id>/part")
@endpoint(needs=OWN, body=Picked)
def cancel_part(actor, request_id, body):
    """Ask to take the picked days and halves back."""
    leave.cancel(actor, request_id, body)
    return Redirect(f"/h5/leave/requests/{request_id}")


@bp.post("/requests/<string:request_id>/proof")
@endpoint(needs=OWN, body=leave.AddProof, uploads=True)
def add_proof(actor, request_id, body):
    """Hand in a proof later."""
    leave.add_proof(actor, request_id, body)
    return Redirect(f"/h5/leave/requests/{request_id}")


@bp.get("/requests/<string:request_id>/proof")
@endpoint(needs=OWN, writes=True)
def proof(actor, request_id):
    """The proof of a request."""
    file = leave.proof(actor, request_id)
    return Download(file.name, file.content, file.media_type)


@bp.get("/covers/<string:covered_id>")
@endpoint(needs=OWN, page="h5/leave/cover.html")
def cover(actor, covered_id):
    """Somebody's leave that I am asked to cover."""
    return {"cover": leave.covering.cover(actor, covered_id), "words": leave.covering.WORDS}


@bp.post("/covers/<string:covered_id>")
@endpoint(needs=OWN, body=leave.AnswerCover)
def answer_cover(actor, covered_id, body):
    """Say whether I cover."""
    leave.covering.answer(actor, covered_id, CoverState.ACCEPTED if body.accepts else CoverState.DECLINED)
    return Redirect(f"/h5/leave/covers/{covered_id}")


@bp.get("/team")
@endpoint(needs=OWN, query=leave.TeamQuery, page="h5/leave/team.html")
def team(actor, query):
    """Who of my team is away in the coming time, and whom I am asked to cover."""
    covers = leave.covering.asked(actor)
    return {"away": leave.team_away(actor, query), "covers": covers, "words": leave.covering.WORDS, "query": query}
