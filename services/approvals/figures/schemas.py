"""What the figures about approvals take in and give out."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from kit import clock
from kit.schema import Day, View, Wish
from services.approvals.figures.rules import Period

Part = Literal["nodes", "months", "stuck", "approvers"]
"""The tables of the page; each can be taken away as a file."""


class FiguresQuery(Wish):
    """Of which subject and period; with `format`, one part of it as a file."""

    subject: str | None = Field(None, max_length=32)
    first_day: Day | None = None
    last_day: Day | None = None
    part: Part = "nodes"
    format: Literal["csv", "xlsx"] | None = None

    @property
    def period(self) -> Period:
        """The days that count; `Invalid` when they make no sense."""
        return Period.asked(self.first_day, self.last_day, clock.today())


class Timed(View):
    """Decisions with their waits in hours: the median, and what nine of ten did not exceed, by the clock and in the
    working hours of whoever decided; questions to the applicant do not count."""

    decided: int
    median_hours: float
    high_hours: float
    worked_median_hours: float | None
    worked_high_hours: float | None
    refused_percent: float


class NodeFigures(View):
    """A node of a subject's chain: its decisions in the period, if any, and what waits there now."""

    subject: str
    node: str
    timed: Timed | None
    waiting: int
    oldest_since: datetime | None


class MonthFigures(Timed):
    """The decisions of one month, as far as it lies in the period."""

    month: date


class StuckStep(View):
    """A step that has waited longest; `waiting_for` is nobody when nobody could be found."""

    instance_id: str
    title: str
    subject: str
    applicant: str
    node: str
    since: datetime
    hours: float
    waiting_for: list[str]


class ApproverFigures(View):
    """Somebody who decides: what waits for them now; their own times only from five decisions on."""

    name: str
    department: str
    waiting: int
    oldest_since: datetime | None
    decided: int
    timed: Timed | None
