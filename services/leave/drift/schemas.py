"""What the comparison with WeCom takes in and gives out; amounts travel in the words people read."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from kit.pages import PageQuery
from kit.schema import Identifier, Line, View, Wish
from models.enums import DriftCause, DriftRunState, PushState
from services.leave.schemas import Code

VacationId = Annotated[int, Field(ge=1, le=2**53)]


class MapVacation(Wish):
    """Which of our kinds a kind of WeCom's is; `kind` empty for none."""

    vacation_id: VacationId
    kind: Code | None = None


class Switch(Wish):
    """Whether comparisons write our amounts of this kind into WeCom."""

    vacation_id: VacationId
    pushes: bool


class DriftQuery(PageQuery):
    """Differences of one comparison, the latest unless said otherwise."""

    run: Identifier | None = None
    cause: DriftCause | None = None
    kind: Code | None = None
    person: Annotated[Line, Field(max_length=64)] | None = None
    push: PushState | None = None
    sort: str = Field("-difference", pattern=r"^-?(difference|ours|theirs)$")
    format: Literal["xlsx", "csv"] | None = None


class VacationRow(View):
    """A kind as WeCom configures it, what it is here, and what it most likely is if nobody has said so."""

    vacation_id: int
    name: str
    unit: str
    is_unlimited: bool
    is_listed: bool
    kind: str | None
    kind_name: str | None
    suggested: str | None
    pushes: bool
    read_at: datetime


class RunView(View):
    """A comparison with its progress. `is_stuck`: it runs, but nothing will carry it on; begin anew."""

    id: str
    state: DriftRunState
    people: int
    compared: int
    found: int
    problem: str | None
    created_at: datetime
    ended_at: datetime | None
    is_stuck: bool


class DriftRow(View):
    """A difference with its cause; `target` is what a push would write, rounded to what WeCom takes."""

    id: str
    person_id: str
    person_name: str
    department: str
    kind_name: str
    vacation_name: str
    ours: str
    theirs: str
    difference: str
    cause: DriftCause
    target: str
    is_rounded: bool
    may_push: bool
    push_state: PushState | None
    push_note: str
    compared_at: datetime
