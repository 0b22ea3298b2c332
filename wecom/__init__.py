"""Tencent's WeCom, and nothing about HR.

    client = wecom.connect(settings.wecom, tokens, meter)
    client.messages.send(Recipients.of("zhangsan"), TemplateCard(card=wecom.cards.with_task(card, "step-1")))

    mailbox = wecom.mailboxes(settings.wecom)["hr"]
    inbound = mailbox.open(request.args.to_dict(flat=False), request.get_data())
    tap = wecom.events.CardTap.parse(inbound)
    body = wecom.replies.answer(mailbox, inbound, wecom.replies.update_button("已同意"))

Whatever goes wrong is a `WecomError`; its subclasses say what to do. Tokens and the members' meter are passed in, so
that all processes of an installation share them. The facts come from WeCom's developer documentation; page numbers
stand in the modules.
"""

from wecom import cards, events, replies, vacation
from wecom.callback import Inbound, Mailbox, mailboxes
from wecom.cards import Card
from wecom.client import Client, connect
from wecom.envelope import KeyPair
from wecom.errors import (
    BadCallback,
    BadCredentials,
    InvalidMessage,
    Later,
    Misconfigured,
    Refused,
    Spent,
    StaleToken,
    Throttled,
    WecomError,
)
from wecom.limits import is_userid
from wecom.messages import (
    Article,
    File,
    Image,
    Markdown,
    Message,
    MiniProgramNotice,
    News,
    NoticeItem,
    Recipients,
    Sent,
    TemplateCard,
    Text,
    TextCard,
    inert,
)
from wecom.oauth import Detail, Who
from wecom.redis_tokens import RedisTokens
from wecom.throttle import MemoryMeter, Meter
from wecom.tokens import MemoryTokens, Token, TokenStore

__all__ = [
    "Article", "BadCallback", "BadCredentials", "Card", "Client", "Detail", "File", "Image", "Inbound",
    "InvalidMessage", "KeyPair", "Later", "Mailbox", "Markdown", "MemoryMeter", "MemoryTokens", "Message", "Meter",
    "MiniProgramNotice", "Misconfigured", "News", "NoticeItem", "Recipients", "RedisTokens", "Refused", "Sent",
    "Spent", "StaleToken", "TemplateCard", "Text", "TextCard", "Throttled", "Token", "TokenStore", "WecomError",
    "Who", "cards", "connect", "events", "inert", "is_userid", "mailboxes", "replies", "vacation",
]  # fmt: skip
