"""A policy: by what rule a kind of leave is granted, as HR edits it. Pure data; `entitlement` reads it.

Statutory days cannot be made fewer: a policy only chooses what the law leaves to the company and adds to it
(Decree 1 art. 13).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from kit.schema import Line, Wish
from models.enums import Accrual, Basis, Crossing, Rounding
from services.leave.rules import add_months

Days = Annotated[Decimal, Field(ge=0, le=100, multiple_of=Decimal("0.5"))]


class Step(Wish):
    """So many days more once somebody has been with the company for so many years."""

    years: int = Field(ge=1, le=50)
    days: Days


class Policy(Wish):
    """How a kind is granted: by what, how much the company gives, when, and until when what is left is good."""

    basis: Basis = Field(Basis.COMPANY, title="发放依据")
    crossing: Crossing = Field(Crossing.SEGMENTED, title="年内跨工龄档")
    accrual: Accrual = Field(Accrual.YEARLY, title="发放方式")
    days: Days = Field(Decimal(0), title="公司每年给（天）")
    steps: tuple[Step, ...] = Field((), title="司龄增加", max_length=20)
    wait_months: int = Field(0, ge=0, le=120, title="公司假入职满几个月起算")
    is_prorated: bool = Field(True, title="公司假按在职天数折算")
    rounding: Rounding = Field(Rounding.HALF_DAY, title="公司假和按月累积去尾到")
    carry_months: int = Field(0, ge=0, le=36, title="结转几个月")
    carry_days: int = Field(0, ge=0, le=31, title="再加几天")
    company_carry_months: int = Field(0, ge=0, le=36, title="公司假结转几个月")
    company_carry_days: int = Field(0, ge=0, le=31, title="公司假再加几天")
    drops_unspent: bool = Field(False, title="加班换休到期作废，不付加班费")
    debt_minutes: int = Field(0, ge=0, le=9600, title="最多可预支（分钟）")
    sick_kinds: tuple[str, ...] = Field(("sick",), title="算作病假的假别（代码，空格分开）")
    personal_kinds: tuple[str, ...] = Field(("personal",), title="算作带薪事假的假别（代码，空格分开）")
    vacation_kinds: tuple[str, ...] = Field(("school_vacation",), title="算作寒暑假的假别（代码，空格分开）")
    source: Line = Field("公司休假制度", title="公司假依据")

    @field_validator("steps")
    @classmethod
    def _in_order(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        ordered = sorted(steps, key=lambda step: step.years)
        if any(a.years == b.years or a.days > b.days for a, b in pairwise(ordered)):
            raise ValueError("司龄每档只写一次，年数多的天数不能更少")
        return tuple(ordered)

    def company_days(self, hired_on: date, on: date) -> Fraction:
        """What the company gives a year to somebody hired then, on a day; nothing while they wait."""
        if add_months(hired_on, self.wait_months) > on:
            return Fraction()
        more = [step.days for step in self.steps if add_months(hired_on, 12 * step.years) <= on]
        return Fraction(self.days) + Fraction(more[-1] if more else 0)

    def thresholds(self, hired_on: date) -> list[date]:
        """The days on which the company's number of days may change."""
        return [add_months(hired_on, months) for months in (self.wait_months, *(12 * s.years for s in self.steps))]

    def good_until(self, end: date, *, is_company: bool) -> date:
        """The last day of what was given for a time that ended on that day."""
        if is_company:
            return add_months(end, self.company_carry_months) + timedelta(days=self.company_carry_days)
        return add_months(end, self.carry_months) + timedelta(days=self.carry_days)


@dataclass(frozen=True)
class Released:
    """A policy of a kind in force from a day on."""

    kind_code: str
    kind_name: str
    version: int
    valid_from: date
    policy: Policy


def in_force(versions: list[Released], on: date) -> Released | None:
    """Which of a kind's versions holds on a day: the last to begin, of those that begin together the newest."""
    begun = [one for one in versions if one.valid_from <= on]
    return max(begun, key=lambda one: (one.valid_from, one.version), default=None)
