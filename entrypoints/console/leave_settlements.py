"""Leave that became pay: HR sees the days and how they were reckoned, payroll enters the wage and gets the amount."""

from entrypoints import exports
from entrypoints.http import blueprint, endpoint
from entrypoints.results import Download, Redirect
from services import leave
from services.people import Actor, Permission

bp = blueprint("leave_settlements", "/leave/settlements")
settlements = leave.settlements

READ, PRICE = Permission.LEAVE_SETTLEMENT_READ, Permission.LEAVE_SETTLEMENT_PRICE
ADJUST = Permission.LEAVE_BALANCE_ADJUST
HERE = "/console/leave/settlements"
HEADER = ("员工", "部门", "事由", "入职日期", "应付日期", "折算天数", "另付比例", "状态", "计算过程")


@bp.get("")
@endpoint(needs=READ, query=settlements.SettlementsQuery, page="console/leave/settlements.html", writes=True)
def listing(actor: Actor, query: settlements.SettlementsQuery) -> dict[str, object] | Download:
    """The settlements within reach, those due last first; or the list as a file."""
    if query.format:
        return exports.file("未休折算", HEADER, map(_line, settlements.exported(actor, query)), query.format)
    names = {"states": settlements.STATES, "reasons": settlements.REASONS}
    return {"page": settlements.listing(actor, query), "query": query, **names}


def _line(one: settlements.SettlementOut) -> tuple[object, ...]:
    who = (one.person_name, one.department, settlements.REASONS[one.reason], one.hired_on, one.due_on)
    paid = (one.days.normalize(), f"{one.percent}%", settlements.STATES[one.state])
    return (*who, *paid, "；".join(one.sentences))


@bp.get("/<string:settlement_id>")
@endpoint(needs=READ, page="console/leave/settlement.html")
def show(actor: Actor, settlement_id: str) -> dict[str, object]:
    """One settlement with its reckoning."""
    found = settlements.detail(actor, settlement_id)
    may = {"may_price": actor.may(PRICE), "may_adjust": actor.may(ADJUST)}
    return {"settlement": found, "states": settlements.STATES, "reasons": settlements.REASONS, **may}


@bp.post("/<string:settlement_id>/price")
@endpoint(needs=PRICE, body=settlements.Price, step_up=True)
def price(actor: Actor, body: settlements.Price, settlement_id: str) -> Redirect:
    """Enter the average wage."""
    settlements.price(actor, settlement_id, body)
    return Redirect(f"{HERE}/{settlement_id}/pay")


@bp.get("/<string:settlement_id>/pay")
@endpoint(needs=PRICE, page="console/leave/pay.html", step_up=True, writes=True)
def pay(actor: Actor, settlement_id: str) -> settlements.PricedOut:
    """The pay line with its arithmetic; on record."""
    return settlements.priced(actor, settlement_id)


@bp.post("/<string:settlement_id>/void")
@endpoint(needs=ADJUST)
def void(actor: Actor, settlement_id: str) -> Redirect:
    """Take a settlement back; the days return."""
    settlements.void(actor, settlement_id)
    return Redirect(f"{HERE}/{settlement_id}")


@bp.post("/<string:settlement_id>/restate")
@endpoint(needs=ADJUST, body=settlements.Restate)
def restate(actor: Actor, body: settlements.Restate, settlement_id: str) -> Redirect:
    """Reckon again with the true last day."""
    settlements.restate(actor, settlement_id, body)
    return Redirect(f"{HERE}/{settlement_id}")
