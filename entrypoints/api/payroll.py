"""My payslips for the mini-program."""

from flask import current_app

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Download
from kit.pages import Page, PageQuery
from services import payroll

bp = blueprint("payroll")


@bp.get("/payslips")
@endpoint(needs=OWN, query=payroll.HistoryQuery, returns=Page[payroll.PayslipLine])
def history(actor, query):
    """My payslips, newest month first; no amounts."""
    return payroll.history(actor, query)


@bp.get("/payslips/<string:payslip_id>")
@endpoint(needs=OWN, returns=payroll.PayslipView, step_up=True, writes=True)
def open_payslip(actor, payslip_id):
    """One of my payslips with every line; on record."""
    return payroll.open_own(actor, payslip_id)


@bp.get("/payslips/<string:payslip_id>/pdf")
@endpoint(needs=OWN, step_up=True, writes=True, per_minute=20)
def download(actor, payslip_id):
    """One of my payslips as a PDF with a watermark; on record."""
    payslip = payroll.open_own(actor, payslip_id, action="payroll.payslip.download")
    font = current_app.config["PDF"].font_path
    return Download("payslip.pdf", lambda: payroll.pdf(payslip, font), "application/pdf")


@bp.get("/payslips/<string:payslip_id>/viewers")
@endpoint(needs=OWN, returns=list[payroll.ViewedBy])
def viewers(actor, payslip_id):
    """Who has looked at this payslip, when and why."""
    return payroll.viewers(actor, payslip_id)


@bp.post("/payslips/<string:payslip_id>/confirm")
@endpoint(needs=OWN, status=204)
def confirm(actor, payslip_id):
    """I have received this payslip."""
    payroll.confirm(actor, payslip_id)


@bp.post("/payslips/<string:payslip_id>/disputes")
@endpoint(needs=OWN, body=payroll.Ask, returns=payroll.DisputeLine, status=201)
def ask(actor, body, payslip_id):
    """I have a question about a line."""
    return payroll.disputes.ask(actor, payslip_id, body)


@bp.get("/disputes")
@endpoint(needs=OWN, query=PageQuery, returns=Page[payroll.DisputeLine])
def disputes(actor, query):
    """My questions, newest first."""
    return payroll.disputes.mine(actor, query)


@bp.get("/disputes/<string:dispute_id>")
@endpoint(needs=OWN, returns=payroll.DisputeView, step_up=True)
def dispute(actor, dispute_id):
    """A question of mine with everything said."""
    return payroll.disputes.my_thread(actor, dispute_id)


@bp.post("/disputes/<string:dispute_id>/words")
@endpoint(needs=OWN, body=payroll.Reply, status=204)
def add(actor, body, dispute_id):
    """I add something."""
    payroll.disputes.add(actor, dispute_id, body)


@bp.post("/disputes/<string:dispute_id>/close")
@endpoint(needs=OWN, status=204)
def close(actor, dispute_id):
    """My question is answered."""
    payroll.disputes.close_own(actor, dispute_id)
