"""Entries in members' calendars 日程: written and taken back (page 93648, with 97716 to 97718).

The application must be listed under 日程 (可调用接口的应用). Neither call says whether an entry is there already: who
writes keeps the `schedule_id` and never writes twice.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from wecom.caller import Caller
from wecom.limits import Part, UserId

LONGEST_SUMMARY = 128


class NewSchedule(Part):
    """An entry for one member, without a reminder; a whole day runs from its midnight to its last second."""

    userid: UserId
    starts_at: datetime
    ends_at: datetime
    is_whole_day: bool
    summary: Annotated[str, Field(min_length=1, max_length=LONGEST_SUMMARY)]


class Schedule:
    """日程, in the name of the application that is listed under it."""

    def __init__(self, caller: Caller, agent_id: int) -> None:
        self._caller, self._agent_id = caller, agent_id

    def add(self, entry: NewSchedule) -> str:
        """Writes an entry; its `schedule_id`. A lost answer is an ambiguous `Later`."""
        schedule = {
            "start_time": int(entry.starts_at.timestamp()),
            "end_time": int(entry.ends_at.timestamp()),
            "is_whole_day": int(entry.is_whole_day),
            "attendees": [{"userid": entry.userid}],
            "summary": entry.summary,
            "reminders": {"is_remind": 0},
        }
        answer = self._caller.write("oa/schedule/add", {"schedule": schedule, "agentid": self._agent_id})
        return answer.text("schedule_id")

    def remove(self, schedule_id: str) -> None:
        """Takes an entry back."""
        self._caller.write("oa/schedule/del", {"schedule_id": schedule_id})
