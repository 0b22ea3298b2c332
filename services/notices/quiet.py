"""Quiet hours: when people are left alone, unless it is urgent. HR changes them while the system runs."""

from datetime import datetime, time

from pydantic import BaseModel, Field

from kit import clock
from services import platform
from services.notices import rules


class QuietHours(BaseModel):
    """Company time; equal values switch them off."""

    begins: time = Field(time(22, 0), title="开始")
    ends: time = Field(time(8, 0), title="结束")


HOURS = platform.declare("notices.quiet_hours", "免打扰时段（非紧急消息推迟到结束后发送）", QuietHours())


def is_quiet_now() -> bool:
    """Whether people are to be left alone at this moment."""
    hours = HOURS.get()
    return rules.is_quiet(clock.now(), hours.begins, hours.ends)


def first_loud(hours: QuietHours | None = None) -> datetime:
    """Now, or when the quiet hours end."""
    hours = hours or HOURS.get()
    return rules.first_loud(clock.now(), hours.begins, hours.ends)
