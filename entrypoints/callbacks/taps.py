"""Taps on cards. A button's key is `verb:id`: what to do, and a random id that our own table knows the meaning of.

A callback says only that this member pressed this key. Whether they may is looked up by the domain, now.
"""

from collections.abc import Callable

import wecom
from kit.errors import NotFound
from kit.text import clip
from services import approvals, assistant, notices, people
from services.people import Actor
from wecom.events import CardTap
from wecom.replies import Reply

LONGEST_BUTTON = 20


def _confirm_notice(actor: Actor, notice_id: str) -> str:
    notices.confirm(actor, notice_id)
    return "已确认"


VERBS: dict[str, Callable[[Actor, str], str]] = {
    "approve": lambda actor, action_id: approvals.tap(actor, action_id, "approve"),
    "choose_leave": assistant.choose,
    "confirm_leave": assistant.confirm,
    "confirm_notice": _confirm_notice,
    "drop_leave": assistant.drop,
    "reject": lambda actor, action_id: approvals.tap(actor, action_id, "reject"),
}
"""verb → what it does for the tapper with the id; the words that replace the buttons."""


def tap(inbound: wecom.Inbound) -> Reply | None:
    """A button, a submit button or a menu entry of a card was pressed."""
    pressed = CardTap.parse(inbound)
    actor = people.by_userid(inbound.userid)
    verb, _, action_id = pressed.key.partition(":")
    words = _do(actor, verb, action_id)
    if pressed.is_menu:  # a menu entry leaves the card as it is
        return wecom.replies.text(words)
    return wecom.replies.update_button(clip(words, LONGEST_BUTTON))


def _do(actor: Actor, verb: str, action_id: str) -> str:
    act = VERBS.get(verb)
    if act is None or not action_id:
        raise NotFound("这个按钮已失效")
    return act(actor, action_id)
