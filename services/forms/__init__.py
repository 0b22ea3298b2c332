"""Forms: what HR designs as data, and what people fill in and have approved, each form a subject of the approvals.

Invariants: a version never changes, and what was submitted stays on its version; what was submitted was checked whole;
a field is shown to nobody its form does not show it to; a domain that plugs into a form applies once, in the
transaction of the last approval, and undoes in that of the act that takes it back.
"""

from services.forms import staffing, subjects
from services.forms.catalog import FAMILY, ensure_forms, titles
from services.forms.commands import (
    attach,
    begin,
    change,
    drop_draft,
    fill,
    preview,
    preview_change,
    save_draft,
    submit,
    void,
    withdraw,
)
from services.forms.designing import add_form, all_forms, form_detail, publish, try_fill
from services.forms.effects import Effect, Filed, Quote, plug
from services.forms.exporting import Sheet, export
from services.forms.others import approved, standing
from services.forms.queries import (
    STATES,
    attachment,
    copied,
    draft,
    drafts,
    form,
    forms,
    mine,
    request_detail,
    requests,
)
from services.forms.reactions import on_decided, on_left, on_resumed, on_returned
from services.forms.rules.facts import Values
from services.forms.rules.fields import IN_TABLES, TYPE_TITLES
from services.forms.schemas import (
    AddForm,
    Attach,
    DraftOut,
    FileOut,
    Fill,
    FillOut,
    FormDetail,
    FormLine,
    FormOut,
    MineQuery,
    PreviewOut,
    Publish,
    RequestDetail,
    RequestLine,
    RequestOut,
    RequestsQuery,
    TryForm,
    Void,
)

subjects.declare()
staffing.plug()

__all__ = [
    "FAMILY",
    "IN_TABLES",
    "STATES",
    "TYPE_TITLES",
    "AddForm",
    "Attach",
    "DraftOut",
    "Effect",
    "FileOut",
    "Filed",
    "Fill",
    "FillOut",
    "FormDetail",
    "FormLine",
    "FormOut",
    "MineQuery",
    "PreviewOut",
    "Publish",
    "Quote",
    "RequestDetail",
    "RequestLine",
    "RequestOut",
    "RequestsQuery",
    "Sheet",
    "TryForm",
    "Values",
    "Void",
    "add_form",
    "all_forms",
    "approved",
    "attach",
    "attachment",
    "begin",
    "change",
    "copied",
    "draft",
    "drafts",
    "drop_draft",
    "ensure_forms",
    "export",
    "fill",
    "form",
    "form_detail",
    "forms",
    "mine",
    "on_decided",
    "on_left",
    "on_resumed",
    "on_returned",
    "plug",
    "preview",
    "preview_change",
    "publish",
    "request_detail",
    "requests",
    "save_draft",
    "standing",
    "submit",
    "titles",
    "try_fill",
    "void",
    "withdraw",
]
