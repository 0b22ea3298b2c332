"""What can have happened: the day of an event beside the days of leave for it, and how often it can happen. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from models.enums import Occasion, Relative
from services.leave import rules
from services.leave.life.rules.limits import Taken
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rulebook.rules.occasions import OCCASIONS, RELATIVES, Told
from services.leave.rules import NotEligible

HAPPENED = (Occasion.DEATH, Occasion.MISCARRIAGE, Occasion.INJURY, Occasion.PARENT)
"""Nobody knows the day of these before it has come; a birth has its expected day, a marriage may be planned."""
LATEST: Mapping[Occasion, int] = {Occasion.DEATH: 12, Occasion.MISCARRIAGE: 12, Occasion.BIRTH: 24}
"""Months after which nobody takes leave for it any more, where the kind itself does not say."""
BEFORE_BIRTH = timedelta(days=15)
BEFORE_BIRTH_SOURCE = "《女职工劳动保护特别规定》第七条"
MOST: Mapping[Relative, int] = {
    Relative.SPOUSE: 1, Relative.PARENT: 2, Relative.PARENT_IN_LAW: 2, Relative.GRANDPARENT: 4,
}  # fmt: skip
MOST_MONTHS = 36
"""How many relatives of one sort can die within so many months; later there may be another spouse or step-parent."""


def check(kind: KindRules, name: str, told: Told, first_day: date, today: date) -> None:
    """The event can have happened when it is said to have; `NotEligible` says what does not fit."""
    if told.event_on is None:
        return
    what = OCCASIONS[kind.occasion]
    if kind.occasion in HAPPENED and told.event_on > today:
        raise NotEligible(f"{what}的日期 {told.event_on.isoformat()} 还没有到，请核对")
    if first_day < _earliest(kind.occasion, told.event_on):
        raise NotEligible(_too_early(kind.occasion, name, told.event_on))
    months = LATEST.get(kind.occasion) if kind.within_months is None else None
    if months and first_day >= rules.add_months(told.event_on, months):
        raise NotEligible(
            f"{what}已过去 {months} 个月以上，不能再休{name}，请核对 {told.event_on.isoformat()} 这个日期"
        )


def _earliest(occasion: Occasion, event_on: date) -> date:
    return event_on - BEFORE_BIRTH if occasion is Occasion.BIRTH else event_on


def _too_early(occasion: Occasion, name: str, event_on: date) -> str:
    if occasion is Occasion.BIRTH:
        first = (event_on - BEFORE_BIRTH).isoformat()
        return f"{name}产前最多休 {BEFORE_BIRTH.days} 天，最早从 {first} 开始（{BEFORE_BIRTH_SOURCE}）"
    return f"{name}要从 {event_on.isoformat()} 起休，不能早于{OCCASIONS[occasion]}的日期"


def check_again(kind: KindRules, name: str, told: Told, before: Iterable[Taken]) -> None:
    """It is not one more death than there are relatives; the same one under another day is the usual reason."""
    most = MOST.get(told.relative) if kind.occasion is Occasion.DEATH and told.relative else None
    if most is None or told.relative is None or told.event_on is None:
        return
    near = [day for day in _deaths(told.relative, before) if _is_near(day, told.event_on)]
    if len(near) >= most:
        said = "、".join(day.isoformat() for day in near)
        raise NotEligible(
            f"您已因{RELATIVES[told.relative]}去世（{said}）请过{name}，请核对日期：接着休同一次的假请填同一天，"
            "确有特殊情况请联系人事"
        )


def _deaths(relative: Relative, before: Iterable[Taken]) -> list[date]:
    keys = sorted({one.event_key for one in before if one.event_key})
    parts = [key.split(":") for key in keys]
    return [date.fromisoformat(part[1]) for part in parts if part[0] == Occasion.DEATH and part[2:] == [relative]]


def _is_near(other: date, event_on: date) -> bool:
    first, last = sorted((other, event_on))
    return first != last and rules.add_months(first, MOST_MONTHS) > last
