"""HR's view of approvals: the requests on their way, and the chains they take."""

from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit import clock, workbook
from services import approvals
from services.people import Permission

bp = blueprint("approvals")

READ, EDIT = Permission.APPROVALS_INSTANCE_READ, Permission.APPROVALS_FLOW_EDIT
HEADER = ("申请", "类型", "申请人", "状态", "等待", "提交时间", "结束时间")
STATES = {"pending": "审批中", "returned": "已退回", "approved": "已同意", "rejected": "已驳回", "withdrawn": "已撤回"}


@bp.get("")
@endpoint(needs=READ, query=approvals.InstanceQuery, page="console/approvals/list.html", writes=True)
def listing(actor, query):
    """The requests, filtered and sorted; or the whole list as a file."""
    if query.format:
        return _file(approvals.export(actor, query), query.format)
    subjects = approvals.titles()
    return {"page": approvals.instances(actor, query), "query": query, "subjects": subjects, "states": STATES}


@bp.get("/flows")
@endpoint(needs=EDIT, page="console/approvals/flows.html")
def flows(actor):
    """Every subject with the chain in force."""
    return approvals.all_flows()


@bp.get("/flows/<string:subject>")
@endpoint(needs=EDIT, page="console/approvals/flow.html")
def flow(actor, subject):
    """One chain with its versions and the editor."""
    return {**dict(approvals.flow(subject)), "ready_made": approvals.ready_made(subject)}


@bp.post("/flows/<string:subject>")
@endpoint(needs=EDIT, body=approvals.SaveFlow)
def save(actor, body, subject):
    """Adds a version; requests on their way keep theirs."""
    approvals.save(actor, subject, body)
    return Redirect(f"/console/approvals/flows/{subject}")


@bp.post("/flows/<string:subject>/try")
@endpoint(needs=EDIT, body=approvals.TryFlow, page="console/approvals/_route.html")
def try_out(actor, body, subject):
    """The steps the chain being edited would have for somebody's request."""
    return approvals.try_out(subject, body)


@bp.get("/<string:instance_id>")
@endpoint(needs=READ, page="console/approvals/request.html")
def request(actor, instance_id):
    """One request with its steps and history."""
    return approvals.detail(actor, instance_id)


def _file(found, form):
    titles = approvals.titles()
    rows = [
        (
            one.title,
            titles.get(one.subject, one.subject),
            one.applicant,
            STATES[one.state],
            "、".join(one.waiting_for),
            _at(one.started_at),
            _at(one.ended_at),
        )
        for one in found
    ]
    if form == "csv":
        return Download("审批记录.csv", workbook.write_csv(HEADER, rows), "text/csv")
    return Download("审批记录.xlsx", workbook.write("审批记录", HEADER, rows), workbook.MEDIA_TYPE)


def _at(at):
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""
