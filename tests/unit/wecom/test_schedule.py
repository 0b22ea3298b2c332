"""Entries in members' calendars: what is sent, what comes back, and that nothing is sent unless it is wanted."""

from datetime import UTC, datetime
from typing import Any

import pytest

import wecom
from tests.support.wire import Wire
from wecom import Later
from wecom.schedule import NewSchedule, Schedule

ENTRY: dict[str, Any] = {
    "userid": "lihua",
    "starts_at": datetime(2026, 3, 8, 16, tzinfo=UTC),
    "ends_at": datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC),
    "is_whole_day": True,
    "summary": "年假",
}


def calendar(tencent: wecom.Client) -> Schedule:
    tencent._settings = tencent._settings.model_copy(update={"leave_in_calendar": True})
    assert tencent.schedule is not None
    return tencent.schedule


def test_an_entry_is_written_as_the_page_says(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("oa/schedule/add", {"schedule_id": "17c7d2bd9f20d652840f72f59e796AAA"})
    assert calendar(tencent).add(NewSchedule(**ENTRY)) == "17c7d2bd9f20d652840f72f59e796AAA"
    (sent,) = wire.calls("oa/schedule/add")
    assert sent.json == {
        "schedule": {
            "start_time": 1772985600,
            "end_time": 1773071999,
            "is_whole_day": 1,
            "attendees": [{"userid": "lihua"}],
            "summary": "年假",
            "reminders": {"is_remind": 0},
        },
        "agentid": tencent._settings.own.agent_id,
    }


def test_an_answer_without_an_id_is_no_answer(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("oa/schedule/add", {})
    with pytest.raises(Later):
        calendar(tencent).add(NewSchedule(**ENTRY))


def test_there_is_none_while_the_company_does_not_want_it(tencent: wecom.Client) -> None:
    assert tencent.schedule is None
