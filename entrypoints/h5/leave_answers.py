"""Answers about leave on the phone: why I have it, what I will have, and how to use it best."""

from entrypoints.http import OWN, blueprint, endpoint
from services import leave

bp = blueprint("leave_answers", "/leave")


@bp.get("/why")
@endpoint(needs=OWN, query=leave.explain.WhyQuery, page="h5/leave/why.html")
def why(actor, query):
    """What made my balance of a kind."""
    return leave.explain.why(actor, query)


@bp.get("/requests/<string:request_id>/charge")
@endpoint(needs=OWN, page="h5/leave/charge.html")
def charge(actor, request_id):
    """Why a request costs what it costs."""
    return leave.charge.charge(actor, request_id)


@bp.get("/forecast")
@endpoint(needs=OWN, query=leave.forecast.ForecastQuery, page="h5/leave/forecast.html")
def forecast(actor, query):
    """What I will have on a day."""
    return {"forecasts": leave.forecast.balance_on(actor, query), "query": query}


@bp.get("/planner")
@endpoint(needs=OWN, query=leave.planner.PlannerQuery, page="h5/leave/planner.html")
def planner(actor, query):
    """The best use of my days around the holidays of the coming year."""
    return leave.planner.plan(actor, query)


@bp.get("/calendar")
@endpoint(needs=OWN, query=leave.calendar.MonthQuery, page="h5/leave/calendar.html")
def calendar(actor, query):
    """How many of my team are away on each day of a month, and who on one day."""
    return leave.calendar.month(actor, query)


@bp.get("/why-not")
@endpoint(needs=OWN, query=leave.Plan, page="h5/leave/_whynot.html")
def why_not(actor, query):
    """What stands against the form as it is: the rule, its source, the figures."""
    return leave.whynot.why_not(actor, query)
