"""A day's work: its stretches, breaks, graces, and how far its hours may slide."""

from collections.abc import Sequence
from dataclasses import dataclass

from kit.clock import COMPANY_ZONE_NAME
from kit.errors import Invalid

DAY = 24 * 60
LONGEST_SHIFT = 24 * 60


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of work: minutes from local midnight of the shift's day. An end past 1440 is on the next day."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Flex:
    """How many minutes the whole day may slide: as early as `before`, as late as `after`.

    What lies between the latest beginning and the earliest end is the core, to be worked by everybody.
    """

    before: int = 0
    after: int = 0

    def slide(self, minutes: int) -> int:
        """By how much the day slides for somebody who comes so many minutes after its beginning."""
        return max(-self.before, min(self.after, minutes))


@dataclass(frozen=True, slots=True)
class LeftLate:
    """Who left at least `after` minutes after the end of one day may come `later` minutes later on the next."""

    after: int
    later: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A day's work: its stretches (what lies between them is unpaid break) and what is forgiven.

    `weekdays` (1 is Monday) are the days it is worked; `None` leaves that to the calendar. A shift with weekdays of its
    own rests on statutory holidays unless `works_holidays`. `breaks` lie inside stretches and are paid. With
    `punches_each` somebody punches at both ends of every stretch, else only at the ends of the day. Minutes late or
    early count in whole steps of `step`, a begun step not counting. The hours are those of the clock in `zone`.
    """

    id: str | None
    name: str
    segments: tuple[Segment, ...]
    late_grace: int = 0
    early_grace: int = 0
    weekdays: frozenset[int] | None = None
    works_holidays: bool = False
    breaks: tuple[Segment, ...] = ()
    flex: Flex | None = None
    left_late: tuple[LeftLate, ...] = ()
    punches_each: bool = False
    step: int = 1
    zone: str = COMPANY_ZONE_NAME

    @property
    def minutes(self) -> int:
        """Working minutes of the whole shift."""
        return sum(segment.minutes for segment in self.segments)

    @property
    def start(self) -> int:
        return self.segments[0].start

    @property
    def end(self) -> int:
        return self.segments[-1].end

    @property
    def core(self) -> Segment | None:
        """What everybody works of a day that slides."""
        return Segment(self.start + self.flex.after, self.end - self.flex.before) if self.flex else None

    def may_come_later(self, left_late_by: int) -> int:
        """By how many minutes the next day may begin later for somebody who left so long after the end."""
        return max((rule.later for rule in self.left_late if left_late_by >= rule.after), default=0)


# eight hours a day, forty a week (Labour Law art. 36; State Council Decree 146 as revised 1995, art. 3)
STANDARD = Shift(None, "标准工时", (Segment(9 * 60, 12 * 60), Segment(13 * 60, 18 * 60)))


def check_segments(segments: Sequence[Segment]) -> None:
    """A shift begins on its day, its stretches follow each other, and it ends within 24 hours; else `Invalid`."""
    if not segments:
        raise Invalid("班次至少要有一个上班时段")
    if not 0 <= segments[0].start < DAY or segments[-1].end - segments[0].start > LONGEST_SHIFT:
        raise Invalid("班次要在当天开始，全长不超过 24 小时")
    edges = [edge for segment in segments for edge in (segment.start, segment.end)]
    if any(later <= earlier for earlier, later in zip(edges[::2], edges[1::2], strict=True)):
        raise Invalid("每个时段的结束时间要晚于开始时间")
    if any(later < earlier for earlier, later in zip(edges[1::2], edges[2::2], strict=False)):
        raise Invalid("各时段要按时间先后排列，不能重叠")


def check_breaks(segments: Sequence[Segment], breaks: Sequence[Segment]) -> None:
    """A paid break lies inside a stretch; else `Invalid`."""
    for pause in breaks:
        if not any(segment.start < pause.start < pause.end < segment.end for segment in segments):
            raise Invalid("带薪休息要在某个上班时段之内；不带薪的休息请把时段分开")


def check_flex(segments: Sequence[Segment], flex: Flex, *, punches_each: bool) -> None:
    """A day that slides keeps a core, and its stretches are not punched one by one; else `Invalid`."""
    if segments[0].start + flex.after >= segments[-1].end - flex.before:
        raise Invalid("弹性范围太大，没有留下核心工作时段")
    if punches_each:
        raise Invalid("弹性班次只在上下班时打卡，不能逐段打卡")
