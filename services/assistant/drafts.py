"""Leave being talked about: kept between sentences, finished once, by its owner only."""

from datetime import timedelta

from pydantic import TypeAdapter
from sqlalchemy import select, update

from kit import clock
from kit.errors import Conflict, NotFound
from models.assistant import LeaveDraft
from models.base import db
from models.enums import DraftState
from services import platform
from services.assistant.rules import Gap, Leave
from services.people import Actor

TALK = timedelta(minutes=10)
LIVES = timedelta(hours=24)

_leave = TypeAdapter(Leave)


def wish_of(draft: LeaveDraft) -> Leave:
    """What was said so far."""
    return _leave.validate_python(dict(draft.wish))


def talked_about(actor: Actor) -> LeaveDraft | None:
    """The leave whose question the actor may be answering now: the last one asked about within ten minutes."""
    recent = (
        select(LeaveDraft)
        .where(
            LeaveDraft.person_id == actor.person_id,
            LeaveDraft.state == DraftState.OPEN,
            LeaveDraft.heard_at > clock.now() - TALK,
        )
        .order_by(LeaveDraft.heard_at.desc(), LeaveDraft.id.desc())
        .limit(1)
    )
    last = db.session.scalars(recent).first()
    return last if last is not None and last.gap is not None else None


def keep(actor: Actor, wish: Leave, draft: LeaveDraft | None = None) -> LeaveDraft:
    """Stores what is known now, in the draft that was talked about or in a new one."""
    if draft is None:
        draft = LeaveDraft(person_id=actor.person_id, wish={}, heard_at=clock.now())
        db.session.add(draft)
    draft.wish = _leave.dump_python(wish, mode="json")
    draft.gap, draft.heard_at = wish.gap, clock.now()
    db.session.flush()  # its id goes onto the card
    return draft


def own(actor: Actor, draft_id: str) -> LeaveDraft:
    """The actor's own draft, still open; `Conflict` when it was finished or is a day old."""
    draft = db.session.get(LeaveDraft, draft_id)
    if draft is None or draft.person_id != actor.person_id:
        raise NotFound()
    if draft.state != DraftState.OPEN or draft.heard_at < clock.now() - LIVES:
        raise Conflict("这张卡片已失效，请重新说一次")
    return draft


def asked(draft: LeaveDraft) -> Gap | None:
    """What was asked last."""
    return Gap(draft.gap) if draft.gap else None


def finish(draft: LeaveDraft, state: DraftState) -> None:
    """Ends the draft, once."""
    still_open = update(LeaveDraft).where(LeaveDraft.id == draft.id, LeaveDraft.state == DraftState.OPEN)
    if not platform.changed(still_open.values(state=state)):
        raise Conflict("这张卡片已处理过")
