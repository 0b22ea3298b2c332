"""What the form "overtime" does: asked before or confirmed after, the stretch it names is kept when it is approved.

What counts is decided by the punches, when the days are over (`recounting`); until then nothing is given.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from kit.errors import AppError, Conflict, Invalid
from models.enums import FactKind, OvertimePay, WorkSystem
from services import forms, leave
from services.approvals import Fact
from services.attendance.overtime import kept, policy, words
from services.attendance.overtime.kept import Asked
from services.attendance.overtime.lines import FORM, Frame, Line, frame, lines, planned
from services.attendance.overtime.policy import OverCap
from services.attendance.overtime.recounting import day_of, recount
from services.attendance.overtime.rules import (
    Caps,
    Piece,
    ask_of,
    check_day,
    excess_of_day,
    excess_of_month,
    month_load,
    nears,
)
from services.attendance.words import length
from services.forms import Filed, Quote

SOURCE = "《劳动法》第四十一条"
OVER_CAP = "over_cap"
USED = "这次加班换的调休已经用掉一部分，请先销假再作废"
Row = tuple[str, str]


class OvertimeForm:
    """The effect of the form: the stretch is kept and counted; taken back exactly when the form is voided."""

    needs = frozenset({"day", "begins", "hours", "wants"})

    def quote(self, filed: Filed) -> Quote:
        """The class of its hours, the month with them, and what they come to; or why it cannot be."""
        try:
            asked, known = _asked(filed)
            own = _checked(filed, asked, known)
            others = _month(filed, asked, known)
            warning = _check_caps(own, others, policy.SETTING.get())
            return Quote(_rows(asked, own, others, warning), facts={OVER_CAP: "是" if warning else "否"})
        except AppError as refusal:
            return Quote(refusal=refusal)

    def apply(self, filed: Filed) -> None:
        """Keeps and counts it; once for a form. `Conflict` when the same hours were approved meanwhile."""
        leave.compensatory.hold([filed.person_id])
        asked, known = _asked(filed)
        approved = [one for one in _month(filed, asked, known) if one.is_approved]
        _check_free(asked, approved)
        _check_caps(planned(asked, known), approved, policy.SETTING.get())
        kept.keep(asked)
        _recount(asked)

    def undo(self, filed: Filed) -> None:
        """What counted is taken back; `Conflict` when some of the time off is used."""
        leave.compensatory.hold([filed.person_id])
        given = [key for key in kept.sums([filed.request_id]) if key[3] is OvertimePay.TIME_OFF]
        asked, _ = _asked(filed)
        kept.void(filed.request_id)
        _recount(asked)
        # the form's own name: forms approved before hours were counted gave theirs by it
        keys = [f"{filed.request_id}:{day}" for _, day, _, _ in given] + [filed.request_id]
        if any(leave.bring_compensatory(filed.person_id, 0, asked_day(asked), key) for key in keys):
            raise Conflict(USED)


def asked_day(asked: Asked) -> date:
    """The date on which it begins."""
    return day_of(asked.span.start)


def _asked(filed: Filed) -> tuple[Asked, Frame]:
    """The stretch by the clock of the person's shift, and the days of its months."""
    ask = ask_of(filed.values)
    first, last = ask.day.replace(day=1), _last_of_month(ask.day + timedelta(days=1))
    known = frame(filed.person_id, first, last)
    span = ask.span(known.cases[ask.day].duty.zone)
    return Asked(filed.person_id, filed.request_id, span, ask.wants, ask.reason, True), known


def _last_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _month(filed: Filed, asked: Asked, known: Frame) -> list[Line]:
    """The person's other overtime of the months it touches."""
    first, last = asked_day(asked).replace(day=1), _last_of_month(day_of(asked.span.end))
    return lines(filed.person_id, first, last, known, but=filed.request_id)


def _recount(asked: Asked) -> None:
    recount([asked.person_id], day_of(asked.span.start), day_of(asked.span.end))


# ── what it may not be ──


def _checked(filed: Filed, asked: Asked, known: Frame) -> tuple[Piece, ...]:
    """The pieces of the stretch, once nothing but the caps is in its way."""
    for day in {asked_day(asked), day_of(asked.span.end - timedelta(minutes=1))}:
        if forbidden := leave.mothers.protection(filed.person_id, day):
            raise forbidden
    check_day(filed.values.get("day_kind"), known.cases[asked_day(asked)].duty.kind)
    _check_free(asked, _month(filed, asked, known))
    own = planned(asked, known)
    if not own:
        raise Invalid("这段时间是上班时间，或者您已请假，不算加班，请核对开始时间和时长")
    _check_time_off(asked, own, known)
    return own


def _check_free(asked: Asked, others: Iterable[Line]) -> None:
    for other in others:
        span = other.asked.span
        if span.start < asked.span.end and asked.span.start < span.end:
            day = asked_day(asked)
            raise Conflict(f"{day.month}月{day.day}日这段时间已经申请过加班，请改时间或先撤回那一次")


def _check_time_off(asked: Asked, own: Iterable[Piece], known: Frame) -> None:
    """Time off was asked for, and some of the hours can give it."""
    if asked.wants is not OvertimePay.TIME_OFF:
        return
    for piece in own:
        if piece.pay is OvertimePay.TIME_OFF:
            leave.compensatory.due(asked.person_id, piece.minutes, piece.day, "")
            return
    system = known.system(asked.person_id, asked_day(asked))
    if system.kind is not WorkSystem.STANDARD:
        raise Invalid(f"您实行{words.system(system)}，加班不换调休，请选“加班费”")
    raise Invalid(f"这段时间不在休息日，加班应支付加班费，不能换调休（{leave.compensatory.SOURCE}）")


def _check_caps(own: tuple[Piece, ...], others: Iterable[Line], rules: policy.OvertimeRules) -> str:
    """The warning to show; `Conflict` beyond a cap, unless the company lets the chain decide."""
    known = [piece for line in others for piece in line.pieces]
    said = _beyond(own, known, rules.caps)
    if said and rules.over_cap is OverCap.REFUSE:
        raise Conflict(said)
    return said


def _beyond(own: tuple[Piece, ...], known: list[Piece], caps: Caps) -> str:
    days = {piece.day for piece in own}
    if over := excess_of_day([*own, *(piece for piece in known if piece.day in days)], caps):
        before = over.minutes - sum(piece.minutes for piece in own if piece.day == over.day)
        return f"工作日每天最多加班 {caps.day / 60:g} 小时，当天已申请 {before / 60:g} 小时（{SOURCE}）"
    for month in sorted({(piece.day.year, piece.day.month) for piece in own}):
        load = month_load(piece for piece in [*own, *known] if (piece.day.year, piece.day.month) == month)
        added = month_load(piece for piece in own if (piece.day.year, piece.day.month) == month)
        if added.counted and excess_of_month(load, caps):
            most, said = f"{caps.month / 60:g}", f"{load.counted / 60:g}"
            return f"每月最多加班 {most} 小时，加上这次 {month[1]} 月共 {said} 小时（{SOURCE}）"
    return ""


# ── what it comes to ──


def _rows(asked: Asked, own: tuple[Piece, ...], others: list[Line], warning: str) -> tuple[Row, ...]:
    caps = policy.SETTING.get().caps
    rows = [("计为", f"{words.pieces(own)}；以打卡核实的时长为准")]
    month = asked_day(asked).month
    known = [piece for line in others for piece in line.pieces if piece.day.month == month]
    before, after = month_load(known), month_load([*known, *(piece for piece in own if piece.day.month == month)])
    rows.append((f"{month} 月加班", f"已有 {length(before.counted)}，加上这次 {length(after.counted)}，"
                               f"上限 {length(caps.month)}"))  # fmt: skip
    rows += _time_off(asked, own)
    if warning or nears(after, caps):
        rows.append(("注意", warning or f"接近每月上限 {length(caps.month)}（{SOURCE}）"))
    return tuple(rows)


def _time_off(asked: Asked, own: Iterable[Piece]) -> list[Row]:
    """How much time off it can give, and until when."""
    off = [piece for piece in own if piece.pay is OvertimePay.TIME_OFF]
    if not off:
        return []
    until = leave.compensatory.due(asked.person_id, off[0].minutes, off[0].day, "").expires_on
    most = length(sum(piece.minutes for piece in off))
    return [("打卡核实后", f"得调休，最多 {most}，{until.year}年{until.month}月{until.day}日前有效")]


def plug() -> None:
    """Plugs the effect in, once, at import."""
    forms.plug(FORM, OvertimeForm(), {OVER_CAP: Fact("超过加班上限（是/否）", FactKind.TEXT)})
