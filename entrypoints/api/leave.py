"""Leave for the mini-program: kinds, balances and their ledger, requests and what becomes of them."""

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Download
from kit.pages import Page
from models.enums import CoverState
from services import approvals, leave

bp = blueprint("leave")


@bp.get("/kinds")
@endpoint(needs=OWN, returns=list[leave.KindOut])
def kinds(actor):
    """The kinds of leave that can be asked for."""
    return leave.kinds()


@bp.get("/balances")
@endpoint(needs=OWN, returns=list[leave.BalanceOut])
def balances(actor):
    """What I have of each kind, by lot."""
    return leave.balances(actor)


@bp.get("/ledger")
@endpoint(needs=OWN, query=leave.LedgerQuery, returns=Page[leave.EntryOut])
def ledger(actor, query):
    """Why I have what I have: every movement of my leave with its cause."""
    return leave.entries(actor, query)


@bp.get("/preview")
@endpoint(needs=OWN, query=leave.PlanQuery, returns=leave.PreviewOut)
def preview(actor, query):
    """What a request would cost and leave, or why it would be refused."""
    return leave.preview(actor, query, query.editing)


@bp.get("/form")
@endpoint(needs=OWN, query=leave.Chosen, returns=leave.Chosen)
def form(actor, query):
    """What a new form begins with: the days to be changed (`replaces`), or the day after those to go on with."""
    return leave.begun(actor, query)


@bp.post("/requests")
@endpoint(needs=OWN, body=leave.Submit, returns=leave.RequestOut, status=201, uploads=True)
def apply(actor, body):
    """Ask for leave; a proof can be sent along as a multipart field, a draft it came from ends."""
    return leave.drafts.submit(actor, body)


@bp.post("/drafts")
@endpoint(needs=OWN, body=leave.SaveDraft, returns=leave.DraftOut, status=201)
def save_draft(actor, body):
    """Keep the form as it stands for later; files are not kept."""
    return leave.drafts.save(actor, body)


@bp.get("/drafts")
@endpoint(needs=OWN, returns=list[leave.DraftOut])
def drafts(actor):
    """My drafts, the last changed first."""
    return leave.drafts.drafts(actor)


@bp.get("/drafts/<string:draft_id>")
@endpoint(needs=OWN, returns=leave.DraftOut)
def draft(actor, draft_id):
    """One draft of mine."""
    return leave.drafts.draft(actor, draft_id)


@bp.delete("/drafts/<string:draft_id>")
@endpoint(needs=OWN, status=204)
def drop_draft(actor, draft_id):
    """Throw a draft away."""
    leave.drafts.drop(actor, draft_id)


@bp.get("/requests")
@endpoint(needs=OWN, query=leave.MineQuery, returns=Page[leave.RequestOut])
def requests(actor, query):
    """My requests, newest first."""
    return leave.my_requests(actor, query)


@bp.get("/requests/<string:request_id>")
@endpoint(needs=OWN, returns=leave.RequestDetail)
def request(actor, request_id):
    """One request with its days and what can be done with it."""
    return leave.request_detail(actor, request_id)


@bp.put("/requests/<string:request_id>")
@endpoint(needs=OWN, body=leave.Apply, returns=leave.RequestOut, uploads=True)
def edit(actor, request_id, body):
    """Change a request that waits or was sent back; it goes through its approvals again."""
    return leave.edit(actor, request_id, body)


@bp.get("/requests/<string:request_id>/form")
@endpoint(needs=OWN, returns=leave.Chosen)
def form_of(actor, request_id):
    """My request as the form that made it, to change it."""
    return leave.form_of(actor, request_id)


@bp.get("/requests/<string:request_id>/timeline")
@endpoint(needs=OWN, returns=list[approvals.HistoryOut])
def timeline(actor, request_id):
    """What happened to a request, oldest first."""
    return leave.timeline(actor, request_id)


@bp.post("/requests/<string:request_id>/withdraw")
@endpoint(needs=OWN, status=204)
def withdraw(actor, request_id):
    """Take back a request that nobody has decided."""
    leave.withdraw(actor, request_id)


@bp.post("/requests/<string:request_id>/cancel")
@endpoint(needs=OWN, body=leave.Cancel, returns=leave.RequestOut)
def cancel(actor, request_id, body):
    """Take back leave: at once while it waits, by a request of its own once it is approved."""
    return leave.cancel(actor, request_id, body)


@bp.get("/requests/<string:request_id>/part")
@endpoint(needs=OWN, returns=leave.PartsOut)
def parts(actor, request_id):
    """My approved leave day by day, with what of it can be taken back."""
    return leave.choosing.parts(actor, request_id)


@bp.get("/requests/<string:request_id>/refund")
@endpoint(needs=OWN, query=leave.Returned, returns=leave.RefundOut)
def refund(actor, request_id, query):
    """What taking these days back would return to which lot, and who would be asked."""
    return leave.choosing.refund(actor, request_id, query)


@bp.post("/requests/<string:request_id>/proof")
@endpoint(needs=OWN, body=leave.AddProof, status=204, uploads=True)
def add_proof(actor, request_id, body):
    """Hand in a proof later."""
    leave.add_proof(actor, request_id, body)


@bp.get("/requests/<string:request_id>/proof")
@endpoint(needs=OWN, writes=True)
def proof(actor, request_id):
    """The proof of a request."""
    file = leave.proof(actor, request_id)
    return Download(file.name, file.content, file.media_type)


@bp.get("/covers")
@endpoint(needs=OWN, returns=list[leave.CoverOut])
def covers(actor):
    """Whose leave I am asked to cover, the next first."""
    return leave.covering.asked(actor)


@bp.get("/covers/<string:covered_id>")
@endpoint(needs=OWN, returns=leave.CoverOut)
def cover(actor, covered_id):
    """Somebody's leave that I am asked to cover."""
    return leave.covering.cover(actor, covered_id)


@bp.post("/covers/<string:covered_id>")
@endpoint(needs=OWN, body=leave.AnswerCover, returns=leave.CoverOut)
def answer_cover(actor, covered_id, body):
    """Say whether I cover."""
    leave.covering.answer(actor, covered_id, CoverState.ACCEPTED if body.accepts else CoverState.DECLINED)
    return leave.covering.cover(actor, covered_id)


@bp.get("/team")
@endpoint(needs=OWN, query=leave.TeamQuery, returns=list[leave.AwayOut])
def team(actor, query):
    """Who of my team is away between two days."""
    return leave.team_away(actor, query)
