"""What schedule takes in and gives out."""

import re
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from kit import clock
from kit.schema import Day, Identifier, Line, Paragraph, View, Wish
from models.enums import AudienceKind, DayKind

A_YEAR = timedelta(days=366)
TIME = r"([01]\d|2[0-3]):[0-5]\d"
HOURS = re.compile(rf"^{TIME}-{TIME}( +{TIME}-{TIME}){{0,3}}$")

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


class ShiftWish(Wish):
    """A shift. `weekdays` (1 is Monday) empty means: as the national calendar says."""

    name: Annotated[Line, Field(min_length=1, max_length=40)]
    segments: list[SegmentWish] = Field(min_length=1, max_length=4)
    late_grace: int = Field(0, ge=0, le=240)
    early_grace: int = Field(0, ge=0, le=240)
    weekdays: list[Weekday] = Field(default=[], max_length=7)
    works_holidays: bool = False


class ShiftView(View):
    """A shift with its stretches in words."""

    id: str
    name: str
    segments: list[str]
    minutes: int
    late_grace: int
    early_grace: int
    weekdays: list[int]
    works_holidays: bool
    is_active: bool


class AssignmentWish(Wish):
    """A shift for the company, a department or a person from a day on; of several the latest to begin wins."""

    shift_id: Identifier
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
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("结束日期不能早于开始日期")
        return self


class AssignmentView(View):
    """Who is given which shift, and for how long."""

    id: str
    shift_id: str
    shift_name: str
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


class DaysQuery(Wish):
    """From which day to which, both included; at most a year."""

    first: Day
    last: Day

    @model_validator(mode="after")
    def _bounded(self) -> "DaysQuery":
        if not timedelta(0) <= self.last - self.first <= A_YEAR:
            raise ValueError("请选择一年以内的起止日期")
        return self


class ShiftForm(Wish):
    """A shift as the console's form sends it: hours as `09:00-12:00 13:00-18:00`."""

    name: Annotated[Line, Field(min_length=1, max_length=40)]
    hours: Annotated[Line, Field(min_length=1)]
    late_grace: int = Field(0, ge=0, le=240)
    early_grace: int = Field(0, ge=0, le=240)
    weekdays: list[Weekday] = Field(default=[], max_length=7)
    works_holidays: bool = False

    @field_validator("hours")
    @classmethod
    def _stretches(cls, text: str) -> str:
        if not HOURS.match(text):
            raise ValueError("请写成 09:00-12:00 13:00-18:00")
        return text

    @property
    def wish(self) -> ShiftWish:
        """The same shift as a wish."""
        pairs = [part.split("-") for part in self.hours.split()]
        segments = [SegmentWish(start=start, end=end) for start, end in pairs]
        return ShiftWish(segments=segments, **self.model_dump(exclude={"hours"}))


class AssignmentForm(Wish):
    """An assignment as the console's form sends it: a department, or somebody's userid or number, or neither."""

    shift_id: Identifier
    department_id: Identifier | None = None
    person: Annotated[Line, Field(max_length=64)] | None = None
    starts_on: Day
    ends_on: Day | None = None
