"""What leave takes in and gives out. Lengths travel as minutes and, beside them, in the words people read."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from kit import clock
from kit.pages import PageQuery
from kit.schema import Day, Identifier, Line, Paragraph, Version, View, Wish
from models.enums import CoverState, EntryKind, Half, LeaveState, LeaveUnit
from services.approvals import StepView
from services.leave import gaps
from services.leave.rulebook.rules.kinds import KindRules
from services.leave.rulebook.rules.occasions import TOLD, Told
from services.leave.rules import Ask
from services.platform import Upload

Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,31}$")]
PickedDay = Annotated[str, Field(pattern=gaps.PATTERN), AfterValidator(gaps.checked)]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


class Plan(Told):
    """When somebody wants to be away, and as what: the same for a preview and for a request.

    `extends` is the approved leave that this one goes on with, `replaces` the one whose days it changes.
    """

    kind: Code
    first_day: Day
    last_day: Day
    from_half: Half = Half.AM
    to_half: Half = Half.PM
    from_time: ClockTime | None = None
    to_time: ClockTime | None = None
    extends: Identifier | None = None
    replaces: Identifier | None = None

    @model_validator(mode="after")
    def _both_times(self) -> "Plan":
        if (self.from_time is None) != (self.to_time is None):
            raise ValueError("按小时请假请同时填写开始和结束时间")
        return self

    @property
    def ask(self) -> Ask:
        """The same as the rules speak of it."""
        times = (None, None) if self.from_time is None else (_minute(self.from_time), _minute(self.to_time or ""))
        return Ask(self.first_day, self.last_day, self.from_half, self.to_half, *times)

    @property
    def told(self) -> Told:
        """What was said of the occasion."""
        return Told(**{name: getattr(self, name) for name in TOLD})


class PlanQuery(Plan):
    """A plan to be previewed; `editing` is the waiting request that it would change."""

    editing: Identifier | None = None


class Apply(Plan):
    """A request for leave; `cover` names a colleague (userid, employee number or full name) who is asked to cover."""

    reason: Paragraph = ""
    proof: Upload | None = None
    cover: Annotated[Line, Field(max_length=64)] = ""


class Submit(Apply):
    """A request for leave out of a form; `draft_id` names the draft it goes on from, which ends with it."""

    draft_id: Identifier | None = None


class DayOut(View):
    """What a request takes of one day."""

    day: date
    minutes: int


class PreviewOut(View):
    """What a request would cost and leave, what it means for pay, and who would decide; `refusal` says why it would not
    be accepted."""

    kind: str
    kind_name: str
    minutes: int
    days: Decimal
    length: str
    portions: list[DayOut]
    balance_after: str | None
    notes: list[str]
    refusal: str | None
    steps: list[StepView] = []
    pay: str | None = None


class RequestOut(View):
    """A request as its owner sees it."""

    id: str
    kind: str
    kind_name: str
    state: LeaveState
    first_day: date
    last_day: date
    span: str
    minutes: int
    days: Decimal
    length: str
    reason: str
    is_confirmed: bool
    has_proof: bool
    person_id: str
    created_at: datetime


class RequestDetail(RequestOut):
    """A request with its person, its days, what was told of the occasion, and what may be done with it now.

    `pay` says to its owner what it means for pay, without amounts.

    `proof_due_on` is the day by which a proof is still to be handed in; `replaces` names the request whose days it
    changes; `linked` are the requests that it goes on with, that go on with it, or that it replaces or is replaced by.
    """

    person_name: str
    portions: list[DayOut]
    told: list[tuple[str, str]]
    proof_due_on: date | None
    cancelling: bool
    may_withdraw: bool
    may_cancel: bool
    may_edit: bool
    replaces: str | None
    linked: list[RequestOut]
    cover: str | None
    cover_state: CoverState | None
    pay: str | None


class MineQuery(PageQuery):
    """My requests, newest first."""

    state: LeaveState | None = None


class RequestsQuery(PageQuery):
    """Requests of the people I look after."""

    state: LeaveState | None = None
    kind: Code | None = None
    person: Annotated[Line, Field(max_length=64)] | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    sort: str = Field("-created", pattern=r"^-?(created|first_day)$")
    format: str | None = Field(None, pattern=r"^(csv|xlsx)$")


class RequestRow(RequestOut):
    """A request in HR's list."""

    person_name: str
    department: str


class Returned(Wish):
    """What of approved leave is to be taken back: days and halves ("2026-03-11", "2026-03-12 am"), or its days between
    two (from the day of an early return); without either all of it."""

    days: list[PickedDay] = Field([], title="销假的日子", max_length=800)
    first_day: Day | None = None
    last_day: Day | None = None


class Cancel(Returned):
    """Why and what of approved leave is to be taken back."""

    reason: Annotated[Paragraph, Field(min_length=1)]


class PartDay(View):
    """A day of approved leave with what of it can be taken back: what a form sends, and its title; nothing for a day
    off that goes with the days beside it."""

    day: date
    length: str
    choices: list[tuple[str, str]]


class PartsOut(View):
    """Approved leave, day by day, to pick from."""

    request_id: str
    kind_name: str
    span: str
    length: str
    days: list[PartDay]


class RefundLot(View):
    """What goes back to a lot; when that is over, it is written off again in the night."""

    title: str
    length: str
    expires_on: date
    is_over: bool


class RefundOut(View):
    """What taking days back would return, what stays, and who would be asked; or the sentence of a refusal."""

    length: str
    left: str
    lots: list[RefundLot]
    steps: list[StepView]
    refusal: str | None


class CoverOut(View):
    """Somebody's leave that a colleague is asked to cover, and what they said."""

    request_id: str
    name: str
    span: str
    state: CoverState
    is_open: bool


class AnswerCover(Wish):
    """Whether the colleague covers."""

    accepts: bool


class AddProof(Wish):
    """A proof handed in later."""

    proof: Upload


class LotOut(View):
    """A grant with what is left of it."""

    id: str
    title: str
    starts_on: date
    expires_on: date
    minutes: int
    length: str


class BalanceOut(View):
    """One kind: granted, taken, waiting for approval, expired, and what is left, in minutes and in words."""

    kind: str
    kind_name: str
    unit: LeaveUnit
    granted: int
    used: int
    held: int
    expired: int
    available: int
    length: str
    granted_length: str
    used_length: str
    held_length: str
    lots: list[LotOut]


class LedgerQuery(PageQuery):
    kind: Code | None = None


class EntryOut(View):
    """One line of the answer to "why do I have 6.5 days": what happened, to which lot, and why."""

    seq: int
    at: datetime
    kind: EntryKind
    leave_kind: str
    kind_name: str
    lot: str
    minutes: int
    length: str
    cause: str
    request_id: str | None


class AskedOut(View):
    """A field that the form of a kind asks: `control` is date, number, check or choice (one of `options`)."""

    name: str
    title: str
    control: str
    is_required: bool
    options: tuple[tuple[str, str], ...]


class KindOut(View):
    """A kind that can be asked for, with what its form asks of the occasion."""

    code: str
    name: str
    unit: LeaveUnit
    needs_balance: bool
    proof_after_days: int | None
    proof_name: str
    proof_within_days: int | None
    source: str
    is_daily: bool
    asks: list[AskedOut]


class KindDetail(View):
    """A kind as HR edits it."""

    code: str
    name: str
    is_active: bool
    version: int
    rules: KindRules


class EditKind(KindRules):
    """New rules of a kind; `version` is the one that was edited. A box that is not ticked says no."""

    is_paid: bool = Field(False, title="带薪")
    backdate_needs_reason: bool = Field(False, title="补请要写事由")

    name: Annotated[Line, Field(min_length=1, max_length=20)]
    is_active: bool = False
    version: Version


class AddKind(Wish):
    """A kind of the company's own; its rules are edited afterwards."""

    code: Code
    name: Annotated[Line, Field(min_length=1, max_length=20)]


class Adjust(Wish):
    """HR gives (or with a minus takes) days, or hours for a kind taken by the hour; a giving may say until when."""

    person_id: Identifier
    kind: Code
    amount: Decimal = Field(ge=-400, le=400, decimal_places=2)
    expires_on: Day | None = None
    reason: Annotated[Line, Field(min_length=2)]


class AwayOut(View):
    """Somebody of the team who is away; the kind is named only when it is not sensitive."""

    person_id: str
    name: str
    first_day: date
    last_day: date
    kind_name: str


class TeamQuery(Wish):
    """Between which days; the coming month unless said otherwise."""

    first: Day = Field(default_factory=clock.today)
    last: Day = Field(default_factory=lambda: clock.today() + timedelta(days=30))


class PeopleQuery(PageQuery):
    """Whose balances: everybody I look after, or those of this name."""

    person: Annotated[Line, Field(max_length=64)] | None = None
    format: str | None = Field(None, pattern=r"^(csv|xlsx)$")


class PersonBalances(View):
    """What one person has of each kind, in words by code."""

    person_id: str
    name: str
    department: str
    hired_on: date | None
    first_worked_on: date | None
    lengths: dict[str, str]


class GrantYear(Wish):
    """Which year's leave to give."""

    year: int = Field(ge=2020, le=2099)


class Chosen(Told):
    """Which kind the form is for, and what it begins with."""

    kind: Code | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    from_half: Half | None = None
    to_half: Half | None = None
    from_time: ClockTime | None = None
    to_time: ClockTime | None = None
    extends: Identifier | None = None
    replaces: Identifier | None = None
    reason: Paragraph = ""
    cover: Line = ""


class SaveDraft(Chosen):
    """A form as it stands, to be kept; `draft_id` names the draft that it replaces."""

    kind: Code
    draft_id: Identifier | None = None


class DraftOut(View):
    """A draft of mine."""

    id: str
    kind_name: str
    form: Chosen
    saved_at: datetime
