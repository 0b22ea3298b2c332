"""Answers about somebody's leave for those who look after them: why they have it, what they will have."""

from entrypoints import exports
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


@bp.get("/calendar")
@endpoint(needs=REQUESTS, query=leave.calendar.GridQuery, page="console/leave/calendar.html", writes=True)
def calendar(actor, query):
    """A month of the people I look after; or the whole grid as a file."""
    if query.format:
        grid = leave.calendar.export(actor, query)
        header = ("姓名", "部门", *(one.day for one in grid.days))
        return exports.file(
            f"{query.month} 团队日历", [str(name) for name in header], map(_line, grid.people), query.format
        )
    return {"grid": leave.calendar.grid(actor, query), "query": query, "departments": people.department_tree()}


def _line(one):
    return (one.name, one.department, *(_mark(mark) for mark in one.marks))


def _mark(mark):
    return mark.kind_name + "（审批中）" * mark.is_pending + "（部分）" * mark.is_part
