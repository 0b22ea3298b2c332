"""The built-in leave: amounts in seconds, 86,400 a day and 3,600 an hour whatever a working day is."""

from typing import Any

from simulator.directory import Directory
from simulator.errors import Refusal
from simulator.world import Office

BY_DAY, BY_HOUR = 0, 1
DAY, HOUR = 86_400, 3_600
UNITS = {BY_DAY: DAY, BY_HOUR: HOUR}
TENTH = 10
MOST = {BY_DAY: 1_000 * DAY, BY_HOUR: 24_000 * HOUR}
LONGEST_REMARKS = 200

Row = dict[str, Any]


def holding(office: Office, directory: Directory, userid: str) -> list[Row]:
    """The kinds that hold for this member: those of their departments and those without a scope."""
    key = userid.lower()
    return [row for row in office.vacations if _holds(office.vacation_scopes.get(row["id"]), directory, key)]


def _holds(scope: list[int] | None, directory: Directory, key: str) -> bool:
    return scope is None or any(key in directory.in_department(number) for number in scope)


def quota_rows(office: Office, directory: Directory, userid: str) -> list[Row]:
    """`oa/vacation/getuservacationquota`: the kinds that hold for the member, with their amounts."""
    return [_quota_row(row, office.quotas.get(userid.lower(), {})) for row in holding(office, directory, userid)]


def _quota_row(vacation: Row, mine: dict[int, dict[str, int]]) -> Row:
    quota = mine.get(vacation["id"], {})
    assigned, used = quota.get("assigned", 0), quota.get("used", 0)
    return {
        "id": vacation["id"],
        "vacationname": vacation["name"],
        "assignduration": assigned,
        "usedduration": used,
        "leftduration": assigned - used,
        "real_assignduration": assigned,
    }


def set_left(office: Office, directory: Directory, userid: str, request: Row) -> None:
    """`oa/vacation/setoneuserquota`: `leftduration` is the new remaining amount, in steps of a tenth."""
    vacation = _named(office, request)
    _check_left(request.get("leftduration"), vacation["time_attr"])
    remarks = request.get("remarks")
    if remarks is not None and (not isinstance(remarks, str) or len(remarks) > LONGEST_REMARKS):
        raise Refusal(301063, "remarks")
    if vacation not in holding(office, directory, userid):
        raise Refusal(301098)
    quota = of(office, userid, vacation["id"])
    quota["assigned"] = request["leftduration"] + quota["used"]


def _named(office: Office, request: Row) -> Row:
    wanted = request.get("vacation_id")
    vacation = next((v for v in office.vacations if type(wanted) is int and v["id"] == wanted), None)
    if vacation is None:
        raise Refusal(301063, "vacation_id")
    unit = request.get("time_attr")
    if type(unit) is not int or unit != vacation["time_attr"]:
        raise Refusal(301063, "time_attr")
    return vacation


def _check_left(left: Any, unit: int) -> None:
    if type(left) is not int or not 0 <= left <= MOST[unit] or left % (UNITS[unit] // TENTH):
        raise Refusal(301063, "leftduration")


def of(office: Office, userid: str, vacation_id: int) -> dict[str, int]:
    """What a member was given and has used of a kind, in seconds, to be read or changed."""
    return office.quotas.setdefault(userid.lower(), {}).setdefault(vacation_id, {"assigned": 0, "used": 0})
