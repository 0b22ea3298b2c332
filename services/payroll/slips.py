"""The owner's side: my payslips, opened one by one, confirmed, and who else has looked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from kit import clock
from kit.pages import Page, cut, decode
from kit.text import clip
from models.base import db
from models.enums import BatchState, ItemKind, ViewPurpose
from models.payroll import Payslip, PayslipBatch, PayslipReading
from services import people, platform
from services.payroll import access, rules
from services.payroll.rules import Slip
from services.payroll.schemas import (
    ChangeView,
    HistoryQuery,
    LineView,
    MakeupView,
    NoteView,
    PayslipLine,
    PayslipView,
    Subtotals,
    ViewedBy,
)
from services.people import Actor

MOST_VIEWERS = 200


_MINE = (
    select(
        Payslip.id, Payslip.published_at, Payslip.opened_at, Payslip.confirmed_at, PayslipBatch.month,
        PayslipBatch.title, PayslipBatch.version, PayslipBatch.state,
    )
    .join(PayslipBatch, PayslipBatch.id == Payslip.batch_id)
    .where(Payslip.person_id == bindparam("me"), Payslip.published_at.is_not(None), Payslip.replaced_at.is_(None))
)  # fmt: skip
"""The lines of my list; the figures stay where they are."""
_LATEST = (
    _MINE.where(PayslipBatch.state != BatchState.RECALLED)
    .order_by(PayslipBatch.month.desc(), Payslip.published_at.desc(), Payslip.id.desc())
    .limit(1)
)


_FIRST_LOOK = update(Payslip).where(Payslip.id == bindparam("payslip_id"), Payslip.opened_at.is_(None))


def history(actor: Actor, query: HistoryQuery) -> Page[PayslipLine]:
    """My payslips in force, newest month first; recalled ones stay listed, corrected ones give way to the new."""
    asked = _MINE.order_by(PayslipBatch.month.desc(), Payslip.id.desc()).limit(query.limit + 1)
    if query.year:
        asked = asked.where(PayslipBatch.month.between(date(query.year, 1, 1), date(query.year, 12, 31)))
    if query.cursor:
        (last,) = decode(query.cursor, str)
        at = select(PayslipBatch.month).join(Payslip).where(Payslip.id == last).scalar_subquery()
        asked = asked.where((PayslipBatch.month < at) | ((PayslipBatch.month == at) & (Payslip.id < last)))
    rows = platform.rows(asked, {"me": actor.person_id})
    part = cut(rows, query.limit, lambda row: [row.id])
    return Page(items=[_line(row) for row in part.rows], next_cursor=part.next_cursor)


def latest(actor: Actor) -> PayslipLine | None:
    """My newest payslip that can be opened, for the home page."""
    newest = platform.rows(_LATEST, {"me": actor.person_id})
    return _line(newest[0]) if newest else None


def _line(row: Any) -> PayslipLine:
    return PayslipLine(
        id=row.id,
        month=row.month,
        title=row.title,
        version=row.version or 1,
        published_at=row.published_at,
        opened_at=row.opened_at,
        confirmed_at=row.confirmed_at,
        is_recalled=row.state == BatchState.RECALLED,
    )


def open_own(actor: Actor, payslip_id: str, *, action: str = "payroll.payslip.view") -> PayslipView:
    """My payslip, opened; on record, as every look at it."""
    row, *older = access.own(actor, payslip_id)
    if row.opened_at is None:
        platform.changed(_FIRST_LOOK, {"payslip_id": payslip_id, "opened_at": clock.now()})
    note_reading(actor, row, ViewPurpose.OWN, action)
    slip = access.opened(row.id, row.sealed)
    corrections = rules.changes(slip, access.opened(older[0].id, older[0].sealed)) if older else ()
    return shown(row, slip, actor.name, actor, corrections)


def note_reading(actor: Actor, payslip: Row[*tuple[Any, ...]], purpose: ViewPurpose, action: str) -> None:
    """Remembers a look, for its owner and for the auditor."""
    platform.add(PayslipReading, payslip_id=payslip.id, viewer_id=actor.person_id, purpose=purpose)
    platform.audit.record(actor, action, payslip.id, person_id=payslip.person_id, after={"purpose": purpose})


def shown(
    row: Row[*tuple[Any, ...]], slip: Slip, owner: str, viewer: Actor, corrections: Sequence[rules.Change] = ()
) -> PayslipView:
    """Figures as people see them, with the viewer's name and the time across the page."""
    return PayslipView(
        id=row.id,
        person_id=row.person_id,
        person_name=owner,
        month=row.month,
        title=row.title,
        version=row.version or 1,
        published_at=row.published_at,
        confirmed_at=row.confirmed_at,
        lines=[LineView(kind=line.kind, name=line.name, amount=line.amount) for line in slip.lines],
        notes=[NoteView(name=name, text=text) for name, text in slip.notes],
        totals=subtotals(slip),
        makeup=MakeupView.model_validate(rules.makeup(slip)),
        corrections=[ChangeView.model_validate(change) for change in corrections],
        is_current=row.replaced_at is None and row.state != BatchState.RECALLED,
        watermark=f"{clip(viewer.name, 20)} {clock.local(clock.now()):%Y-%m-%d %H:%M}",
    )


def subtotals(slip: Slip) -> Subtotals:
    """The sums by kind, and the net."""
    return Subtotals(
        earnings=slip.subtotal(ItemKind.EARNING),
        deductions=slip.subtotal(ItemKind.DEDUCTION),
        employer_cost=slip.subtotal(ItemKind.EMPLOYER_COST),
        net=slip.net,
    )


def confirm(actor: Actor, payslip_id: str) -> None:
    """I have received it. Confirming again changes nothing; it is no condition for pay and waives nothing."""
    access.own_current(actor, payslip_id)
    unconfirmed = update(Payslip).where(Payslip.id == payslip_id, Payslip.confirmed_at.is_(None))
    if platform.changed(unconfirmed.values(confirmed_at=clock.now())):
        platform.audit.record(actor, "payroll.payslip.confirm", payslip_id, person_id=actor.person_id)


def viewers(actor: Actor, payslip_id: str) -> list[ViewedBy]:
    """Who has looked at this payslip of mine, newest first."""
    access.own(actor, payslip_id)
    rows = db.session.execute(
        select(PayslipReading.viewer_id, PayslipReading.created_at, PayslipReading.purpose)
        .where(PayslipReading.payslip_id == payslip_id)
        .order_by(PayslipReading.created_at.desc(), PayslipReading.id.desc())
        .limit(MOST_VIEWERS)
    ).all()
    names = {person.id: person.name for person in people.many(row.viewer_id for row in rows).values()}
    return [ViewedBy(name=names.get(viewer_id, ""), at=at, purpose=purpose) for viewer_id, at, purpose in rows]
