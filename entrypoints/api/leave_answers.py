"""Answers about leave for the mini-program: why I have it, what I will have, and how to use it best."""

from entrypoints.http import OWN, blueprint, endpoint
from services import leave

bp = blueprint("leave_answers", "/leave")


@bp.get("/why")
@endpoint(needs=OWN, query=leave.explain.WhyQuery, returns=leave.explain.WhyOut)
def why(actor, query):
    """What made my balance of a kind: its lots, their entries, the days of each request."""
    return leave.explain.why(actor, query)


@bp.get("/requests/<string:request_id>/charge")
@endpoint(needs=OWN, returns=leave.charge.ChargeOut)
def charge(actor, request_id):
    """Why a request costs what it costs, day by day and lot by lot."""
    return leave.charge.charge(actor, request_id)


@bp.get("/forecast")
@endpoint(needs=OWN, query=leave.forecast.ForecastQuery, returns=list[leave.forecast.ForecastOut])
def forecast(actor, query):
    """What I will have on a day, step by step from today."""
    return leave.forecast.balance_on(actor, query)


@bp.get("/planner")
@endpoint(needs=OWN, query=leave.planner.PlannerQuery, returns=leave.planner.PlannerOut)
def planner(actor, query):
    """The best use of my days around the holidays of the coming year."""
    return leave.planner.plan(actor, query)


@bp.get("/calendar")
@endpoint(needs=OWN, query=leave.calendar.MonthQuery, returns=leave.calendar.MonthOut)
def calendar(actor, query):
    """How many of my team are away on each day of a month, and who on one day."""
    return leave.calendar.month(actor, query)


@bp.get("/why-not")
@endpoint(needs=OWN, query=leave.Plan, returns=leave.whynot.WhyNotOut)
def why_not(actor, query):
    """What would stand against a request: the rule, its source, the figures."""
    return leave.whynot.why_not(actor, query)
