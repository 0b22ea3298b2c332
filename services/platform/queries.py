"""What the console shows of the plumbing: what is to be sent, what arrived, what was done. All company-wide."""

import json
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import Field
from sqlalchemy import Select, select

from kit import clock
from kit.pages import Page, PageQuery
from kit.schema import Day, Line, View
from models.enums import Outcome, PromiseState
from models.platform import AuditRecord, Delivery, Promise
from services.platform import audit, keyset

L = TypeVar("L", bound=View)

MOST_EXPORTED = 20_000
DAY = 1440
Format = Literal["xlsx", "csv"]


class PromiseQuery(PageQuery):
    """Promises by kind and state; `sort` by when they were made."""

    state: PromiseState | None = None
    kind: Line | None = None
    sort: Literal["made", "-made"] = "-made"
    format: Format | None = None


class PromiseLine(View):
    """A promise without its payload: that may hold what was written to somebody."""

    id: str
    seq: int
    kind: str
    state: PromiseState
    attempts: int
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    last_error: str | None


class DeliveryQuery(PageQuery):
    """Callbacks by kind and member."""

    kind: Line | None = None
    userid: Line | None = None
    sort: Literal["received", "-received"] = "-received"
    format: Format | None = None


class DeliveryLine(View):
    key: str
    agent: str
    kind: str
    userid: str | None
    received_at: datetime
    result: str | None


class AuditQuery(PageQuery):
    """Audit records by who, what, whom and when."""

    actor: Line | None = None
    action: Line | None = None
    subject: Line | None = None
    outcome: Outcome | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    sort: Literal["at", "-at"] = "-at"
    format: Format | None = None


class AuditLine(View):
    """One act. `before` and `after` were masked when they were written."""

    seq: int = Field(description="order of the trail")
    at: datetime
    actor: str
    way_in: str
    address: str
    action: str
    subject: str
    person_id: str | None
    outcome: Outcome
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def change(self) -> str:
        """Before and after on one line."""
        parts = (("前", self.before), ("后", self.after))
        return " ".join(f"{name} {json.dumps(dict(value), ensure_ascii=False)}" for name, value in parts if value)


ORDERS = {
    "made": keyset.Order(Promise.seq, int, Promise.id),
    "received": keyset.Order(Delivery.received_at, datetime, Delivery.key),
    "at": keyset.Order(AuditRecord.seq, int, AuditRecord.id),
}


def promises_page(query: PromiseQuery) -> Page[PromiseLine]:
    """The outbox, a page at a time."""
    return _page(_promises(query), query, PromiseLine)


def promises_all(doer: audit.Doer, query: PromiseQuery) -> list[PromiseLine]:
    """The same as a list to export: recorded."""
    rows = _all(_promises(query), query.sort, PromiseLine)
    audit.record(doer, "platform.outbox.export", "outbox", after={"rows": len(rows)})
    return rows


def _promises(query: PromiseQuery) -> Select[Promise]:
    wanted = select(Promise)
    if query.state:
        wanted = wanted.where(Promise.state == query.state)
    return wanted.where(Promise.kind == query.kind) if query.kind else wanted


def deliveries_page(query: DeliveryQuery) -> Page[DeliveryLine]:
    """The inbox, a page at a time."""
    return _page(_deliveries(query), query, DeliveryLine)


def deliveries_all(doer: audit.Doer, query: DeliveryQuery) -> list[DeliveryLine]:
    """The same as a list to export: recorded."""
    rows = _all(_deliveries(query), query.sort, DeliveryLine)
    audit.record(doer, "platform.inbox.export", "inbox", after={"rows": len(rows)})
    return rows


def _deliveries(query: DeliveryQuery) -> Select[Delivery]:
    wanted = select(Delivery)
    if query.kind:
        wanted = wanted.where(Delivery.kind == query.kind)
    return wanted.where(Delivery.userid == query.userid.lower()) if query.userid else wanted


def audit_page(query: AuditQuery) -> Page[AuditLine]:
    """The audit trail, a page at a time."""
    return _page(_audit(query), query, AuditLine)


def audit_all(doer: audit.Doer, query: AuditQuery) -> list[AuditLine]:
    """The same as a list to export: recorded, and the record is its first line."""
    audit.record(doer, "platform.audit.export", "audit")
    return _all(_audit(query), query.sort, AuditLine)


def _audit(query: AuditQuery) -> Select[AuditRecord]:
    wanted = select(AuditRecord)
    exact = (
        (AuditRecord.actor, query.actor),
        (AuditRecord.subject, query.subject),
        (AuditRecord.outcome, query.outcome),
    )
    for column, value in exact:
        if value:
            wanted = wanted.where(column == value)
    if query.action:
        wanted = wanted.where(AuditRecord.action.startswith(query.action, autoescape=True))
    if query.first_day:
        wanted = wanted.where(AuditRecord.at >= clock.at_local(query.first_day))
    return wanted.where(AuditRecord.at < clock.at_local(query.last_day, DAY)) if query.last_day else wanted


def _page(wanted: Select[Any], query: Any, line: type[L]) -> Page[L]:
    part = keyset.listing(wanted, ORDERS, query.sort).page(query)
    return Page(items=[line.model_validate(row) for row in part.rows], next_cursor=part.next_cursor)


def _all(wanted: Select[Any], sort: str, line: type[L]) -> list[L]:
    rows = keyset.listing(wanted, ORDERS, sort).first(MOST_EXPORTED)
    return [line.model_validate(row) for row in rows]
