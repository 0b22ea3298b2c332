"""The HR console, `/console`: one file per domain, listed here; templates beside them."""

from flask import Blueprint

from entrypoints.console import (
    approval_design,
    approval_figures,
    approvals,
    attendance,
    attendance_months,
    attendance_punches,
    drift,
    forms,
    home,
    leave,
    leave_answers,
    leave_costs,
    leave_drafts,
    leave_grants,
    leave_kind_drafts,
    leave_kinds,
    leave_lapses,
    leave_pay,
    leave_policies,
    leave_reports,
    leave_settlements,
    notices,
    overtime,
    payroll,
    people,
    platform,
    rosters,
    schedule,
    session,
)

DOMAINS: tuple[Blueprint, ...] = (
    approval_design.bp,
    approval_figures.bp,
    approvals.bp,
    attendance.bp,
    attendance_months.bp,
    attendance_punches.bp,
    drift.bp,
    forms.bp,
    home.bp,
    leave.bp,
    leave_answers.bp,
    leave_costs.bp,
    leave_drafts.bp,
    leave_grants.bp,
    leave_kind_drafts.bp,
    leave_kinds.bp,
    leave_lapses.bp,
    leave_pay.bp,
    leave_policies.bp,
    leave_reports.bp,
    leave_settlements.bp,
    notices.bp,
    overtime.bp,
    payroll.bp,
    people.bp,
    platform.bp,
    rosters.bp,
    schedule.bp,
    session.bp,
)


def surface() -> Blueprint:
    """The whole surface as one blueprint."""
    root = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")
    for domain in DOMAINS:
        root.register_blueprint(domain)
    return root
