"""Writing leave into WeCom's calendars: each call is noted at once, so that a repeat goes on where this one ended."""

from collections.abc import Callable
from typing import Any

import wecom
from kit import log
from services import leave, platform
from wecom.schedule import NewSchedule, Schedule

logger = log.get(__name__)

Payload = dict[str, Any]


def write(client: wecom.Client, payload: Payload) -> Payload:
    """Takes back what is due no more, then writes what is new; nothing while the company has not switched it on."""
    request_id, calendar = payload["request"], client.schedule
    if calendar is None:
        return {}
    due = platform.transact(lambda: leave.scheduling.work(request_id), writes=False)
    for schedule_id in due.gone:
        _remove(calendar, schedule_id)
    for userid, entry in due.new:
        _add(calendar, request_id, userid, entry)
    return {}


def _add(calendar: Schedule, request_id: str, userid: str, entry: leave.scheduling.Entry) -> None:
    told = {"starts_at": entry.starts_at, "ends_at": entry.ends_at, "is_whole_day": entry.is_whole_day}
    schedule_id = calendar.add(NewSchedule(userid=userid, summary=entry.summary, **told))
    platform.transact(lambda: leave.scheduling.written(request_id, entry, schedule_id))


def _remove(calendar: Schedule, schedule_id: str) -> None:
    try:
        calendar.remove(schedule_id)
    except wecom.Misconfigured:
        raise
    except wecom.Refused:  # its owner has deleted it
        logger.info("schedule.gone")
    platform.transact(lambda: leave.scheduling.removed(schedule_id))


KEPT: dict[str, Callable[[wecom.Client, Payload], Payload]] = {"leave.write_schedule": write}
"""Promise kind → what keeps it."""
