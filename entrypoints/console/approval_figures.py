"""HR's figures about approvals: how long nodes take, how often they refuse, what is stuck, who is overloaded."""

from entrypoints import exports
from entrypoints.http import blueprint, endpoint
from services import approvals
from services.people import Permission

bp = blueprint("approval_figures", "/approvals/figures")

READ, APPROVERS = Permission.APPROVALS_INSTANCE_READ, Permission.APPROVALS_APPROVER_READ
MOST_BARS = 12
TIMED = ("已审批", "中位用时（小时）", "九成不超过（小时）", "中位工时（小时）", "九成工时（小时）", "驳回率（%）")
FILES = {
    "nodes": ("审批环节", ("类型", "环节", *TIMED, "正在等待", "最早等待自")),
    "months": ("审批按月", ("月份", *TIMED)),
    "stuck": ("等待最久的审批", ("申请", "类型", "申请人", "环节", "等待自", "已等待（小时）", "等待")),
    "approvers": ("审批人", ("姓名", "部门", "正在等待", "最早等待自", *TIMED)),
}


@bp.get("")
@endpoint(needs=READ, query=approvals.FiguresQuery, page="console/approvals/figures.html", writes=True)
def figures(actor, query):
    """All figures of a subject and period; or one table as a file."""
    if query.format:
        title, header = FILES[query.part]
        return exports.file(title, header, map(LINES[query.part], approvals.mining.export(actor, query)), query.format)
    told = approvals.working.decisions(actor, query)
    nodes, months = approvals.mining.nodes(actor, query, told), approvals.mining.months(actor, query, told)
    stuck = approvals.mining.stuck(actor, query)
    people = approvals.mining.approvers(actor, query, told) if actor.may(APPROVERS) else None
    return {
        "query": query,
        "period": query.period,
        "subjects": approvals.titles(),
        "nodes": nodes,
        "months": months,
        "stuck": stuck,
        "approvers": people,
        "charts": _charts(nodes, months, stuck, people or []),
    }


def _charts(nodes, months, stuck, people):
    timed = [(f"{one.node} · {one.subject}", one.timed) for one in nodes if one.timed]
    return {
        "nodes": _waits("bars", timed),
        "months": _waits("columns", [(f"{one.month:%Y-%m}", one) for one in months]),
        "stuck": _chart("bars", [one.title for one in stuck], ("已等待（小时）", [one.hours for one in stuck])),
        "approvers": _chart("bars", [one.name for one in people], ("正在等待（件）", [one.waiting for one in people])),
    }


def _waits(kind, timed):
    medians = [one.median_hours for _, one in timed]
    highs = [one.high_hours for _, one in timed]
    return _chart(kind, [label for label, _ in timed], (TIMED[1], medians), (TIMED[2], highs))


def _chart(kind, labels, *series):
    """What `charts.js` draws: bars lie, columns stand; only the first rows, the table has them all."""
    return {
        "kind": kind,
        "labels": labels[:MOST_BARS],
        "series": [{"name": name, "values": values[:MOST_BARS]} for name, values in series],
    }


def _timed(one):
    if not one:
        return ("",) * len(TIMED)
    worked = (one.worked_median_hours, one.worked_high_hours)
    return (one.decided, one.median_hours, one.high_hours, *worked, one.refused_percent)


def _node_line(one):
    return (one.subject, one.node, *_timed(one.timed), one.waiting, exports.at(one.oldest_since))


def _month_line(one):
    return (f"{one.month:%Y-%m}", *_timed(one))


def _stuck_line(one):
    waiting_for = "、".join(one.waiting_for)
    return (one.title, one.subject, one.applicant, one.node, exports.at(one.since), one.hours, waiting_for)


def _approver_line(one):
    times = _timed(one.timed) if one.timed else (one.decided, *_timed(None)[1:])
    return (one.name, one.department, one.waiting, exports.at(one.oldest_since), *times)


LINES = {"nodes": _node_line, "months": _month_line, "stuck": _stuck_line, "approvers": _approver_line}
