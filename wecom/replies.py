"""Passive replies: what answers a delivery at once (page 90241). `Mailbox.seal` turns the document into the body.

A reply to a card tap changes the card of the tapper only; the others are updated through `client.messages`.
"""

from collections.abc import Mapping
from typing import Any

from kit import clock
from kit.text import clip_bytes
from wecom.callback import Inbound, Mailbox
from wecom.cards import Card
from wecom.errors import InvalidMessage
from wecom.messages import News
from wecom.tree import render

LONGEST_TEXT_BYTES = 2048
NAMES = {
    "keyname": "KeyName", "appid": "AppId", "pagepath": "PagePath", "userid": "UserId", "checkbox": "CheckBox",
    "picurl": "PicUrl",
}  # fmt: skip
"""Wire names that are not simply their words in capitals."""

Reply = Mapping[str, Any]
"""A reply without its address: `MsgType` and its content."""


def text(content: str) -> Reply:
    """Words, cut at 2,048 bytes on a character's edge."""
    return {"MsgType": "text", "Content": clip_bytes(content, LONGEST_TEXT_BYTES)}


def image(media_id: str) -> Reply:
    """An uploaded picture."""
    return {"MsgType": "image", "Image": {"MediaId": media_id}}


def news(articles: News) -> Reply:
    """One to eight articles with address."""
    items = [_camel(article.model_dump(exclude={"appid", "pagepath"})) for article in articles.articles]
    return {"MsgType": "news", "ArticleCount": len(items), "Articles": {"item": items}}


def update_button(replace_name: str) -> Reply:
    """Greys the buttons of the tapped card and writes this on them."""
    if not replace_name:
        raise InvalidMessage("button.replace_name", "is required")
    return {"MsgType": "update_button", "Button": {"ReplaceName": replace_name}}


def update_card(card: Card, replace_text: str | None = None) -> Reply:
    """Replaces the tapped card by another; `replace_text` greys its buttons."""
    content = _camel(card.model_dump(exclude={"task_id"}))
    if replace_text is not None:
        content["ReplaceText"] = replace_text
    return {"MsgType": "update_template_card", "TemplateCard": content}


def document(reply: Reply, inbound: Inbound, receive_id: str) -> str:
    """The plain XML of a reply, sender and receiver swapped against the delivery."""
    head = {"ToUserName": inbound.userid, "FromUserName": receive_id, "CreateTime": clock.epoch()}
    return render({**head, **reply})


def answer(mailbox: Mailbox, inbound: Inbound, reply: Reply) -> bytes:
    """The sealed body that answers the delivery."""
    return mailbox.seal(document(reply, inbound, mailbox.receive_id), inbound)


def _camel(piece: Mapping[str, Any], parent: str = "") -> dict[str, Any]:
    return {_name(name, parent): _value(value, name) for name, value in piece.items()}


def _value(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return _camel(value, name)
    return [_value(each, name) for each in value] if isinstance(value, list) else value


def _name(name: str, parent: str) -> str:
    if (parent, name) == ("quote_area", "appid"):
        return "Appid"
    return NAMES.get(name) or "".join(part.capitalize() for part in name.split("_"))
