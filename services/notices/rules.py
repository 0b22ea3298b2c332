"""Rules of messages and notices, without a database: quiet hours, and what may be done with a notice when."""

from datetime import date, datetime, time, timedelta

from kit import clock
from kit.errors import Conflict, Invalid
from models.enums import NoticeState

SENT_OUT = frozenset({NoticeState.SENDING, NoticeState.SENT})
RECALLABLE = timedelta(hours=24)
"""WeCom takes a message back for 24 hours (page 94867)."""


def is_quiet(at: datetime, begins: time, ends: time) -> bool:
    """Whether the instant lies in the quiet hours, which may span midnight; equal ends mean that there are none."""
    now = clock.local(at).time()
    if begins <= ends:
        return begins <= now < ends
    return now >= begins or now < ends


def first_loud(at: datetime, begins: time, ends: time) -> datetime:
    """The instant itself, or the end of the quiet hours it lies in."""
    if not is_quiet(at, begins, ends):
        return at
    local = clock.local(at)
    day = local.date() if local.time() < ends else local.date() + timedelta(days=1)
    return _at(day, ends)


def _at(day: date, wall: time) -> datetime:
    return clock.at_local(day, wall.hour * 60 + wall.minute)


NUDGE_AGAIN = timedelta(hours=4)
LATE_JOINERS_SEE = timedelta(days=90)


def check_recallable(state: NoticeState, sent_at: datetime | None, now: datetime) -> None:
    """A notice is taken back while it is being sent or within 24 hours; else `Conflict`."""
    if state not in SENT_OUT or sent_at is None:
        raise Conflict("只有已发送的公告可以撤回")
    if now - sent_at >= RECALLABLE:
        raise Conflict("发送已超过 24 小时，企业微信不再支持撤回")


def check_nudgeable(state: NoticeState, nudged_at: datetime | None, now: datetime) -> None:
    """People are reminded of a notice that was sent, and not again within four hours; else `Conflict`."""
    if state is not NoticeState.SENT:
        raise Conflict("公告发送完成后才能提醒")
    if nudged_at is not None and now - nudged_at < NUDGE_AGAIN:
        raise Conflict(f"刚刚提醒过，请在 {clock.local(nudged_at + NUDGE_AGAIN):%H:%M} 之后再提醒")


def check_time(at: datetime, now: datetime) -> None:
    """A notice is scheduled for the coming year; else `Invalid`."""
    if not now < at <= now + timedelta(days=365):
        raise Invalid("发送时间应在今后一年之内", errors=[{"field": "at", "message": "请选择今后的时间"}])
