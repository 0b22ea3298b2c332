"""Payroll's reading of figures: what the second person checks. Never without a purpose, always on record."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from kit.money import ZERO
from kit.pages import LARGEST_LIMIT, Page, cut, decode
from models.base import db
from models.enums import BatchState, ViewPurpose
from models.payroll import Payslip, PayslipBatch
from services import people, platform
from services.payroll import access, rules, sheet, slips
from services.payroll.rules import Slip
from services.payroll.schemas import (
    BatchLine,
    ChangeView,
    FigureRow,
    Figures,
    FiguresQuery,
    Inspect,
    Overview,
    PayslipView,
)
from services.people import Actor, Permission

Part = Sequence[Row[str, str, int, bytes]]


def figures(actor: Actor, batch_id: str, query: FiguresQuery) -> Figures:
    """Totals and differences of a batch, person by person in the order of the workbook."""
    batch = access.batch(actor, batch_id, Permission.PAYROLL_BATCH_READ)
    _record(actor, "payroll.batch.read", batch, query.purpose)
    found = _differing(batch, query) if query.only else _rows(batch, _after(query), query.limit + 1)
    part = cut(found, query.limit, lambda row: [row[0]])
    return Figures(
        batch=BatchLine.model_validate(batch),
        purpose=query.purpose,
        baseline="replaced" if batch.is_correction else "last_month",
        overview=None if query.cursor else _overview(batch),
        page=Page(items=[row for _, row in part.rows], next_cursor=part.next_cursor),
    )


def _record(actor: Actor, action: str, batch: PayslipBatch, purpose: ViewPurpose) -> None:
    platform.audit.record(actor, action, batch.id, after={"purpose": purpose, "people": batch.people})


def _after(query: FiguresQuery) -> int:
    return int(decode(query.cursor, int)[0]) if query.cursor else 0


def _differing(batch: PayslipBatch, query: FiguresQuery) -> list[tuple[int, FigureRow]]:
    """Enough rows that differ for one page, read on from the cursor."""
    found: list[tuple[int, FigureRow]] = []
    position = _after(query)
    while len(found) <= query.limit and (part := _rows(batch, position, LARGEST_LIMIT)):
        found += [(at, row) for at, row in part if row.changes]
        position = part[-1][0]
    return found[: query.limit + 1]


def _rows(batch: PayslipBatch, after: int, limit: int) -> list[tuple[int, FigureRow]]:
    rows = _stored(batch, after, limit)
    known = people.many(row.person_id for row in rows)
    before = _baseline(batch, [row.person_id for row in rows])
    return [(row.position, _figure(row, known[row.person_id], before.get(row.person_id))) for row in rows]


def _stored(batch: PayslipBatch, after: int = 0, limit: int | None = None) -> Part:
    return db.session.execute(
        select(Payslip.id, Payslip.person_id, Payslip.position, Payslip.sealed)
        .where(Payslip.batch_id == batch.id, Payslip.position > after)
        .order_by(Payslip.position)
        .limit(limit)
    ).all()


def _figure(row: Any, person: people.PersonView, before: Slip | None) -> FigureRow:
    slip = access.opened(row.id, row.sealed)
    return FigureRow(
        payslip_id=row.id,
        person_id=person.id,
        name=person.name,
        employee_number=person.employee_number,
        net=slip.net,
        net_before=before.net if before else None,
        delta=slip.net - (before.net if before else ZERO),
        changes=[ChangeView.model_validate(change) for change in rules.changes(slip, before)],
    )


def _baseline(batch: PayslipBatch, person_ids: Sequence[str] | None = None) -> dict[str, Slip]:
    """What to compare with: for a correction the versions before it, else last month's payslips of the same title."""
    older = (
        select(Payslip.id, Payslip.person_id, Payslip.sealed)
        .join(PayslipBatch, PayslipBatch.id == Payslip.batch_id)
        .where(Payslip.published_at.is_not(None))
        .order_by(PayslipBatch.version)
    )
    if batch.is_correction:
        older = older.where(PayslipBatch.family == batch.family, PayslipBatch.id != batch.id)
        older = older if batch.version is None else older.where(PayslipBatch.version < batch.version)
    else:
        last_month = rules.family((batch.month - timedelta(days=1)).replace(day=1), batch.title)
        older = older.where(PayslipBatch.family == last_month, PayslipBatch.state != BatchState.RECALLED)
    if person_ids is not None:
        older = older.where(Payslip.person_id.in_(person_ids))
    newest = {person_id: (payslip_id, sealed) for payslip_id, person_id, sealed in db.session.execute(older)}
    return {person_id: access.opened(*blob) for person_id, blob in newest.items()}


def _overview(batch: PayslipBatch) -> Overview:
    now = {row.person_id: access.opened(row.id, row.sealed) for row in _stored(batch)}
    before = _baseline(batch)
    if batch.is_correction:
        before = {person_id: slip for person_id, slip in before.items() if person_id in now}
    totals = access.opened_totals(batch)
    totals_before = rules.combined(before.values()) if before else None
    return Overview(
        totals=slips.subtotals(totals),
        totals_before=slips.subtotals(totals_before) if totals_before else None,
        changes=[ChangeView.model_validate(change) for change in rules.changes(totals, totals_before)],
        joined=len(now.keys() - before.keys()),
        gone=len(before.keys() - now.keys()),
        negative=sum(slip.net < ZERO for slip in now.values()),
    )


def exported(actor: Actor, batch_id: str, query: FiguresQuery) -> tuple[str, bytes]:
    """The batch as a workbook that could be imported again: its name and content."""
    batch = access.batch(actor, batch_id, Permission.PAYROLL_BATCH_READ)
    _record(actor, "payroll.batch.export", batch, query.purpose)
    rows = _stored(batch)
    known = people.many(row.person_id for row in rows)
    who = [
        (known[row.person_id].employee_number or "", known[row.person_id].userid, known[row.person_id].name)
        for row in rows
    ]
    content = sheet.layout([(one, access.opened(row.id, row.sealed)) for one, row in zip(who, rows, strict=True)])
    return f"{batch.month:%Y-%m} {batch.title}.xlsx", content


def find(actor: Actor, payslip_id: str) -> None:
    """`NotFound` unless this is a payslip that the actor may ask to see."""
    access.payslip(actor, payslip_id, Permission.PAYROLL_BATCH_READ)


def inspect(actor: Actor, payslip_id: str, query: Inspect) -> PayslipView:
    """Somebody's payslip, for a purpose; its owner sees who looked, when and why."""
    row = access.payslip(actor, payslip_id, Permission.PAYROLL_BATCH_READ)
    slips.note_reading(actor, row, query.purpose, "payroll.payslip.inspect")
    owner = people.get(row.person_id)
    return slips.shown(row, access.opened(payslip_id, row.sealed), owner.name, actor)
