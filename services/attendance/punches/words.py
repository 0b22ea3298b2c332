"""Says field punches and cases in Chinese, in words that accuse nobody."""

from datetime import datetime
from typing import Any

from kit import clock
from models.enums import CaseState, FieldState, SignalKind

FIELDS = {FieldState.OPEN: "待确认", FieldState.CONFIRMED: "已确认", FieldState.DOUBTED: "有疑问"}
CASES = {CaseState.OPEN: "待核实", CaseState.CLEARED: "已排除", CaseState.CONFIRMED: "已确认"}
KINDS = {
    SignalKind.SHARED_DEVICE: "一机多人",
    SignalKind.TRAVEL: "短时间跨地点",
    SignalKind.MOCKED: "模拟定位",
    SignalKind.VAGUE: "定位长期不准",
    SignalKind.FOREIGN_WIFI: "Wi-Fi 与地点不符",
    SignalKind.DOUBTED: "外勤存疑",
    SignalKind.WECOM: "企业微信提示异常",
    SignalKind.FACE: "人脸核验未通过",
}


def sentence(kind: SignalKind, facts: dict[str, Any], other: str = "") -> str:
    """What was seen. `other` is the name of the second person, for those who may know it."""
    at, after = _time(facts.get("at")), _time(facts.get("other_at"))
    who = other or "另一名员工"
    said = {
        SignalKind.SHARED_DEVICE: f"{at} 打卡所用的手机，{after} 也为{who}打了卡。",
        SignalKind.TRAVEL: f"{after} 与 {at} 的两次打卡相距至少 {facts.get('metres', 0) / 1000:.0f} 公里，来不及到达。",
        SignalKind.MOCKED: f"{at} 打卡时，手机报告位置由软件模拟。",
        SignalKind.VAGUE: f"一周内 {facts.get('times', 0)} 次以上打卡，定位误差都接近上限。",
        SignalKind.FOREIGN_WIFI: f"{at} 打卡时，手机所连的 Wi-Fi 与打卡地点不符。",
        SignalKind.DOUBTED: f"{at} 的外勤打卡（{facts.get('place', '')}）：{facts.get('note', '')}",
        SignalKind.WECOM: f"{at} 的企业微信打卡被标为“{facts.get('exception', '')}”。",
        SignalKind.FACE: f"{at} 的考勤机人脸核验得分 {facts.get('score', 0)}，未通过。",
    }
    return said[kind]


def away(metres: int | None) -> str:
    """How far from the nearest place; field punches without a position have none."""
    if metres is None:
        return "没有定位"
    return f"{metres / 1000:.1f} 公里" if metres >= 1000 else f"{metres} 米"


def _time(at: str | None) -> str:
    return f"{clock.local(datetime.fromisoformat(at)):%m-%d %H:%M}" if at else ""
