"""What comes into rosters and what goes out."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kit import ids
from kit.schema import Day, Identifier, Line, Version, View, Wish
from models.enums import OfferState, RosterRule, RosterState, SolveState
from services.platform import Upload

LONGEST = 42
MOST_CELLS = 1500
TIME = r"^([01]\d|2[0-3]):[0-5]\d$"
CELL = rf"{ids.PATTERN} \d{{4}}-\d{{2}}-\d{{2}} [^\n]{{0,40}}"


class NewRoster(Wish):
    """A roster of a department, with all below it, from a day to a day: six weeks at most."""

    department_id: Identifier
    first_day: Day
    last_day: Day

    @model_validator(mode="after")
    def _bounded(self) -> "NewRoster":
        if not 0 <= (self.last_day - self.first_day).days < LONGEST:
            raise ValueError(f"请选择 {LONGEST} 天以内的起止日期")
        return self


class CellsWish(Wish):
    """Days as a grid sends them, a line each: person, date, and the shift's name (休 for rest, nothing to clear)."""

    cells: str = Field(pattern=rf"^{CELL}(\n{CELL})*$", max_length=60_000)

    @property
    def lines(self) -> list[tuple[str, date, str]]:
        """Person, day and the text of each."""
        found = [line.split(" ", 2) for line in self.cells.splitlines()]
        return [(person_id, date.fromisoformat(day), text.strip()) for person_id, day, text in found]


class CopyWish(Wish):
    """From where to copy: the week before, or four weeks before (so that weekdays stay)."""

    what: Literal["week", "month"]


class Seen(Wish):
    """The version that somebody has looked at."""

    version: Version


class Publish(Seen):
    """The version and the count of unmet rules that somebody has looked at and wants published."""

    unmet: int = Field(ge=0)


class ImportRoster(Wish):
    """A grid as a workbook: names down, days across, shift names in the cells."""

    book: Upload


class MinimumWish(Wish):
    """At least so many people: of a shift, or between two times; on a weekday, a date, or every day."""

    department_id: Identifier
    at_least: int = Field(ge=1, le=200)
    shift_id: Identifier | None = None
    start: str | None = Field(None, pattern=TIME)
    end: str | None = Field(None, pattern=TIME)
    weekday: int | None = Field(None, ge=1, le=7)
    on_day: Day | None = None
    tag_id: Identifier | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "MinimumWish":
        if (self.shift_id is None) == (self.start is None or self.end is None):
            raise ValueError("请选择一个班次，或填写起止时间")
        if self.weekday and self.on_day:
            raise ValueError("星期和日期只填一项")
        return self


class PolicyWish(Wish):
    """What people keep to: hours and days."""

    department_id: Identifier
    rest_hours: int = Field(11, ge=8, le=24)
    daily_hours: int = Field(11, ge=4, le=24)
    weekly_hours: int = Field(40, ge=8, le=72)
    longest_run: int = Field(6, ge=1, le=12)
    offers_need_approval: bool = False


class SolveWish(Wish):
    """Which shifts the solver may give, for how long it may think (in seconds), and whether what people fixed by hand
    is replaced too. None named: those that minima and cells speak of."""

    shift_ids: list[Identifier] = Field(default=[], max_length=12)
    seconds: int = Field(20, ge=1, le=25)
    replaces: bool = False


class RosterLine(View):
    """A roster in the list."""

    id: str
    department: str
    first_day: date
    last_day: date
    state: RosterState
    version: int
    published_at: datetime | None


class ShiftKey(View):
    """A shift as the grid shows it: its name, its hours, and the number of its colour."""

    id: str
    name: str
    hours: str
    colour: int


class DayHead(View):
    """A column of the grid."""

    day: date
    is_off: bool
    is_over: bool
    note: str


class CellView(View):
    """A day of somebody: what the roster says, or (`usual`) what they work without it; leave as far as it may show."""

    day: date
    text: str
    usual: str
    colour: int
    is_fixed: bool
    leave: str


class PersonLine(View):
    """Somebody's row, with what it comes to."""

    person_id: str
    name: str
    department: str
    cells: list[CellView]
    hours: str
    nights: int
    weekends: int


class GapView(View):
    """An unmet rule with whom it concerns."""

    rule: RosterRule
    title: str
    day: date
    who: str
    words: str


class CheckView(View):
    """What a roster leaves unmet as of a version; `worst` are the widest differences between people."""

    roster_id: str
    version: int
    state: RosterState
    unmet: int
    gaps: list[GapView]
    fairness: list[tuple[str, str]]


class SolveView(View):
    """How far the solver has come, and what it found."""

    id: str
    state: SolveState
    stage: str
    unmet: int | None
    short: int
    is_proven: bool
    seconds: float | None
    why: str


class GridView(View):
    """A roster as a grid."""

    id: str
    department_id: str
    department: str
    first_day: date
    last_day: date
    state: RosterState
    version: int
    days: list[DayHead]
    people: list[PersonLine]
    shifts: list[ShiftKey]
    solve: SolveView | None
    has_solver: bool


class MinimumView(View):
    """A minimum in words."""

    id: str
    when: str
    what: str
    at_least: int
    skill: str


class RulesView(View):
    """What a department's rosters keep to."""

    department_id: str
    department: str
    policy: PolicyWish
    is_own: bool
    minima: list[MinimumView]


class RosterDayView(View):
    """One of my days."""

    day: date
    shift: str
    hours: str
    is_rest: bool
    may_offer: bool


class OfferWish(Wish):
    """My shift of a day, for a colleague to take."""

    day: Day
    note: Annotated[Line, Field(max_length=60)] = ""


class OfferView(View):
    """A shift on offer."""

    id: str
    day: date
    shift: str
    hours: str
    giver: str
    taker: str
    note: str
    state: OfferState


class MyRoster(View):
    """My next weeks, what I offer, and what I may take."""

    days: list[RosterDayView]
    mine: list[OfferView]
    open: list[OfferView]
