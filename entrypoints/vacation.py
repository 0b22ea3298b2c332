"""Reading and writing WeCom's own leave: its records become the plain values that leave's comparison understands."""

from collections.abc import Callable
from typing import Any

import wecom
from entrypoints.jobs.keeper import Refusal
from kit import clock, log
from services import leave, platform
from wecom.vacation import BY_DAY, BY_HOUR, OUTSIDE_SCOPE, NewQuota, Vacation, VacationQuota

UNKNOWN_MEMBER, NOT_VISIBLE, NOT_IN_RANGE = 60111, 60011, 60021
UNTOLD = frozenset({UNKNOWN_MEMBER, NOT_VISIBLE, NOT_IN_RANGE, OUTSIDE_SCOPE})
LONGEST_SECONDS = 30
"""A reading ends well within a worker's lease; the next one goes on."""
REMARKS = "人事系统对账"
NO_PERMISSION = (
    "企业微信没有允许读取假期（{error}）。请管理员在企业微信管理后台“审批 → 可调用接口的应用”里加入本应用，再重新对账"
)
logger = log.get(__name__)

Payload = dict[str, Any]


def read_kinds(client: wecom.Client, _payload: Payload) -> Payload:
    """What WeCom configures. Without permission the comparison ends and says what the administrator has to do."""
    try:
        told = client.vacation.kinds()
    except wecom.Misconfigured as error:
        raise Refusal(NO_PERMISSION.format(error=error)) from error
    return {
        "kinds": [
            {
                "vacation_id": one.id,
                "name": one.name,
                "is_hourly": one.time_attr == BY_HOUR,
                "is_unlimited": one.is_unlimited,
            }
            for one in told
        ]
    }


def read_quotas(client: wecom.Client, payload: Payload) -> Payload:
    """What the next people have: as many as can be read in time, and before WeCom wants a pause."""
    wanted = platform.transact(lambda: leave.drift.to_ask(payload["run"], payload["after"]), writes=False)
    quotas: dict[str, list[list[int]] | None] = {}
    ends = clock.ticks() + LONGEST_SECONDS
    for person_id, userid in wanted:
        try:
            quotas[person_id] = _quotas(client.vacation, userid)
        except wecom.Later:
            if not quotas:
                raise
            break
        if clock.ticks() > ends:
            break
    return {"quotas": quotas}


def _quotas(vacation: Vacation, userid: str) -> list[list[int]] | None:
    """(kind, used, left) in seconds; nothing for somebody of whom WeCom tells nothing."""
    told = _told(vacation, userid)
    return None if told is None else [[one.id, one.used, one.left] for one in told]


def _told(vacation: Vacation, userid: str) -> list[VacationQuota] | None:
    try:
        return vacation.quota(userid)
    except wecom.Misconfigured:
        raise
    except wecom.Refused as error:
        if error.errcode in UNTOLD:
            return None
        raise


def push_quota(client: wecom.Client, payload: Payload) -> Payload:
    """Reads again, and writes ours if what is there is still what was compared."""
    order = platform.transact(lambda: leave.drift.order(payload["drift"]), writes=False)
    if order is None:
        return {}
    told = _told(client.vacation, order.userid) or []
    now = next((one.left for one in told if one.id == order.vacation_id), None)
    if now == order.target:  # perhaps our own write, whose answer was lost
        return {"now": now, "expected": order.expected, "written": now}
    if now is None or now != order.expected:
        return {"now": now, "expected": order.expected}
    client.vacation.set_left(
        NewQuota(
            userid=order.userid,
            vacation_id=order.vacation_id,
            time_attr=BY_HOUR if order.is_hourly else BY_DAY,
            leftduration=order.target,
            remarks=REMARKS,
        )
    )
    logger.info("vacation.pushed")
    return {"now": now, "expected": now, "written": order.target}


KEPT: dict[str, Callable[[wecom.Client, Payload], Payload]] = {
    "leave.read_vacations": read_kinds,
    "leave.read_quotas": read_quotas,
    "leave.push_quota": push_quota,
}
"""Promise kind → what keeps it."""
