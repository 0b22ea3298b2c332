"""Taps on cards. A button's key is `verb:id`: what to do, and a random id that our own table knows the meaning of.

A callback says only that this member pressed this key. Whether they may is looked up by the domain, now.
"""

from collections.abc import Callable
from functools import partial

import wecom
from kit.errors import NotFound
from kit.text import clip, plain
from models.enums import CoverState
from services import approvals, assistant, attendance, leave, notices, people
from services.people import Actor
from templates_msg import UNSET
from wecom.events import CardTap
from wecom.replies import Reply

LONGEST_BUTTON, LONGEST_CHOICE = 20, 100

Act = Callable[[Actor, str, str], str]


def _confirm_notice(actor: Actor, notice_id: str) -> str:
    notices.confirm(actor, notice_id)
    return "已确认"


def _without_choice(act: Callable[[Actor, str], str]) -> Act:
    return lambda actor, action_id, _chosen: act(actor, action_id)


VERBS: dict[str, Act] = {
    "approve": _without_choice(lambda actor, action_id: approvals.tap(actor, action_id, "approve")),
    "choose_leave": _without_choice(assistant.choose),
    "confirm_leave": _without_choice(assistant.confirm),
    "confirm_month": attendance.confirming.tap,
    "confirm_notice": _without_choice(_confirm_notice),
    "cover_accept": _without_choice(partial(leave.covering.answer, state=CoverState.ACCEPTED)),
    "cover_decline": _without_choice(partial(leave.covering.answer, state=CoverState.DECLINED)),
    "drop_leave": _without_choice(assistant.drop),
    "reject": lambda actor, action_id, reason: approvals.tap(actor, action_id, "reject", reason),
}
"""verb → what it does for the tapper with the id and the choice on the card; the words that replace the buttons."""


def tap(inbound: wecom.Inbound) -> Reply | None:
    """A button, a submit button or a menu entry of a card was pressed."""
    pressed = CardTap.parse(inbound)
    actor = people.by_userid(inbound.userid)
    words = _do(actor, pressed)
    if pressed.is_menu:  # a menu entry leaves the card as it is
        return wecom.replies.text(words)
    return wecom.replies.update_button(clip(words, LONGEST_BUTTON))


def _do(actor: Actor, pressed: CardTap) -> str:
    verb, _, action_id = pressed.key.partition(":")
    act = VERBS.get(verb)
    if act is None or not action_id:
        raise NotFound("这个按钮已失效")
    return act(actor, action_id, _chosen(pressed))


def _chosen(pressed: CardTap) -> str:
    """The words of the option that the card's drop-down showed; nothing while it showed none of them."""
    options = [option for question in pressed.selected.values() for option in question if option != UNSET]
    return clip(plain(options[0]), LONGEST_CHOICE) if options else ""
