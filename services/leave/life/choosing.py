"""Taking days of leave back, before it is asked: the days and halves to pick from, and what they would return."""

from kit import clock
from kit.errors import AppError
from models.enums import Counting, Half, LeaveUnit
from models.leave import LeaveLot, LeaveRequest
from services import approvals
from services.leave import access, rules
from services.leave.flows import CANCELLATION
from services.leave.life import cancelling, parting, queries
from services.leave.life.quotes import length_words
from services.leave.rulebook import catalog
from services.leave.rulebook.catalog import Kind
from services.leave.rules import Portion
from services.leave.schemas import PartDay, PartsOut, RefundLot, RefundOut, Returned
from services.people import Actor
from services.schedule import DayPlan

WHOLE = "全天"


def parts(actor: Actor, request_id: str) -> PartsOut:
    """The days of the actor's approved leave, to pick from; `Conflict` when none can be taken back now."""
    row = access.own_request(actor, request_id)
    cancelling.check_open(row)
    kind, plans = catalog.named(row.kind_code), parting.plans(row)
    days = [_day(one, plans[one.day], row, kind) for one in parting.portions(row)]
    length = length_words(row.minutes, row.days, kind)
    return PartsOut(request_id=row.id, kind_name=kind.name, span=queries.span_of(row), length=length, days=days)


def _day(one: Portion, plan: DayPlan, row: LeaveRequest, kind: Kind) -> PartDay:
    length = rules.words(one.minutes, one.full_minutes, kind.rules.unit)
    return PartDay(day=one.day, length=length, choices=_choices(one, plan, row, kind))


def _choices(one: Portion, plan: DayPlan, row: LeaveRequest, kind: Kind) -> list[tuple[str, str]]:
    day = one.day.isoformat()
    if kind.rules.counting is Counting.WORKING and not plan.is_working:
        return []
    if row.from_minute is None and one.minutes == plan.full_minutes and kind.rules.unit is not LeaveUnit.DAY:
        return [(f"{day} {half}", title) for half, title in queries.HALVES.items()]
    halves = [title for half, title in queries.HALVES.items() if one == rules.half(plan, Half(half))]
    return [(day, halves[0] if halves else WHOLE)]


def refund(actor: Actor, request_id: str, wish: Returned) -> RefundOut:
    """What taking these days back would return to which lot, and who would be asked; nothing is changed."""
    row = access.own_request(actor, request_id)
    try:
        cancelling.check_open(row)
        part = cancelling.part_of(row, wish)
    except AppError as refusal:
        return RefundOut(length="", left="", lots=[], steps=[], refusal=refusal.title)
    kind, back = catalog.named(row.kind_code), parting.refund(row, part)
    full = part.freed[0].full_minutes
    return RefundOut(
        length=length_words(part.freed_minutes, part.freed_days, kind),
        left=length_words(row.minutes - part.freed_minutes, rules.total_days(part.kept), kind),
        lots=[_lot(lot, rules.words(back[lot.id], full, kind.rules.unit)) for lot in parting.lots(back)],
        steps=approvals.preview(CANCELLATION, actor, cancelling.facts(kind, part)),
        refusal=None,
    )


def _lot(lot: LeaveLot, length: str) -> RefundLot:
    return RefundLot(title=lot.title, length=length, expires_on=lot.expires_on, is_over=lot.expires_on < clock.today())
