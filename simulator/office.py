"""The built-in apps check-in and approval. Rows are kept as their pages describe them; here are the rules."""

from typing import Any

from kit import clock
from simulator.errors import Refusal
from simulator.world import Approval, Office

DAY = 86400
CHECKIN_USERS, CHECKIN_DAYS = 100, 30
APPROVAL_DAYS, APPROVAL_PAGE = 31, 100
RECORDS = 200
RUNNING, APPROVED, REJECTED, WITHDRAWN = 1, 2, 3, 4
_COMMUTING, _OUTSIDE = ("上班打卡", "下班打卡"), ("外出打卡", "仅记录打卡时间和位置")
_CHECKIN_TYPES = {1: _COMMUTING, 2: _OUTSIDE, 3: _COMMUTING + _OUTSIDE}
_RECORD = {"userid", "checkin_time", "location_title", "location_detail", "device_type", "device_detail"}

Row = dict[str, Any]


def punches(office: Office, request: Row) -> list[Row]:
    """`checkin/getcheckindata`: rows of the users and the span asked for."""
    users = check_users(request)
    start, end = check_span(request, CHECKIN_DAYS)
    kinds = _CHECKIN_TYPES.get(request.get("opencheckindatatype", 0))
    if kinds is None:
        raise Refusal(40035, "opencheckindatatype")
    return [
        row
        for row in office.punches
        if row["userid"].lower() in users and start <= row["checkin_time"] <= end and row["checkin_type"] in kinds
    ]


def check_users(request: Row) -> set[str]:
    """Lower-case ids of `useridlist`, at most 100."""
    users = request.get("useridlist")
    if not isinstance(users, list) or not 1 <= len(users) <= CHECKIN_USERS:
        raise Refusal(301023)
    return {str(u).lower() for u in users}


def check_span(request: Row, days: int, code: int = 301024) -> tuple[int, int]:
    """`starttime` and `endtime`, which may come as text."""
    try:
        start, end = int(request["starttime"]), int(request["endtime"])
    except (KeyError, TypeError, ValueError):
        raise Refusal(40035, "starttime, endtime") from None
    if not start <= end <= start + days * DAY:
        raise Refusal(code)
    return start, end


def punch(userid: str, kind: str, at: int, extra: Row | None = None) -> Row:
    """A check-in row with every documented field; coordinates are degrees × 1,000,000, GCJ-02."""
    blank: Row = {
        "userid": userid,
        "groupname": "总部考勤",
        "checkin_type": kind,
        "exception_type": "",
        "checkin_time": at,
        "location_title": "",
        "location_detail": "",
        "wifiname": "",
        "wifimac": "",
        "notes": "",
        "mediaids": [],
        "lat": 0,
        "lng": 0,
        "deviceid": "",
        "sch_checkin_time": at,
        "groupid": 1,
        "schedule_id": 0,
        "timeline_id": 1,
    }
    return blank | (extra or {})


def add_records(office: Office, records: Any) -> None:
    """`checkin/add_checkin_record`: punches of other systems, all or none."""
    if not isinstance(records, list) or not 1 <= len(records) <= RECORDS:
        raise Refusal(40035, "records")
    for record in records:
        missing = _RECORD - set(record)
        if missing or record["device_type"] not in (1, 2, 3) or len(str(record["device_detail"])) > 40:
            raise Refusal(40035, ", ".join(sorted(missing)) or "device")
        if abs(record.get("lat", 0)) > 90_000_000 or abs(record.get("lng", 0)) > 180_000_000:
            raise Refusal(40035, "lat, lng")
    office.punches += [punch(r["userid"], "上班打卡", int(r["checkin_time"]), r) for r in records]


def apply(office: Office, request: Row) -> Approval:
    """`oa/applyevent`: files an application; the number is too large for a double."""
    template = office.templates.get(str(request.get("template_id", "")))
    if template is None:
        raise Refusal(301026)
    if not request.get("creator_userid") or request.get("use_template_approver") not in (0, 1):
        raise Refusal(301025)
    _check_controls(template, request)
    if len(request.get("summary_list") or []) > 3 or not request.get("summary_list"):
        raise Refusal(301025, "summary_list")
    nodes = (request.get("process") or {}).get("node_list") or []
    approvers = [u for node in nodes if node.get("type") == 1 for u in node.get("userid", [])]
    if request["use_template_approver"] == 0 and not approvers:
        raise Refusal(301025, "process")
    sp_no = f"{clock.today():%Y%m%d}{9_000_000_000 + len(office.approvals):010d}"
    office.approvals[sp_no] = Approval(
        sp_no, request["template_id"], request["creator_userid"], clock.epoch(), body=request, approvers=approvers
    )
    return office.approvals[sp_no]


def _check_controls(template: Row, request: Row) -> None:
    filled = {c.get("id") for c in (request.get("apply_data") or {}).get("contents") or [] if c.get("value")}
    for control in template["template_content"]["controls"]:
        if control["property"].get("require") and control["property"]["id"] not in filled:
            raise Refusal(301025, control["property"]["id"])


def find(office: Office, request: Row) -> Row:
    """`oa/getapprovalinfo`: numbers of a span, filtered, a page at a time by `new_cursor`."""
    start, end = check_span(request, APPROVAL_DAYS, code=301112)
    size = request.get("size", APPROVAL_PAGE)
    if not isinstance(size, int) or not 1 <= size <= APPROVAL_PAGE:
        raise Refusal(40035, "size")
    filters = request.get("filters") or []
    rows = [a for a in office.approvals.values() if start <= a.applied_at <= end and _matches(a, filters)]
    first = int(request.get("new_cursor") or 0)
    reply: Row = {"sp_no_list": [a.sp_no for a in rows[first : first + size]]}
    if first + size < len(rows):
        reply["new_next_cursor"] = str(first + size)
    return reply


def _matches(approval: Approval, filters: list[Row]) -> bool:
    values = {"template_id": approval.template_id, "creator": approval.applicant, "sp_status": str(approval.status)}
    return all(values.get(f.get("key", ""), f.get("value")) == str(f.get("value")) for f in filters)


def detail(approval: Approval, party: int) -> Row:
    """`oa/getapprovaldetail`: `ApvRel` counts 1 all, 2 any; `approverattr` counts 1 any, 2 all."""
    decided = {"speech": approval.speech, "sp_status": approval.status, "sptime": approval.decided_at}
    return {
        "sp_no": approval.sp_no,
        "sp_name": "审批申请",
        "sp_status": approval.status,
        "template_id": approval.template_id,
        "apply_time": approval.applied_at,
        "applyer": {"userid": approval.applicant, "partyid": str(party)},
        "sp_record": [
            {
                "sp_status": approval.status,
                "approverattr": 1,
                "details": [{"approver": {"userid": u}, **decided, "media_id": []} for u in approval.approvers],
            }
        ],
        "notifyer": [],
        "apply_data": approval.body.get("apply_data", {"contents": []}),
        "comments": [],
    }


def change_event(approval: Approval, party: int, change: int) -> Row:
    """The `ApprovalInfo` of `sys_approval_change`; `change` is its `StatuChangeEvent`."""
    decided = {"Speech": approval.speech, "SpStatus": approval.status, "SpTime": approval.decided_at}
    return {
        "SpNo": int(approval.sp_no),
        "SpName": "审批申请",
        "SpStatus": approval.status,
        "TemplateId": approval.template_id,
        "ApplyTime": approval.applied_at,
        "Applyer": {"UserId": approval.applicant, "Party": str(party)},
        "SpRecord": {
            "SpStatus": approval.status,
            "ApproverAttr": 1,
            "Details": [{"Approver": {"UserId": u}, **decided} for u in approval.approvers],
        },
        "StatuChangeEvent": change,
    }
