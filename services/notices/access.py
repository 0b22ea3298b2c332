"""Which notices somebody may manage or read; whatever is out of reach is absent."""

from sqlalchemy import ColumnElement, select

from kit.errors import NotFound
from models.base import db
from models.notices import Notice, NoticeReceipt
from services import people
from services.people import Actor, AnyActor, Permission


def managed_by(actor: AnyActor, permission: Permission) -> ColumnElement[bool]:
    """The condition for notices of authors within the actor's reach; it includes one's own."""
    actor.require(permission)
    reach = Notice.author_id.in_(people.within(actor, permission))
    return reach | (Notice.author_id == actor.person_id) if isinstance(actor, Actor) else reach


def managed(actor: AnyActor, notice_id: str, permission: Permission = Permission.NOTICES_NOTICE_SEND) -> Notice:
    """The notice, read afresh, if the actor may treat it under `permission`; else `NotFound`."""
    reach = managed_by(actor, permission)
    wanted = select(Notice).where(Notice.id == notice_id, reach).execution_options(populate_existing=True)
    notice = db.session.scalars(wanted).first()
    if notice is None:
        raise NotFound()
    return notice


def received(actor: Actor, notice_id: str) -> tuple[Notice, NoticeReceipt | None]:
    """The notice with the actor's own receipt; without one only for whom the draft was shown to; else `NotFound`."""
    mine = (NoticeReceipt.notice_id == Notice.id) & (NoticeReceipt.person_id == actor.person_id)
    row = db.session.execute(
        select(Notice, NoticeReceipt).outerjoin(NoticeReceipt, mine).where(Notice.id == notice_id)
    ).first()
    if row is None or (row.NoticeReceipt is None and row.Notice.preview_person_id != actor.person_id):
        raise NotFound()
    return row.Notice, row.NoticeReceipt
