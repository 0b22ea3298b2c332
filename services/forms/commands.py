"""What people do with forms: fill in, keep for later, submit, take back; what HR takes back after approval."""

from typing import Any

from sqlalchemy import func, select

from kit import clock, log
from kit.errors import Conflict
from kit.ids import new_id
from models.base import db
from models.enums import FormState
from models.forms import FormRequest
from services import approvals, notices, platform
from services.forms import access, catalog, effects, filling, queries
from services.forms.catalog import Form
from services.forms.filling import Standing
from services.forms.rules.shape import shape
from services.forms.rules.shown import for_everybody, on_card, typed_of
from services.forms.schemas import Attach, DraftOut, FileOut, Fill, FillOut, PreviewOut, RequestOut, Void
from services.people import Actor
from templates_msg import Message

MOST_DRAFTS = 50
logger = log.get(__name__)


def preview(actor: Actor, code: str, wish: Fill) -> PreviewOut:
    """What the form as it stands comes to, what is wrong with it, and who would approve it; nothing is changed."""
    return queries.preview_view(actor, filling.stand(actor, catalog.usable_by(actor, code), wish.values))


def fill(actor: Actor, code: str, wish: Fill) -> FillOut:
    """The page of a form with what was typed so far."""
    form = catalog.usable_by(actor, code)
    return queries.fill_view(actor, filling.stand(actor, form, wish.values), shape(form.definition, wish.values))


def begin(actor: Actor, code: str) -> FillOut:
    """The page of a form that nobody has typed into: with its defaults."""
    form = catalog.usable_by(actor, code)
    return queries.fill_view(actor, *filling.begin(actor, form))


def submit(actor: Actor, code: str, wish: Fill) -> RequestOut:
    """Submits the form and asks the approvers; a draft it came from becomes the request.

    `Invalid` with every fault, `Conflict` when the form changed meanwhile or the draft was submitted already.
    """
    form = catalog.usable_by(actor, code)
    filling.check_version(form, wish.version)
    standing = filling.stand(actor, form, wish.values, wish.draft_id or "")
    if standing.refusal:
        raise standing.refusal
    request_id = _store(actor, standing, wish.draft_id)
    approvals.start(form.subject, request_id, actor, **_asked(actor, standing, request_id, wish))
    logger.info("forms.submitted", extra={"request": request_id, "form": form.code, "version": form.version})
    return queries.request_view(access.own(actor, request_id), form.definition.title)


def change(actor: Actor, request_id: str, wish: Fill) -> RequestOut:
    """Changes what waits for a decision or was sent back: measured anew by its own version, approved anew.

    `AlreadyDecided` when it came too late.
    """
    row = access.own(actor, request_id)
    form = catalog.as_of(row.version_id)
    standing = filling.stand(actor, form, wish.values, row.id)
    if standing.refusal:
        raise standing.refusal
    # first what is asked about, then the asking: an approval that needs nobody ends at once
    now = {"title": standing.title, "content": standing.filled.values, "submitted_at": clock.now()}
    before = row.state if row.state in queries.ALIVE else FormState.PENDING
    if not platform.moved(FormRequest, row.id, before, state=FormState.PENDING, **now):
        raise Conflict("这份申请已经结束，不能再修改；可以照样再填一份")
    approvals.revise(form.subject, row.id, actor, **_asked(actor, standing, row.id, wish))
    platform.audit.record(actor, "forms.request.change", row.id, person_id=row.person_id)
    return queries.request_view(access.own(actor, request_id), form.definition.title)


def preview_change(actor: Actor, request_id: str, wish: Fill) -> FillOut:
    """The page of a request that is being changed; without values, as it was submitted."""
    row = access.own(actor, request_id)
    form = catalog.as_of(row.version_id)
    typed = shape(form.definition, wish.values) or typed_of(form.definition, row.content, has_files=True)
    return queries.fill_view(actor, filling.stand(actor, form, typed, row.id), typed)


def _asked(actor: Actor, standing: Standing, request_id: str, wish: Fill) -> dict[str, Any]:
    """What approvals are told of a form."""
    return {
        "facts": standing.facts,
        "message": _card(actor, standing, request_id),
        "details": for_everybody(standing.form.definition, standing.filled.values),
        "choices": filling.chosen(wish.choices),
    }


def _store(actor: Actor, standing: Standing, draft_id: str | None) -> str:
    row: dict[str, Any] = {
        "id": draft_id or new_id(),
        "created_at": clock.now(),
        "version_id": standing.form.id,
        "code": standing.form.code,
        "person_id": actor.person_id,
        "state": FormState.PENDING,
        "title": standing.title,
        "content": standing.filled.values,
        "submitted_at": clock.now(),
        "decided_at": None,
    }
    if draft_id is None:
        platform.add(FormRequest, **row)
    else:
        _promote(actor, row)
    return str(row["id"])


def _promote(actor: Actor, row: dict[str, Any]) -> None:
    access.draft(actor, row["id"])
    values = {name: value for name, value in row.items() if name != "id"}
    if not platform.moved(FormRequest, row["id"], FormState.DRAFT, **values):
        raise Conflict("这份草稿已经提交过了，请在我的申请中查看")


def _card(actor: Actor, standing: Standing, request_id: str) -> Message:
    form = standing.form
    rows = [*on_card(form.definition, standing.filled.values), *standing.quote.rows][:6]
    facts = {
        "applicant": actor.name,
        "subject": form.definition.title,
        "title": standing.title,
        "rows": rows,
        "link": f"/h5/approvals/{form.subject}/{request_id}",
    }
    return Message("approvals/request", facts)


# ── drafts and files ──


def save_draft(actor: Actor, code: str, wish: Fill) -> DraftOut:
    """Keeps what was typed, whether or not it is complete; a draft that is named is replaced."""
    form = catalog.usable_by(actor, code)
    typed = shape(form.definition, wish.values)
    if wish.draft_id:
        row = access.draft(actor, wish.draft_id)
        row.content, row.created_at, row.version_id, row.code = typed, clock.now(), form.id, form.code
    else:
        _check_room(actor)
        row = FormRequest(**_draft_row(actor, form, typed))
        db.session.add(row)
    db.session.flush()
    return queries.draft_view(row, form.definition.title)


def _draft_row(actor: Actor, form: Form, typed: dict[str, Any]) -> dict[str, Any]:
    now = {"id": new_id(), "created_at": clock.now(), "state": FormState.DRAFT}
    return {**now, "version_id": form.id, "code": form.code, "person_id": actor.person_id, "content": typed}


def _check_room(actor: Actor) -> None:
    mine = (
        select(func.count()).select_from(FormRequest).where(FormRequest.person_id == actor.person_id, access.IS_DRAFT)
    )
    if (db.session.scalar(mine) or 0) >= MOST_DRAFTS:
        raise Conflict(f"最多保存 {MOST_DRAFTS} 份草稿，请先提交或删除一些")


def drop_draft(actor: Actor, draft_id: str) -> None:
    """Throws a draft away."""
    db.session.delete(access.draft(actor, draft_id))


def attach(actor: Actor, wish: Attach) -> FileOut:
    """Keeps a file, to be named by a field of files of this actor."""
    file_id = platform.files.store(actor.person_id, filling.ATTACHMENT, wish.paper)
    db.session.flush()
    return FileOut(id=file_id, name=platform.files.name_of(file_id))


# ── taking back ──


def withdraw(actor: Actor, request_id: str) -> None:
    """Takes back what nobody has decided; `AlreadyDecided` when it came too late."""
    row = access.own(actor, request_id)
    approvals.withdraw(f"{catalog.FAMILY}:{row.code}", row.id, actor)
    end(row.id, row.state, FormState.WITHDRAWN)
    platform.audit.record(actor, "forms.request.withdraw", row.id, person_id=row.person_id)


def end(request_id: str, before: FormState, after: FormState) -> None:
    """Moves a request on, if it is still in the state expected; `Conflict` when somebody was faster."""
    if not platform.moved(FormRequest, request_id, before, state=after, decided_at=clock.now()):
        raise Conflict("这份申请的状态刚刚变了，请刷新后再看")


def void(actor: Actor, request_id: str, wish: Void) -> None:
    """HR takes an approved form back: what it did is undone, and the applicant is told why."""
    row = access.voidable(actor, request_id)
    if row.state != FormState.APPROVED:
        raise Conflict("只有已通过的申请可以作废")
    end(row.id, FormState.APPROVED, FormState.VOIDED)
    effects.of(row.code).undo(queries.filed(row))
    after = {"reason": wish.reason}
    platform.audit.record(actor, "forms.request.void", row.id, person_id=row.person_id, after=after)
    facts = {"title": row.title, "reason": wish.reason, "request_id": row.id}
    notices.notify(row.person_id, Message("forms/voided", facts), key=f"voided:{row.id}")
