"""What somebody means by a sentence, by rules: a command, or leave of some kind on some days. Pure.

What a sentence does not say stays open: the caller asks for it, one thing at a time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kit.text import plain
from models.enums import Half
from services.assistant import dates
from services.assistant.dates import Point


class Command(StrEnum):
    """What can be asked for by a word or the menu; the values are the menu's keys."""

    BALANCES = "leave_balances"
    PUNCH = "punch"
    PAYSLIP = "payslip"
    TODO = "todo"
    HELP = "help"


class Gap(StrEnum):
    """What a wish for leave leaves open, in the order in which it is asked."""

    DAY = "day"
    HALF = "half"
    TIMES = "times"
    KIND = "kind"


WORDS: dict[Command, tuple[str, ...]] = {
    Command.BALANCES: (
        "我的假期",
        "假期余额",
        "年假余额",
        "剩余年假",
        "还有多少年假",
        "还有几天年假",
        "还剩几天假",
        "假期",
    ),
    Command.PUNCH: ("打卡", "签到", "上班打卡", "下班打卡", "考勤"),
    Command.PAYSLIP: ("工资条", "工资", "薪资", "我的工资", "薪水"),
    Command.TODO: ("待办", "我的待办", "待审批", "审批"),
    Command.HELP: ("帮助", "你好", "您好", "help", "?", "？", "菜单", "怎么用"),
}
COMMANDS = {word: command for command, words in WORDS.items() for word in words}

# what people say for a kind of leave beside its own name
ALIASES = {
    "年休假": "annual", "带薪假": "annual", "年休": "annual",
    "补休": "compensatory", "倒休": "compensatory", "换休": "compensatory",
    "私事": "personal", "有事": "personal", "家里有事": "personal",
    "生病": "sick", "看病": "sick", "不舒服": "sick", "发烧": "sick", "感冒": "sick", "去医院": "sick",
    "结婚": "marriage", "陪护假": "paternity", "护理假": "paternity", "产检": "prenatal_check", "哺乳": "breastfeeding",
}  # fmt: skip
_INTENT = re.compile(r"请.{0,30}假|休.{0,12}假|请(?:个)?假|请.{0,20}[天时]|想休|要休|休息[一二两三四五六七八九十半\d]")
_LEFT = re.compile(r"(还有|还剩|剩余|剩下|有)(几|多少).{0,6}(假|调休)|(假|调休).{0,4}(还有|还剩|剩|余额|几天|多少)")
_NOT_A_WISH = re.compile(r"怎么|如何|规定|制度|流程|不请|别请|取消|撤回|撤销|销假|不想休")
_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMERAL = re.compile(
    r"(?<![周期拜])([一二三四五六七八九两]?十[一二三四五六七八九]?|[一二两三四五六七八九])(?=天|日|号|月|个|小时|点|:)"
)
_DAYS = re.compile(r"(\d+(?:\.5)?)\s*(?:个)?(?:工作)?天(半)?|(?<!\d)(半)\s*(?:个)?天")
_HOURS = re.compile(r"(\d+(?:\.5)?)\s*(?:个)?(半)?小时")
_TIME = r"(上午|早上|下午|晚上|中午)?\s*(\d{1,2})(?:[点:：](半|\d{1,2})?分?)"
_TIMES = re.compile(rf"{_TIME}\s*(?:到|至|[-~～—－]+)\s*{_TIME}")
AFTERNOON = ("下午", "晚上")
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Leave:
    """A wish for leave as far as it is said. `days` counts working days from `first_day` when no end is named."""

    kind: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    days: Decimal | None = None
    from_half: Half = Half.AM
    to_half: Half = Half.PM
    from_time: str | None = None
    to_time: str | None = None
    wants_half: bool = False
    wants_hours: bool = False
    reason: str = ""

    @property
    def gap(self) -> Gap | None:
        """What to ask next; `None` when everything is said."""
        if self.first_day is None:
            return Gap.DAY
        if self.wants_half:
            return Gap.HALF
        if self.wants_hours and self.from_time is None:
            return Gap.TIMES
        return Gap.KIND if self.kind is None else None


def command(text: str) -> Command | None:
    """The command a text is, spaces and punctuation aside; a question about what is left is one, too."""
    said = plain(text).strip(" 。.!！~～").lower()
    if _LEFT.search(said):
        return Command.BALANCES
    return Command.HELP if _NOT_A_WISH.search(said) else COMMANDS.get(said)


def understand(text: str, today: date, kinds: Mapping[str, str]) -> Leave | None:
    """The leave somebody wants; `kinds` are the names by code. `None` when the text is about something else."""
    said = _normal(text)
    kind = _kind(said, kinds)
    if not (kind or _INTENT.search(said)):
        return None
    return replace(_period(said, today), kind=kind, reason=_reason(text))


def continued(before: Leave, text: str, today: date, kinds: Mapping[str, str]) -> Leave | None:
    """What was said before together with an answer to what it left open; `None` when this is no answer."""
    said = _normal(text)
    merged = _merge(before, _period(said, today), _kind(said, kinds))
    return merged if merged != before else None


def end_of(wish: Leave, days: Sequence[date]) -> tuple[date, Half, Half] | None:
    """The last day and the halves of a wish that counts `days`; `days` are those that count, from its first day on.

    `None` when they do not suffice. A whole number of days begun at noon ends at noon.
    """
    assert wish.days is not None
    halves = [(day, half) for day in days for half in (Half.AM, Half.PM)]
    if wish.from_half is Half.PM:
        halves = halves[1:]
    count = int(wish.days * 2)
    if not 0 < count <= len(halves):
        return None
    return halves[count - 1][0], halves[0][1], halves[count - 1][1]


def _normal(text: str) -> str:
    """Digits for numerals where they count or date something."""
    said = plain(text)[:LONGEST_TEXT].replace("：", ":").replace("，", ",")
    return _NUMERAL.sub(lambda found: str(_number(found[1])), said)


def _number(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _DIGITS[numeral]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _kind(said: str, kinds: Mapping[str, str]) -> str | None:
    """The longest name wins: 陪产假 is not 产假."""
    names = [(name, code) for code, name in kinds.items()]
    names += [(alias, code) for alias, code in ALIASES.items() if code in kinds]
    found = [(len(name), code) for name, code in names if name in said]
    return max(found)[1] if found else None


def _period(said: str, today: date) -> Leave:
    clock = _TIMES.search(said)
    rest = said if clock is None else said[: clock.start()] + " " * len(clock[0]) + said[clock.end() :]
    named = dates.points(rest, today)
    wish = _dated(rest, named)
    if clock is not None:
        begin, end = _times(clock)
        return replace(wish, from_time=begin, to_time=end, wants_half=False, wants_hours=True)
    return _measured(rest, wish)


def _dated(said: str, named: list[Point]) -> Leave:
    if not named:
        half = next((half for word, half in dates.HALVES.items() if word in said), None)
        return Leave() if half is None else Leave(from_half=half, to_half=half)
    first = named[0]
    if len(named) > 1:
        last = named[1]
        if len(named) > 2 or not dates.is_range(said, first, last):
            return Leave()  # several stretches at once: which one comes first is for the person to say
        return Leave(None, first.day, last.day, None, first.half or Half.AM, last.half or Half.PM)
    return Leave(None, first.day, None, None, first.half or Half.AM, first.half or Half.PM)


def _measured(said: str, wish: Leave) -> Leave:
    """Adds a length: hours, half a day, some days."""
    if _HOURS.search(said):
        return replace(wish, wants_hours=True)
    length = _DAYS.search(said)
    is_half = wish.from_half is wish.to_half
    if length is None or wish.last_day is not None:
        return wish
    if length[3]:
        return replace(wish, wants_half=not is_half)
    days = Decimal(length[1]) + (Decimal("0.5") if length[2] else 0)
    return replace(wish, days=days, wants_half=False) if days > 0 else wish


def _times(found: re.Match[str]) -> tuple[str | None, str | None]:
    """Two clock times; 下午2点到4点 makes both of them afternoon."""
    begin = _minute(found[1], found[2], found[3])
    inherited = found[4] or (found[1] if found[1] in AFTERNOON else None)
    end = _minute(inherited, found[5], found[6])
    return _wall(begin), _wall(end)


def _minute(part: str | None, hour: str, minute: str | None) -> int:
    shift = 12 if part in AFTERNOON and int(hour) < 12 else 0
    return (int(hour) + shift) * 60 + (30 if minute == "半" else int(minute or 0))


def _wall(minute: int) -> str | None:
    hour, rest = divmod(minute, 60)
    return f"{hour:02}:{rest:02}" if hour < 24 and rest < 60 else None


def _merge(before: Leave, spoken: Leave, kind: str | None) -> Leave:
    """What was said now fills what was open before."""
    changes: dict[str, Any] = {}
    if kind:
        changes["kind"] = kind
    if spoken.first_day:
        length = spoken.days or (None if spoken.last_day else before.days)
        changes |= {"first_day": spoken.first_day, "last_day": spoken.last_day, "days": length}
    elif spoken.days:
        changes["days"] = spoken.days
    if spoken.wants_hours:
        changes["wants_hours"] = True
    if spoken.last_day or (spoken.from_half, spoken.to_half) != (Half.AM, Half.PM):
        changes |= {"from_half": spoken.from_half, "to_half": spoken.to_half}
    if before.wants_half and spoken.from_half is spoken.to_half:
        changes |= {"wants_half": False, "from_half": spoken.from_half, "to_half": spoken.to_half}
    if spoken.from_time:
        changes |= {"from_time": spoken.from_time, "to_time": spoken.to_time}
    return replace(before, **changes)


def _reason(text: str) -> str:
    """What follows 因为 or 原因, up to the end of the sentence."""
    found = re.search(r"(?:因为|原因是?|事由是?)[:：,，]?\s*([^。！!\n]{1,100})", plain(text))
    return found[1].strip() if found else ""
