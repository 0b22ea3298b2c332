"""My payslips on the phone."""

from flask import current_app

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Download, Redirect
from kit.pages import PageQuery
from services import payroll

bp = blueprint("payslips")


@bp.get("")
@endpoint(needs=OWN, query=payroll.HistoryQuery, page="h5/payslips/list.html")
def history(actor, query):
    """My payslips, newest month first; no amounts."""
    return {"page": payroll.history(actor, query), "query": query}


@bp.get("/<string:payslip_id>")
@endpoint(needs=OWN, page="h5/payslips/payslip.html", step_up=True, writes=True)
def open_payslip(actor, payslip_id):
    """One of my payslips with every line; on record."""
    return payroll.open_own(actor, payslip_id)


@bp.get("/<string:payslip_id>/pdf")
@endpoint(needs=OWN, step_up=True, writes=True, per_minute=20)
def download(actor, payslip_id):
    """One of my payslips as a PDF with a watermark; on record."""
    payslip = payroll.open_own(actor, payslip_id, action="payroll.payslip.download")
    font = current_app.config["PDF"].font_path
    name = f"{payslip.month:%Y-%m} {payslip.title}条.pdf"
    return Download(name, lambda: payroll.pdf(payslip, font), "application/pdf")


@bp.get("/<string:payslip_id>/viewers")
@endpoint(needs=OWN, page="h5/payslips/viewers.html")
def viewers(actor, payslip_id):
    """Who has looked at this payslip, when and why."""
    return {"payslip_id": payslip_id, "viewers": payroll.viewers(actor, payslip_id)}


@bp.post("/<string:payslip_id>/confirm")
@endpoint(needs=OWN)
def confirm(actor, payslip_id):
    """I have received this payslip."""
    payroll.confirm(actor, payslip_id)
    return Redirect(f"/h5/payslips/{payslip_id}")


@bp.post("/<string:payslip_id>/disputes")
@endpoint(needs=OWN, body=payroll.Ask)
def ask(actor, body, payslip_id):
    """I have a question about a line."""
    return _thread(payroll.disputes.ask(actor, payslip_id, body).id)


@bp.get("/disputes")
@endpoint(needs=OWN, query=PageQuery, page="h5/payslips/disputes.html")
def disputes(actor, query):
    """My questions, newest first."""
    return payroll.disputes.mine(actor, query)


@bp.get("/disputes/<string:dispute_id>")
@endpoint(needs=OWN, page="h5/payslips/dispute.html", step_up=True)
def dispute(actor, dispute_id):
    """A question of mine with everything said."""
    return payroll.disputes.my_thread(actor, dispute_id)


@bp.post("/disputes/<string:dispute_id>/words")
@endpoint(needs=OWN, body=payroll.Reply)
def add(actor, body, dispute_id):
    """I add something."""
    payroll.disputes.add(actor, dispute_id, body)
    return _thread(dispute_id)


@bp.post("/disputes/<string:dispute_id>/close")
@endpoint(needs=OWN)
def close(actor, dispute_id):
    """My question is answered."""
    payroll.disputes.close_own(actor, dispute_id)
    return _thread(dispute_id)


def _thread(dispute_id):
    return Redirect(f"/h5/payslips/disputes/{dispute_id}")
