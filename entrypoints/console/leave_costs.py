"""What drafts of leave policies and of kinds would cost in money, for those who may read pay."""

from entrypoints import charts, exports
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download
from services import leave, people, policy_cost
from services.people import Actor, Permission

bp = blueprint("leave_costs", "/leave/costs")

PAY = Permission.PAYROLL_BATCH_READ
HEADER = ("部门", "天数有变化的人数", "增减天数", "增加的金额（元）", "减少的金额（元）", "合计（元）", "缺工资的人数")


@bp.get("")
@endpoint(needs=PAY, page="console/leave/costs.html")
def listing(actor: Actor) -> dict[str, object]:
    """The drafts that have been tried."""
    return {"drafts": leave.policy_drafts.tried(actor), "kinds": leave.kind_drafts.tried(actor)}


@bp.get("/<string:draft_id>")
@endpoint(needs=PAY, query=policy_cost.CostQuery, page="console/leave/cost.html", step_up=True, writes=True)
def cost(actor: Actor, query: policy_cost.CostQuery, draft_id: str) -> dict[str, object] | Download:
    """What one of them would cost; or the table as a file."""
    return _cost(actor, query, draft_id, policy_cost.POLICIES, "/console/leave/drafts/")


@bp.get("/kinds/<string:draft_id>")
@endpoint(needs=PAY, query=policy_cost.CostQuery, page="console/leave/cost.html", step_up=True, writes=True)
def kind_cost(actor: Actor, query: policy_cost.CostQuery, draft_id: str) -> dict[str, object] | Download:
    """What a draft of a kind would cost; or the table as a file."""
    return _cost(actor, query, draft_id, policy_cost.KINDS, "/console/leave/kind-drafts/")


def _cost(
    actor: Actor, query: policy_cost.CostQuery, draft_id: str, source: policy_cost.Source, trials: str
) -> dict[str, object] | Download:
    if query.format:
        found = policy_cost.export(actor, draft_id, query, source)
        return exports.file(f"{found.draft.kind_name}草案成本", HEADER, map(_line, found.lines), query.format)
    found = policy_cost.cost(actor, draft_id, query, source)
    chart = charts.scaled([(one.department, f"{one.amount.grouped} 元", abs(one.amount.fen)) for one in found.lines])
    departments = people.department_tree()
    return {"found": found, "chart": chart, "query": query, "departments": departments, "trials": trials}


def _line(one: policy_cost.CostLine) -> tuple[object, ...]:
    return (one.department, one.people, one.days, one.more, one.less, one.amount, one.missing)
