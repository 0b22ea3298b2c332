"""The vocabulary of leave."""

from enum import StrEnum


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
    SETTLE = "settle"  # paid out: at leaving, or when the last day passed
    WAIVE = "waive"  # given up in writing, and past its last day


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


class SettlementReason(StrEnum):
    """Why leave became pay."""

    LEAVING = "leaving"
    EXPIRED = "expired"  # statutory days past their last day
    OVERTIME = "overtime"  # time off for overtime past its last day


class SettlementState(StrEnum):
    """How far the pay for leave not taken has come."""

    DUE = "due"
    PRICED = "priced"
    VOID = "void"


class PaidAs(StrEnum):
    """How paid leave of a kind is paid."""

    FULL = "full"  # the normal wage
    SICK = "sick"  # a share of it by place and service, with a floor ([1995] 309 art. 59)
    FUND = "fund"  # the allowance of the maternity insurance, brought up to the own wage (SIL arts. 53-56)


class Treatment(StrEnum):
    """How a stretch of leave is paid."""

    FULL = "full"
    UNPAID = "unpaid"
    SHARE = "share"
    FUND = "fund"


class PayMethod(StrEnum):
    """How a month with unpaid time is reckoned; the law names none (china-hr-rules 3.5)."""

    DEDUCT = "deduct"  # wage less wage / 21.75 x unpaid workdays
    ATTEND = "attend"  # wage / 21.75 x paid days
    ACTUAL = "actual"  # wage x paid days / payable days of that month
