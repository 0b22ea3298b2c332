"""HR's forms: designing and publishing them, what was submitted with its files and exports, taking back."""

from pydantic import Field

from entrypoints import exports, typed
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from entrypoints.typed import Typed
from kit import workbook
from kit.workbook import Written
from models.enums import Viewer
from services import forms, people
from services.forms import TryForm
from services.people import Permission

bp = blueprint("forms")

EDIT, READ, VOID = Permission.FORMS_FORM_EDIT, Permission.FORMS_REQUEST_READ, Permission.FORMS_REQUEST_VOID
VIEWERS = {Viewer.APPLICANT: "申请人", Viewer.APPROVER: "审批人", Viewer.HR: "人事"}


class Tried(Typed):
    """The form being designed, with what somebody typed into it."""

    definition: str = Field(min_length=2, max_length=60_000)


@bp.get("")
@endpoint(needs=EDIT, page="console/forms/list.html")
def listing(actor):
    """All forms, in use or not."""
    return forms.all_forms(actor)


@bp.post("")
@endpoint(needs=EDIT, body=forms.AddForm)
def add(actor, body):
    """A form of the company's own."""
    return Redirect(f"/console/forms/{forms.add_form(actor, body).code}")


@bp.get("/<string:code>")
@endpoint(needs=EDIT, page="console/forms/form.html")
def form(actor, code):
    """The designer of one form, with its versions."""
    return {
        "form": forms.form_detail(actor, code),
        "types": forms.TYPE_TITLES,
        "in_tables": forms.IN_TABLES,
        "viewers": VIEWERS,
        "roles": people.ROLE_TITLES,
        "departments": people.department_tree(),
        "subject": f"{forms.FAMILY}:{code}",
    }


@bp.post("/<string:code>")
@endpoint(needs=EDIT, body=forms.Publish)
def publish(actor, body, code):
    """A new version for requests from now on."""
    forms.publish(actor, code, body)
    return Redirect(f"/console/forms/{code}")


@bp.post("/<string:code>/try")
@endpoint(needs=EDIT, body=Tried, page="console/forms/try.html")
def try_out(actor, body, code):
    """The form being designed, as applicants would see it on the phone."""
    return _tried(actor, code, body)


@bp.post("/<string:code>/try/preview")
@endpoint(needs=EDIT, body=Tried, page="h5/forms/_preview.html")
def preview(actor, body, code):
    """What the form being designed comes to with what was typed."""
    return _tried(actor, code, body)["fill"].preview


def _tried(actor, code, body):
    wish = TryForm(definition=body.definition)
    found = forms.try_fill(actor, code, wish, typed.nested(body.typed))
    return {"fill": found, "definition": body.definition}


@bp.get("/requests")
@endpoint(needs=READ, query=forms.RequestsQuery, page="console/forms/requests.html", writes=True)
def requests(actor, query):
    """What was submitted by the people I look after; or the whole list as a file."""
    if query.format:
        return _file(forms.export(actor, query), query.format)
    titles = forms.titles()
    return {"page": forms.requests(actor, query), "query": query, "forms": titles, "states": forms.STATES}


def _file(sheets, form):
    if form == "csv":
        return exports.file(sheets[0].title, sheets[0].header, sheets[0].rows, form)
    content = workbook.write_sheets(Written(sheet.title, sheet.header, sheet.rows) for sheet in sheets)
    return Download(f"{sheets[0].title}.xlsx", content, workbook.MEDIA_TYPE)


@bp.get("/requests/<string:request_id>")
@endpoint(needs=READ, page="console/forms/request.html")
def request(actor, request_id):
    """One submitted form with its way through approval."""
    return {"request": forms.request_detail(actor, request_id), "states": forms.STATES}


@bp.get("/requests/<string:request_id>/print")
@endpoint(needs=READ, page="console/forms/print.html")
def paper(actor, request_id):
    """The form for a printer."""
    return {"request": forms.request_detail(actor, request_id), "states": forms.STATES}


@bp.get("/requests/<string:request_id>/files/<string:file_id>")
@endpoint(needs=READ, writes=True)
def attachment(actor, request_id, file_id):
    """A file of the form; looking is audited."""
    file = forms.attachment(actor, request_id, file_id)
    return Download(file.name, file.content, file.media_type)


@bp.post("/requests/<string:request_id>/void")
@endpoint(needs=VOID, body=forms.Void)
def void(actor, request_id, body):
    """Take an approved form back."""
    forms.void(actor, request_id, body)
    return Redirect(f"/console/forms/requests/{request_id}")
