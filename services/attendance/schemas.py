"""What attendance takes in and gives out."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from kit import clock
from kit.pages import PageQuery
from kit.schema import Day, Identifier, Paragraph, View, Wish
from models.enums import CorrectionState, Direction, Presence, PunchSource, Verdict
from services.approvals import HistoryOut
from services.platform import Upload

CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
MONTH = r"^20\d{2}-(0[1-9]|1[0-2])$"


class MarkOut(View):
    """A punch of a day: when (`time` as the day's clock shows it), which way, how and where."""

    at: datetime
    time: str
    direction: Direction
    source: PunchSource
    how: str


class DayOut(View):
    """A day as the calendar shows it; no verdicts and no title when it has not begun. Lengths in minutes.

    `came` and `left` are the first punch in and the last one out as the day's clock shows them ("次日 06:05").
    """

    day: date
    title: str
    verdicts: list[Verdict]
    expected: int
    worked: int
    late: int
    early: int
    absent: int
    leave: int
    trip: int
    first_in: datetime | None
    last_out: datetime | None
    came: str
    left: str


class DayDetail(DayOut):
    """A day with everything its verdict rests on. `missing` are the directions that a correction could mend."""

    plan: str
    punches: list[MarkOut]
    sentences: list[str]
    missing: list[Direction]


class TodayOut(DayDetail):
    """The day being worked now (a night shift's is yesterday), what to punch next, and where."""

    next: Direction
    is_working: bool
    is_on_leave: bool
    is_on_trip: bool
    is_remote: bool
    places: list[str]


class TotalsOut(View):
    """A month in numbers: each is the sum over its days."""

    work_days: int
    attended_days: int
    late_times: int
    late_minutes: int
    early_times: int
    early_minutes: int
    missing_times: int
    absent_days: int
    absent_minutes: int
    leave_minutes: int
    trip_days: int
    trip_minutes: int
    worked_minutes: int
    expected_minutes: int


class MonthOut(View):
    """One month of one person, day by day, with its totals; days before joining and after leaving are left out."""

    month: str
    previous: str
    following: str
    days: list[DayOut]
    totals: TotalsOut


class MonthQuery(Wish):
    """Which month (`2026-03`); the present one when left out."""

    month: str | None = Field(None, pattern=MONTH)

    @property
    def first_day(self) -> date:
        return date.fromisoformat(f"{self.month}-01") if self.month else clock.today().replace(day=1)


class DayQuery(Wish):
    """Which day; today when left out."""

    day: Day | None = None


class BoardQuery(Wish):
    """Whom the board shows: a department with all below it, people of one presence."""

    department: Identifier | None = None
    presence: Presence | None = None


class BoardRow(View):
    """Where one person is. `note` says how late or since when; a sensitive leave is only "请假"."""

    person_id: str
    name: str
    department: str
    presence: Presence
    title: str
    note: str


class BoardOut(View):
    """My people at this moment. `counts` cover everybody, `people` those asked for; `is_cut` when they are too many."""

    at: datetime
    counts: dict[Presence, int]
    people: list[BoardRow]
    is_cut: bool


class AskCorrection(Wish):
    """Add a punch I missed: the day it belongs to and the time of day (a night shift's morning is found by itself)."""

    day: Day
    direction: Direction
    time: str = Field(pattern=CLOCK)
    reason: Annotated[Paragraph, Field(min_length=2)]
    evidence: Upload | None = None


class CorrectionOut(View):
    """A correction and what became of it."""

    id: str
    person_id: str
    name: str
    day: date
    direction: Direction
    at: datetime
    reason: str
    state: CorrectionState
    title: str
    has_evidence: bool
    created_at: datetime
    decided_at: datetime | None


class CorrectionDetail(CorrectionOut):
    """A correction on its way through approval, for somebody who may see it."""

    instance_id: str
    history: list[HistoryOut]
    may_withdraw: bool
    may_decide: bool


class QuotaOut(View):
    """How many corrections a month allows, and how many are left of it."""

    month: str
    quota: int
    left: int


class CorrectionQuery(PageQuery):
    """The console's list, newest first."""

    state: CorrectionState | None = None
    department: Identifier | None = None
    format: str | None = Field(None, pattern=r"^(csv|xlsx)$")


class ResultQuery(PageQuery):
    """The console's list of settled days. The whole present month when no days are given."""

    first_day: Day | None = None
    last_day: Day | None = None
    verdict: Verdict | None = None
    department: Identifier | None = None
    person: str | None = Field(None, max_length=64, description="userid or employee number")
    sort: str = Field("-day", pattern=r"^-?(day|late|early)$")
    format: str | None = Field(None, pattern=r"^(csv|xlsx)$")


class ResultRow(DayOut):
    """A settled day of somebody."""

    person_id: str
    name: str
    department: str
    sentences: list[str]
