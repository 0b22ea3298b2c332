"""WeCom's own office applications, read only: check-in 打卡 and approval 审批 (pages 90262 to 91983).

The application must be listed by the administrator under the built-in application (`Misconfigured` 301055).
Durations are seconds, instants are aware UTC, ids and numbers of approvals are text.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import Field, field_validator

from wecom.answers import Record
from wecom.caller import Caller
from wecom.errors import InvalidMessage

USERS_AT_MOST = 100
DAYS_AT_MOST = 30
COMMUTING, OUTSIDE, BOTH = 1, 2, 3


class Punch(Record):
    """One check-in. `exception_type` is empty when all is well; a 未打卡 row carries the time that was due.

    Latitude and longitude are millionths of a degree, GCJ-02. Rows may be corrected later: read with an overlap.
    """

    userid: str = Field(min_length=1)
    checkin_type: str
    checkin_time: datetime
    exception_type: str = ""
    groupid: int | None = None
    groupname: str | None = None
    schedule_id: int | None = None
    timeline_id: int | None = None
    sch_checkin_time: int | None = None
    location_title: str | None = None
    location_detail: str | None = None
    wifiname: str | None = None
    wifimac: str | None = None
    notes: str | None = None
    mediaids: tuple[str, ...] = ()
    lat: int | None = None
    lng: int | None = None
    deviceid: str | None = None

    @field_validator("checkin_time", mode="before")
    @classmethod
    def _instant(cls, value: Any) -> datetime:
        try:
            return datetime.fromtimestamp(int(value), UTC)
        except (TypeError, OverflowError, OSError):
            raise ValueError("not an instant") from None


class CheckIn:
    """Check-ins are not called back: poll."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def records(self, userids: Sequence[str], begin: datetime, end: datetime, kind: int = BOTH) -> list[Punch]:
        """The check-ins of at most 100 members over at most 30 days."""
        _check_users(userids)
        if not 0 <= (end - begin).total_seconds() <= DAYS_AT_MOST * 86400:
            raise InvalidMessage("endtime", f"must be at most {DAYS_AT_MOST} days after starttime")
        body = {
            "opencheckindatatype": kind,
            "starttime": int(begin.timestamp()),
            "endtime": int(end.timestamp()),
            "useridlist": list(userids),
        }
        return self._caller.read("checkin/getcheckindata", body).records("checkindata", Punch)

    def rules(self, userids: Sequence[str], midnight: datetime) -> list[dict[str, Any]]:
        """Each member's rule on the day that begins at this local midnight, as WeCom writes it (page 90263)."""
        _check_users(userids)
        body = {"datetime": int(midnight.timestamp()), "useridlist": list(userids)}
        return self._caller.read("checkin/getcheckinoption", body).rows("info")


class Approval:
    """The built-in approval application."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def detail(self, sp_no: str) -> dict[str, Any]:
        """One application form as WeCom writes it (page 91983)."""
        answer = self._caller.read("oa/getapprovaldetail", {"sp_no": sp_no})
        info = answer.fields.get("info")
        if not isinstance(info, dict):
            raise answer.broken("info")
        return info

    def template(self, template_id: str) -> dict[str, Any]:
        """A template's names and controls (page 91982)."""
        answer = self._caller.read("oa/gettemplatedetail", {"template_id": template_id})
        return {"names": answer.rows("template_names"), "content": answer.fields.get("template_content")}


def _check_users(userids: Sequence[str]) -> None:
    if not 1 <= len(userids) <= USERS_AT_MOST:
        raise InvalidMessage("useridlist", f"needs 1 to {USERS_AT_MOST} members")
