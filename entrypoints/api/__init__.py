"""The mini-program's JSON API, `/api/v1`: one file per domain, listed here."""

from flask import Blueprint

from entrypoints.api import (
    approvals,
    attendance,
    catalogue,
    document,
    forms,
    home,
    leave,
    leave_answers,
    notices,
    overtime,
    payroll,
    people,
    receipts,
    rosters,
    schedule,
    session,
)

DOMAINS = (
    approvals.bp,
    attendance.bp,
    catalogue.bp,
    document.bp,
    forms.bp,
    home.bp,
    leave.bp,
    leave_answers.bp,
    notices.bp,
    overtime.bp,
    payroll.bp,
    people.bp,
    receipts.bp,
    rosters.bp,
    schedule.bp,
    session.bp,
)


def surface() -> Blueprint:
    """The whole surface as one blueprint."""
    root = Blueprint("api", __name__, url_prefix="/api/v1")
    for domain in DOMAINS:
        root.register_blueprint(domain)
    return root
