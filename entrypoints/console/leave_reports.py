"""HR's reports on leave: what was taken and by whom, what is unused, and what the unused would cost."""

from entrypoints import charts, exports
from entrypoints.http import blueprint, endpoint
from services import leave, liability, people
from services.people import Permission

bp = blueprint("leave_reports", "/leave/reports")

BY = {"department": "部门", "kind": "假别", "weekday": "星期"}
REQUESTS, BALANCES, PAY = Permission.LEAVE_REQUEST_READ, Permission.LEAVE_BALANCE_READ, Permission.PAYROLL_BATCH_READ
LIABILITY_HEADER = ("部门", "有未休的人数", "未休天数", "折算金额（元）", "缺工资的人数")
UNUSED_HEADER = ("部门", "有余额的人数", "剩余天数", "90 天内到期天数")


@bp.get("")
@endpoint(needs=REQUESTS, query=leave.reports.ReportQuery, page="console/leave/report.html", writes=True)
def taken(actor, query):
    """Approved leave by department, kind or weekday; or the table as a file."""
    if query.format:
        found = leave.reports.export(actor, query)
        rows = [(one.title, one.days, one.times) for one in found.slices]
        return exports.file(
            f"请假分布 {query.first} 至 {query.last}", (BY[query.by], "天数", "人日"), rows, query.format
        )
    found = leave.reports.distribution(actor, query)
    chart = [(one.title, f"{one.days} 天", one.share) for one in found.slices]
    return {
        "found": found,
        "chart": charts.scaled(chart),
        "query": query,
        "by": BY,
        "departments": people.department_tree(),
    }


@bp.get("/unused")
@endpoint(needs=BALANCES, query=leave.unused.UnusedQuery, page="console/leave/unused.html", writes=True)
def unused(actor, query):
    """What is unused of a kind, by department; or the table as a file."""
    if query.format:
        rows = [(one.title, one.people, one.days, one.soon) for one in leave.unused.export(actor, query).lines]
        return exports.file("未休假期", UNUSED_HEADER, rows, query.format)
    found = leave.unused.by_department(actor, query)
    kinds = [(kind.code, kind.name) for kind in leave.all_kinds() if kind.rules.needs_balance and kind.is_active]
    chart = charts.scaled([(one.title, f"{one.days} 天", one.days) for one in found.lines])
    return {"found": found, "chart": chart, "query": query, "kinds": kinds, "departments": people.department_tree()}


@bp.get("/liability")
@endpoint(needs=PAY, query=liability.LiabilityQuery, page="console/leave/liability.html", step_up=True, writes=True)
def money(actor, query):
    """What the unused statutory days would cost; or the table as a file."""
    if query.format:
        lines = liability.export(actor, query).lines
        rows = [(one.department, one.people, one.days, one.amount, one.missing) for one in lines]
        return exports.file("未休年假折算", LIABILITY_HEADER, rows, query.format)
    found = liability.liability(actor, query)
    chart = charts.scaled([(one.department, f"{one.amount.grouped} 元", one.amount.fen) for one in found.lines])
    return {"found": found, "chart": chart, "query": query, "departments": people.department_tree()}
