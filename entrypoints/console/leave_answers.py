"""Answers about somebody's leave for those who look after them: why they have it, what they will have."""

from entrypoints.http import blueprint, endpoint
from services import leave, people
from services.people import Permission

bp = blueprint("leave_answers", "/leave")

REQUESTS, BALANCES = Permission.LEAVE_REQUEST_READ, Permission.LEAVE_BALANCE_READ


@bp.get("/people/<string:person_id>/why")
@endpoint(needs=BALANCES, query=leave.explain.WhyQuery, page="console/leave/why.html")
def why(actor, person_id, query):
    """What made somebody's balance of a kind."""
    told = leave.explain.why(actor, query, person_id)
    return {"why": told, "person_id": person_id, "name": people.get(person_id).name}


@bp.get("/people/<string:person_id>/forecast")
@endpoint(needs=BALANCES, query=leave.forecast.ForecastQuery, page="console/leave/forecast.html")
def forecast(actor, person_id, query):
    """What somebody will have on a day."""
    told = leave.forecast.balance_on(actor, query, person_id)
    return {"forecasts": told, "query": query, "person_id": person_id, "name": people.get(person_id).name}


@bp.get("/requests/<string:request_id>/charge")
@endpoint(needs=REQUESTS, page="console/leave/charge.html")
def charge(actor, request_id):
    """Why a request costs what it costs."""
    return leave.charge.charge(actor, request_id)
