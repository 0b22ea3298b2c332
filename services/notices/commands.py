"""What HR does with a notice: write it, show it to somebody, send it now or later, nudge, take it back."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from kit import clock
from kit.errors import Conflict
from models.base import db
from models.enums import NoticeState, ReceiptState
from models.notices import Notice, NoticeCall, NoticeReceipt
from services import people, platform
from services.notices import audience, quiet, rules, sending
from services.notices.access import managed
from services.notices.delivery import CHUNK, card_of, link_to, take_back
from services.notices.schemas import Draft, Preview, Schedule, Send, Sketch
from services.notices.sending import notify
from services.people import Actor, AnyActor, Permission
from services.platform import Terms
from templates_msg import Message

BEGIN = "notices.begin"


def create(actor: Actor, draft: Draft) -> str:
    """Keeps a new draft; its id. `Forbidden` when it is for people beyond the actor's reach."""
    actor.require(Permission.NOTICES_NOTICE_SEND)
    notice = Notice(author_id=actor.person_id, **_content(actor, draft))
    db.session.add(notice)
    db.session.flush()  # the audit names it
    platform.audit.record(actor, "notices.notice.create", notice.id, after={"audience": notice.audience["terms"]})
    return notice.id


def edit(actor: Actor, notice_id: str, draft: Draft) -> None:
    """Replaces the words and the audience of a draft."""
    notice = managed(actor, notice_id)
    _move(notice, NoticeState.DRAFT, NoticeState.DRAFT, **_content(actor, draft))
    platform.audit.record(actor, "notices.notice.edit", notice.id)


def discard(actor: Actor, notice_id: str) -> None:
    """Deletes a draft."""
    notice = managed(actor, notice_id)
    if notice.state != NoticeState.DRAFT:
        raise Conflict("只能删除草稿；已发送的公告请撤回")
    db.session.delete(notice)
    platform.audit.record(actor, "notices.notice.discard", notice.id)


def preview(actor: Actor, notice_id: str, wish: Preview) -> None:
    """Sends the card as it will look to one person within reach, who may then read the draft."""
    notice = managed(actor, notice_id)
    terms = audience.terms_of(Sketch(persons=wish.person or actor.userid))
    audience.check_reach(actor, [term for term in terms if term != f"person:{actor.person_id}"] or terms)
    notice.preview_person_id = terms[0].partition(":")[2]
    key = preview_key(notice.id, clock.now().isoformat())
    notify(notice.preview_person_id, card_of(notice), key=key, urgent=True, actions={"confirm_notice": notice.id})


def preview_key(notice_id: str, occasion: str) -> str:
    """The key of a card that was shown to somebody before, by which it is taken back with its notice."""
    return f"notice.preview:{notice_id}:{occasion}"


def send(actor: Actor, notice_id: str, wish: Send) -> None:
    """Begins sending at once, or at the end of the quiet hours. `Conflict` when the audience is no longer that many."""
    notice = managed(actor, notice_id)
    _check_people(actor, notice, wish.people)
    begin(notice, NoticeState.DRAFT)
    platform.audit.record(actor, "notices.notice.send", notice.id, after={"people": wish.people})


def schedule(actor: Actor, notice_id: str, wish: Schedule) -> None:
    """Sends at a later time; until then it can be called off."""
    notice = managed(actor, notice_id)
    rules.check_time(wish.at, clock.now())
    _check_people(actor, notice, wish.people)
    _move(notice, NoticeState.DRAFT, NoticeState.SCHEDULED, scheduled_at=wish.at)
    platform.promise(BEGIN, {"notice": notice.id, "at": wish.at.isoformat()}, terms=Terms(due_at=wish.at))
    platform.audit.record(actor, "notices.notice.schedule", notice.id, after={"at": wish.at.isoformat()})


def unschedule(actor: Actor, notice_id: str) -> None:
    """Makes a scheduled notice a draft again."""
    notice = managed(actor, notice_id)
    _move(notice, NoticeState.SCHEDULED, NoticeState.DRAFT, scheduled_at=None)
    platform.audit.record(actor, "notices.notice.unschedule", notice.id)


def begin_scheduled(payload: dict[str, Any]) -> None:
    """The hour has come; a notice that was called off or moved meanwhile is left alone."""
    notice = db.session.get(Notice, payload["notice"])
    at = datetime.fromisoformat(payload["at"])
    if notice is not None and notice.state == NoticeState.SCHEDULED and notice.scheduled_at == at:
        begin(notice, NoticeState.SCHEDULED)


def begin(notice: Notice, before: NoticeState) -> None:
    """Starts the chain of chunks; urgent notices do not wait for the morning."""
    due = clock.now() if notice.is_urgent else quiet.first_loud()
    expected = audience.count(notice.audience["terms"])
    _move(notice, before, NoticeState.SENDING, sent_at=due, expected=expected)
    platform.promise(CHUNK, {"notice": notice.id, "after": "", "opened": ""}, terms=Terms(due_at=due))


def nudge(actor: Actor, notice_id: str) -> int:
    """Reminds only those who have not opened (or, where it is asked for, confirmed) it; how many they are."""
    notice = managed(actor, notice_id)
    rules.check_nudgeable(NoticeState(notice.state), notice.nudged_at, clock.now())
    missing = list(db.session.scalars(behind(notice)))
    if not missing:
        raise Conflict("所有人都已完成，无需提醒")
    now = clock.now()
    _move(notice, NoticeState.SENT, NoticeState.SENT, nudged_at=now)
    notify(missing, nudge_of(notice), key=nudge_key(notice.id, now.isoformat()))
    platform.audit.record(actor, "notices.notice.nudge", notice.id, after={"people": len(missing)})
    return len(missing)


def behind(notice: Notice) -> Any:
    """The ids of those still here who have not done what the notice asks of them."""
    done = [ReceiptState.CONFIRMED] if notice.must_confirm else [ReceiptState.OPENED, ReceiptState.CONFIRMED]
    return select(NoticeReceipt.person_id).where(
        NoticeReceipt.notice_id == notice.id,
        NoticeReceipt.state.not_in(done),
        NoticeReceipt.person_id.in_(people.active_ids()),
    )


def nudge_of(notice: Notice) -> Message:
    """The reminder."""
    facts = {"title": notice.title, "sent_at": notice.sent_at, "link": link_to(notice.id)}
    return Message("notices/nudge", {**facts, "needs_confirmation": notice.must_confirm})


def nudge_key(notice_id: str, occasion: str) -> str:
    """The key of a reminder, by which it is taken back with its notice."""
    return f"notice.nudge:{notice_id}:{occasion}"


def recall(actor: Actor, notice_id: str) -> None:
    """Takes the notice back from every chat and every list, with its reminders and previews, within 24 hours."""
    notice = managed(actor, notice_id)
    now = clock.now()
    rules.check_recallable(NoticeState(notice.state), notice.sent_at, now)
    _move(notice, NoticeState(notice.state), NoticeState.RECALLED, recalled_at=now)
    for call in db.session.scalars(select(NoticeCall).where(NoticeCall.notice_id == notice.id)):
        take_back(call)
    for about in (nudge_key(notice.id, ""), preview_key(notice.id, "")):
        sending.take_back(about)
    platform.audit.record(actor, "notices.notice.recall", notice.id)


def _content(actor: Actor, draft: Draft) -> dict[str, Any]:
    terms = audience.terms_of(draft)
    audience.check_reach(actor, terms)
    words = draft.model_dump(include={"title", "body", "sender", "must_confirm", "is_urgent"})
    return {**words, "audience": {"terms": terms}}


def _check_people(actor: AnyActor, notice: Notice, agreed: int) -> None:
    terms = notice.audience["terms"]
    audience.check_reach(actor, terms)
    now = audience.count(terms)
    if now == 0:
        raise Conflict("接收范围内现在没有人，请修改接收范围")
    if now != agreed:
        raise Conflict(f"接收范围现在是 {now} 人，请核对人数后重新确认", people=now)


def _move(notice: Notice, before: NoticeState, after: NoticeState, **values: Any) -> None:
    moved = update(Notice).where(Notice.id == notice.id, Notice.state == before)
    if not platform.changed(moved.values(state=after, **values)):
        raise Conflict("公告的状态已变化，请刷新后再试")
    db.session.refresh(notice)
