"""What a company may set about overtime, within the law."""

from enum import StrEnum

from pydantic import BaseModel, Field

from services import platform
from services.attendance.overtime.rules import Caps


class OverCap(StrEnum):
    """What becomes of a form that asks for more than the caps allow."""

    REFUSE = "refuse"
    ESCALATE = "escalate"  # the chain is told, and may ask somebody higher


class OvertimeRules(BaseModel):
    """How overtime is rounded and how much of it is allowed."""

    step_minutes: int = Field(30, ge=1, le=60, title="计时步长（分钟），不足一步不计")
    day_hours: int = Field(3, ge=1, le=3, title="工作日每天上限（小时），法定最多 3")
    month_hours: int = Field(36, ge=1, le=36, title="每月上限（小时），法定最多 36")
    over_cap: OverCap = Field(OverCap.REFUSE, title="超过上限时：refuse 不能提交，escalate 由审批流程加一级审批")

    @property
    def caps(self) -> Caps:
        """The caps in minutes."""
        return Caps(self.day_hours * 60, self.month_hours * 60)


SETTING = platform.declare("attendance.overtime", "加班：计时步长、每天和每月的上限、超过时怎么办", OvertimeRules())
