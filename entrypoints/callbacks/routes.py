"""What WeCom can tell us → who handles it. A kind that is not here is acknowledged, counted and forgotten."""

from collections.abc import Callable

import wecom
from entrypoints.callbacks import chat, contacts, office, scans, taps
from entrypoints.callbacks.taps import LONGEST_BUTTON
from kit.errors import AppError
from kit.text import clip
from wecom.replies import Reply

SYSTEM_SENDER = "sys"

HANDLERS: dict[str, Callable[[wecom.Inbound], Reply | None]] = {
    "LOCATION": office.location,
    "batch_job_result": office.job_done,
    "change_contact": contacts.changed,
    "click": chat.click,
    "enter_agent": chat.enter,
    "scancode_push": scans.scanned,
    "scancode_waitmsg": scans.scanned,
    "subscribe": contacts.seen,
    "sys_approval_change": office.approval_changed,
    "template_card_event": taps.tap,
    "template_card_menu_event": taps.tap,
    "text": chat.text,
    "unsubscribe": contacts.seen,
}

# page 90241: what may be answered with a message
ANSWERABLE = {"text", "click", "enter_agent", "LOCATION", "scancode_waitmsg", "subscribe", "template_card_menu_event"}


def words(inbound: wecom.Inbound, error: AppError) -> Reply | None:
    """A refusal as WeCom can show it: on the tapped card's buttons, or as a message."""
    if inbound.kind == "template_card_event":
        return wecom.replies.update_button(clip(error.title, LONGEST_BUTTON))
    return wecom.replies.text(error.title) if inbound.kind in ANSWERABLE else None
