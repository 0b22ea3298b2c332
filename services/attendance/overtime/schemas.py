"""What goes into overtime's lists and comes out of them."""

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from kit import clock
from kit.pages import PageQuery
from kit.schema import Day, Identifier, Line, View, Wish
from models.enums import WorkPeriod, WorkSystem

MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"


class OvertimeLine(View):
    """One request of the month: when, what of it counts, and why."""

    request_id: str
    day: date
    stretch: str
    state: str = Field(description="waiting, approved or counted")
    title: str
    asked_minutes: int
    counted_minutes: int
    what: str
    sentences: list[str]


class PeriodOut(View):
    """How far a comprehensive period has come, in minutes; what exceeds the standard is paid at 150 %."""

    title: str
    first_day: date
    last_day: date
    worked: int
    holiday: int
    standard: int
    excess: int


class MyOvertimeOut(View):
    """A month of my overtime; `counted` is what the cap is for, `left` what may still be worked."""

    month: str
    previous: str
    following: str
    lines: list[OvertimeLine]
    counted: int
    holiday: int
    time_off: int
    cap: int
    left: int
    is_near: bool
    system: str
    period: PeriodOut | None


class OvertimeQuery(PageQuery):
    """The console's list of a month: by department and person, or only those who are near the cap."""

    month: str | None = Field(None, pattern=MONTH)
    department: Identifier | None = None
    person: str | None = Field(None, max_length=64, description="userid or employee number")
    near: bool = False
    format: str | None = Field(None, pattern=r"^(csv|xlsx)$")

    @property
    def first_day(self) -> date:
        """The month's first day; of the present one when none is named."""
        return date.fromisoformat(f"{self.month}-01") if self.month else clock.today().replace(day=1)


class OvertimeRow(View):
    """Somebody's month in minutes: paid by class, taken as time off, reckoned with a period; `counted` is capped."""

    person_id: str
    name: str
    department: str
    workday: int
    rest_day: int
    holiday: int
    time_off: int
    period: int
    counted: int
    left: int
    is_near: bool


class WorkingTimeWish(Wish):
    """A working-time system for the company, a department with all below it, or a person, from a day on."""

    department_id: Identifier | None = None
    person: Annotated[Line, Field(max_length=64)] = ""
    system: WorkSystem
    period: WorkPeriod | None = None
    pays_holidays: bool = False
    permit: Annotated[Line, Field(max_length=100)] = ""
    starts_on: Day
    ends_on: Day | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "WorkingTimeWish":
        if (self.system is WorkSystem.COMPREHENSIVE) != (self.period is not None):
            raise ValueError("综合计算工时制要选周期，其他工时制不选")
        if self.system is not WorkSystem.STANDARD and not self.permit:
            raise ValueError("综合计算和不定时工时制要经劳动行政部门批准，请填写批准文号（《劳动法》第三十九条）")
        if self.pays_holidays and self.system is not WorkSystem.FLEXIBLE:
            raise ValueError("“法定节假日支付 300%”只用于不定时工时制，其他工时制本来就要支付")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("结束日期不能早于开始日期")
        return self


class WorkingTimeView(View):
    """Which system holds for whom, and for how long."""

    id: str
    target: str
    system: str
    pays_holidays: bool
    permit: str
    starts_on: date
    ends_on: date | None
