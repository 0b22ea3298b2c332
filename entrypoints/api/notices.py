"""My notices for the mini-program."""

from entrypoints.http import OWN, blueprint, endpoint
from kit.pages import Page
from services import notices

bp = blueprint("notices")


@bp.get("")
@endpoint(needs=OWN, query=notices.MineQuery, returns=Page[notices.MyNoticeLine])
def mine(actor, query):
    """My notices, newest first."""
    return notices.mine(actor, query)


@bp.get("/<string:notice_id>")
@endpoint(needs=OWN, returns=notices.MyNotice)
def read(actor, notice_id):
    """A notice I received."""
    return notices.my_notice(actor, notice_id)


@bp.post("/<string:notice_id>/open")
@endpoint(needs=OWN, status=204)
def mark_opened(actor, notice_id):
    """I have the notice in front of me."""
    notices.mark_opened(actor, notice_id)


@bp.post("/<string:notice_id>/confirm")
@endpoint(needs=OWN, status=204)
def confirm(actor, notice_id):
    """I have read and understood the notice."""
    notices.confirm(actor, notice_id)
