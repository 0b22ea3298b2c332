"""Reads of requests: mine, one in full, those HR looks after; and the words they are shown in."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import String, bindparam, or_, select

from kit.errors import AppError
from kit.pages import Page
from models.base import db
from models.enums import Half, LeaveState
from models.leave import LeaveCancellation, LeaveKind, LeaveRequest, LeaveSegment
from services import approvals, people, platform, schedule
from services.approvals import HistoryOut
from services.leave import access, gaps, paying
from services.leave.flows import CANCELLATION, LEAVE
from services.leave.life import quotes, underway
from services.leave.life.quotes import Quote, length_words
from services.leave.rulebook import catalog
from services.leave.rulebook.catalog import VERSION, Kind, as_of
from services.leave.rulebook.rules import occasions
from services.leave.rulebook.rules.occasions import Told
from services.leave.rules import Ask
from services.leave.schemas import (
    DayOut,
    MineQuery,
    Plan,
    PreviewOut,
    RequestDetail,
    RequestOut,
    RequestRow,
    RequestsQuery,
)
from services.people import Actor, PersonView

HALVES = {Half.AM: "上午", Half.PM: "下午"}
PROOF = "leave.proof"
MOST_NAMED = 200
SORTS = {
    "created": platform.keyset.Order(LeaveRequest.created_at, datetime, LeaveRequest.id),
    "first_day": platform.keyset.Order(LeaveRequest.first_day, date, LeaveRequest.id),
}


def ask_of(row: Any) -> Ask:
    """When the request is for, as the rules speak of it."""
    return Ask(row.first_day, row.last_day, row.from_half, row.to_half, row.from_minute, row.to_minute)


def span_words(ask: Ask) -> str:
    """3月4日 · 3月4日下午 · 3月4日 14:00–16:00 · 3月4日下午至3月6日."""
    first, last = (f"{day.month}月{day.day}日" for day in (ask.first_day, ask.last_day))
    if ask.from_minute is not None and ask.to_minute is not None:
        return f"{first} {schedule.clock_time(ask.from_minute)}–{schedule.clock_time(ask.to_minute)}"
    from_words = "下午" if ask.from_half == Half.PM else ""
    to_words = "上午" if ask.to_half == Half.AM else ""
    if first == last and ask.first_day == ask.last_day:
        return f"{first}{from_words or to_words}"
    return f"{first}{from_words}至{last}{to_words}"


def span_of(row: Any) -> str:
    """When a request is for, in words, with the days between that were taken back: 3月9日至3月13日（3月11日除外）."""
    return span_words(ask_of(row)) + gaps.words(row.gaps)


def preview_view(quote: Quote) -> PreviewOut:
    """A quote as people see it before they ask."""
    return PreviewOut(
        kind=quote.kind.code,
        kind_name=quote.kind.name,
        minutes=quote.minutes,
        days=quote.days,
        length=quote.length,
        portions=[DayOut(day=part.day, minutes=part.minutes) for part in quote.portions],
        balance_after=None if quote.refusal else quote.balance_after,
        notes=quotes.notes(quote),
        refusal=quote.refusal.title if quote.refusal else None,
    )


def no_preview(plan: Plan, refusal: AppError) -> PreviewOut:
    """A plan that cannot even be measured, with the reason."""
    return PreviewOut(
        kind=plan.kind,
        kind_name="",
        minutes=0,
        days=Decimal(0),
        length="",
        portions=[],
        balance_after=None,
        notes=[],
        refusal=refusal.title,
    )


def request_view(row: LeaveRequest, kind: Kind) -> RequestOut:
    """A request as its owner sees it."""
    return RequestOut(**_fields(row, kind))


def _fields(row: LeaveRequest, kind: Kind) -> dict[str, Any]:
    same = (
        "id",
        "person_id",
        "state",
        "first_day",
        "last_day",
        "minutes",
        "days",
        "reason",
        "is_confirmed",
        "created_at",
    )
    return {
        **{name: getattr(row, name) for name in same},
        "kind": kind.code,
        "kind_name": kind.name,
        "span": span_of(row),
        "length": length_words(row.minutes, row.days, kind),
        "has_proof": row.proof_id is not None,
    }


_WITH_KIND = select(
    LeaveRequest.id, LeaveRequest.person_id, LeaveRequest.state, LeaveRequest.first_day, LeaveRequest.last_day,
    LeaveRequest.from_half, LeaveRequest.to_half, LeaveRequest.from_minute, LeaveRequest.to_minute,
    LeaveRequest.minutes, LeaveRequest.days, LeaveRequest.reason, LeaveRequest.is_confirmed, LeaveRequest.proof_id,
    LeaveRequest.gaps, LeaveRequest.created_at, *VERSION,
).join(LeaveKind, LeaveKind.code == LeaveRequest.kind_code)  # fmt: skip
_STATE = bindparam("state", type_=String)
_MINE = platform.keyset.Listing(
    _WITH_KIND.where(LeaveRequest.person_id == bindparam("me"), or_(_STATE.is_(None), LeaveRequest.state == _STATE)),
    SORTS["created"],
    is_down=True,
)


def my_requests(actor: Actor, query: MineQuery) -> Page[RequestOut]:
    """The actor's requests, newest first."""
    page = _MINE.page(query, me=actor.person_id, state=query.state)
    items = [request_view(row, as_of(row.kind_id, row.rules_version)) for row in page.rows]
    return Page(items=items, next_cursor=page.next_cursor)


def my_request(actor: Actor, request_id: str) -> RequestOut:
    """One of the actor's own requests."""
    row = access.own_request(actor, request_id)
    return request_view(row, catalog.named(row.kind_code))


def request_detail(actor: Actor, request_id: str) -> RequestDetail:
    """One request the actor may see, with its days and what may be done with it now."""
    row = access.request(actor, request_id)
    is_mine, cancelling = row.person_id == actor.person_id, underway.cancellation_of(row.id) is not None
    is_changing = underway.change_of(row.id) is not None
    parts = select(LeaveSegment.day, LeaveSegment.minutes).where(LeaveSegment.request_id == row.id)
    kind = catalog.named(row.kind_code)
    return RequestDetail(
        **_fields(row, kind),
        told=occasions.words(kind.rules.occasion, Told.model_validate(dict(row.told or {}))),
        proof_due_on=row.proof_due_on if row.proof_id is None else None,
        person_name=people.get(row.person_id).name,
        portions=[DayOut(day=day, minutes=minutes) for day, minutes in db.session.execute(parts.order_by("day"))],
        cancelling=cancelling,
        may_withdraw=is_mine and (row.state == LeaveState.PENDING or cancelling),
        may_cancel=is_mine and row.state == LeaveState.APPROVED and not cancelling and not is_changing,
        may_edit=is_mine and row.state == LeaveState.PENDING,
        replaces=row.replaces_id,
        linked=_linked(row, kind),
        cover=people.get(row.cover_id).name if row.cover_id else None,
        cover_state=row.cover_state,
        pay=paying.of_request(row, kind) if is_mine else None,
    )


def _linked(row: LeaveRequest, kind: Kind) -> list[RequestOut]:
    """The requests of the same kind that belong together with this one, oldest first."""
    near = [one for one in (row.extends_id, row.replaces_id) if one]
    root = row.extends_id or row.id
    theirs = or_(LeaveRequest.id.in_(near), LeaveRequest.extends_id == root, LeaveRequest.replaces_id == row.id)
    found = select(LeaveRequest).where(theirs, LeaveRequest.id != row.id)
    rows = db.session.scalars(found.order_by(LeaveRequest.first_day, LeaveRequest.id))
    return [request_view(one, kind) for one in rows]


def timeline(actor: Actor, request_id: str) -> list[HistoryOut]:
    """What happened to a request the actor may see, oldest first, with what became of cancelling it."""
    row = access.request(actor, request_id)
    asked = select(LeaveCancellation.id).where(LeaveCancellation.request_id == row.id)
    told = approvals.timeline(LEAVE, row.id)
    for cancellation_id in db.session.scalars(asked.order_by(LeaveCancellation.created_at)):
        told += approvals.timeline(CANCELLATION, cancellation_id, "销假")
    return told


def proof(actor: Actor, request_id: str) -> platform.files.File:
    """The proof of a request the actor may see or was asked to approve; somebody else's is an audited look."""
    row = access.proven_request(actor, request_id)
    file = platform.files.fetch(row.proof_id or "", PROOF)
    if row.person_id != actor.person_id:
        platform.audit.record(actor, "leave.proof.read", row.id, person_id=row.person_id)
    return file


def may_open_proof(actor: Actor, request_id: str) -> bool:
    """Is there a proof that the actor may open?"""
    found = select(LeaveRequest.proof_id).where(LeaveRequest.id == request_id, access.proof(actor))
    return db.session.scalar(found) is not None


def requests(actor: Actor, query: RequestsQuery) -> Page[RequestRow]:
    """The requests of the people the actor looks after, filtered and sorted."""
    page = _listing(actor, query).page(query)
    return Page(items=_rows(page.rows), next_cursor=page.next_cursor)


def _listing(actor: Actor, query: RequestsQuery) -> platform.keyset.Listing:
    wanted = _WITH_KIND.where(access.seen(actor))
    if query.state:
        wanted = wanted.where(LeaveRequest.state == query.state)
    if query.kind:
        wanted = wanted.where(LeaveRequest.kind_code == query.kind)
    if query.first_day:
        wanted = wanted.where(LeaveRequest.last_day >= query.first_day)
    if query.last_day:
        wanted = wanted.where(LeaveRequest.first_day <= query.last_day)
    if query.person:
        wanted = wanted.where(LeaveRequest.person_id.in_(people.matching(query.person)))
    return platform.keyset.listing(wanted, SORTS, query.sort)


def _rows(rows: Sequence[Any]) -> list[RequestRow]:
    known = people.many(row.person_id for row in rows)
    return [_row(row, as_of(row.kind_id, row.rules_version), known[row.person_id]) for row in rows]


def _row(row: Any, kind: Kind, person: PersonView) -> RequestRow:
    return RequestRow(**_fields(row, kind), person_name=person.name, department=person.department_name)


def export_rows(actor: Actor, query: RequestsQuery, most: int = 10_000) -> list[RequestRow]:
    """All requests of a filter, for a file; an audited act."""
    rows = _listing(actor, query).first(most)
    platform.audit.record(actor, "leave.request.export", "leave_request", after={"rows": len(rows)})
    return _rows(rows)
