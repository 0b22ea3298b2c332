"""The one way a message leaves: rendered and checked at once, promised with its cause, sent by the worker."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam

import templates_msg
from kit.text import clip
from services import people, platform
from services.notices import quiet
from services.platform import Terms
from templates_msg import Message

SEND, SETTLE, RECALL = "message.send", "card.settle", "message.recall"
RECEIVERS_PER_CALL = 1000
LONGEST_BUTTON = 20


def notify(
    person_ids: str | Sequence[str],
    message: Message,
    *,
    key: str,
    urgent: bool = False,
    actions: Mapping[str, str] | None = None,
) -> None:
    """Promises the message to everybody named who still works here, once for each `key`.

    `urgent` ones go first and ignore the quiet hours; the others wait for their end. `actions` gives each verb on the
    buttons the id of what it acts on. What one person gets arrives in the order in which it was promised.
    """
    wanted = [person_ids] if isinstance(person_ids, str) else list(dict.fromkeys(person_ids))
    for start in range(0, len(wanted), RECEIVERS_PER_CALL):
        rows = platform.rows(_RECEIVERS, {"ids": wanted[start : start + RECEIVERS_PER_CALL]})
        if rows:
            payload = {"userids": [row.userid for row in rows], "message": templates_msg.render(message, actions)}
            terms = _terms(rows, urgent)
            platform.promise(SEND, payload, dedupe_key=f"{key}+{start}" if start else key, terms=terms)


_RECEIVERS = people.accounts(bindparam("ids", expanding=True)).add_columns(quiet.HOURS.stored().label("quiet_hours"))


def _terms(rows: Sequence[Any], urgent: bool) -> Terms:
    # A message that waits for the morning must not hold back an urgent one: they queue apart.
    lane = f"{'urgent' if urgent else 'member'}:{rows[0].userid}" if len(rows) == 1 else None
    if urgent:
        return Terms(priority=platform.URGENT, lane=lane)
    return Terms(due_at=quiet.first_loud(quiet.HOURS.read(rows[0].quiet_hours)), lane=lane)


def take_back(prefix: str) -> None:
    """Recalls every message sent under a key that begins so; those not sent yet are not sent any more.

    WeCom lets a message be recalled within 24 hours: a miss is logged and left.
    """
    for key in platform.promises.keys(prefix):
        if not platform.promises.cancel(key):
            platform.promise(RECALL, {"message": key}, dedupe_key=f"recall:{key}")


def settle_card(key: str, words: str) -> None:
    """Replaces the buttons of the card sent under `key` by grey words; a card not sent yet is not sent any more.

    WeCom lets a card be updated once within 72 hours: a miss is logged and left, for the act behind a stale button
    is refused anyway.
    """
    if not platform.promises.cancel(key):
        payload = {"card": key, "words": clip(words, LONGEST_BUTTON)}
        platform.promise(SETTLE, payload, dedupe_key=f"settle:{key}", terms=Terms(priority=platform.URGENT))
