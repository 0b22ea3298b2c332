"""HR's leave: requests, everybody's balances with their ledgers, adjustments."""

from entrypoints import exports
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit import clock
from services import leave, people
from services.people import Permission

bp = blueprint("leave")

REQUESTS, BALANCES = Permission.LEAVE_REQUEST_READ, Permission.LEAVE_BALANCE_READ
ADJUST = Permission.LEAVE_BALANCE_ADJUST
REQUEST_HEADER = ("姓名", "部门", "假别", "状态", "时间", "开始", "结束", "天数", "分钟", "事由", "提交时间")


@bp.get("")
@endpoint(needs=REQUESTS, query=leave.RequestsQuery, page="console/leave/requests.html", writes=True)
def requests(actor, query):
    """The requests of the people I look after; or the whole list as a file."""
    if query.format:
        rows = [_request_row(one) for one in leave.export_rows(actor, query)]
        return exports.file("请假记录", REQUEST_HEADER, rows, query.format)
    kinds = {kind.code: kind.name for kind in leave.all_kinds()}
    return {"page": leave.requests(actor, query), "query": query, "kinds": kinds, "states": leave.STATES}


def _request_row(one):
    made = f"{clock.local(one.created_at):%Y-%m-%d %H:%M}"
    facts = (one.person_name, one.department, one.kind_name, leave.STATES[one.state], one.span)
    return (*facts, one.first_day, one.last_day, one.days.normalize(), one.minutes, one.reason, made)


@bp.get("/requests/<string:request_id>")
@endpoint(needs=REQUESTS, page="console/leave/request.html")
def request(actor, request_id):
    """One request with its days and its way through approval."""
    detail = leave.request_detail(actor, request_id)
    told = {"states": leave.STATES, "covers": leave.covering.WORDS}
    return {"request": detail, "timeline": leave.timeline(actor, request_id), **told}


@bp.get("/requests/<string:request_id>/proof")
@endpoint(needs=REQUESTS, writes=True)
def proof(actor, request_id):
    """The proof of a request; looking is audited."""
    file = leave.proof(actor, request_id)
    return Download(file.name, file.content, file.media_type)


@bp.get("/balances")
@endpoint(needs=BALANCES, query=leave.PeopleQuery, page="console/leave/balances.html", writes=True)
def balances(actor, query):
    """What everybody I look after has; or the whole table as a file."""
    kinds = {kind.code: kind.name for kind in leave.all_kinds() if kind.rules.needs_balance and kind.is_active}
    if query.format:
        header = ("姓名", "部门", "入职日期", "参加工作日期", *kinds.values())
        rows = [_balance_row(one, kinds) for one in leave.export_overview(actor, query)]
        return exports.file("假期余额", header, rows, query.format)
    return {"page": leave.overview(actor, query), "query": query, "kinds": kinds}


def _balance_row(one, kinds):
    known = (one.name, one.department, one.hired_on, one.first_worked_on)
    return (*known, *(one.lengths.get(code, "") for code in kinds))


@bp.get("/people/<string:person_id>")
@endpoint(needs=BALANCES, query=leave.LedgerQuery, page="console/leave/person.html")
def person(actor, person_id, query):
    """One person's balances and ledger, and the form to adjust them."""
    kinds = [(kind.code, kind.name) for kind in leave.all_kinds() if kind.rules.needs_balance]
    found, entries = leave.balances(actor, person_id), leave.entries(actor, query, person_id)
    name = people.get(person_id).name
    return {"person_id": person_id, "name": name, "balances": found, "entries": entries, "kinds": kinds, "query": query}


@bp.post("/adjustments")
@endpoint(needs=ADJUST, body=leave.Adjust)
def adjust(actor, body):
    """Give or take leave with a reason."""
    leave.adjust(actor, body)
    return Redirect(f"/console/leave/people/{body.person_id}")
