"""The editor: what it offers, and what a half-written notice would look like to whom."""

import templates_msg
from kit.errors import AppError, Conflict
from models.enums import NoticeState, Role
from models.notices import Notice
from services import people
from services.notices import audience
from services.notices.access import managed
from services.notices.delivery import announcement
from services.notices.schemas import EditorView, Sketch, SketchView
from services.people import Actor


def editor(actor: Actor, notice_id: str | None = None) -> EditorView:
    """The editor for a draft, or for a new notice."""
    return EditorView(
        id=notice_id,
        draft=_draft(managed(actor, notice_id)) if notice_id else Sketch(sender="人事部"),
        departments=people.department_tree(),
        tags=list(people.tag_names().items()),
        roles=[(role.value, people.ROLE_TITLES[role]) for role in Role],
    )


def _draft(notice: Notice) -> Sketch:
    if notice.state != NoticeState.DRAFT:
        raise Conflict("只有草稿可以修改；定时的公告请先取消定时")
    chosen: dict[str, list[str]] = {}
    for kind, _, value in (term.partition(":") for term in notice.audience["terms"]):
        chosen.setdefault(kind, []).append(value)
    accounts = people.many(chosen.get("person", []))
    return Sketch(
        title=notice.title,
        body=notice.body,
        sender=notice.sender,
        is_for_all="company" in chosen,
        departments=chosen.get("department", []),
        tags=chosen.get("tag", []),
        roles=[Role(role) for role in chosen.get("role", [])],
        persons=" ".join(person.userid for person in accounts.values()),
        must_confirm=notice.must_confirm,
        is_urgent=notice.is_urgent,
    )


def sketch(actor: Actor, draft: Sketch) -> SketchView:
    """The card as it would be sent, and to how many people; an audience that cannot be used is said in words."""
    message = announcement(
        draft.title or "标题", draft.sender or "人事部", draft.body or "正文", draft.must_confirm, "/"
    )
    card = templates_msg.render(message, {"confirm_notice": "-"})["template_card"]
    try:
        terms = audience.terms_of(draft)
        audience.check_reach(actor, terms)
        return SketchView(card=card, people=audience.count(terms))
    except AppError as error:
        return SketchView(card=card, people=0, problem=error.title)
