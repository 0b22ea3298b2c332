"""My notices on the phone."""

from entrypoints.http import OWN, blueprint, endpoint
from entrypoints.results import Redirect
from services import notices

bp = blueprint("notices")


@bp.get("")
@endpoint(needs=OWN, query=notices.MineQuery, page="h5/notices/list.html")
def mine(actor, query):
    """My notices, newest first."""
    return notices.mine(actor, query)


@bp.get("/<string:notice_id>")
@endpoint(needs=OWN, page="h5/notices/notice.html")
def read(actor, notice_id):
    """A notice I received; the page tells when it is really shown."""
    return notices.my_notice(actor, notice_id)


@bp.post("/<string:notice_id>/open")
@endpoint(needs=OWN, status=204)
def mark_opened(actor, notice_id):
    """I have the notice in front of me."""
    notices.mark_opened(actor, notice_id)


@bp.post("/<string:notice_id>/confirm")
@endpoint(needs=OWN)
def confirm(actor, notice_id):
    """I have read and understood the notice."""
    notices.confirm(actor, notice_id)
    return Redirect(f"/h5/notices/{notice_id}")
