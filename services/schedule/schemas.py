"""What schedule takes in and gives out."""

import re
from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, field_validator, model_validator

from kit import clock, ids
from kit.schema import Day, Identifier, Line, Paragraph, View, Wish
from models.enums import AudienceKind, DayKind

A_YEAR = timedelta(days=366)
TIME = r"([01]\d|2[0-3]):[0-5]\d"
HOURS = re.compile(rf"^{TIME}-{TIME}( +{TIME}-{TIME}){{0,3}}$")
SEPARATORS = re.compile(r"[\s,，、;；]+")
PAUSES = re.compile(rf"^{TIME}-{TIME}( +{TIME}-{TIME}){{0,7}}$")
LEFT_LATE = re.compile(r"^\d{1,3}:\d{1,3}( +\d{1,3}:\d{1,3}){0,3}$", re.ASCII)

Weekday = Annotated[int, Field(ge=1, le=7)]
"""1 is Monday."""


class YearQuery(Wish):
    """Which year; this one unless said otherwise."""

    year: int = Field(default_factory=lambda: clock.today().year, ge=2000, le=2099)


class NoticeWish(Wish):
    """A yearly notice: dates as `05-01` or `05-01..05-05`, separated by commas, spaces or lines."""

    year: int = Field(ge=2000, le=2099)
    source: Annotated[Line, Field(min_length=1)]
    statutory: Annotated[Paragraph, Field(min_length=1)]
    off: Annotated[Paragraph, Field(min_length=1)]
    work: Paragraph = ""


class DayChange(View):
    """A day whose kind a notice would change."""

    day: date
    before: DayKind
    after: DayKind


class NoticePreview(View):
    """What loading a notice would mean: workdays of each month, and the days that change."""

    year: int
    workdays: list[int]
    statutory_days: int
    changes: list[DayChange]


class YearView(View):
    """A year's calendar: every day that is not an ordinary workday or weekend, and whether the notice is known."""

    year: int
    source: str
    is_confirmed: bool
    days: dict[date, DayKind]
    workdays: list[int]
    statutory: str
    off: str
    work: str


class SegmentWish(Wish):
    """A stretch of work as people write it; an end not later than the start is on the next day."""

    start: str = Field(pattern=rf"^{TIME}$")
    end: str = Field(pattern=rf"^{TIME}$")


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("没有这个时区，请写成 Asia/Shanghai、Asia/Tokyo 这样的名称")
    return name


Zone = Annotated[str, AfterValidator(_zone)]
"""The name of a time zone in the IANA database."""


class LeftLateWish(Wish):
    """Who left `after` minutes after the end of one day may come `later` minutes later on the next."""

    after: int = Field(ge=1, le=720)
    later: int = Field(ge=1, le=480)


class ShiftRules(Wish):
    """What is forgiven and asked on a shift, in minutes. `weekdays` (1 is Monday) empty means: as the calendar says."""

    name: Annotated[Line, Field(min_length=1, max_length=40)]
    late_grace: int = Field(0, ge=0, le=240)
    early_grace: int = Field(0, ge=0, le=240)
    weekdays: list[Weekday] = Field(default=[], max_length=7)
    works_holidays: bool = False
    flex_before: int = Field(0, ge=0, le=480)
    flex_after: int = Field(0, ge=0, le=480)
    punches_each: bool = False
    step: int = Field(1, ge=1, le=60)
    zone: Zone = clock.COMPANY_ZONE_NAME


class ShiftWish(ShiftRules):
    """A shift: its stretches, the paid breaks inside them, and its rules."""

    segments: list[SegmentWish] = Field(min_length=1, max_length=4)
    breaks: list[SegmentWish] = Field(default=[], max_length=8)
    left_late: list[LeftLateWish] = Field(default=[], max_length=4)


class ShiftView(View):
    """A shift with its stretches in words."""

    id: str
    name: str
    segments: list[str]
    hours: str
    remarks: list[str]
    minutes: int
    late_grace: int
    early_grace: int
    weekdays: list[int]
    works_holidays: bool
    is_active: bool


class RotationWish(Wish):
    """A rotation as people say it: the names of the shifts of a round in order, 休 for rest, `白班 白班 夜班 休 休`."""

    name: Annotated[Line, Field(min_length=1, max_length=40)]
    turns: Paragraph

    @property
    def names(self) -> list[str]:
        """The name of each turn."""
        return [name for name in SEPARATORS.split(self.turns) if name]


class RotationView(View):
    """A rotation with the names of its shifts, 休 for rest."""

    id: str
    name: str
    turns: list[str]
    is_active: bool


class AssignmentWish(Wish):
    """A shift or a rotation for the company, a department or a person from a day on; the latest to begin wins.

    `position` is the day of the rotation's round, counted from 1, on which the first day lies.
    """

    shift_id: Identifier | None = None
    rotation_id: Identifier | None = None
    position: int = Field(1, ge=1, le=60)
    scope: AudienceKind
    target_id: Identifier | None = None
    starts_on: Day
    ends_on: Day | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "AssignmentWish":
        if self.scope not in (AudienceKind.COMPANY, AudienceKind.DEPARTMENT, AudienceKind.PERSON):
            raise ValueError("班次可以分配给全公司、部门或个人")
        if (self.scope == AudienceKind.COMPANY) != (self.target_id is None):
            raise ValueError("请选择部门或员工")
        if (self.shift_id is None) == (self.rotation_id is None):
            raise ValueError("请选择一个班次或一个轮班")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("结束日期不能早于开始日期")
        return self


class AssignmentView(View):
    """Who is given which shift, and for how long."""

    id: str
    shift_id: str | None
    rotation_id: str | None
    shift_name: str
    position: int
    scope: AudienceKind
    target_id: str | None
    target_name: str
    starts_on: date
    ends_on: date | None


class DayView(View):
    """One of my days, as the calendar shows it."""

    day: date
    kind: DayKind
    is_working: bool
    minutes: int
    segments: list[str]
    shift_name: str
    confirmed: bool
    note: str = ""


class DaysQuery(Wish):
    """From which day to which, both included; at most a year."""

    first: Day
    last: Day

    @model_validator(mode="after")
    def _bounded(self) -> "DaysQuery":
        if not timedelta(0) <= self.last - self.first <= A_YEAR:
            raise ValueError("请选择一年以内的起止日期")
        return self


class ShiftForm(ShiftRules):
    """A shift as the console's form sends it: hours as `09:00-12:00 13:00-18:00`."""

    hours: Annotated[Line, Field(min_length=1)]
    breaks: Line = ""
    left_late: Line = ""

    @field_validator("hours")
    @classmethod
    def _stretches(cls, text: str) -> str:
        if not HOURS.match(text):
            raise ValueError("请写成 09:00-12:00 13:00-18:00")
        return text

    @field_validator("breaks")
    @classmethod
    def _pauses(cls, text: str) -> str:
        if text and not PAUSES.match(text):
            raise ValueError("请写成 15:00-15:15，多个用空格分开")
        return text

    @field_validator("left_late")
    @classmethod
    def _rules(cls, text: str) -> str:
        if text and not LEFT_LATE.match(text):
            raise ValueError("请写成 60:30 120:60，表示晚走 60 分次日可晚到 30 分")
        return text

    @property
    def wish(self) -> ShiftWish:
        """The same shift as a wish."""
        pairs = [rule.split(":") for rule in self.left_late.split()]
        return ShiftWish(
            segments=_stretches(self.hours),
            breaks=_stretches(self.breaks),
            left_late=[LeftLateWish(after=int(after), later=int(later)) for after, later in pairs],
            **self.model_dump(exclude={"hours", "breaks", "left_late"}),
        )


def _stretches(text: str) -> list[SegmentWish]:
    return [SegmentWish(start=start, end=end) for start, end in (part.split("-") for part in text.split())]


class AssignmentForm(Wish):
    """An assignment as the console's form sends it: a department, or somebody's userid or number, or neither.

    `what` is `shift:…` or `rotation:…` with its id.
    """

    what: str = Field(pattern=rf"^(shift|rotation):{ids.PATTERN}$")
    position: int = Field(1, ge=1, le=60)
    department_id: Identifier | None = None
    person: Annotated[Line, Field(max_length=64)] | None = None
    starts_on: Day
    ends_on: Day | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What is given and when, in the fields of a wish."""
        kind, _, given_id = self.what.partition(":")
        return {
            f"{kind}_id": given_id,
            "position": self.position,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
        }


class LocalDayWish(Wish):
    """Days of the company's own, off or worked, for everybody or for a department with all below it."""

    name: Annotated[Line, Field(min_length=1, max_length=20)]
    first: Day
    last: Day | None = None
    is_worked: bool = False
    department_id: Identifier | None = None


class LocalDayKey(Wish):
    """One own day."""

    day: Day
    department_id: Identifier | None = None


class LocalDayView(View):
    """One own day and for whom it holds."""

    day: date
    name: str
    is_worked: bool
    department_id: str | None
    department: str
