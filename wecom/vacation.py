"""WeCom's own leave 假期: what is configured, what a member has, and setting what a member has left.

Pages 93375 to 93377; 600 calls a minute each. Every duration is in seconds: by day a day is 86,400, whatever the
length of a working day; by hour an hour is 3,600. The application must be listed under 审批 (`Misconfigured` 301062);
301064 is `Later`, a broken parameter (301063) and a member outside the vacation's scope (301098) are `Refused`.
"""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from wecom.answers import Record
from wecom.caller import Caller
from wecom.limits import Part, UserId

BY_DAY, BY_HOUR = 0, 1
DAY, HOUR = 86_400, 3_600
STEPS = {BY_DAY: DAY // 10, BY_HOUR: HOUR // 10}
"""What an amount must be a multiple of when it is written: a tenth of a day, of an hour."""
MOST = {BY_DAY: 1_000 * DAY, BY_HOUR: 24_000 * HOUR}
"""The most that may be written."""
LONGEST_REMARKS = 200
UNLIMITED = 0
OUTSIDE_SCOPE = 301098

Whole = Annotated[int, Field(strict=True)]


class QuotaRule(Record):
    """So many seconds for a service from `begin` to `end` years; `end` 0 is open."""

    quota: int = 0
    begin: int = 0
    end: int = 0


class QuotaRules(Record):
    """Tiers by length of service."""

    tiers: tuple[QuotaRule, ...] = Field((), alias="list")
    based_on_actual_work_time: bool | None = None


class QuotaAttr(Record):
    """How amounts are given: `type` 0 without limit, 1 every year, 2 by hand, 3 every month.

    Of `autoreset_time` only month and day mean something; it is void if `at_entry_date`. `quota_rule_type` 0 the same
    for all (`autoreset_duration` seconds), 1 by total service, 2 by service in the company.
    """

    type: int | None = None
    autoreset_time: int | None = None
    autoreset_duration: int | None = None
    quota_rule_type: int | None = None
    quota_rules: QuotaRules | None = None
    at_entry_date: bool | None = None
    auto_reset_month_day: int | None = None


class MonthDay(Record):
    """A day of every year."""

    month: int | None = None
    day: int | None = None


class ExpireRule(Record):
    """When amounts end: `type` 1 at a fixed date, 2 after years, 3 after months, 4 never."""

    type: int | None = None
    duration: int | None = None
    date: MonthDay | None = None
    extern_duration_enable: bool | None = None
    extern_duration: MonthDay | None = None


class VacationKind(Record):
    """A configured kind. `time_attr` 0 by day, 1 by hour; `duration_type` 0 natural days, 1 working days.

    `perday_duration` is the length of a day in seconds for requests by hour; it plays no part in amounts.
    `enter_comp_time_limit` is in months.
    """

    id: int
    name: str
    time_attr: Literal[0, 1]
    duration_type: int | None = None
    quota_attr: QuotaAttr | None = None
    perday_duration: int | None = None
    is_newovertime: int | None = None
    enter_comp_time_limit: int | None = None
    expire_rule: ExpireRule | None = None

    @property
    def is_unlimited(self) -> bool:
        """Nobody's amount is counted."""
        return self.quota_attr is not None and self.quota_attr.type == UNLIMITED


class VacationQuota(Record):
    """A member's amounts of one kind, in seconds. `real_assigned`: where amounts follow the time worked."""

    id: int
    name: str = Field("", alias="vacationname")
    assigned: int = Field(0, alias="assignduration")
    used: int = Field(0, alias="usedduration")
    left: int = Field(0, alias="leftduration")
    real_assigned: int | None = Field(None, alias="real_assignduration")


class NewQuota(Part):
    """What a member shall have left of a kind: the new remaining amount, not a change of it.

    `time_attr` must be the one configured. By day `leftduration` is at most 1,000 days and a multiple of 8,640; by hour
    at most 24,000 hours and a multiple of 360. Anything else is `InvalidMessage` with the field's name.
    """

    userid: UserId
    vacation_id: Whole = Field(ge=1)
    time_attr: Literal[0, 1]
    leftduration: Whole = Field(ge=0)
    remarks: str = Field("", max_length=LONGEST_REMARKS)

    @field_validator("leftduration")
    @classmethod
    def _fits(cls, seconds: int, info: ValidationInfo) -> int:
        unit = info.data.get("time_attr")
        if unit is None:  # refused already, by its own name
            return seconds
        if seconds > MOST[unit]:
            raise ValueError(f"is {seconds} seconds, at most {MOST[unit]} are allowed")
        if seconds % STEPS[unit]:
            raise ValueError(f"is {seconds} seconds, not a multiple of {STEPS[unit]}")
        return seconds


class _Member(Part):
    userid: UserId


class Vacation:
    """假期, in the name of the application that is listed under 审批."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def kinds(self) -> list[VacationKind]:
        """The kinds of leave configured in WeCom (93375)."""
        return self._caller.get("oa/vacation/getcorpconf").records("lists", VacationKind)

    def quota(self, userid: str) -> list[VacationQuota]:
        """A member's amounts of each kind (93376)."""
        answer = self._caller.read("oa/vacation/getuservacationquota", _Member(userid=userid).model_dump())
        return answer.records("lists", VacationQuota)

    def set_left(self, quota: NewQuota) -> None:
        """Writes what a member has left (93377). A lost answer is an ambiguous `Later`: read before writing again.

        Leave taken between a reading and this call is overwritten: read right before, and note old and new.
        """
        self._caller.write("oa/vacation/setoneuserquota", quota.model_dump())
