"""Leave without some of its days: what stays of each day, and what goes with the days that are given back. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from kit.errors import Invalid
from models.enums import Counting, Half, LeaveUnit
from services.leave import rules
from services.leave.gaps import Days
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rules import Day, Portion

WHOLE_ONLY = "这种假按整天请，不能只取消半天"
TIMED_ONLY = "按小时请的假只能取消整天"
OTHER = {Half.AM: Half.PM, Half.PM: Half.AM}


def cut(whole: Sequence[Portion], plans: Mapping[date, Day], freed: Days, kind: KindRules) -> list[Portion]:
    """What stays. Days off that were counted only between days of leave stay while both their neighbours do."""
    kept = [rest for one in whole if (rest := _rest(one, plans[one.day], freed, kind)) is not None]
    if kind.counting is not Counting.WORKING:
        return kept
    return [one for one in kept if plans[one.day].is_working or _is_between(one.day, whole, kept, plans)]


def _rest(one: Portion, plan: Day, freed: Days, kind: KindRules) -> Portion | None:
    if one.day not in freed:
        return one
    which = freed[one.day]
    if which is None:
        return None
    if kind.unit is LeaveUnit.DAY:
        raise Invalid(WHOLE_ONLY)
    gone, stays = rules.half(plan, which), rules.half(plan, OTHER[which])
    if not _meet(one, gone):
        return one
    if not _meet(one, stays):
        return None
    if one.minutes != plan.shift.minutes:
        raise Invalid(TIMED_ONLY)
    return stays


def _meet(one: Portion, other: Portion) -> bool:
    return one.start < other.end and other.start < one.end


def _is_between(day: date, whole: Sequence[Portion], kept: Sequence[Portion], plans: Mapping[date, Day]) -> bool:
    """Do the working days of leave on both sides of a day off still reach up to it? Where there is none on a side, the
    day off adjoins leave that was asked for apart."""
    worked, now = [one for one in whole if plans[one.day].is_working], {one.day: one for one in kept}
    before = [one for one in worked if one.day < day][-1:]
    after = [one for one in worked if one.day > day][:1]
    if any(one.day not in now for one in (*before, *after)):
        return False
    return all(now[one.day].end == one.end for one in before) and all(now[one.day].start == one.start for one in after)


def freed(whole: Sequence[Portion], kept: Sequence[Portion]) -> list[Portion]:
    """What is given back of each day: all of it, or what is more than stays."""
    now = {one.day: one for one in kept}
    return [_less(one, now.get(one.day)) for one in whole if now.get(one.day) != one]


def _less(one: Portion, stays: Portion | None) -> Portion:
    if stays is None:
        return one
    start, end = (stays.end, one.end) if stays.start == one.start else (one.start, stays.start)
    return Portion(one.day, start, end, one.minutes - stays.minutes, one.full_minutes)


def gaps(freed: Sequence[Portion], kept: Sequence[Portion], plans: Mapping[date, Day]) -> dict[date, Half | None]:
    """Of what is given back that which lies between days that stay: the ends of the leave speak for themselves."""
    start, end = (kept[0].day, kept[0].start), (kept[-1].day, kept[-1].end)
    inner = [one for one in freed if (one.day, one.end) > start and (one.day, one.start) < end]
    return {one.day: which(one, plans[one.day], kept) for one in inner}


def which(freed: Portion, plan: Day, kept: Sequence[Portion]) -> Half | None:
    """The half of its day that is given back; `None` when nothing of the day stays."""
    if all(one.day != freed.day for one in kept):
        return None
    return Half.AM if freed.end <= rules.half(plan, Half.PM).start else Half.PM


def still(old: Days, kept: Sequence[Portion]) -> dict[date, Half | None]:
    """Of earlier gaps those that still lie between days that stay."""
    first, last = kept[0].day, kept[-1].day
    edges = {first: Half.PM, last: Half.AM} if first != last else {}
    return {day: half for day, half in old.items() if first < day < last or edges.get(day) == half is not None}


def starts_late(kept: Portion, plan: Day) -> bool:
    """Is only the afternoon left of the day?"""
    return not _meet(kept, rules.half(plan, Half.AM))


def ends_early(kept: Portion, plan: Day) -> bool:
    """Is only the morning left of the day?"""
    return not _meet(kept, rules.half(plan, Half.PM))
