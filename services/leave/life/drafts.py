"""Drafts of leave: a form begun and not sent. It holds nothing, is only its owner's, and ends when it is sent."""

from sqlalchemy import delete, func, select

from kit import clock
from kit.errors import Conflict, NotFound
from kit.ids import new_id
from models.base import db
from models.leave import LeaveKind, LeaveSaved
from services import platform
from services.leave import access
from services.leave.life import commands
from services.leave.rulebook import catalog
from services.leave.schemas import Chosen, DraftOut, RequestOut, SaveDraft, Submit
from services.people import Actor

MOST = 20
_KEPT = set(Chosen.model_fields)


def save(actor: Actor, wish: SaveDraft) -> DraftOut:
    """Keeps the form as it stands, whether or not it is complete; a draft that is named is replaced."""
    name = catalog.named(wish.kind).name
    form = wish.model_dump(mode="json", include=_KEPT, exclude_defaults=True)
    if wish.draft_id:
        row = access.draft(actor, wish.draft_id)
        row.kind_code, row.form, row.changed_at = wish.kind, form, clock.now()
    else:
        _check_room(actor)
        now = {"id": new_id(), "created_at": clock.now(), "changed_at": clock.now()}
        row = LeaveSaved(**now, person_id=actor.person_id, kind_code=wish.kind, form=form)
        db.session.add(row)
    db.session.flush()
    return _view(row, name)


def _check_room(actor: Actor) -> None:
    mine = select(func.count()).select_from(LeaveSaved).where(LeaveSaved.person_id == actor.person_id)
    if (db.session.scalar(mine) or 0) >= MOST:
        raise Conflict(f"最多保存 {MOST} 份请假草稿，请先提交或删除一些")


def drafts(actor: Actor) -> list[DraftOut]:
    """My drafts, the last changed first."""
    mine = (
        select(LeaveSaved, LeaveKind.name)
        .join(LeaveKind, LeaveKind.code == LeaveSaved.kind_code)
        .where(LeaveSaved.person_id == actor.person_id)
        .order_by(LeaveSaved.changed_at.desc(), LeaveSaved.id.desc())
    )
    return [_view(row, name) for row, name in db.session.execute(mine)]


def draft(actor: Actor, draft_id: str) -> DraftOut:
    """One draft of mine."""
    row = access.draft(actor, draft_id)
    return _view(row, catalog.named(row.kind_code).name)


def _view(row: LeaveSaved, kind_name: str) -> DraftOut:
    return DraftOut(id=row.id, kind_name=kind_name, form=Chosen(**row.form), saved_at=row.changed_at)


def drop(actor: Actor, draft_id: str) -> None:
    """Throws a draft away."""
    _end(actor, draft_id, NotFound())


def submit(actor: Actor, wish: Submit) -> RequestOut:
    """Asks for leave; the draft it came from ends with it, and stays when it is refused.

    `Conflict` when the draft was sent or thrown away already, so that it is never sent twice.
    """
    if wish.draft_id:
        _end(actor, wish.draft_id, Conflict("这份草稿已经提交或删除，请在请假记录中查看；要再请假请重新填写"))
    return commands.apply(actor, wish)


def _end(actor: Actor, draft_id: str, missing: NotFound | Conflict) -> None:
    mine = delete(LeaveSaved).where(LeaveSaved.id == draft_id, LeaveSaved.person_id == actor.person_id)
    if not platform.changed(mine):
        raise missing


def forget(person_id: str) -> None:
    """Throws away all drafts of somebody who left."""
    platform.changed(delete(LeaveSaved).where(LeaveSaved.person_id == person_id))
