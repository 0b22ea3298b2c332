"""A person's own month of overtime, line by line."""

from datetime import date, timedelta

from kit import clock
from services.attendance.overtime import kept, policy, systems, words, worked
from services.attendance.overtime.lines import Line, frame, lines
from services.attendance.overtime.recounting import day_of
from services.attendance.overtime.rules import Piece, month_load, nears
from services.attendance.overtime.schemas import MyOvertimeOut, OvertimeLine, PeriodOut
from services.attendance.schemas import MonthQuery
from services.people import Actor

WAITING, APPROVED, COUNTED = "waiting", "approved", "counted"
TITLES = {WAITING: "审批中", APPROVED: "待核实", COUNTED: "已核定"}


def my_overtime(actor: Actor, query: MonthQuery) -> MyOvertimeOut:
    """A month of mine: what I asked for, what of it counts, and how much may still be worked."""
    first = query.first_day
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    found = lines(actor.person_id, first, last, frame(actor.person_id, first, last))
    caps, load = policy.SETTING.get().caps, month_load(_of_month(found, first))
    return MyOvertimeOut(
        month=f"{first:%Y-%m}",
        previous=f"{first - timedelta(days=1):%Y-%m}",
        following=f"{last + timedelta(days=1):%Y-%m}",
        lines=_views(found),
        counted=load.counted,
        holiday=load.holiday,
        time_off=load.time_off,
        cap=caps.month,
        left=max(0, caps.month - load.counted),
        is_near=nears(load, caps),
        system=words.system(systems.on(actor.person_id, last)),
        period=_period(actor.person_id, min(last, max(first, clock.today()))),
    )


def _of_month(found: list[Line], first: date) -> list[Piece]:
    month = (first.year, first.month)
    return [piece for line in found for piece in line.pieces if (piece.day.year, piece.day.month) == month]


def _views(found: list[Line]) -> list[OvertimeLine]:
    why = kept.sentences([line.asked.cause for line in found])
    return [_view(line, why.get(line.asked.cause, [])) for line in found]


def _view(line: Line, why: list[str]) -> OvertimeLine:
    state = COUNTED if line.is_counted else APPROVED if line.is_approved else WAITING
    asked = line.asked.span
    nothing = "批准的时段内没有下班后的打卡，不计加班；如果漏打卡，请申请补卡" if line.is_counted and not why else ""
    return OvertimeLine(
        request_id=line.asked.cause,
        day=day_of(asked.start),
        stretch=words.stretch(asked),
        state=state,
        title=TITLES[state],
        asked_minutes=(asked.end - asked.start) // timedelta(minutes=1),
        counted_minutes=line.minutes if line.is_counted else 0,
        what=words.pieces(line.pieces),
        sentences=[nothing] if nothing else why,
    )


def _period(person_id: str, day: date) -> PeriodOut | None:
    """The comprehensive period as far as it has come."""
    found = worked.period_of(person_id, day)
    if found is None:
        return None
    return PeriodOut(
        title=words.system(systems.on(person_id, day)),
        first_day=found.first,
        last_day=found.last,
        worked=found.worked,
        holiday=found.holiday,
        standard=found.standard,
        excess=found.excess,
    )
