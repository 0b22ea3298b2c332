"""Leave that means something for the pay of a month: a list for HR and payroll, a file, and payroll's close."""

from entrypoints import exports
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from models.enums import Treatment
from services import leave, people
from services.people import Actor, Permission

bp = blueprint("leave_pay", "/leave/pay")
paying = leave.paying

READ, CLOSE = Permission.LEAVE_PAY_READ, Permission.LEAVE_PAY_CLOSE
HERE = "/console/leave/pay"
HEADER = (
    "员工", "部门", "假别", "事项", "开始", "结束", "天数", "分钟", "其中工作日分钟", "怎么付", "本人工资比例",
    "最低工资比例", "计算方式", "另付日工资比例", "补记以前月份", "说明",
)  # fmt: skip


@bp.get("")
@endpoint(needs=READ, query=paying.BoardQuery, page="console/leave/pay_month.html", writes=True)
def month(actor: Actor, query: leave.paying.BoardQuery) -> dict[str, object] | Download:
    """The lines of a month within reach; or all of them as a file."""
    if query.format:
        rows = map(_line, paying.exported(actor, query))
        return exports.file(f"影响工资的假期 {query.month}", HEADER, rows, query.format)
    return {
        "page": paying.listing(actor, query),
        "state": paying.state(actor, query.month),
        "query": query,
        "departments": people.department_tree(),
        "names": {"treatments": paying.TREATMENTS, "reasons": leave.settlements.REASONS, "percent": paying.percent},
    }


def _line(one: leave.paying.BoardLine) -> tuple[object, ...]:
    line = one.line
    what = leave.settlements.REASONS[line.reason] if line.reason else "请假"
    paid = paying.TREATMENTS[line.treatment] if line.treatment else "折算"
    shares = [paying.percent(part) if line.treatment is Treatment.SHARE else "" for part in (line.share, line.floor)]
    rest = (f"{line.percent}%" if line.percent else "", "是" if line.is_late else "", "；".join(line.sentences))
    when = (line.first_day, line.last_day, line.days.normalize(), line.minutes, line.workday_minutes)
    return (one.person_name, one.department, one.kind_name, what, *when, paid, *shares, line.method or "", *rest)


@bp.post("/close")
@endpoint(needs=CLOSE, body=paying.Close)
def close(actor: Actor, body: leave.paying.Close) -> Redirect:
    """Take the month over into pay."""
    paying.close(actor, body)
    return Redirect(f"{HERE}?month={body.month}")
