"""The vocabulary: every status and kind of the product on one page, with the sets that rules speak of."""

from enum import StrEnum

# each named twice: whoever wants a word finds it here
# isort: off
from models.enums_approvals import (
    Act as Act, ApproverKind as ApproverKind, Comparison as Comparison, Deadline as Deadline,
    Decision as Decision, FactKind as FactKind, InstanceState as InstanceState, NodeKind as NodeKind,
    Repeat as Repeat, SignMode as SignMode, Signing as Signing, StepState as StepState,
    TaskState as TaskState, Vacancy as Vacancy,
)  # fmt: skip
# isort: on

# ── platform ──


class PromiseState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    KEPT = "kept"
    REFUSED = "refused"  # a permanent no: trying again cannot help
    DEAD = "dead"  # out of tries; a person decides
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How an audited act ended."""

    DONE = "done"
    REFUSED = "refused"


# ── people ──


class PersonStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"


class Role(StrEnum):
    """Roles that are granted; `employee` is everyone, `manager` follows from the directory."""

    HR = "hr"
    PAYROLL = "payroll"
    PAYROLL_REVIEWER = "payroll_reviewer"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"


class LoginFlow(StrEnum):
    """Why a browser was sent to WeCom; a state of one flow is worth nothing in another."""

    H5 = "h5"
    CONSOLE = "console"
    CONSENT = "consent"  # already logged in, asked to show private fields


class StepUpMethod(StrEnum):
    """How somebody who is logged in proves themselves again."""

    PIN = "pin"
    TOTP = "totp"


class Surface(StrEnum):
    """The ways in that have sessions."""

    MINIPROGRAM = "miniprogram"
    H5 = "h5"
    CONSOLE = "console"


# ── schedule ──


class DayKind(StrEnum):
    """The five day types of the national calendar (Holiday Measures, State Council Decree 795)."""

    WORKDAY = "workday"
    ADJUSTED_WORKDAY = "adjusted_workday"
    REST_DAY = "rest_day"
    ADJUSTED_REST_DAY = "adjusted_rest_day"
    STATUTORY_HOLIDAY = "statutory_holiday"


WORKING_DAYS = frozenset({DayKind.WORKDAY, DayKind.ADJUSTED_WORKDAY})


# ── notices ──


class NoticeState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    RECALLED = "recalled"


class ReceiptState(StrEnum):
    """How far a notice got with one person; each state includes the ones before it."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    OPENED = "opened"
    CONFIRMED = "confirmed"


class AudienceKind(StrEnum):
    COMPANY = "company"
    DEPARTMENT = "department"
    TAG = "tag"
    ROLE = "role"
    PERSON = "person"


# ── forms ──


class FieldType(StrEnum):
    """What a field of a form takes."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    MONEY = "money"  # yuan, two decimals
    DATE = "date"
    DATES = "dates"  # from a day to a day, both included
    HALF_DAYS = "half_days"  # from a half of a day to a half of a day, both included
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    DEPARTMENT = "department"
    FILES = "files"
    TABLE = "table"


class Viewer(StrEnum):
    """Whose eyes a field of a form is for."""

    APPLICANT = "applicant"
    APPROVER = "approver"
    HR = "hr"


class FormState(StrEnum):
    """How far a form somebody filled in has come."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"  # approved, and taken back by HR afterwards


# ── leave ──


class LeaveState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


HOLDING = frozenset({LeaveState.PENDING, LeaveState.APPROVED})
"""While a request is in one of these, its days are taken."""


class EntryKind(StrEnum):
    """Why a leave ledger entry exists; the sign of its minutes says which way it moved the lot."""

    GRANT = "grant"
    ADJUST = "adjust"
    HOLD = "hold"
    RELEASE = "release"
    EXPIRE = "expire"
    CORRECT = "correct"  # a grant made right when its facts or its policy changed
    REPAY = "repay"  # a debt and the grant that pays it: two entries that cancel out
    SETTLE = "settle"  # paid out at leaving


class Counting(StrEnum):
    """Which days a leave consumes (china-hr-rules 1.1)."""

    WORKING = "working"
    CALENDAR = "calendar"
    CALENDAR_EXCEPT_STATUTORY = "calendar_except_statutory"


class LeaveUnit(StrEnum):
    DAY = "day"
    HALF_DAY = "half_day"
    HOUR = "hour"


class Half(StrEnum):
    """Half a working day."""

    AM = "am"
    PM = "pm"


class Sandwich(StrEnum):
    """Whether days off between two days of leave are leave as well."""

    NONE = "none"
    REST_DAYS = "rest_days"
    ALL = "all"  # statutory holidays too


class Occasion(StrEnum):
    """What a kind of leave is taken for; the form asks for its details."""

    NONE = "none"
    MARRIAGE = "marriage"
    DEATH = "death"
    BIRTH = "birth"
    MISCARRIAGE = "miscarriage"
    CHILD = "child"
    PARENT = "parent"
    INJURY = "injury"


class Relative(StrEnum):
    """Who died."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    PARENT_IN_LAW = "parent_in_law"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"


class Per(StrEnum):
    """How often a length may be taken."""

    EVENT = "event"
    AGE_YEAR = "age_year"  # from one birthday of the child to the next
    YEAR = "year"


class ProofOverdue(StrEnum):
    """What happens when a proof that was promised has not come."""

    TELL = "tell"
    BLOCK = "block"


class CoverState(StrEnum):
    """What the colleague who was asked to cover says."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class DriftCause(StrEnum):
    """Why somebody's leave here and in WeCom differ."""

    TAKEN_THERE = "taken_there"
    TAKEN_HERE = "taken_here"
    GRANTED_HERE = "granted_here"
    GRANTED_THERE = "granted_there"
    ROUNDING = "rounding"  # WeCom counts in tenths
    NOT_MAPPED = "not_mapped"  # nobody said which kind it is on the other side
    OUT_OF_SCOPE = "out_of_scope"  # WeCom tells nothing about this person and kind


class DriftRunState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class PushState(StrEnum):
    """What became of writing our amount into WeCom."""

    WAITING = "waiting"
    PUSHED = "pushed"
    REFUSED = "refused"


class Basis(StrEnum):
    """What a policy grants leave by."""

    STATUTORY_ANNUAL = "statutory_annual"  # cumulative service (Decree 514 art. 3), and what the company adds
    COMPANY = "company"  # so many days a year
    OVERTIME = "overtime"  # whatever overtime earns; the policy says how long it is good


class Accrual(StrEnum):
    """When the days of a year are given."""

    YEARLY = "yearly"
    MONTHLY = "monthly"  # each month's share on its first day


class Crossing(StrEnum):
    """What counts in the year in which somebody reaches the next tier (china-hr-rules 1.3)."""

    SEGMENTED = "segmented"  # each stretch by its own tier
    YEAR_START = "year_start"
    YEAR_END = "year_end"


class Rounding(StrEnum):
    """To what the company's own days are cut; statutory days of a year are whole by law."""

    DAY = "day"
    HALF_DAY = "half_day"
    MINUTE = "minute"


class AbsenceKind(StrEnum):
    """Absences that may cost the annual leave (Decree 514 art. 4)."""

    SICK = "sick"
    PERSONAL = "personal"
    VACATION = "vacation"


class SettlementState(StrEnum):
    """How far the pay for unused leave at leaving has come."""

    DUE = "due"
    PRICED = "priced"
    VOID = "void"


# ── attendance ──


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class PunchSource(StrEnum):
    H5 = "h5"
    API = "api"
    QR = "qr"
    CORRECTION = "correction"
    WECOM = "wecom"


class Verdict(StrEnum):
    """The result of a day; a day can carry several of them."""

    NORMAL = "normal"
    LATE = "late"
    EARLY = "early"
    MISSING_IN = "missing_in"
    MISSING_OUT = "missing_out"
    ABSENT = "absent"
    LEAVE = "leave"
    REST = "rest"
    IN_PROGRESS = "in_progress"


class Presence(StrEnum):
    """Where somebody is to be found now, as the board shows it."""

    HERE = "here"
    LATE = "late"  # here, but came late
    MISSING = "missing"  # should be here and has not punched
    EXPECTED = "expected"  # work has not begun
    AWAY = "away"  # on leave
    LEFT = "left"
    REST = "rest"


class CorrectionState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


# ── payroll ──


class BatchState(StrEnum):
    DRAFT = "draft"
    RELEASED = "released"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    RECALLED = "recalled"


class ItemKind(StrEnum):
    EARNING = "earning"
    DEDUCTION = "deduction"
    EMPLOYER_COST = "employer_cost"
    INFORMATION = "information"


class DisputeState(StrEnum):
    OPEN = "open"  # payroll is to answer
    ANSWERED = "answered"
    CLOSED = "closed"


class ViewPurpose(StrEnum):
    """Why somebody looked at a payslip; payroll says so before it is shown."""

    OWN = "own"
    ANSWER = "answer"
    CORRECT = "correct"
    REVIEW = "review"


# ── assistant ──


class DraftState(StrEnum):
    """Leave asked for in the chat: still being talked about, submitted, or given up."""

    OPEN = "open"
    SUBMITTED = "submitted"
    DROPPED = "dropped"
