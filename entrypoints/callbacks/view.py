"""The envelope: `/wecom/<agent>` answers WeCom's verification and takes its deliveries.

Proved, fresh and new, or nothing happens. The content is handled in one transaction: a refusal undoes it, is kept by
one of its own and said in words; anything unexpected undoes all of it and WeCom delivers again. WeCom waits five
seconds, so nothing here waits for WeCom, and for a row only as long as the server's short lock time-out allows.
"""

from functools import partial

from flask import Blueprint, Response, current_app, request
from prometheus_client import Counter
from werkzeug.exceptions import RequestEntityTooLarge

import wecom
from entrypoints.callbacks import routes
from kit import clock, log
from kit.errors import AppError
from kit.ids import new_id
from services import platform
from wecom.callback import LARGEST_BODY
from wecom.replies import Reply

bp = Blueprint("callbacks", __name__, url_prefix="/wecom")
logger = log.get(__name__)
CALLBACKS = Counter("hr_callbacks_total", "Callbacks by what became of them", ["kind", "result"])


@bp.record_once
def _open_mailboxes(state: object) -> None:
    app = state.app  # type: ignore[attr-defined]  # Flask's own type is not public
    app.extensions["mailboxes"] = wecom.mailboxes(app.config["WECOM"])


@bp.get("/<string:agent>")
def verify(agent: str) -> Response:
    """The administrator pressed save on the callback's settings: echo the opened text, byte for byte."""
    try:
        echo = _mailbox(agent).verify_url(request.args.to_dict(flat=False))
    except wecom.BadCallback as error:
        return _refuse(error)
    return Response(echo, mimetype="text/plain")


@bp.post("/<string:agent>")
def receive(agent: str) -> Response:
    """One delivery: 200 when it was handled or need not be, 403 when it is not WeCom's, 500 to hear it again."""
    started = clock.ticks()
    with log.bound(request_id=new_id(), way_in=f"callback:{agent}", ip=request.remote_addr or ""):
        try:
            mailbox = _mailbox(agent)
            inbound = mailbox.open(request.args.to_dict(flat=False), _body())
        except wecom.BadCallback as error:
            return _refuse(error)
        log.bind(way_in=f"callback:{agent}:{inbound.kind}")
        response = _handle(agent, mailbox, inbound)
        delay = int((clock.now() - inbound.at).total_seconds())
        milliseconds = round((clock.ticks() - started) * 1000, 1)
        logger.info("callback.handled", extra={"kind": inbound.kind, "delay_seconds": delay, "ms": milliseconds})
        return response


def _mailbox(agent: str) -> wecom.Mailbox:
    mailbox: wecom.Mailbox | None = current_app.extensions["mailboxes"].get(agent)
    if mailbox is None:
        raise wecom.BadCallback("agent")
    return mailbox


def _body() -> bytes:
    request.max_content_length = LARGEST_BODY
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise wecom.BadCallback("size") from None


def _refuse(error: wecom.BadCallback) -> Response:
    """One answer for everything odd; only the counter and the log learn the reason."""
    CALLBACKS.labels("refused", error.reason).inc()
    if error.reason == "stale":  # signed by WeCom, so one of two clocks is wrong
        logger.error("callback.stale", extra={"skew_seconds": error.skew_seconds})
    return Response(status=403)


def _handle(agent: str, mailbox: wecom.Mailbox, inbound: wecom.Inbound) -> Response:
    try:
        reply = _reply(agent, inbound)
    except Exception:
        logger.exception("callback.failed")
        CALLBACKS.labels(inbound.kind, "failed").inc()
        return Response(status=500)
    body = wecom.replies.answer(mailbox, inbound, reply) if reply else b""
    return Response(body, mimetype="text/xml" if body else "text/plain")


def _reply(agent: str, inbound: wecom.Inbound) -> Reply | None:
    try:
        return platform.transact(partial(_take, agent, inbound), tries=2)
    except AppError as error:
        return platform.transact(partial(_turn_down, agent, inbound, error), tries=2)


def _take(agent: str, inbound: wecom.Inbound) -> Reply | None:
    if not _is_new(agent, inbound):
        return None
    handler = routes.HANDLERS.get(inbound.kind)
    if handler is None:
        _note(inbound, "unknown")
        return None
    reply = handler(inbound)
    CALLBACKS.labels(inbound.kind, platform.inbox.DONE).inc()
    return reply


def _turn_down(agent: str, inbound: wecom.Inbound, error: AppError) -> Reply | None:
    """Keeps the refusal and says it, unless a copy of the delivery was heard meanwhile."""
    if not _is_new(agent, inbound):
        return None
    logger.info("callback.refused", extra={"error_code": error.code})
    _note(inbound, "refused", error.title)
    return routes.words(inbound, error)


def _is_new(agent: str, inbound: wecom.Inbound) -> bool:
    userid = inbound.userid if inbound.userid != routes.SYSTEM_SENDER else None
    is_new = platform.inbox.first_time(inbound.key, agent, inbound.kind, userid)
    if not is_new:
        CALLBACKS.labels(inbound.kind, "repeat").inc()
    return is_new


def _note(inbound: wecom.Inbound, result: str, why: str = "") -> None:
    CALLBACKS.labels(inbound.kind, result).inc()
    platform.inbox.note_result(inbound.key, f"{result}: {why}" if why else result)
