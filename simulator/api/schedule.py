"""The built-in calendar app 日程: entries added and removed by an application (page 93648)."""

import secrets
from typing import Any

from simulator.api.desk import Asked, Routes
from simulator.errors import Refusal

routes = Routes()
SCHEDULE = "schedule"
WRONG = 40035
LONGEST_SUMMARY = 128


@routes.post("oa/schedule/add", may=SCHEDULE, per_minute=600)
def add(asked: Asked) -> dict[str, Any]:
    entry = asked.body.get("schedule")
    if not isinstance(entry, dict) or not isinstance(entry.get("summary", ""), str):
        raise Refusal(WRONG, "schedule")
    start, end = entry.get("start_time"), entry.get("end_time")
    if not isinstance(start, int) or not isinstance(end, int) or end < start:
        raise Refusal(WRONG, "start_time")
    if len(entry.get("summary", "")) > LONGEST_SUMMARY:
        raise Refusal(WRONG, "summary")
    for attendee in entry.get("attendees", []):
        asked.twin.directory.seen_member(asked.agent, str(attendee.get("userid", "")))
    schedules = asked.twin.world.office.schedules
    schedule_id = f"s{secrets.token_urlsafe(16)}"
    schedules[schedule_id] = entry
    return {"schedule_id": schedule_id}


@routes.post("oa/schedule/get", may=SCHEDULE, per_minute=600)
def get(asked: Asked) -> dict[str, Any]:
    schedules = asked.twin.world.office.schedules
    wanted = [str(one) for one in asked.body.get("schedule_id_list", [])]
    return {"schedule_list": [{"schedule_id": one, **schedules[one]} for one in wanted if one in schedules]}


@routes.post("oa/schedule/del", may=SCHEDULE, per_minute=600)
def remove(asked: Asked) -> None:
    if asked.twin.world.office.schedules.pop(str(asked.body.get("schedule_id", "")), None) is None:
        raise Refusal(WRONG, "schedule_id")
