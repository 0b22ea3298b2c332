"""Lists of batches and of who got what how far: everything about a batch except its figures."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from kit.pages import Page, cut, decode
from models.base import db
from models.payroll import Payslip, PayslipBatch
from services import people, platform
from services.payroll import access
from services.payroll.schemas import BatchesQuery, BatchLine, BatchView, Receipt, Receipts, ReceiptsQuery
from services.people import Actor, Permission

MOST_EXPORTED = 20_000
READ = Permission.PAYROLL_BATCH_READ
SORTS: dict[str, Any] = {"month": PayslipBatch.month, "created_at": PayslipBatch.created_at}
Moment = datetime | None
Asked = Select[str, int, str, Moment, Moment, Moment, Moment]
COPIED = ("person_id", "published_at", "opened_at", "confirmed_at", "replaced_at")


def listing(actor: Actor, query: BatchesQuery) -> Page[BatchLine]:
    """The batches within reach, filtered and sorted."""
    wanted = _filtered(actor, query)
    column, is_down = SORTS[query.sort.removeprefix("-")], query.sort.startswith("-")
    if query.cursor:
        (last,) = decode(query.cursor, str)
        at = select(column).where(PayslipBatch.id == last).scalar_subquery()
        tie = (column == at) & (PayslipBatch.id < last if is_down else PayslipBatch.id > last)
        wanted = wanted.where((column < at if is_down else column > at) | tie)
    order = (column.desc(), PayslipBatch.id.desc()) if is_down else (column, PayslipBatch.id)
    rows = db.session.scalars(wanted.order_by(*order).limit(query.limit + 1)).all()
    part = cut(rows, query.limit, lambda row: [row.id])
    return Page(items=[BatchLine.model_validate(row) for row in part.rows], next_cursor=part.next_cursor)


def exported(actor: Actor, query: BatchesQuery) -> list[BatchLine]:
    """The whole filtered list, newest month first, at most twenty thousand; recorded."""
    newest = _filtered(actor, query).order_by(PayslipBatch.month.desc(), PayslipBatch.id).limit(MOST_EXPORTED)
    rows = db.session.scalars(newest).all()
    platform.audit.record(actor, "payroll.batches.export", "payslip_batch", after={"rows": len(rows)})
    return [BatchLine.model_validate(row) for row in rows]


def _filtered(actor: Actor, query: BatchesQuery) -> Select[PayslipBatch]:
    actor.require(READ)
    wanted = select(PayslipBatch).where(access.within_reach(actor, READ))
    if query.q:
        wanted = wanted.where(PayslipBatch.title.contains(query.q, autoescape=True))
    if query.month:
        wanted = wanted.where(PayslipBatch.month == date.fromisoformat(f"{query.month}-01"))
    return wanted.where(PayslipBatch.state == query.state) if query.state else wanted


def get(actor: Actor, batch_id: str) -> BatchView:
    """One batch and how far it got."""
    batch = access.batch(actor, batch_id, READ)
    reached = db.session.execute(
        select(func.count(Payslip.opened_at), func.count(Payslip.confirmed_at)).where(Payslip.batch_id == batch.id)
    ).one()
    two = people.many(who for who in (batch.prepared_by, batch.released_by, batch.recalled_by) if who)
    names = {person.id: person.name for person in two.values()}
    return BatchView(
        **BatchLine.model_validate(batch).model_dump(),
        prepared_by_name=names.get(batch.prepared_by, ""),
        released_by_name=names.get(batch.released_by or ""),
        recalled_by_name=names.get(batch.recalled_by or ""),
        released_at=batch.released_at,
        publish_at=batch.publish_at,
        published_at=batch.published_at,
        recalled_at=batch.recalled_at,
        opened=reached[0],
        confirmed=reached[1],
    )


def receipts(actor: Actor, batch_id: str, query: ReceiptsQuery) -> Receipts:
    """Who has opened and confirmed, in the order of the workbook."""
    batch = access.batch(actor, batch_id, READ)
    after = decode(query.cursor, int)[0] if query.cursor else 0
    rows = db.session.execute(_receipts(batch, query).where(Payslip.position > after).limit(query.limit + 1)).all()
    part = cut(rows, query.limit, lambda row: [row.position])
    page: Page[Receipt] = Page(items=_views(part.rows), next_cursor=part.next_cursor)
    return Receipts(batch=BatchLine.model_validate(batch), page=page)


def exported_receipts(actor: Actor, batch_id: str, query: ReceiptsQuery) -> list[Receipt]:
    """All receipts asked for, at most twenty thousand; recorded."""
    batch = access.batch(actor, batch_id, READ)
    rows = db.session.execute(_receipts(batch, query).limit(MOST_EXPORTED)).all()
    platform.audit.record(actor, "payroll.receipt.export", batch.id, after={"rows": len(rows)})
    return _views(rows)


def _receipts(batch: PayslipBatch, query: ReceiptsQuery) -> Asked:
    asked = (
        select(
            Payslip.id,
            Payslip.position,
            Payslip.person_id,
            Payslip.published_at,
            Payslip.opened_at,
            Payslip.confirmed_at,
            Payslip.replaced_at,
        )
        .where(Payslip.batch_id == batch.id)
        .order_by(Payslip.position)
    )
    only = {
        "unopened": Payslip.opened_at.is_(None),
        "opened": Payslip.opened_at.is_not(None),
        "unconfirmed": Payslip.confirmed_at.is_(None),
        "confirmed": Payslip.confirmed_at.is_not(None),
    }
    asked = asked.where(only[query.only]) if query.only else asked
    return asked.where(Payslip.person_id.in_(people.matching(query.q))) if query.q else asked


def _views(rows: Sequence[Any]) -> list[Receipt]:
    known = people.many(row.person_id for row in rows)
    return [
        Receipt(
            payslip_id=row.id,
            name=known[row.person_id].name,
            employee_number=known[row.person_id].employee_number,
            department_name=known[row.person_id].department_name,
            **{name: getattr(row, name) for name in COPIED},
        )
        for row in rows
    ]
