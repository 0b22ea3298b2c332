"""Forms on the phone: fill in with what it comes to in view, keep for later, submit, and what became of it."""

from entrypoints import typed
from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Download, Redirect
from entrypoints.typed import Typed
from kit.schema import Identifier, Wish
from services import forms
from services.forms import Fill

bp = blueprint("forms")


class Begin(Wish):
    """What to begin with: a draft of mine, or a request like one before."""

    draft: Identifier | None = None
    like: Identifier | None = None


@bp.get("/<string:code>")
@endpoint(needs=OWN, query=Begin, page="h5/forms/fill.html")
def new(actor, query, code):
    """The form, empty, as it was left, or like one before."""
    if query.draft:
        kept = forms.draft(actor, query.draft)
        return {"fill": forms.fill(actor, code, Fill(values=kept.values)), "draft_id": kept.id}
    if query.like:
        values = forms.copied(actor, query.like)
        return {"fill": forms.fill(actor, code, Fill(values=values)), "draft_id": None}
    return {"fill": forms.begin(actor, code), "draft_id": None}


@bp.post("/<string:code>/fill")
@endpoint(needs=OWN, body=Typed, page="h5/forms/fill.html", uploads=True)
def fill(actor, body, code):
    """The form as it stands, drawn again: for browsers without scripts."""
    return {"fill": forms.fill(actor, code, typed.fill(actor, body)), "draft_id": body.draft_id}


@bp.post("/<string:code>/preview")
@endpoint(needs=OWN, body=Typed, page="h5/forms/_preview.html")
def preview(actor, body, code):
    """What the form as it stands comes to."""
    return {**dict(forms.preview(actor, code, typed.fill(actor, body))), "chosen": body.choices}


@bp.post("/<string:code>/requests")
@endpoint(needs=OWN, body=Typed, uploads=True)
def submit(actor, body, code):
    """Submit the form."""
    return Redirect(f"/h5/forms/requests/{forms.submit(actor, code, typed.fill(actor, body)).id}")


@bp.post("/<string:code>/drafts")
@endpoint(needs=OWN, body=Typed, uploads=True)
def save_draft(actor, body, code):
    """Keep the form for later."""
    forms.save_draft(actor, code, typed.fill(actor, body))
    return Redirect("/h5/catalogue")


@bp.post("/drafts/<string:draft_id>/discard")
@endpoint(needs=OWN)
def drop_draft(actor, draft_id):
    """Throw a draft away."""
    forms.drop_draft(actor, draft_id)
    return Redirect("/h5/catalogue")


@bp.get("/requests/<string:request_id>")
@endpoint(needs=OWN, page="h5/forms/request.html")
def request(actor, request_id):
    """One submitted form, its way through approval, and what can be done with it."""
    return {"request": forms.request_detail(actor, request_id), "states": forms.STATES}


@bp.get("/requests/<string:request_id>/change")
@endpoint(needs=OWN, page="h5/forms/fill.html")
def changing(actor, request_id):
    """My form, to be changed while it waits or after it was sent back."""
    return _changing(request_id, forms.preview_change(actor, request_id, Fill()))


@bp.post("/requests/<string:request_id>/change/fill")
@endpoint(needs=OWN, body=Typed, page="h5/forms/fill.html", uploads=True)
def fill_change(actor, body, request_id):
    """The changed form as it stands, drawn again: for browsers without scripts."""
    return _changing(request_id, forms.preview_change(actor, request_id, typed.fill(actor, body)))


@bp.post("/requests/<string:request_id>/change/preview")
@endpoint(needs=OWN, body=Typed, page="h5/forms/_preview.html")
def preview_change(actor, body, request_id):
    """What the changed form as it stands comes to."""
    return {**dict(forms.preview_change(actor, request_id, typed.fill(actor, body)).preview), "chosen": body.choices}


@bp.post("/requests/<string:request_id>/change")
@endpoint(needs=OWN, body=Typed, uploads=True)
def change(actor, body, request_id):
    """Submit the changed form; it is approved anew."""
    forms.change(actor, request_id, typed.fill(actor, body))
    return Redirect(f"/h5/forms/requests/{request_id}")


def _changing(request_id, fill):
    return {"fill": fill, "draft_id": None, "change": f"/h5/forms/requests/{request_id}/change"}


@bp.get("/requests/<string:request_id>/print")
@endpoint(needs=OWN, page="h5/forms/print.html")
def paper(actor, request_id):
    """The form for a printer."""
    return {"request": forms.request_detail(actor, request_id), "states": forms.STATES}


@bp.post("/requests/<string:request_id>/withdraw")
@endpoint(needs=OWN)
def withdraw(actor, request_id):
    """Take the form back."""
    forms.withdraw(actor, request_id)
    return Redirect(f"/h5/forms/requests/{request_id}")


@bp.get("/requests/<string:request_id>/files/<string:file_id>")
@endpoint(needs=OWN, writes=True)
def attachment(actor, request_id, file_id):
    """A file of the form."""
    file = forms.attachment(actor, request_id, file_id)
    return Download(file.name, file.content, file.media_type)
