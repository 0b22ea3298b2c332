"""Reading WeCom's check-ins: its records become the plain values that attendance keeps; positions are left behind."""

from collections.abc import Callable
from typing import Any

import wecom
from entrypoints.jobs.keeper import Refusal
from services import attendance, platform

NO_PERMISSION = "企业微信没有允许读取打卡（{error}）。请管理员在企业微信管理后台“打卡 → 可调用接口的应用”里加入本应用"
KEPT_FIELDS = ("userid", "checkin_type", "exception_type", "location_title", "notes", "wifimac", "deviceid")

Payload = dict[str, Any]


def read(client: wecom.Client, payload: Payload) -> Payload:
    """The check-ins of the next people. Without permission the reading ends and says what the administrator does."""
    asked = platform.transact(lambda: attendance.checkins.to_ask(payload), writes=False)
    if asked is None:
        return {"asked": {}, "rows": []}
    try:
        told = client.checkin.records(list(asked.people), asked.since, asked.until)
    except wecom.Misconfigured as error:
        raise Refusal(NO_PERMISSION.format(error=error)) from error
    return {"asked": asked.people, "rows": [_plain(one) for one in told]}


def _plain(one: Any) -> Payload:
    values = {name: getattr(one, name) for name in KEPT_FIELDS}
    return {**values, "checkin_time": int(one.checkin_time.timestamp())}


KEPT: dict[str, Callable[[wecom.Client, Payload], Payload]] = {"attendance.read_checkins": read}
"""Promise kind → what keeps it."""
