"""What closing a month takes in and gives out."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from kit import clock
from kit.pages import PageQuery
from kit.schema import Identifier, Paragraph, View, Wish
from models.enums import MonthState, SheetState
from services.attendance.months import rules
from services.attendance.schemas import MONTH, TotalsOut

Month = Annotated[str, Field(pattern=MONTH)]


def _month_before() -> str:
    return f"{rules.month_before(clock.today()):%Y-%m}"


class MonthQuery(Wish):
    """Which month (`2026-03`); the one that ended last when left out."""

    month: Month = Field(default_factory=_month_before)

    @property
    def first_day(self) -> date:
        return date.fromisoformat(f"{self.month}-01")


class MonthWish(MonthQuery):
    """Moves this month on; `version` is what the page showed of it."""

    month: Month
    version: int = Field(ge=0, le=1_000_000)


class CloseWish(MonthWish):
    """Closes the month although so many have not confirmed, as the page showed."""

    waiting: int = Field(ge=0, le=10_000_000)


class ReopenWish(MonthWish):
    """Opens a closed month again, and why."""

    reason: Annotated[Paragraph, Field(min_length=2)]


class SheetQuery(PageQuery):
    """The sheets of a month: of one department (with all below), of one state, with something to clear."""

    month: Month = Field(default_factory=_month_before)
    department: Identifier | None = None
    state: SheetState | None = None
    format: str | None = Field(None, pattern=r"^(csv|xlsx)$")

    @property
    def first_day(self) -> date:
        return date.fromisoformat(f"{self.month}-01")


class Confirm(MonthQuery):
    """My month is right; `seen` is the sheet as the page showed it."""

    month: Month
    seen: str = Field(pattern=r"^[0-9a-f]{12}$")


class Dispute(Confirm):
    """My month is not right, and why."""

    reason: Annotated[Paragraph, Field(min_length=2)]


class Answer(Wish):
    """What HR says to a disputed month; whose it is looks at it again."""

    answer: Annotated[Paragraph, Field(min_length=2)]


class Exceptions(View):
    """What HR clears before the close: people with each, or requests that wait for a decision."""

    missing: int
    absent: int
    open_days: int
    corrections: int
    fields: int
    leave: int

    @property
    def total(self) -> int:
        return self.missing + self.absent + self.open_days + self.corrections + self.fields + self.leave


class MonthView(View):
    """How far a month has come; `counts` are sheets by what is said of them, `refusal` why it cannot be closed."""

    month: str
    previous: str
    following: str
    first_day: date
    last_day: date
    state: MonthState
    title: str
    version: int
    people: int
    counted: int
    hash: str | None
    moved_at: datetime | None
    reason: str | None
    counts: dict[SheetState, int]
    exceptions: Exceptions
    adjusted: int
    may_close: bool
    may_reopen: bool
    refusal: str | None


class AdjustmentOut(View):
    """What a late fact changed of a day of an earlier month."""

    day: date
    cause: str
    sentence: str


class SheetOut(View):
    """Somebody's month. `added` is what came late for earlier months, `total` both together."""

    id: str
    month: str
    person_id: str
    name: str
    number: str
    department: str
    state: SheetState
    title: str
    seen: str
    sentence: str
    open_days: int
    said: str | None
    said_at: datetime | None
    answer: str | None
    totals: TotalsOut
    added: TotalsOut
    total: TotalsOut


class MySheet(View):
    """My month to look at, while it can be confirmed or after it was closed."""

    sheet: SheetOut
    adjustments: list[AdjustmentOut]
    may_decide: bool


class MonthFigures(View):
    """What payroll takes of somebody's closed month; `version` and `hash` are those of the month it was read from."""

    person_id: str
    month: date
    version: int
    hash: str
    sheet: TotalsOut
    added: TotalsOut
    total: TotalsOut
