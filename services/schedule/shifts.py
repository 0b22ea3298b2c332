"""Shifts: a new one, taking one out of use, and the words for them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from kit import clock
from kit.errors import Conflict, NotFound
from kit.ids import new_id
from models.base import db
from models.schedule import Assignment, RosterDay, RotationRow, ShiftRow
from services import platform
from services.people import AnyActor, Permission
from services.schedule import rules
from services.schedule.rules import Flex, LeftLate, Segment, Shift
from services.schedule.schemas import SegmentWish, ShiftView, ShiftWish

HOUR = 60


_met: dict[str, Shift] = {}
"""Shifts by id, as far as this process has met them: they are never edited."""


def known(shift_ids: Iterable[str]) -> dict[str, Shift]:
    """The shifts of these ids, in use or not; those not met before are read in one statement."""
    wanted = set(shift_ids)
    if missing := wanted - _met.keys():
        _met.update(
            (row.id, shift_of(row)) for row in db.session.scalars(select(ShiftRow).where(ShiftRow.id.in_(missing)))
        )
    return {shift_id: _met[shift_id] for shift_id in wanted}


def shift_of(row: ShiftRow) -> Shift:
    """The value behind a row."""
    content = dict(row.content)
    weekdays, flex = content.pop("weekdays"), content.pop("flex", None)
    return Shift(
        row.id,
        row.name,
        tuple(Segment(*edges) for edges in content.pop("segments")),
        weekdays=frozenset(weekdays) if weekdays else None,
        breaks=tuple(Segment(*edges) for edges in content.pop("breaks", ())),
        flex=Flex(*flex) if flex else None,
        left_late=tuple(LeftLate(*rule) for rule in content.pop("left_late", ())),
        **content,
    )


def clock_time(minute: int) -> str:
    """Minutes from midnight as people read them: 540 is 09:00, 1740 is 次日05:00."""
    hours, minutes = divmod(minute % rules.DAY, HOUR)
    return f"{'次日' if minute >= rules.DAY else ''}{hours:02d}:{minutes:02d}"


def hours(shift: Shift) -> str:
    """The stretches of a shift in one line."""
    return "，".join(words(segment) for segment in shift.segments)


def remarks(shift: Shift) -> list[str]:
    """What is special about a shift, a phrase each."""
    said = [f"带薪休息 {words(pause)}" for pause in shift.breaks]
    if shift.flex and shift.core:
        said.append(f"弹性：可早到 {shift.flex.before} 分、晚到 {shift.flex.after} 分，核心时段 {words(shift.core)}")
    said += [f"晚走 {rule.after} 分，次日可晚到 {rule.later} 分" for rule in shift.left_late]
    if shift.punches_each:
        said.append("每个时段都要打卡")
    if shift.step > 1:
        said.append(f"迟到早退按 {shift.step} 分钟取整，不足不计")
    if shift.zone != clock.COMPANY_ZONE_NAME:
        said.append(f"时区 {shift.zone}")
    return said


def words(segment: Segment) -> str:
    """09:00–12:00."""
    return f"{clock_time(segment.start)}–{clock_time(segment.end)}"


def shifts() -> list[ShiftView]:
    """All shifts, those in use first."""
    rows = db.session.scalars(select(ShiftRow).order_by(ShiftRow.is_active.desc(), ShiftRow.name))
    return [_view(row) for row in rows]


def _view(row: ShiftRow) -> ShiftView:
    shift = shift_of(row)
    return ShiftView(
        id=row.id,
        name=row.name,
        segments=[words(segment) for segment in shift.segments],
        minutes=shift.minutes,
        late_grace=shift.late_grace,
        early_grace=shift.early_grace,
        hours=hours(shift),
        remarks=remarks(shift),
        weekdays=sorted(shift.weekdays or ()),
        works_holidays=shift.works_holidays,
        is_active=row.is_active,
    )


def add_shift(actor: AnyActor, wish: ShiftWish) -> ShiftView:
    """A new shift; shifts are not edited, since days already worked refer to them: a change is a new one."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    if db.session.scalar(select(ShiftRow.id).where(ShiftRow.name == wish.name)):
        raise Conflict(f"已有名为“{wish.name}”的班次，请换一个名称")
    row = ShiftRow(id=new_id(), name=wish.name, content=_content(wish), is_active=True)
    db.session.add(row)
    platform.audit.record(actor, "schedule.shift.add", row.id, after={"name": wish.name, **row.content})
    return _view(row)


def _content(wish: ShiftWish) -> dict[str, Any]:
    segments = _in_order(wish.segments)
    rules.check_segments(segments)
    breaks = [_inside(segments, pause) for pause in wish.breaks]
    rules.check_breaks(segments, breaks)
    flex = Flex(wish.flex_before, wish.flex_after) if wish.flex_before or wish.flex_after else None
    if flex:
        rules.check_flex(segments, flex, punches_each=wish.punches_each)
    unusual: dict[str, Any] = {
        "breaks": [[pause.start, pause.end] for pause in breaks],
        "flex": [flex.before, flex.after] if flex else None,
        "left_late": [[rule.after, rule.later] for rule in wish.left_late],
        "punches_each": wish.punches_each,
        "step": wish.step if wish.step > 1 else None,
        "zone": wish.zone if wish.zone != clock.COMPANY_ZONE_NAME else None,
    }
    return {
        "segments": [[segment.start, segment.end] for segment in segments],
        "late_grace": wish.late_grace,
        "early_grace": wish.early_grace,
        "weekdays": sorted(set(wish.weekdays)),
        "works_holidays": wish.works_holidays,
        **{name: value for name, value in unusual.items() if value},
    }


def _inside(segments: list[Segment], wish: SegmentWish) -> Segment:
    """A break in the time of its shift: one after midnight belongs to the night that has begun."""
    start = _after(_minute(wish.start), segments[0].start)
    return Segment(start, _after(_minute(wish.end), start + 1))


def _in_order(wishes: list[SegmentWish]) -> list[Segment]:
    """Times that go back mean the next day: 22:00–02:00 then 03:00–06:00 ends at minute 1800."""
    made: list[Segment] = []
    for wish in wishes:
        earliest = made[-1].end if made else 0
        start = _after(_minute(wish.start), earliest)
        made.append(Segment(start, _after(_minute(wish.end), start + 1)))
    return made


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * HOUR + int(minutes)


def _after(minute: int, earliest: int) -> int:
    return minute if minute >= earliest else minute + rules.DAY


def retire_shift(actor: AnyActor, shift_id: str) -> None:
    """Takes a shift out of use; one that somebody is still given is refused."""
    actor.require(Permission.SCHEDULE_SHIFT_EDIT)
    row = in_use(shift_id)
    if _is_given(row.id):
        raise Conflict("还有人员在使用这个班次，请先改排其他班次")
    row.is_active = False
    platform.audit.record(actor, "schedule.shift.retire", row.id)


def _is_given(shift_id: str) -> bool:
    """Is the shift somebody's from now on: assigned, in a roster, or in a rotation in use?"""
    given = select(Assignment.id).where(
        Assignment.shift_id == shift_id, or_(Assignment.ends_on.is_(None), Assignment.ends_on >= clock.today())
    )
    rostered = select(RosterDay.person_id).where(RosterDay.shift_id == shift_id, RosterDay.day >= clock.today())
    rotations = db.session.scalars(select(RotationRow).where(RotationRow.is_active.is_(True)))
    return (
        db.session.scalar(given.limit(1)) is not None
        or db.session.scalar(rostered.limit(1)) is not None
        or any(shift_id in row.content["turns"] for row in rotations)
    )


def in_use(shift_id: str) -> ShiftRow:
    """The row of a shift that may be given; `NotFound` otherwise."""
    row = db.session.get(ShiftRow, shift_id)
    if row is None or not row.is_active:
        raise NotFound("没有这个班次，请刷新后重新选择")
    return row
