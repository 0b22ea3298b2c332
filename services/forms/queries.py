"""Reads of forms: the catalogue, mine and my drafts, one in full, and those HR handles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from kit import clock
from kit.errors import NotFound
from kit.pages import Page
from models.base import db
from models.enums import FieldType, FormState, Viewer
from models.forms import FormRequest
from services import approvals, people, platform
from services.forms import access, catalog, effects, subjects
from services.forms.access import Seen
from services.forms.catalog import Form
from services.forms.effects import Filed
from services.forms.filling import ATTACHMENT, Standing
from services.forms.rules.facts import facts_from
from services.forms.rules.shown import Row, Shown, shown, typed_of
from services.forms.schemas import (
    DraftOut,
    FaultOut,
    FiledOut,
    FillOut,
    FormLine,
    FormOut,
    Given,
    InputOut,
    MineQuery,
    PreviewOut,
    RequestDetail,
    RequestLine,
    RequestOut,
    RequestsQuery,
    SectionOut,
)
from services.people import Actor
from services.people import Permission as P

STATES = {
    FormState.PENDING: "审批中",
    FormState.RETURNED: "已退回",
    FormState.APPROVED: "已通过",
    FormState.REJECTED: "已驳回",
    FormState.WITHDRAWN: "已撤回",
    FormState.VOIDED: "已作废",
}
_COLUMNS = select(
    FormRequest.id, FormRequest.code, FormRequest.title, FormRequest.state, FormRequest.submitted_at,
    FormRequest.decided_at, FormRequest.person_id, FormRequest.version_id, FormRequest.content,
)  # fmt: skip
SORTS = {"submitted": platform.keyset.Order(FormRequest.submitted_at, datetime, FormRequest.id)}
NEWEST_DRAFTS = 50
ALIVE = (FormState.PENDING, FormState.RETURNED)


# ── the catalogue ──


def forms(actor: Actor) -> list[FormLine]:
    """The forms this person may fill in, in the order of the catalogue."""
    return [form_line(form) for form in catalog.usable(actor)]


def form_line(form: Form) -> FormLine:
    """A form as the catalogue shows it."""
    return FormLine(**_face(form))


def _face(form: Form) -> dict[str, Any]:
    shown = form.definition.model_dump(include=set(FormLine.model_fields))
    return {**shown, "code": form.code, "version": form.version}


def form(actor: Actor, code: str) -> FormOut:
    """A form to be filled in, with the fields its applicant may see."""
    return form_view(catalog.usable_by(actor, code))


def form_view(found: Form) -> FormOut:
    """A form as its applicant sees it."""
    fields = [one for one in found.definition.fields if Viewer.APPLICANT in one.visible_to]
    return FormOut(**_face(found), fields=[InputOut.model_validate(one) for one in fields])


# ── filling in ──


def preview_view(actor: Actor, standing: Standing) -> PreviewOut:
    """A form as it stands. Who would approve is said as soon as nothing is wrong: conditions look at what is filled."""
    definition, filled = standing.form.definition, standing.filled
    seen = frozenset({Viewer.APPLICANT})
    computed = {one.name for one in definition.fields if one.formula or one.type is FieldType.TABLE}
    steps = [] if standing.refusal else approvals.preview(subjects.subject_of(standing.form), actor, standing.facts)
    return PreviewOut(
        title=standing.title,
        computed=[(one.title, one.text) for one in shown(definition, filled.values, seen) if one.name in computed],
        shown=[one.name for one in definition.fields if one.name in filled.shown and one.visible_to & seen],
        faults=[FaultOut(name=one.name, title=one.title, sentence=one.sentence) for one in filled.faults],
        rows=list(standing.quote.rows),
        steps=steps,
        refusal=standing.refusal.title if standing.refusal else None,
    )


def fill_view(actor: Actor, standing: Standing, typed: Given) -> FillOut:
    """A form on its page."""
    kinds = {one.type for one in standing.form.definition.fields}
    held = [one.name for one in standing.form.definition.fields if one.type is FieldType.FILES]
    ids = [file_id for name in held for file_id in typed.get(name, [])]
    names = {one: platform.files.owned(one, actor.person_id, ATTACHMENT) for one in ids}
    return FillOut(
        form=form_view(standing.form),
        typed=typed,
        files={one: name for one, name in names.items() if name},
        departments=people.department_tree() if FieldType.DEPARTMENT in kinds else [],
        preview=preview_view(actor, standing),
    )


def drafts(actor: Actor) -> list[DraftOut]:
    """My drafts, the newest first."""
    mine = select(FormRequest).where(FormRequest.person_id == actor.person_id, access.IS_DRAFT)
    rows = db.session.scalars(mine.order_by(FormRequest.created_at.desc(), FormRequest.id).limit(NEWEST_DRAFTS)).all()
    titles = approvals.titles() if rows else {}
    return [draft_view(row, titles.get(f"{catalog.FAMILY}:{row.code}", row.code)) for row in rows]


def draft(actor: Actor, draft_id: str) -> DraftOut:
    """One draft of mine."""
    row = access.draft(actor, draft_id)
    return draft_view(row, catalog.in_force(row.code).definition.title)


def draft_view(row: FormRequest, title: str) -> DraftOut:
    """A draft as its owner sees it."""
    return DraftOut(id=row.id, code=row.code, title=title, values=dict(row.content), saved_at=row.created_at)


def copied(actor: Actor, request_id: str) -> Given:
    """What somebody would type to submit the same again; files are chosen anew."""
    row = access.own(actor, request_id)
    now = catalog.in_force(row.code).definition
    typed = typed_of(catalog.as_of(row.version_id).definition, row.content, has_files=False)
    return {name: value for name, value in typed.items() if name in {one.name for one in now.fields}}


# ── reading ──


def request_view(row: Any, title: str) -> RequestOut:
    """A submitted form as its owner's list shows it."""
    return RequestOut(**_summary(row), form=title)


def _summary(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("id", "code", "title", "state", "submitted_at", "decided_at")}


def mine(actor: Actor, query: MineQuery) -> Page[RequestOut]:
    """What I submitted, newest first."""
    wanted = _COLUMNS.where(FormRequest.person_id == actor.person_id, ~access.IS_DRAFT, *_narrowed(query))
    cut = platform.keyset.Listing(wanted, SORTS["submitted"], is_down=True).page(query)
    titles = catalog.titles()
    return Page(items=[request_view(row, titles[row.code]) for row in cut.rows], next_cursor=cut.next_cursor)


def _narrowed(query: MineQuery | RequestsQuery) -> list[ColumnElement[bool]]:
    found = [FormRequest.code == query.code] if query.code else []
    return found + ([FormRequest.state == query.state] if query.state else [])


def requests(actor: Actor, query: RequestsQuery) -> Page[RequestLine]:
    """What was submitted by the people whose forms I handle."""
    cut = listing(actor, query).page(query)
    return Page(items=lines(cut.rows), next_cursor=cut.next_cursor)


def listing(actor: Actor, query: RequestsQuery) -> platform.keyset.Listing:
    """The filtered list in its order."""
    actor.require(P.FORMS_REQUEST_READ)
    return platform.keyset.listing(_COLUMNS.where(*_filters(actor, query)), SORTS, query.sort)


def _filters(actor: Actor, query: RequestsQuery) -> list[ColumnElement[bool]]:
    found = [access.looked_after(actor), *_narrowed(query)]
    if query.person:
        found.append(FormRequest.person_id.in_(people.matching(query.person)))
    if query.first_day:
        found.append(FormRequest.submitted_at >= clock.at_local(query.first_day))
    if query.last_day:
        found.append(FormRequest.submitted_at < clock.at_local(query.last_day, 24 * 60))
    return found


def lines(rows: Sequence[Any]) -> list[RequestLine]:
    """Rows as HR's list shows them."""
    known, titles = people.many(row.person_id for row in rows), catalog.titles()
    return [RequestLine(**_summary(row), form=titles[row.code], **_whose(known[row.person_id])) for row in rows]


def _whose(person: people.PersonView) -> dict[str, str]:
    return {"person_id": person.id, "person_name": person.name, "department": person.department_name}


def request_detail(actor: Actor, request_id: str) -> RequestDetail:
    """A submitted form with the fields the actor may see."""
    return detail_of(actor, access.request(actor, request_id))


def detail_of(actor: Actor, seen: Seen) -> RequestDetail:
    """A form that was fetched for the actor, with what they may see of it and do with it."""
    row, submitted_by = seen.row, catalog.as_of(seen.row.version_id)
    is_mine = row.person_id == actor.person_id
    (line,) = lines([row])
    return RequestDetail(
        **dict(line),
        version=submitted_by.version,
        sections=_sections(submitted_by, shown(submitted_by.definition, row.content, seen.viewers)),
        consequences=_consequences(row) if row.state == FormState.PENDING else [],
        history=approvals.timeline(submitted_by.subject, row.id),
        is_mine=is_mine,
        may_change=is_mine and row.state in ALIVE,
        may_void=row.state == FormState.APPROVED and actor.may(P.FORMS_REQUEST_VOID) and Viewer.HR in seen.viewers,
    )


def _consequences(row: FormRequest) -> list[Row]:
    """What approving it now would come to, for whoever decides."""
    quote = effects.of(row.code).quote(filed(row))
    return [("现在不能批准", quote.refusal.title)] if quote.refusal else list(quote.rows)


def _sections(form: Form, found: list[Shown]) -> list[SectionOut]:
    by_name = {one.name: FiledOut.model_validate(one) for one in found}
    laid_out = [
        SectionOut(title=section.title, fields=[by_name[name] for name in section.fields if name in by_name])
        for section in form.definition.sections
    ]
    return [section for section in laid_out if section.fields]


def attachment(actor: Actor, request_id: str, file_id: str) -> platform.files.File:
    """A file of a form, for whoever may see the field it is in; somebody else's is an audited look."""
    seen = access.request(actor, request_id)
    definition = catalog.as_of(seen.row.version_id).definition
    visible = {known for one in shown(definition, seen.row.content, seen.viewers) for known, _ in one.files}
    if file_id not in visible:
        raise NotFound()
    if seen.row.person_id != actor.person_id:
        platform.audit.record(actor, "forms.attachment.read", seen.row.id, person_id=seen.row.person_id)
    return platform.files.fetch(file_id, ATTACHMENT)


def filed(row: FormRequest) -> Filed:
    """A stored form as its effect sees it."""
    definition = catalog.as_of(row.version_id).definition
    return Filed(row.person_id, row.id, row.title, row.content, facts_from(definition, row.content))
