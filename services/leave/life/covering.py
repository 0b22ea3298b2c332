"""The colleague who is asked to cover: they accept or decline, on the card or on a page, and the applicant hears."""

from typing import Any

from sqlalchemy import select

from kit import clock
from kit.errors import Conflict, NotFound
from models.base import db
from models.enums import HOLDING, CoverState
from models.leave import LeaveRequest
from services import approvals, notices, people, platform
from services.leave.life import queries, scheduling
from services.leave.schemas import CoverOut
from services.people import Actor
from templates_msg import Message

WORDS = {CoverState.ASKED: "等待确认", CoverState.ACCEPTED: "已同意代班", CoverState.DECLINED: "不能代班"}


def chosen(actor: Actor, name: str) -> dict[str, Any]:
    """The colleague whom the applicant names (userid, employee number or full name), as a request keeps it."""
    if not name:
        return {"cover_id": None, "cover_state": None}
    return {"cover_id": approvals.colleague(name, but_not=actor.person_id).id, "cover_state": CoverState.ASKED}


def ask(actor: Actor, row: Any) -> None:
    """Sends the card to the colleague, if the request names one."""
    if row.cover_id is None:
        return
    facts = {"applicant": actor.name, "span": queries.span_of(row), "request_id": row.id}
    actions = {"cover_accept": row.id, "cover_decline": row.id}
    key = f"cover:{row.id}:{row.cover_id}:{row.first_day}:{row.last_day}"
    notices.notify(row.cover_id, Message("leave/cover_request", facts), key=key, actions=actions)


def cover(actor: Actor, request_id: str) -> CoverOut:
    """What the actor is asked to cover."""
    row = _mine(actor, request_id)
    return _out(row, people.get(row.person_id).name)


def _out(row: LeaveRequest, name: str) -> CoverOut:
    assert row.cover_state is not None
    is_open = row.state in HOLDING and row.cover_state == CoverState.ASKED
    span = queries.span_of(row)
    return CoverOut(request_id=row.id, name=name, span=span, state=CoverState(row.cover_state), is_open=is_open)


def asked(actor: Actor) -> list[CoverOut]:
    """What the actor was asked to cover and is still to come, the next first."""
    coming = (LeaveRequest.cover_id == actor.person_id, LeaveRequest.last_day >= clock.today())
    rows = db.session.scalars(
        select(LeaveRequest).where(*coming, LeaveRequest.state.in_(HOLDING)).order_by(LeaveRequest.first_day)
    ).all()
    names = people.many({row.person_id for row in rows})
    return [_out(row, names[row.person_id].name) for row in rows]


def answer(actor: Actor, request_id: str, state: CoverState) -> str:
    """The colleague says whether they cover; the words that replace the buttons. `Conflict` once it is settled."""
    row = _mine(actor, request_id)
    if row.state not in HOLDING:
        raise Conflict("这次请假已经取消")
    if row.cover_state != CoverState.ASKED:
        raise Conflict("您已经答复过了")
    row.cover_state = state
    scheduling.ask(request_id)
    said = {"words": WORDS[state], "is_accepted": state is CoverState.ACCEPTED}
    facts = {"name": actor.name, "span": queries.span_of(row), "request_id": row.id}
    key = f"covered:{row.id}:{actor.person_id}:{row.first_day}:{row.last_day}"
    notices.notify(row.person_id, Message("leave/cover_answered", facts | said), key=key)
    platform.audit.record(actor, "leave.cover.answer", row.id, person_id=row.person_id, after={"state": state})
    return WORDS[state]


def _mine(actor: Actor, request_id: str) -> LeaveRequest:
    mine = select(LeaveRequest).where(LeaveRequest.id == request_id, LeaveRequest.cover_id == actor.person_id)
    row = db.session.scalars(mine, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound()
    return row
