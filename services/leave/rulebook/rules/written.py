"""Rules that HR writes as lines of text: read into values when they are saved, shown again as the same lines. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from kit.schema import Day, Line, Wish

NOTICE = re.compile(r"^(?:超过)?\s*(\d{1,3}(?:\.5)?)\s*天?\s*[,，:：]?\s*(?:提前)?\s*(\d{1,3})\s*天?$")
BLACKOUT = re.compile(r"^(\d{4}-\d{2}-\d{2})\s*(?:\.\.|至|到)\s*(\d{4}-\d{2}-\d{2})\s*(.*)$")
SEPARATORS = re.compile(r"[\s、，,;；]+")


class Notice(Wish):
    """Leave longer than so many days is to be asked for so many days ahead."""

    over_days: Decimal = Field(ge=0, le=400)
    ahead_days: int = Field(ge=0, le=400)

    def __str__(self) -> str:
        return f"超过 {self.over_days.normalize():f} 天 提前 {self.ahead_days} 天"


class Blackout(Wish):
    """Days, both ends included, on which nobody may be away, and why."""

    first_day: Day
    last_day: Day
    reason: Line = Field(min_length=1)

    def __str__(self) -> str:
        return f"{self.first_day.isoformat()}..{self.last_day.isoformat()} {self.reason}"

    def holds(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def notices(value: Any) -> Any:
    """Lines like 超过 3 天 提前 7 天."""
    return _read(value, _notice)


def _notice(line: str) -> dict[str, str]:
    found = NOTICE.match(line)
    if found is None:
        raise ValueError(f"“{line}”请写成：超过 3 天 提前 7 天")
    return {"over_days": found[1], "ahead_days": found[2]}


def blackouts(value: Any) -> Any:
    """Lines like 2026-06-15..2026-06-18 年中大促."""
    return _read(value, _blackout)


def _blackout(line: str) -> dict[str, str]:
    found = BLACKOUT.match(line)
    if found is None or not found[3].strip() or found[2] < found[1]:
        raise ValueError(f"“{line}”请写成：2026-06-15..2026-06-18 年中大促")
    return {"first_day": found[1], "last_day": found[2], "reason": found[3].strip()}


def words(value: Any) -> Any:
    """Words of one or several lines: 北京 上海、浙江."""
    return list(dict.fromkeys(word for part in _parts(value) for word in SEPARATORS.split(part) if word))


def _read(value: Any, line_of: Callable[[str], Any]) -> Any:
    return [line_of(line) if isinstance(line, str) else line for line in _lines(_parts(value))]


def _parts(value: Any) -> Iterable[Any]:
    return [value] if isinstance(value, str) else value


def _lines(parts: Iterable[Any]) -> Iterator[Any]:
    for part in parts:
        yield from (line.strip() for line in part.splitlines() if line.strip()) if isinstance(part, str) else [part]
