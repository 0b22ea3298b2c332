"""Messages to members: what may be said (page 90236), to whom, and what WeCom answered; card updates and recall."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator

from wecom.answers import Answer
from wecom.caller import Caller
from wecom.cards import Card
from wecom.errors import InvalidMessage, Throttled
from wecom.limits import MediaId, Part, Url, UserId, bytes_at_most
from wecom.throttle import MEMBER_PER_HOUR, Meter

EVERYONE = "@all"
DUPLICATE_SECONDS, LONGEST_DUPLICATE_SECONDS = 1800, 14400
METERED_AT_MOST = 10
MINUTE_SECONDS, HOUR_SECONDS = 60, 3600


class Recipients(Part):
    """Members, departments and tags, or everyone in the application's visible range."""

    users: tuple[UserId, ...] = Field((), max_length=1000)
    departments: tuple[int, ...] = Field((), max_length=100)
    tags: tuple[int, ...] = Field((), max_length=100)
    is_everyone: bool = False

    @classmethod
    def of(cls, *userids: str) -> "Recipients":
        """Members by userid."""
        return cls(users=userids)

    def wire(self) -> dict[str, str]:
        """The three fields of the request; `InvalidMessage` when there is nobody."""
        if self.is_everyone:
            return {"touser": EVERYONE}
        named = {"touser": self.users, "toparty": self.departments, "totag": self.tags}
        fields = {name: "|".join(str(value) for value in values) for name, values in named.items() if values}
        if not fields:
            raise InvalidMessage("touser", "nobody would receive this")
        return fields


class Message(Part):
    """Something that can be sent; `msgtype` is WeCom's name for it."""

    msgtype: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The object under the message type's name."""
        return self.model_dump(exclude={"safe"})


class Confidential(Message):
    """`safe` 1: watermarked, cannot be forwarded."""

    safe: Literal[0, 1] = 0


class Text(Confidential):
    msgtype = "text"
    content: Annotated[str, Field(min_length=1), bytes_at_most(2048)]


class Markdown(Message):
    """Shown in the WeCom client only."""

    msgtype = "markdown"
    content: Annotated[str, Field(min_length=1), bytes_at_most(2048)]


class TextCard(Message):
    """`description` may use `<div class="gray|normal|highlight">` and `<br>`: make user text `inert` first."""

    msgtype = "textcard"
    title: str = Field(min_length=1, max_length=128)
    description: str = Field(min_length=1, max_length=512)
    url: Url
    btntxt: str | None = Field(None, min_length=1, max_length=4)


class Article(Part):
    title: Annotated[str, Field(min_length=1), bytes_at_most(128)]
    description: Annotated[str, bytes_at_most(512)] | None = None
    appid: str | None = Field(None, min_length=1)
    pagepath: Annotated[str, bytes_at_most(128)] | None = None
    url: Url | None = Field(None, validate_default=True)
    picurl: Url | None = None

    @field_validator("url")
    @classmethod
    def _leads_somewhere(cls, value: str | None, info: Any) -> str | None:
        if value is None and not (info.data.get("appid") and info.data.get("pagepath")):
            raise ValueError("is required unless appid and pagepath are given")
        return value


class News(Message):
    msgtype = "news"
    articles: tuple[Article, ...] = Field(min_length=1, max_length=8)


class Image(Confidential):
    msgtype = "image"
    media_id: MediaId


class File(Confidential):
    msgtype = "file"
    media_id: MediaId


class NoticeItem(Part):
    key: str = Field(min_length=1, max_length=10)
    value: str = Field(min_length=1, max_length=30)


class MiniProgramNotice(Message):
    """Sent under the linked mini-program's name; not to everyone at once."""

    msgtype = "miniprogram_notice"
    appid: str = Field(min_length=1)
    page: Annotated[str, bytes_at_most(1024)] | None = None
    title: str = Field(min_length=4, max_length=12)
    description: str | None = Field(None, min_length=4, max_length=12)
    emphasis_first_item: bool | None = None
    content_item: tuple[NoticeItem, ...] | None = Field(None, max_length=10)


class TemplateCard(Message):
    """One of the five cards; it needs a task id if it calls back."""

    msgtype = "template_card"
    card: Card

    def payload(self) -> dict[str, Any]:
        if self.card.calls_back and self.card.task_id is None:
            raise InvalidMessage("template_card.task_id", "is required for a card that calls back")
        return self.card.model_dump()


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted by WeCom, which is not the same as read. Userids come back lower-cased.

    `response_code` updates the card once within 72 hours; `invalid_users` are unknown or outside the visible range,
    `unlicensed_users` lack a basic licence: neither received anything.
    """

    msgid: str
    response_code: str | None = None
    invalid_users: tuple[str, ...] = ()
    unlicensed_users: tuple[str, ...] = ()
    invalid_departments: tuple[str, ...] = ()
    invalid_tags: tuple[str, ...] = ()


class Messages:
    """Sends as one application and keeps below the limits that WeCom enforces silently."""

    def __init__(self, caller: Caller, meter: Meter, per_minute: int) -> None:
        self._caller = caller
        self._meter = meter
        self._per_minute = per_minute

    def send(self, to: Recipients, message: Message, duplicate_seconds: int = DUPLICATE_SECONDS) -> Sent:
        """Sends once: the identical message within `duplicate_seconds` is swallowed by WeCom, so repeating is safe.

        `Throttled` when a member already has 25 messages this minute (more than 30 are dropped in silence);
        `InvalidMessage` before anything leaves.
        """
        body = self._body(to, message, duplicate_seconds)
        self._reserve(to)
        answer = self._caller.write("message/send", body)
        return Sent(
            answer.text("msgid", ""),
            answer.text("response_code", "") or None,
            _names(answer, "invaliduser"),
            _names(answer, "unlicenseduser"),
            _names(answer, "invalidparty"),
            _names(answer, "invalidtag"),
        )

    def grey_out(self, response_code: str, replace_name: str, to: Recipients) -> tuple[str, ...]:
        """Replaces the buttons of a card by grey text; returns the members for whom it failed. `Spent`: too late."""
        if not replace_name:
            raise InvalidMessage("button.replace_name", "is required")
        return self._update(response_code, to, {"button": {"replace_name": replace_name}})

    def replace_card(
        self, response_code: str, card: Card, to: Recipients, replace_text: str | None = None
    ) -> tuple[str, ...]:
        """Replaces the whole card; `replace_text` greys its buttons. Returns the members for whom it failed."""
        replaced = {"replace_text": replace_text} if replace_text else {}
        new = {**card.model_dump(exclude={"task_id"}), **replaced}
        return self._update(response_code, to, {"template_card": new})

    def recall(self, msgid: str) -> None:
        """Takes a message back within 24 hours; `Spent` afterwards."""
        self._caller.write("message/recall", {"msgid": msgid})

    def _body(self, to: Recipients, message: Message, duplicate_seconds: int) -> dict[str, Any]:
        if not 0 < duplicate_seconds <= LONGEST_DUPLICATE_SECONDS:
            raise InvalidMessage("duplicate_check_interval", f"must be 1 to {LONGEST_DUPLICATE_SECONDS} seconds")
        if to.is_everyone and isinstance(message, MiniProgramNotice):
            raise InvalidMessage("touser", "a mini-program notice cannot go to everyone")
        return {
            **to.wire(),
            "msgtype": message.msgtype,
            "agentid": self._caller.application.agent_id,
            message.msgtype: message.payload(),
            **({"safe": message.safe} if isinstance(message, Confidential) else {}),
            "enable_duplicate_check": 1,
            "duplicate_check_interval": duplicate_seconds,
        }

    def _reserve(self, to: Recipients) -> None:
        # A call to many is one message to each: the room between 25 and WeCom's 30 covers a few of those a minute,
        # and counting twenty thousand members would cost more than sending.
        if len(to.users) > METERED_AT_MOST:
            return
        limits = (self._per_minute, MINUTE_SECONDS), (MEMBER_PER_HOUR, HOUR_SECONDS)
        for userid in to.users:
            wait = self._meter.reserve(f"member:{self._caller.application.key}:{userid.lower()}", *limits)
            if wait > 0:
                raise Throttled("the member has enough messages for now", api="message/send", wait_seconds=wait)

    def _update(self, response_code: str, to: Recipients, change: dict[str, Any]) -> tuple[str, ...]:
        named: dict[str, Any] = {"userids": to.users, "partyids": to.departments, "tagids": to.tags}
        chosen = {"atall": 1} if to.is_everyone else {name: list(ids) for name, ids in named.items() if ids}
        if not chosen:
            raise InvalidMessage("userids", "nobody's card would change")
        body = {**chosen, "agentid": self._caller.application.agent_id, "response_code": response_code, **change}
        return _names(self._caller.write("message/update_template_card", body), "invaliduser")


INERT = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］", "`": "＇", "*": "＊", "#": "＃"})


def inert(text: str) -> str:
    """User text that cannot become a link, colour or heading in text, text cards or markdown: look-alikes instead."""
    return text.translate(INERT)


def _names(answer: Answer, name: str) -> tuple[str, ...]:
    """Ids joined by a bar, or a list of them (the update answers so), or nothing."""
    value = answer.fields.get(name) or ""
    parts = value if isinstance(value, list) else str(value).split("|")
    return tuple(str(part) for part in parts if part)
