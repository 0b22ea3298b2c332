"""Tables of leave: kinds with their rules, lots of entitlement, the ledger, requests and the stretches they take."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, ForeignKey, Index, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit import clock
from models.base import Base, Id, Key, Record, Sequence
from models.enums import CoverState, DriftCause, DriftRunState, EntryKind, Half, LeaveState, PushState


class LeaveKind(Record):
    """A kind of leave. Changing `rules` raises `version`; requests remember the version they were measured by."""

    __tablename__ = "leave_kind"
    code: Mapped[str] = mapped_column(Key(32), unique=True)
    name: Mapped[str] = mapped_column(String(20))
    sort: Mapped[int] = mapped_column(Integer)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    rules: Mapped[dict[str, Any]]


class LeaveKindVersion(Record):
    """A kind as it was at a version that another has replaced; append-only."""

    __tablename__ = "leave_kind_version"
    kind_code: Mapped[str] = mapped_column(Key(32))
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(20))
    rules: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("kind_code", "version"),)


class LeavePolicy(Record):
    """By what rule a kind is granted from a day on; never edited, the next version replaces it."""

    __tablename__ = "leave_policy"
    kind_code: Mapped[str] = mapped_column(Key(32))
    version: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[date]
    rules: Mapped[dict[str, Any]]
    released_by: Mapped[str] = mapped_column(Key(64))

    __table_args__ = (UniqueConstraint("kind_code", "version"),)


class LeaveAccount(Base):
    """One row for each person with leave: whoever changes their leave locks it first."""

    __tablename__ = "leave_account"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)


class LeaveLot(Record):
    """Leave granted together, to be taken from `starts_on` to `expires_on`; what is left is the sum of its entries.

    `grant_key` names the grant ("annual:2026:<person>"), so that no path gives it twice. `day_minutes` is the working
    day by which its days were counted.
    """

    __tablename__ = "leave_lot"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind_code: Mapped[str] = mapped_column(Key(32))
    grant_key: Mapped[str] = mapped_column(Key(96), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    expires_on: Mapped[date]
    kind_version: Mapped[int | None] = mapped_column(Integer)  # the rules it was granted by
    day_minutes: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        Index("ix_leave_lot_person", "person_id", "kind_code"),
        Index("ix_leave_lot_expiry", "expires_on", "id"),
    )


class LeaveEntry(Base):
    """A movement of a lot, in minutes; append-only. A hold is negative, its release the opposite.

    `policy_version` is the policy of the kind that a grant was reckoned by.
    """

    __tablename__ = "leave_entry"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("leave_lot.id"), index=True)
    person_id: Mapped[str] = mapped_column(Id)
    kind_code: Mapped[str] = mapped_column(Key(32))
    kind: Mapped[EntryKind] = mapped_column(String(16))
    minutes: Mapped[int] = mapped_column(Integer)
    request_id: Mapped[str | None] = mapped_column(ForeignKey("leave_request.id"), index=True)
    cause: Mapped[str] = mapped_column(String(300))
    policy_version: Mapped[int | None] = mapped_column(Integer)
    made_by: Mapped[str] = mapped_column(Key(64))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (Index("ix_leave_entry_person", "person_id", "kind_code", "seq"),)


class LeaveRequest(Record):
    """Somebody asks to be away. `days` is how the minutes are shown, measured by the person's own shifts.

    `told` is what was said of the occasion and `event_key` tells one event from another. `extends_id` is the leave that
    this one goes on with, `replaces_id` the one whose days it changes. `gaps` are days and halves between the first and
    the last that were taken back ("2026-03-11", "2026-03-12 am").
    """

    __tablename__ = "leave_request"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind_code: Mapped[str] = mapped_column(Key(32))
    kind_version: Mapped[int] = mapped_column(Integer)
    state: Mapped[LeaveState] = mapped_column(String(16))
    first_day: Mapped[date]
    last_day: Mapped[date]
    from_half: Mapped[Half] = mapped_column(String(16))
    to_half: Mapped[Half] = mapped_column(String(16))
    from_minute: Mapped[int | None] = mapped_column(Integer)
    to_minute: Mapped[int | None] = mapped_column(Integer)
    minutes: Mapped[int] = mapped_column(Integer)
    days: Mapped[Decimal] = mapped_column(Numeric(7, 2))
    gaps: Mapped[list[str] | None] = mapped_column(JSON)
    is_confirmed: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(String(500))
    proof_id: Mapped[str | None] = mapped_column(ForeignKey("file.id"))
    proof_due_on: Mapped[date | None] = mapped_column(index=True)
    told: Mapped[dict[str, Any] | None]
    event_key: Mapped[str | None] = mapped_column(Key(64))
    extends_id: Mapped[str | None] = mapped_column(Id, index=True)
    replaces_id: Mapped[str | None] = mapped_column(Id, index=True)
    cover_id: Mapped[str | None] = mapped_column(Id, index=True)
    cover_state: Mapped[CoverState | None] = mapped_column(String(16))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_leave_request_person", "person_id", "created_at", "id"),
        Index("ix_leave_request_state", "state", "created_at", "id"),
        Index("ix_leave_request_first_day", "first_day", "id"),
    )


class LeaveSegment(Base):
    """What a request takes of one day: a stretch (minutes from that day's midnight) and the minutes it costs."""

    __tablename__ = "leave_segment"
    request_id: Mapped[str] = mapped_column(ForeignKey("leave_request.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(Id)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    minutes: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("ix_leave_segment_person", "person_id", "day"),)


class LeaveCancellation(Record):
    """A request to take back approved leave, or some of it; it goes through approval like the leave did.

    `days` are the days and halves meant, as in the gaps of a request; without them it is all between the two days, and
    without those all of the leave.
    """

    __tablename__ = "leave_cancellation"
    request_id: Mapped[str] = mapped_column(ForeignKey("leave_request.id"), index=True)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    days: Mapped[list[str] | None] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[LeaveState] = mapped_column(String(16))
    decided_at: Mapped[datetime | None]


class LeaveEvent(Record):
    """An entry in somebody's WeCom calendar that says who is away; `schedule_id` is WeCom's."""

    __tablename__ = "leave_event"
    request_id: Mapped[str] = mapped_column(ForeignKey("leave_request.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_whole_day: Mapped[bool] = mapped_column(Boolean)
    summary: Mapped[str] = mapped_column(String(128))
    schedule_id: Mapped[str] = mapped_column(Key(64))


class LeaveSaved(Record):
    """A form that somebody has begun and not sent; nothing is held for it."""

    __tablename__ = "leave_saved"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind_code: Mapped[str] = mapped_column(Key(32))
    form: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]

    __table_args__ = (Index("ix_leave_saved_person", "person_id", "changed_at", "id"),)


class LeavePlace(Record):
    """Where a department with all below it is, for rules that differ by place; without a department, the company."""

    __tablename__ = "leave_place"
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id"), unique=True)
    place: Mapped[str] = mapped_column(String(20))


class LeaveVacation(Base):
    """A kind of leave as WeCom configures it (last read at `read_at`), which of ours it is, and whether we push ours.

    `is_listed` is false once WeCom has it no more; by hour or by day decides what its seconds mean.
    """

    __tablename__ = "leave_vacation"
    vacation_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(60))
    is_hourly: Mapped[bool] = mapped_column(Boolean)
    is_unlimited: Mapped[bool] = mapped_column(Boolean)
    is_listed: Mapped[bool] = mapped_column(Boolean)
    kind_code: Mapped[str | None] = mapped_column(Key(32), unique=True)
    pushes: Mapped[bool] = mapped_column(Boolean, default=False)
    read_at: Mapped[datetime]


class LeaveDriftRun(Record):
    """One comparison of our leave with WeCom's. `slot` is taken while it runs, so that only one does."""

    __tablename__ = "leave_drift_run"
    asked_by: Mapped[str] = mapped_column(Key(64))
    state: Mapped[DriftRunState] = mapped_column(String(16))
    slot: Mapped[str | None] = mapped_column(Key(16), unique=True)
    people: Mapped[int] = mapped_column(Integer, default=0)
    compared: Mapped[int] = mapped_column(Integer, default=0)
    found: Mapped[int] = mapped_column(Integer, default=0)
    problem: Mapped[str | None] = mapped_column(String(300))
    ended_at: Mapped[datetime | None]


class LeaveDrift(Record):
    """A difference that a comparison found: one person, one kind, in WeCom's seconds; later runs add rows of their own.

    `ours` or `theirs` is missing where that side has nothing to tell. `push_state` and what follows say what became of
    writing ours into WeCom: what was there right before, and what was written.
    """

    __tablename__ = "leave_drift"
    run_id: Mapped[str] = mapped_column(ForeignKey("leave_drift_run.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind_code: Mapped[str | None] = mapped_column(Key(32))
    vacation_id: Mapped[int | None] = mapped_column(BigInteger)
    vacation_name: Mapped[str] = mapped_column(String(60))
    is_hourly: Mapped[bool] = mapped_column(Boolean)
    ours: Mapped[int | None] = mapped_column(BigInteger)
    theirs: Mapped[int | None] = mapped_column(BigInteger)
    difference: Mapped[int] = mapped_column(BigInteger)
    cause: Mapped[DriftCause] = mapped_column(String(16))
    push_state: Mapped[PushState | None] = mapped_column(String(16))
    pushed_from: Mapped[int | None] = mapped_column(BigInteger)
    pushed_to: Mapped[int | None] = mapped_column(BigInteger)
    push_note: Mapped[str | None] = mapped_column(String(300))
    pushed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_leave_drift_run", "run_id", "difference", "id"),
        Index("ix_leave_drift_cause", "run_id", "cause", "id"),
    )


class LeaveRun(Record):
    """One run over many people: how many there are, how many it has seen, what it has given, after whom it goes on."""

    __tablename__ = "leave_run"
    key: Mapped[str] = mapped_column(Key(96), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    wish: Mapped[dict[str, Any]]
    started_by: Mapped[str] = mapped_column(Key(64))
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    made: Mapped[int] = mapped_column(Integer, default=0)
    after: Mapped[str] = mapped_column(Key(32), default="")
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_leave_run_newest", "created_at", "id"),)


class LeavePolicyDraft(Record):
    """A policy that HR has saved and not released; never edited, for what it was tried by must stay what it says.

    `form` is what HR filled in, `run_id` the last run that tried it on the facts of `year`.
    """

    __tablename__ = "leave_policy_draft"
    kind_code: Mapped[str] = mapped_column(Key(32))
    form: Mapped[dict[str, Any]]
    saved_by: Mapped[str] = mapped_column(Key(64))
    year: Mapped[int | None] = mapped_column(Integer)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("leave_run.id"))
    released_version: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (Index("ix_leave_policy_draft_newest", "created_at", "id"),)


class LeavePolicyTrial(Record):
    """What a draft would have given somebody, beside the policy it would replace; minutes, of `day_minutes` a day.

    `department_id` is where they worked when it was tried, `left_on` the last day of those who left in its year.
    """

    __tablename__ = "leave_policy_trial"
    run_id: Mapped[str] = mapped_column(ForeignKey("leave_run.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[str | None] = mapped_column(Id)
    day_minutes: Mapped[int] = mapped_column(Integer)
    before: Mapped[int] = mapped_column(Integer)
    after: Mapped[int] = mapped_column(Integer)
    difference: Mapped[int] = mapped_column(Integer)
    sentence_before: Mapped[str] = mapped_column(String(500))
    sentence_after: Mapped[str] = mapped_column(String(500))
    left_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("run_id", "person_id"),
        Index("ix_leave_policy_trial_difference", "run_id", "difference", "id"),
    )


class LeaveKindDraft(Record):
    """Rules of a kind that HR has saved and not released; never edited. `form` is what HR filled in.

    `run_id` is the last run that measured the requests of `year` by it, `releases_on` the day that HR has chosen for
    its release.
    """

    __tablename__ = "leave_kind_draft"
    kind_code: Mapped[str] = mapped_column(Key(32))
    form: Mapped[dict[str, Any]]
    saved_by: Mapped[str] = mapped_column(Key(64))
    year: Mapped[int | None] = mapped_column(Integer)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("leave_run.id"))
    releases_on: Mapped[date | None]
    released_version: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (Index("ix_leave_kind_draft_newest", "created_at", "id"),)


class LeaveKindTrial(Record):
    """What a draft would have charged for a request, beside the rules it would replace; `day_minutes` to the day.

    `note` says what is counted otherwise, `refusal` why the draft, and only the draft, would have said no: then both
    sides are the same. `department_id` is where its person worked when it was tried, `left_on` their last day, if they
    have left.
    """

    __tablename__ = "leave_kind_trial"
    run_id: Mapped[str] = mapped_column(ForeignKey("leave_run.id"))
    request_id: Mapped[str] = mapped_column(ForeignKey("leave_request.id"))
    person_id: Mapped[str] = mapped_column(Id)
    department_id: Mapped[str | None] = mapped_column(Id)
    day_minutes: Mapped[int] = mapped_column(Integer)
    before: Mapped[int] = mapped_column(Integer)
    after: Mapped[int] = mapped_column(Integer)
    difference: Mapped[int] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(String(200))
    refusal: Mapped[str | None] = mapped_column(String(300))
    left_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("run_id", "request_id"),
        Index("ix_leave_kind_trial_difference", "run_id", "difference", "id"),
    )
