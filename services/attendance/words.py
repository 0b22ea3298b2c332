"""Says a day in Chinese: which shift, which punches, which leave, which rule, and therefore which verdict."""

from datetime import date, datetime

from kit import clock
from models.enums import CorrectionState, Direction, Presence, PunchSource, Verdict
from services.attendance.rules import Absence, Case, Duty, Mark, Result, Span, expected, minutes, without

VERDICTS = {
    Verdict.NORMAL: "正常",
    Verdict.LATE: "迟到",
    Verdict.EARLY: "早退",
    Verdict.MISSING_IN: "上班缺卡",
    Verdict.MISSING_OUT: "下班缺卡",
    Verdict.ABSENT: "旷工",
    Verdict.LEAVE: "请假",
    Verdict.TRIP: "出差",
    Verdict.REST: "休息",
    Verdict.IN_PROGRESS: "进行中",
}
PRESENCES = {
    Presence.HERE: "在岗",
    Presence.LATE: "迟到在岗",
    Presence.MISSING: "未到",
    Presence.EXPECTED: "未到上班时间",
    Presence.AWAY: "请假",
    Presence.TRIP: "出差",
    Presence.LEFT: "已下班",
    Presence.REST: "休息",
}
SOURCES = {
    PunchSource.H5: "手机定位",
    PunchSource.API: "小程序定位",
    PunchSource.QR: "扫码",
    PunchSource.CORRECTION: "补卡",
    PunchSource.WECOM: "企业微信打卡",
}
CORRECTIONS = {
    CorrectionState.PENDING: "审批中",
    CorrectionState.APPROVED: "已通过",
    CorrectionState.REJECTED: "已驳回",
    CorrectionState.WITHDRAWN: "已撤回",
}
DIRECTIONS = {Direction.IN: "上班", Direction.OUT: "下班"}
HOUR = 60


def title(verdicts: tuple[Verdict, ...]) -> str:
    """The verdicts of a day in a few characters; nothing for a day that has not begun."""
    return "、".join(VERDICTS[verdict] for verdict in verdicts)


def length(total: int) -> str:
    """Minutes as people say them: 95 is 1 小时 35 分钟."""
    hours, rest = divmod(total, HOUR)
    parts = [f"{hours} 小时"] * bool(hours) + [f"{rest} 分钟"] * bool(rest or not hours)
    return " ".join(parts)


def moment(at: datetime, day: date) -> str:
    """The time of day; on another date than the day's it says so."""
    local = clock.local(at)
    offset = (local.date() - day).days
    return {0: "", 1: "次日 ", -1: "前一日 "}.get(offset, f"{local:%m-%d} ") + f"{local:%H:%M}"


def stretch(span: Span, day: date) -> str:
    return f"{moment(span.start, day)}–{moment(span.end, day)}"


def plan(case: Case) -> str:
    """What was to be worked."""
    duty = case.duty
    if not duty.spans:
        return f"{duty.title}，不需要打卡。"
    spans = "、".join(stretch(span, duty.day) for span in duty.spans)
    grace = [f"迟到宽限 {duty.late_grace} 分钟"] * bool(duty.late_grace)
    grace += [f"早退宽限 {duty.early_grace} 分钟"] * bool(duty.early_grace)
    return f"班次：{'，'.join([f'{duty.title} {spans}', *grace])}。"


def explain(case: Case, result: Result) -> list[str]:
    """Why the day is what it is, sentence by sentence."""
    away = [_away(absence, case.duty) for absence in case.absences]
    if not result.expected:
        return [plan(case), *away, *_extra(case)]
    punches = [arrival(case, result), departure(case, result)]
    return [plan(case), *away, *(sentence for sentence in punches if sentence), *_verdict(result)]


def _away(absence: Absence, duty: Duty) -> str:
    if absence.is_trip:
        return f"{absence.title}：{_part(absence.span, duty)}已批准，不需要打卡。"
    return f"请假：{absence.title} {stretch(absence.span, duty.day)}，已批准。"


def _part(span: Span, duty: Duty) -> str:
    """Which part of the work a trip takes; nothing when it takes the whole day."""
    if not duty.spans or not without(duty.spans, [span]):
        return ""
    return f"{stretch(Span(max(span.start, duty.spans[0].start), min(span.end, duty.spans[-1].end)), duty.day)}，"


def _extra(case: Case) -> list[str]:
    times = "、".join(f"{moment(mark.at, case.duty.day)}{DIRECTIONS[mark.direction]}" for mark in case.marks)
    return [f"当天有打卡记录：{times}。"] if times else []


def arrival(case: Case, result: Result) -> str:
    """How the coming compares with the plan."""
    if result.first_in is None:
        return "上班：没有打卡。" if result.verdicts else ""
    due = expected(case.duty, case.absences)
    start = due[0].start
    said = f"上班：{_punched(case, result.first_in, Direction.IN)}，应在 {moment(start, case.duty.day)} 前，"
    if result.late:
        return said + f"迟到 {length(result.late)}。"
    behind = minutes(due, Span(start, max(start, result.first_in)))
    return said + (f"晚 {behind} 分钟，在宽限内，不算迟到。" if behind else "准时。")


def departure(case: Case, result: Result) -> str:
    """How the leaving compares with the plan."""
    if result.last_out is None:
        return "下班：没有打卡。" if result.is_over else ""
    due = expected(case.duty, case.absences)
    end = due[-1].end
    said = f"下班：{_punched(case, result.last_out, Direction.OUT)}，应在 {moment(end, case.duty.day)} 后，"
    ahead = minutes(due, Span(min(end, result.last_out), end))
    if result.early:
        return said + f"早退 {length(result.early)}。"
    if ahead > case.duty.early_grace:
        return said + f"现在早了 {length(ahead)}，如果之后还会下班打卡，以最后一次为准。"
    return said + (f"早 {ahead} 分钟，在宽限内，不算早退。" if ahead else "准时。")


def _punched(case: Case, at: datetime, direction: Direction) -> str:
    mark = next(mark for mark in case.marks if mark.at == at and mark.direction is direction)
    return f"{moment(at, case.duty.day)} {how(mark)}"


def how(mark: Mark) -> str:
    """The way of punching, and where."""
    return f"{SOURCES[mark.source]}（{mark.where}）" if mark.where else SOURCES[mark.source]


def _verdict(result: Result) -> list[str]:
    if result.absent:
        return [f"全天没有打卡，也没有请假：旷工 {length(result.absent)}。如果到岗了，请申请补卡。"]
    if Verdict.MISSING_IN in result.verdicts or Verdict.MISSING_OUT in result.verdicts:
        return [f"结论：{title(result.verdicts)}。如果到岗了，请申请补卡。"]
    return [f"结论：{title(result.verdicts)}。"] if result.is_over else []
