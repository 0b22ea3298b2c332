"""Says a day in Chinese: which shift, which punches, which leave, which rule, and therefore which verdict."""

from datetime import date, datetime

from kit import clock
from models.enums import CorrectionState, Direction, Presence, PunchSource, Verdict
from services import schedule
from services.attendance.rules import Absence, Case, Duty, Mark, Result, Span, due, minutes, without

VERDICTS = {
    Verdict.NORMAL: "正常",
    Verdict.LATE: "迟到",
    Verdict.EARLY: "早退",
    Verdict.MISSING_IN: "上班缺卡",
    Verdict.MISSING_OUT: "下班缺卡",
    Verdict.ABSENT: "旷工",
    Verdict.LEAVE: "请假",
    Verdict.TRIP: "出差",
    Verdict.FIELD: "外勤",
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
    PunchSource.WIFI: "办公 Wi-Fi",
    PunchSource.BEACON: "蓝牙",
    PunchSource.FIELD: "外勤打卡",
    PunchSource.REMOTE: "远程打卡",
    PunchSource.DEVICE: "考勤机",
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


def moment(at: datetime, day: date, zone: str = clock.COMPANY_ZONE_NAME) -> str:
    """The time of day by the clock of the zone; on another date than the day's it says so."""
    local = clock.local(at, zone)
    offset = (local.date() - day).days
    return {0: "", 1: "次日 ", -1: "前一日 "}.get(offset, f"{local:%m-%d} ") + f"{local:%H:%M}"


def stretch(span: Span, day: date, zone: str = clock.COMPANY_ZONE_NAME) -> str:
    return f"{moment(span.start, day, zone)}–{moment(span.end, day, zone)}"


def plan(case: Case) -> str:
    """What was to be worked."""
    duty = case.duty
    if not duty.spans:
        return f"{duty.title}，不需要打卡。"
    spans = "、".join(stretch(span, duty.day, duty.zone) for span in duty.spans)
    grace = [f"迟到宽限 {duty.shift.late_grace} 分钟"] * bool(duty.shift.late_grace)
    grace += [f"早退宽限 {duty.shift.early_grace} 分钟"] * bool(duty.shift.early_grace)
    grace += schedule.remarks(duty.shift)
    return f"班次：{'，'.join([f'{duty.title} {spans}', *grace])}。"


def explain(case: Case, result: Result) -> list[str]:
    """Why the day is what it is, sentence by sentence."""
    away = [_away(absence, case.duty) for absence in case.absences] + _moved(case, result)
    if not result.expected:
        return [plan(case), *away, *_extra(case)]
    punches = [arrival(case, result), departure(case, result)]
    return [plan(case), *away, *(sentence for sentence in punches if sentence), *_verdict(result)]


def _away(absence: Absence, duty: Duty) -> str:
    if absence.is_trip:
        return f"{absence.title}：{_part(absence.span, duty)}已批准，不需要打卡。"
    return f"请假：{absence.title} {stretch(absence.span, duty.day, duty.zone)}，已批准。"


def _part(span: Span, duty: Duty) -> str:
    """Which part of the work a trip takes; nothing when it takes the whole day."""
    if not duty.spans or not without(duty.spans, [span]):
        return ""
    taken = Span(max(span.start, duty.spans[0].start), min(span.end, duty.spans[-1].end))
    return f"{stretch(taken, duty.day, duty.zone)}，"


def _moved(case: Case, result: Result) -> list[str]:
    """How a flexible day moved, and what leaving late the day before forgave."""
    said = []
    if result.slid:
        spans = "、".join(stretch(span, case.duty.day, case.duty.zone) for span in due(case).spans)
        said.append(f"弹性：全天{'顺延' if result.slid > 0 else '提前'} {length(abs(result.slid))}，为 {spans}。")
    if case.duty.shift.flex and (result.leave or result.trip):
        said.append("当天有请假或出差，时段固定，不弹性。")
    if result.forgiven:
        said.append(f"前一天晚走，今天晚到 {length(result.forgiven)} 不计。")
    return said


def _extra(case: Case) -> list[str]:
    times = "、".join(f"{_time(case, mark.at)}{DIRECTIONS[mark.direction]}" for mark in case.marks)
    return [f"当天有打卡记录：{times}。"] if times else []


def arrival(case: Case, result: Result) -> str:
    """How the coming compares with the plan."""
    if result.first_in is None:
        return "上班：没有打卡。" if result.verdicts else ""
    spans = due(case).spans
    start = spans[0].start
    said = f"上班：{_punched(case, result.first_in, Direction.IN)}，应在 {_time(case, start)} 前，"
    if result.late:
        return said + f"迟到 {length(result.late)}。"
    behind = minutes(spans, Span(start, max(start, result.first_in)))
    return said + (f"晚 {behind} 分钟，在宽限内，不算迟到。" if behind else "准时。")


def departure(case: Case, result: Result) -> str:
    """How the leaving compares with the plan."""
    if result.last_out is None:
        return "下班：没有打卡。" if result.is_over else ""
    spans = due(case).spans
    end = spans[-1].end
    said = f"下班：{_punched(case, result.last_out, Direction.OUT)}，应在 {_time(case, end)} 后，"
    ahead = minutes(spans, Span(min(end, result.last_out), end))
    if result.early:
        return said + f"早退 {length(result.early)}。"
    if ahead > case.duty.shift.early_grace:
        return said + f"现在早了 {length(ahead)}，如果之后还会下班打卡，以最后一次为准。"
    return said + (f"早 {ahead} 分钟，在宽限内，不算早退。" if ahead else "准时。")


def _punched(case: Case, at: datetime, direction: Direction) -> str:
    mark = next(mark for mark in case.marks if mark.at == at and mark.direction is direction)
    return f"{_time(case, at)} {how(mark)}"


def _time(case: Case, at: datetime) -> str:
    return moment(at, case.duty.day, case.duty.zone)


def how(mark: Mark) -> str:
    """The way of punching, and where."""
    return f"{SOURCES[mark.source]}（{mark.where}）" if mark.where else SOURCES[mark.source]


def _verdict(result: Result) -> list[str]:
    if result.absent:
        return [f"全天没有打卡，也没有请假：旷工 {length(result.absent)}。如果到岗了，请申请补卡。"]
    if Verdict.MISSING_IN in result.verdicts or Verdict.MISSING_OUT in result.verdicts:
        return [f"结论：{title(result.verdicts)}。如果到岗了，请申请补卡。"]
    return [f"结论：{title(result.verdicts)}。"] if result.is_over else []
