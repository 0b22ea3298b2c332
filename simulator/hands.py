"""What a member does on the phone: reads a chat, taps a card, chooses, writes, opens the app; and what comes of it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from kit import clock
from simulator import cards, xml
from simulator.callbacks import Delivery, Postman
from simulator.directory import Directory
from simulator.errors import Refusal
from simulator.mailroom import Mailroom
from simulator.messages import cut
from simulator.world import Agent, Member, Message, World

Lock = AbstractContextManager[Any]

_ANSWERABLE = {"subscribe", "enter_agent", "LOCATION", "click", "view", "view_miniprogram", "scancode_waitmsg"}
_ANSWERABLE |= {"template_card_menu_event"}


class CannotTap(Exception):
    """There is no such button on what this member sees now."""


@dataclass(frozen=True)
class Seen:
    """One message as one member sees it now. `greyed` is the text that replaced the buttons."""

    id: str
    agent_id: int
    kind: str
    body: dict[str, Any]
    sent_at: int
    mine: bool = False
    recalled: bool = False
    greyed: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    task_id: str = ""

    @property
    def text(self) -> str:
        """All its words on lines, for searching."""
        return "\n".join(_words(self.body))

    @property
    def title(self) -> str:
        """A card's or textcard's title."""
        return str((self.body.get("main_title") or {}).get("title") or self.body.get("title") or "")

    @property
    def buttons(self) -> dict[str, str]:
        """What can be pressed now: key → text, the menu's entries and the submit button included."""
        pressable = list((self.body.get("action_menu") or {}).get("action_list") or [])
        if not self.greyed:
            submit = self.body.get("submit_button")
            pressable += [*(self.body.get("button_list") or []), *([submit] if submit else [])]
        return {b["key"]: b.get("text", "提交") for b in pressable if b.get("key") and b.get("type", 0) != 1}

    @property
    def menu_keys(self) -> list[str]:
        """The keys of the card's top-right menu."""
        return [a["key"] for a in (self.body.get("action_menu") or {}).get("action_list") or []]


class Hands:
    """Acts for members. Every act returns the delivery that it caused; none holds the lock while the product thinks."""

    def __init__(self, lock: Lock, world: World, directory: Directory, mailroom: Mailroom, postman: Postman) -> None:
        self.lock = lock
        self.world = world
        self.directory = directory
        self.mailroom = mailroom
        self.postman = postman

    def chat(self, userid: str) -> list[Seen]:
        """What this member received and wrote, oldest first."""
        key = userid.lower()
        with self.lock:
            return [_seen(self.world.messages[m], key) for m in self.world.chats.get(key, [])]

    def seen(self, userid: str, message: Seen | str) -> Seen:
        """This member's present view of a message; KeyError when it isn't in their chat."""
        message_id = message if isinstance(message, str) else message.id
        if message_id not in self.world.chats.get(userid.lower(), []):
            raise KeyError(message_id)
        return _seen(self.world.messages[message_id], userid.lower())

    def press(self, agent: Agent, userid: str, shown: Seen, key: str, chosen: dict[str, list[str]]) -> Delivery:
        """Presses a button by its key, with what was chosen on the card."""
        message = self.world.messages[shown.id]
        in_menu = key in shown.menu_keys
        with self.lock:
            code = self.mailroom.response_code(shown.id)
            if chosen:
                message.chosen[userid.lower()] = chosen
            fields = self._event(agent, userid, "template_card_menu_event" if in_menu else "template_card_event", key)
        fields |= {"TaskId": shown.task_id, "CardType": shown.body["card_type"], "ResponseCode": code}
        if chosen and not in_menu:
            fields["SelectedItems"] = {"SelectedItem": [self._selected(q, ids) for q, ids in chosen.items()]}
        return self.postman.send(agent, fields, lambda delivery: self._answer(agent, userid, message, delivery))

    def _selected(self, question: str, ids: list[str]) -> xml.Fields:
        plural, single = ("OpitonIds", "OpitonId") if self.postman.habits.misspelt else ("OptionIds", "OptionId")
        return {"QuestionKey": question, plural: {single: ids}}

    def say(self, agent: Agent, userid: str, text: str) -> Delivery:
        """Writes a text to the application."""
        with self.lock:
            member = self.directory.member(userid)
            message = self.mailroom.write(agent, userid, "text", {"content": text}, author=member.userid)
        return self._told(agent, member, {"MsgType": "text", "Content": text, "MsgId": message_number(message)})

    def send(self, agent: Agent, userid: str, kind: str, fields: xml.Fields) -> Delivery:
        """Any other message of section 7.1: `image`, `voice`, `video`, `location`, `link`, with its own elements."""
        with self.lock:
            member = self.directory.member(userid)
            message = self.mailroom.write(agent, userid, "text", {"content": f"[{kind}]"}, author=member.userid)
        return self._told(agent, member, {"MsgType": kind, **fields, "MsgId": message_number(message)})

    def event(self, agent: Agent, userid: str, name: str, key: str = "", extra: xml.Fields | None = None) -> Delivery:
        """Any event that carries an EventKey: click, view, enter_agent, subscribe, scancode_push, …"""
        member = self.directory.member(userid)
        fields = self._event(agent, member.userid, name, key) | (extra or {})
        return self.postman.send(agent, fields, lambda delivery: self._answer(agent, userid, None, delivery))

    def _told(self, agent: Agent, member: Member, fields: xml.Fields) -> Delivery:
        whole = self._header(agent, member.userid) | fields
        return self.postman.send(agent, whole, lambda delivery: self._answer(agent, member.userid, None, delivery))

    def _header(self, agent: Agent, author: str) -> xml.Fields:
        return {
            "ToUserName": self.world.corp_id,
            "FromUserName": author,
            "CreateTime": clock.epoch(),
            "AgentID": agent.agent_id,
        }

    def _event(self, agent: Agent, userid: str, name: str, key: str) -> xml.Fields:
        author = self.directory.member(userid).userid
        return self._header(agent, author) | {"MsgType": "event", "Event": name, "EventKey": key}

    def _answer(self, agent: Agent, userid: str, message: Message | None, delivery: Delivery) -> None:
        """Shows a passive reply, or notes why the platform would not."""
        kind = str((delivery.reply or {}).get("MsgType", ""))
        with self.lock:
            try:
                self._check_reply(userid, delivery, kind)
                self._show(agent, userid, message, delivery.reply or {})
            except (ValueError, KeyError, TypeError, Refusal) as error:
                delivery.problem = f"{kind}：{_why(error)}"
                self.mailroom.complaints.append(f"被动回复 {delivery.problem}")

    def _show(self, agent: Agent, userid: str, message: Message | None, reply: xml.Fields) -> None:
        kind = reply["MsgType"]
        if kind in ("update_button", "update_template_card"):
            self._update_card(userid, message, reply)
        else:
            self.mailroom.write(agent, userid, kind, _passive_body(kind, reply))

    def _check_reply(self, userid: str, delivery: Delivery, kind: str) -> None:
        reply, event = delivery.reply or {}, delivery.fields.get("Event", "")
        to, author = str(reply.get("ToUserName", "")), reply.get("FromUserName")
        if (to.lower(), author) != (userid.lower(), self.world.corp_id):
            raise ValueError("ToUserName 和 FromUserName 没有对调")
        if not str(reply.get("CreateTime", "")).isdigit():
            raise ValueError("CreateTime 不是数字")
        is_update = kind in ("update_button", "update_template_card")
        if is_update != (event == "template_card_event") or (event and not is_update and event not in _ANSWERABLE):
            raise ValueError(f"不能用来回复{event or '消息'}")

    def _update_card(self, userid: str, message: Message | None, reply: xml.Fields) -> None:
        if message is None:
            raise ValueError("没有可更新的卡片")
        if reply["MsgType"] == "update_button":
            text = reply["Button"]["ReplaceName"]
            if not text:
                raise ValueError("ReplaceName 为空")
            self.mailroom.grey(message, userid, text)
        else:
            card = xml.card_of(reply["TemplateCard"])
            self.mailroom.complaints.extend(cards.check(card, updating=True))
            self.mailroom.replace_card(message, userid, card)


def _why(error: Exception) -> str:
    """What was wrong with a reply, in words for the page; the platform's own words follow its number."""
    if isinstance(error, KeyError):
        return f"缺少 {error.args[0]}"
    return f"{error.code} {error}" if isinstance(error, Refusal) else str(error)


def choose(shown: Seen, key: str) -> str:
    """The key of a button named by its key or by its text."""
    if key in shown.buttons:
        return key
    found = [k for k, text in shown.buttons.items() if text == key]
    if len(found) != 1 or shown.recalled:
        raise CannotTap(f"{key!r} is not among {list(shown.buttons.values())} of {shown.title!r} {shown.greyed}")
    return found[0]


def message_number(message: Message) -> int:
    """A 64-bit message id, larger than a double can hold exactly."""
    return 7_300_000_000_000_000_000 + int(message.id[1:9])


def _seen(message: Message, key: str) -> Seen:
    body = message.views.get(key, message.body)
    return Seen(
        id=message.id,
        agent_id=message.agent_id,
        kind=message.kind,
        body=body,
        sent_at=message.sent_at,
        mine=bool(message.author),
        recalled=message.recalled,
        greyed=message.greyed.get(key, ""),
        chosen=message.chosen.get(key, {}),
        task_id=str(message.body.get("task_id", "")),
    )


def _words(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [word for value in node.values() for word in _words(value)]
    if isinstance(node, list):
        return [word for value in node for word in _words(value)]
    return [node] if isinstance(node, str) else []


def _passive_body(kind: str, reply: xml.Fields) -> dict[str, Any]:
    if kind == "text":
        return {"content": cut(str(reply["Content"]), 2048)}
    if kind in ("image", "voice", "video"):
        return {"media_id": reply[kind.capitalize()]["MediaId"]}
    if kind == "news":
        items = reply["Articles"]["item"]
        return {"articles": [_article(i) for i in (items if isinstance(items, list) else [items])]}
    raise ValueError("不认识的 MsgType")


def _article(item: xml.Fields) -> dict[str, Any]:
    return {
        "title": item["Title"],
        "description": item.get("Description", ""),
        "picurl": item.get("PicUrl", ""),
        "url": item.get("Url", ""),
    }
