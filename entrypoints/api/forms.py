"""Forms for the mini-program: what can be asked for, filling in with drafts and files, what became of it."""

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Download
from kit.pages import Page
from kit.schema import Identifier, Wish
from services import forms

bp = blueprint("forms")


class Begin(Wish):
    """What to begin with: a draft of mine, or a request like one before."""

    draft: Identifier | None = None
    like: Identifier | None = None


@bp.get("")
@endpoint(needs=OWN, returns=list[forms.FormLine])
def listing(actor):
    """The forms I may fill in."""
    return forms.forms(actor)


@bp.get("/<string:code>")
@endpoint(needs=OWN, returns=forms.FormOut)
def form(actor, code):
    """One form with its fields."""
    return forms.form(actor, code)


@bp.get("/<string:code>/fill")
@endpoint(needs=OWN, query=Begin, returns=forms.FillOut)
def begin(actor, query, code):
    """The form to fill in: with its defaults, as a draft left it, or like a request before."""
    if query.draft:
        return forms.fill(actor, code, forms.Fill(values=forms.draft(actor, query.draft).values))
    if query.like:
        return forms.fill(actor, code, forms.Fill(values=forms.copied(actor, query.like)))
    return forms.begin(actor, code)


@bp.post("/<string:code>/preview")
@endpoint(needs=OWN, body=forms.Fill, returns=forms.PreviewOut)
def preview(actor, body, code):
    """What the form as it stands comes to, what is wrong with it, and who would approve it."""
    return forms.preview(actor, code, body)


@bp.post("/<string:code>/requests")
@endpoint(needs=OWN, body=forms.Fill, returns=forms.RequestOut, status=201)
def submit(actor, body, code):
    """Submit a form."""
    return forms.submit(actor, code, body)


@bp.post("/<string:code>/drafts")
@endpoint(needs=OWN, body=forms.Fill, returns=forms.DraftOut, status=201)
def save_draft(actor, body, code):
    """Keep what was typed for later."""
    return forms.save_draft(actor, code, body)


@bp.get("/drafts")
@endpoint(needs=OWN, returns=list[forms.DraftOut])
def drafts(actor):
    """My drafts, newest first."""
    return forms.drafts(actor)


@bp.get("/drafts/<string:draft_id>")
@endpoint(needs=OWN, returns=forms.DraftOut)
def draft(actor, draft_id):
    """One draft of mine."""
    return forms.draft(actor, draft_id)


@bp.delete("/drafts/<string:draft_id>")
@endpoint(needs=OWN, status=204)
def drop_draft(actor, draft_id):
    """Throw a draft away."""
    forms.drop_draft(actor, draft_id)


@bp.post("/files")
@endpoint(needs=OWN, body=forms.Attach, returns=forms.FileOut, status=201, uploads=True)
def attach(actor, body):
    """Upload a file for a field of files."""
    return forms.attach(actor, body)


@bp.get("/requests")
@endpoint(needs=OWN, query=forms.MineQuery, returns=Page[forms.RequestOut])
def requests(actor, query):
    """What I submitted, newest first."""
    return forms.mine(actor, query)


@bp.get("/requests/<string:request_id>")
@endpoint(needs=OWN, returns=forms.RequestDetail)
def request(actor, request_id):
    """One submitted form with the fields I may see."""
    return forms.request_detail(actor, request_id)


@bp.get("/requests/<string:request_id>/copy")
@endpoint(needs=OWN, returns=dict[str, object])
def copy(actor, request_id):
    """What to fill in to submit the same again."""
    return forms.copied(actor, request_id)


@bp.put("/requests/<string:request_id>")
@endpoint(needs=OWN, body=forms.Fill, returns=forms.RequestOut)
def change(actor, body, request_id):
    """Change a form that waits or was sent back; it is approved anew."""
    return forms.change(actor, request_id, body)


@bp.post("/requests/<string:request_id>/fill")
@endpoint(needs=OWN, body=forms.Fill, returns=forms.FillOut)
def changing(actor, body, request_id):
    """My form while I change it, and what it comes to; without values, as I submitted it."""
    return forms.preview_change(actor, request_id, body)


@bp.post("/requests/<string:request_id>/withdraw")
@endpoint(needs=OWN, status=204)
def withdraw(actor, request_id):
    """Take back a form that nobody has decided."""
    forms.withdraw(actor, request_id)


@bp.get("/requests/<string:request_id>/files/<string:file_id>")
@endpoint(needs=OWN, writes=True)
def attachment(actor, request_id, file_id):
    """A file of a submitted form."""
    file = forms.attachment(actor, request_id, file_id)
    return Download(file.name, file.content, file.media_type)
