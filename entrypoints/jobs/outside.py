"""Promises kept outside: each talks to WeCom (or writes the anchor) without a transaction and returns the answer."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

import wecom
from entrypoints import checkins, directory, schedules, solving, vacation
from entrypoints.jobs.keeper import Outside, Refusal, Wait
from kit import log
from kit.errors import Upstream
from services import people, platform
from templates_msg import wire

ADMINISTRATOR_NEEDS_SECONDS = 600
UNDER_WAY_SECONDS = 5
# as long as WeCom remembers (page 90236): longer than all tries of a promise take together
DUPLICATE_SECONDS = wecom.messages.LONGEST_DUPLICATE_SECONDS
ANCHORING = people.System("receipts.anchor")

Payload = dict[str, Any]
Ask = Callable[[wecom.Client, Payload], Payload]
logger = log.get(__name__)


def workers(app: Flask) -> dict[str, Outside]:
    """Promise kind → the function that keeps it."""
    public_url = app.config["PUBLIC_URL"].rstrip("/")
    asked = {**checkins.KEPT, **directory.KEPT, **vacation.KEPT, **schedules.KEPT, **solving.KEPT}
    return {
        "audit.anchor": _anchor(Path(app.config["AUDIT"].anchor_file), platform.audit.link),
        "receipts.anchor": _anchor(Path(app.config["AUDIT"].receipt_file), partial(platform.receipts.close, ANCHORING)),
        "message.send": _asking(app, lambda client, payload: _send(client, payload, public_url)),
        "message.recall": _asking(app, _recall),
        "card.settle": _asking(app, _settle_card),
        **{kind: _asking(app, read) for kind, read in asked.items()},
    }


def _asking(app: Flask, ask: Ask) -> Outside:
    """Says in the keeper's words what WeCom's errors want: come back later, try again, or give up."""

    def keep(payload: Payload) -> Payload:
        try:
            return ask(app.extensions["wecom"], payload)
        except wecom.Misconfigured as error:  # not the message's fault: it waits until the setting is mended
            logger.error("wecom.misconfigured", extra={"why": str(error)})
            raise Wait(ADMINISTRATOR_NEEDS_SECONDS, str(error)) from error
        except wecom.Later as error:
            if error.wait_seconds:
                raise Wait(error.wait_seconds, str(error)) from error
            raise Upstream(str(error)) from error
        except (wecom.Refused, wecom.InvalidMessage) as error:
            raise Refusal(str(error)) from error

    return keep


def _send(client: wecom.Client, payload: Payload, public_url: str) -> Payload:
    to = wecom.Recipients(users=tuple(payload["userids"]))
    sent = client.messages.send(to, wire.parse(payload["message"], public_url), DUPLICATE_SECONDS)
    failed = sent.invalid_users + sent.unlicensed_users
    return {"msgid": sent.msgid, "response_code": sent.response_code, "failed": list(failed)}


def _recall(client: wecom.Client, payload: Payload) -> Payload:
    """Best effort: what WeCom never took, or took more than 24 hours ago, is left."""
    msgid = payload.get("msgid") or _answer(payload["message"]).get("msgid")
    if not msgid:
        return {"missed": True}
    try:
        client.messages.recall(msgid)
    except wecom.Spent as error:
        logger.warning("message.recall_missed", extra={"why": str(error)})
        return {"missed": True}
    return {}


def _settle_card(client: wecom.Client, payload: Payload) -> Payload:
    """Best effort: without a response code, or after its one use or 72 hours, the card stays as it is."""
    code = _answer(payload["card"]).get("response_code")
    if code is None:
        return {"missed": True}
    try:
        client.messages.grey_out(code, payload["words"], wecom.Recipients(is_everyone=True))
    except wecom.Spent as error:
        logger.info("card.settle_missed", extra={"why": str(error)})
        return {"missed": True}
    return {}


def _answer(key: str) -> Payload:
    """What WeCom said to the message sent under the key; nothing when it was never taken."""
    is_open, answer = platform.transact(
        lambda: (platform.promises.is_open(key), platform.promises.answer_of(key)), writes=False
    )
    if is_open:
        raise Wait(UNDER_WAY_SECONDS, "the message is still under way")
    return answer or {}


def _anchor(path: Path, head: Callable[[], str | None]) -> Outside:
    """Writes the head of what only grows into a file outside the database."""

    def anchor(_payload: Payload) -> Payload:
        made = platform.transact(head)
        if made is None:
            return {}
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(made + "\n")
        return {"head": made}

    return anchor
