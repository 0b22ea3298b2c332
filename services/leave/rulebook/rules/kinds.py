"""The rules of a kind of leave, as HR edits them: data with titles, checked when they are saved. Pure."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from kit.schema import Line, Wish
from models.enums import Counting, Gender, LeaveUnit, Occasion, PaidAs, PayMethod, ProofOverdue, Sandwich
from services.leave.rulebook.rules import occasions, written
from services.leave.rulebook.rules.written import Blackout, Notice

MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Formula = Annotated[Line, Field(max_length=200), AfterValidator(occasions.check_formula)]
MonthDays = Annotated[tuple[MonthDay, ...], BeforeValidator(written.words)]
Words = Annotated[tuple[Line, ...], BeforeValidator(written.words)]
Notices = Annotated[tuple[Notice, ...], BeforeValidator(written.notices)]
Blackouts = Annotated[tuple[Blackout, ...], BeforeValidator(written.blackouts)]
Days = Annotated[Decimal, Field(ge=Decimal("0.5"), le=400, decimal_places=1)]


class KindRules(Wish):
    """The rules of a kind of leave. What has no value asks for nothing."""

    unit: LeaveUnit = Field(LeaveUnit.HALF_DAY, title="最小单位")
    counting: Counting = Field(Counting.WORKING, title="计算方式")
    sandwich: Sandwich = Field(Sandwich.NONE, title="夹在假期中间的休息日")
    step_minutes: int = Field(30, ge=1, le=480, title="按小时请假的进位（分钟）")
    least_minutes: int = Field(0, ge=0, le=1440, title="一次最少几分钟")
    daily_minutes: int = Field(0, ge=0, le=480, title="每天最多几分钟（多胞胎按人数加）")
    is_paid: bool = Field(True, title="带薪")
    is_work: bool = Field(False, title="视同出勤")
    paid_as: PaidAs = Field(PaidAs.FULL, title="带薪时怎么付")
    pay_share: int = Field(0, ge=0, le=100, title="公司的病假工资比例（%，与所在地标准取高）")
    pay_method: PayMethod = Field(PayMethod.DEDUCT, title="不带薪时怎么扣")
    needs_balance: bool = Field(False, title="需要额度")

    max_days: Days | None = Field(None, title="单次最多天数（含续假）")
    max_days_year: Days | None = Field(None, title="每年最多天数")
    is_once: bool = Field(False, title="在职期间只能请一次")
    occasion: Occasion = Field(Occasion.NONE, title="因什么事请假")
    by_place: bool = Field(False, title="天数按所在地规定")
    event_days: Formula = Field("", title="公司给的天数（公式，与所在地规定取高）")
    within_months: int | None = Field(None, ge=1, le=600, title="事情发生后几个月内有效")
    extended_months: int = Field(0, ge=0, le=600, title="经确认可再延长几个月")
    has_medical_period: bool = Field(False, title="计入医疗期")

    notice: Notices = Field((), max_length=10, title="提前申请")
    blackouts: Blackouts = Field((), max_length=50, title="不能请假的日期")
    on_days: MonthDays = Field((), max_length=20, title="只能在这些日子请（月-日）")
    backdate_days: int = Field(30, ge=0, le=400, title="可补请几天内的假")
    backdate_needs_reason: bool = Field(True, title="补请要写事由")

    proof_after_days: int | None = Field(None, ge=0, le=365, title="超过几天需要证明（0 为都需要）")
    proof_name: Line = Field("证明材料", title="证明材料名称")
    proof_within_days: int | None = Field(None, ge=0, le=90, title="证明可在假期结束后几天内补交")
    proof_overdue: ProofOverdue = Field(ProofOverdue.TELL, title="逾期未补交时")

    gender: Gender | None = Field(None, title="限性别")
    min_service_months: int = Field(0, ge=0, le=600, title="入职满几个月")
    only_places: Words = Field((), max_length=40, title="限所在地")
    only_tags: Words = Field((), max_length=20, title="限通讯录标签（如合同类型）")

    is_sensitive: bool = Field(False, title="对同事隐藏假别")
    source: Line = Field("", title="依据")

    @property
    def is_by_event(self) -> bool:
        """Is it counted for each thing that happened?"""
        return self.occasion is not Occasion.NONE

    @property
    def is_measured_together(self) -> bool:
        """Does leave that was asked for in several requests count as one?"""
        by_length = self.max_days is not None or self.proof_after_days or any(line.over_days for line in self.notice)
        return bool(by_length or self.daily_minutes or self.sandwich is not Sandwich.NONE)

    @property
    def is_limited(self) -> bool:
        """Does what was taken before decide how much may be taken now?"""
        return self.is_once or self.max_days_year is not None or self.is_by_event


RULE_TITLES: dict[str, Any] = {name: field.title or name for name, field in KindRules.model_fields.items()}
"""What each rule is called."""
