"""The stored form of a message: plain JSON as WeCom wants it, except that our own links are still paths.

The address of this installation is added when the message leaves, so that a stored message knows nothing of it.
"""

from typing import Any

import wecom

MESSAGES: dict[str, type[wecom.Message]] = {
    kind.msgtype: kind for kind in (wecom.Text, wecom.Markdown, wecom.TextCard, wecom.News, wecom.File, wecom.Image)
}
LINKS = frozenset({"url", "picurl", "image_url", "icon_url"})

Wire = dict[str, Any]


def parse(stored: Wire, public_url: str) -> wecom.Message:
    """The message ready to be sent, its links absolute; `wecom.InvalidMessage` names what WeCom would refuse."""
    msgtype = str(stored["msgtype"])
    content = _absolute(stored[msgtype], public_url)
    if msgtype == "template_card":
        return wecom.TemplateCard(card=wecom.cards.parse(content))
    return MESSAGES[msgtype].model_validate(content)


def _absolute(value: Any, base: str) -> Any:
    if isinstance(value, list):
        return [_absolute(part, base) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        name: base + part if name in LINKS and str(part).startswith("/") else _absolute(part, base)
        for name, part in value.items()
    }
