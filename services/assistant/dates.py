"""Days as people write them, relative to today: 明天, 下周三, 3月5日, 3月5日到7日上午. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.enums import Half

LONG_PAST = timedelta(days=31)
RELATIVE = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "今早": 0, "今晚": 0,
            "大后天": 3, "后天": 2, "明天": 1, "明日": 1, "明早": 1}  # fmt: skip
HALVES = {"上午": Half.AM, "早上": Half.AM, "下午": Half.PM}
WEEKS = {"上": -1, "这": 0, "本": 0, "": 0, "下": 1, "下下": 2}
WEEKDAYS = {
    name: number for number, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7末")) for name in names
}

_DAY = re.compile(
    rf"(?P<relative>{'|'.join(RELATIVE)})"
    r"|(?P<week>下下|[上这本下])?(?:个)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-7])"
    r"|(?P<year>\d{4})[-年/](?P<ymonth>\d{1,2})[-月/](?P<yday>\d{1,2})[日号]?"
    r"|(?P<month>\d{1,2})(?:月|/)(?P<day>\d{1,2})[日号]?"
    r"|(?P<only>\d{1,2})[日号]"
)
_HALF = re.compile(rf"\s*的?({'|'.join(HALVES)})")
_UNTIL = re.compile(r"^\s*(?:到|至|[-~～—－]+)\s*$")


@dataclass(frozen=True)
class Point:
    """A day, or half of it, and where it stands in the text."""

    day: date
    half: Half | None
    start: int
    end: int


def points(text: str, today: date) -> list[Point]:
    """The days named in a text, in its order; a second one of a range follows the first."""
    found: list[Point] = []
    for match in _DAY.finditer(text):
        before = found[-1] if found and _UNTIL.match(text[found[-1].end : match.start()]) else None
        day = _day(match, today, before.day if before else None)
        if day is not None:
            half = _HALF.match(text, match.end())
            end = half.end() if half else match.end()
            found.append(Point(day, HALVES[half[1]] if half else None, match.start(), end))
    return found


def is_range(text: str, first: Point, second: Point) -> bool:
    """Whether the two are joined by 到 or the like."""
    return _UNTIL.match(text[first.end : second.start]) is not None


def _day(match: re.Match[str], today: date, after: date | None) -> date | None:
    if match["relative"]:
        return today + timedelta(days=RELATIVE[match["relative"]])
    if match["weekday"]:
        return _weekday(match["week"], WEEKDAYS[match["weekday"]], today, after)
    if match["year"]:
        return _valid(int(match["year"]), int(match["ymonth"]), int(match["yday"]))
    if match["month"]:
        return _near(int(match["month"]), int(match["day"]), today)
    return _day_of_month(int(match["only"]), after or today)


def _weekday(week: str | None, weekday: int, today: date, after: date | None) -> date:
    """下周三 counts from Monday; a weekday alone is the next one, or the next one after the day a range begins."""
    if week:
        return today - timedelta(days=today.weekday()) + timedelta(days=weekday, weeks=WEEKS[week])
    start = after or today
    return start + timedelta(days=(weekday - start.weekday()) % 7)


def _near(month: int, day: int, today: date) -> date | None:
    """This year's, unless that is more than a month ago: then next year's."""
    here = _valid(today.year, month, day)
    if here is not None and here >= today - LONG_PAST:
        return here
    return _valid(today.year + 1, month, day)


def _day_of_month(day: int, start: date) -> date | None:
    """The next such day, beginning with `start`."""
    return next((found for found in _months(day, start) if found and found >= start), None)


def _months(day: int, start: date) -> Iterator[date | None]:
    for months in range(3):
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        yield _valid(year, month + 1, day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
