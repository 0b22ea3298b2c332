"""The mobile pages, `/h5`: one file per domain, listed here; templates beside them."""

from flask import Blueprint

from entrypoints.h5 import (
    approvals,
    attendance,
    attendance_months,
    catalogue,
    forms,
    home,
    jssdk,
    leave,
    leave_answers,
    leave_waivers,
    notices,
    overtime,
    payslips,
    people,
    rosters,
    session,
)

DOMAINS: tuple[Blueprint, ...] = (
    approvals.bp,
    attendance.bp,
    attendance_months.bp,
    catalogue.bp,
    forms.bp,
    home.bp,
    jssdk.bp,
    leave.bp,
    leave_answers.bp,
    leave_waivers.bp,
    notices.bp,
    overtime.bp,
    payslips.bp,
    people.bp,
    rosters.bp,
    session.bp,
)


def surface() -> Blueprint:
    """The whole surface as one blueprint."""
    root = Blueprint("h5", __name__, url_prefix="/h5", template_folder="templates")
    for domain in DOMAINS:
        root.register_blueprint(domain)
    return root
