"""Files of attendance machines: which column means what, and what their cells say."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from kit import clock
from models.enums import Direction
from services.attendance.rules import Duty

PERSON, NAME, AT, DAY, CLOCK, WAY, MACHINE = "person", "name", "at", "day", "clock", "way", "machine"
MEANINGS: dict[str, tuple[str, ...]] = {
    PERSON: ("工号", "账号", "员工编号", "人员编号", "考勤号码", "登记号码", "编号", "userid", "no"),
    NAME: ("姓名", "人员姓名", "员工姓名", "name"),
    AT: ("打卡时间", "刷卡时间", "日期时间", "考勤时间", "签到时间", "datetime", "time"),
    DAY: ("日期", "打卡日期", "刷卡日期", "考勤日期", "date"),
    CLOCK: ("时间", "时刻", "打卡时刻"),
    WAY: ("状态", "打卡类型", "签到签退", "进出", "上下班", "方向", "inout"),
    MACHINE: ("机器号", "设备号", "设备", "设备名称", "考勤机", "device"),
}
"""What a column can mean → the titles that machines are known to give it, the most telling first."""
WAYS = {
    **dict.fromkeys(("上班", "上班签到", "签到", "进", "进门", "in", "c/in", "checkin", "check in"), Direction.IN),
    **dict.fromkeys(("下班", "下班签退", "签退", "出", "出门", "out", "c/out", "checkout", "check out"), Direction.OUT),
}
NOON = 12 * 60
_MOMENT = re.compile(r"(20\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?")


def guess(titles: Iterable[str]) -> dict[str, str]:
    """What the columns probably mean: meaning → title. A moment in one column makes day and clock needless."""
    by_word = {title.lower().replace(" ", "").replace("/", ""): title for title in titles}
    found: dict[str, str] = {}
    for meaning, words in MEANINGS.items():
        title = next((by_word[word] for word in words if word in by_word), None)
        if title is not None and title not in found.values():
            found[meaning] = title
    if DAY in found and CLOCK not in found and AT in found:  # "日期" beside "打卡时间": the time of that day
        found[CLOCK] = found.pop(AT)
    return found


def instant(text: str) -> datetime:
    """The instant that a cell means by the company's clock; `ValueError` when it is none."""
    written = _MOMENT.fullmatch(text.strip())
    if written is None:
        raise ValueError("请填写日期和时间，例如 2026-03-02 08:57:31")
    year, month, day, hour, minute, second = (int(part or 0) for part in written.groups())
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=clock.COMPANY_ZONE)
    except ValueError:
        raise ValueError("没有这个日期或时间，请核对") from None
    return local.astimezone(UTC)


def stated(text: str) -> Direction | None:
    """Which way a machine says it was; nothing when the cell is empty. `ValueError` for a word that is unknown."""
    word = text.strip().lower()
    if word and word not in WAYS:
        raise ValueError("看不懂的打卡方向，请填写“上班”或“下班”，或留空")
    return WAYS.get(word)


def direction_at(at: datetime, duty: Duty | None) -> Direction:
    """Which way a punch without a direction was: coming in the first half of the day's work, going in the second.

    It depends on the instant and the plan alone, so that files may overlap and arrive in any order.
    """
    if duty is None or not duty.spans:
        local = clock.local(at)
        return Direction.IN if local.hour * 60 + local.minute < NOON else Direction.OUT
    middle: datetime = duty.spans[0].start + (duty.spans[-1].end - duty.spans[0].start) / 2
    return Direction.IN if at < middle else Direction.OUT


def duty_of(at: datetime, duties: Mapping[date, Duty]) -> Duty | None:
    """The day of the person whose window has this instant, among those known by date."""
    today = clock.local(at).date()
    around = (duties.get(today + timedelta(days=n)) for n in (0, -1, 1))
    return next((duty for duty in around if duty is not None and duty.window.has(at)), None)
