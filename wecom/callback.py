"""Callbacks: prove, open, name (pages 90238 to 90240, 90930).

Anything odd is one `BadCallback`: the sender learns nothing, a counter learns the reason. What is proved here is only
that WeCom said "member U did X"; whether U may is decided elsewhere.

A signature covers timestamp and nonce without a separator, so digits can move between them and still verify. Therefore
the timestamp must have exactly ten digits, and the delivery's `key` is made of the decrypted content alone.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kit import clock
from kit.config import Agent, Contacts, Wecom
from wecom import tree
from wecom.envelope import KeyPair, Unreadable
from wecom.errors import BadCallback
from wecom.limits import is_userid

LARGEST_BODY = 64 * 1024
WINDOW = timedelta(minutes=5)
CONTENT_WINDOW = timedelta(minutes=10)
SIGNATURE = re.compile(r"[0-9a-f]{40}")
INSTANT = re.compile(r"[0-9]{10}")
NONCE = re.compile(r"[A-Za-z0-9]{1,64}")
NUMBER = re.compile(r"[0-9]{1,18}")
ENVELOPE = {"ToUserName", "AgentID", "Encrypt"}

UNKNOWN = "unknown"
MESSAGES = {"text", "image", "voice", "video", "file", "location", "link"}
EVENTS = {
    "subscribe", "unsubscribe", "enter_agent", "LOCATION", "click", "view", "view_miniprogram", "scancode_push",
    "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select", "template_card_event",
    "template_card_menu_event", "change_contact", "batch_job_result", "sys_approval_change", "open_approval_change",
}  # fmt: skip
_EVENT_KINDS = {name.lower(): name for name in EVENTS}

Args = Mapping[str, str | Sequence[str]]
"""Query parameters; give lists (`request.args.to_dict(flat=False)`) so that a doubled one is noticed."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One authentic delivery.

    `kind` is the message type or the event (`LOCATION` the event, `location` the message), or `unknown`.
    `userid` is the member as WeCom writes it, `sys` for events of the directory. `at` is WeCom's time, `key` the
    sha-256 under which repeats of the same delivery meet. `data` holds the elements by name: do not change it.
    """

    kind: str
    userid: str
    agent_id: int | None
    at: datetime
    key: str
    data: tree.Tree
    pair: int = 0


@dataclass(frozen=True, slots=True)
class _Signed:
    timestamp: str
    nonce: str
    signature: str
    ciphertext: str


class Mailbox:
    """One callback address: who we are there and the key pairs that are valid, the current one first."""

    def __init__(
        self, receive_id: str, pairs: Sequence[KeyPair | tuple[str, str]], agent_id: int | None = None
    ) -> None:
        self._receive_id = receive_id
        self._pairs = [pair if isinstance(pair, KeyPair) else KeyPair(*pair) for pair in pairs]
        self._agent_id = agent_id

    def verify_url(self, args: Args, now: datetime | None = None) -> bytes:
        """The plain echo to answer within a second, byte for byte, when the administrator saves the address."""
        values = _parameters(args, "echostr")
        signed = _Signed(values["timestamp"], values["nonce"], values["msg_signature"], values["echostr"])
        return self._opened(signed, now or clock.now())[0]

    def open(self, args: Args, body: bytes, now: datetime | None = None) -> Inbound:
        """The delivery in a POST, proved and fresh; anything else is `BadCallback`."""
        now = now or clock.now()
        values = _parameters(args)
        envelope = _envelope(body)
        signed = _Signed(values["timestamp"], values["nonce"], values["msg_signature"], envelope["Encrypt"])
        content, pair = self._opened(signed, now)
        inbound = _named(self._receive_id, _parsed(content, "content"), pair)
        self._check_address(envelope, inbound)
        _check_window(inbound.at, now, CONTENT_WINDOW)
        return inbound

    def seal(self, document: str, inbound: Inbound, now: datetime | None = None) -> bytes:
        """The body that answers a delivery with this plain document, under the pair the delivery came with."""
        pair, nonce = self._pairs[inbound.pair], str(secrets.randbelow(10**10))
        timestamp = int((now or clock.now()).timestamp())
        ciphertext = pair.encrypt(document.encode(), self._receive_id)
        answer = {
            "Encrypt": ciphertext,
            "MsgSignature": pair.signature(str(timestamp), nonce, ciphertext),
            "TimeStamp": timestamp,
            "Nonce": nonce,
        }
        return tree.render(answer).encode()

    @property
    def receive_id(self) -> str:
        return self._receive_id

    def _opened(self, signed: _Signed, now: datetime) -> tuple[bytes, int]:
        """The content and the pair that opened it. Two pairs may share a token, so each that signed is tried."""
        signers = [index for index, pair in enumerate(self._pairs) if _has_signed(pair, signed, now)]
        if not signers:
            raise BadCallback("signature")
        _check_window(_instant(signed.timestamp), now, WINDOW)
        for index in signers:
            try:
                content, receiver = self._pairs[index].decrypt(signed.ciphertext)
            except Unreadable:
                continue
            if receiver == self._receive_id:
                return content, index
        raise BadCallback("cipher")

    def _check_address(self, envelope: Mapping[str, str], inbound: Inbound) -> None:
        """The envelope's address is not signed: it must repeat what the sealed content and our settings say."""
        if envelope.get("ToUserName", self._receive_id) != self._receive_id:
            raise BadCallback("receiver")
        written = envelope.get("AgentID", "")
        known = {str(agent_id) for agent_id in (self._agent_id, inbound.agent_id) if agent_id is not None}
        if written and not (written in known or (not known and NUMBER.fullmatch(written))):
            raise BadCallback("receiver")


def mailboxes(settings: Wecom) -> dict[str, Mailbox]:
    """A mailbox for every agent that has callback keys, by the agent's name, and `contacts` for directory sync."""
    boxes = {}
    for agent in settings.agents:
        if agent.encoding_aes_key is not None:
            boxes[agent.name] = Mailbox(settings.corp_id, _pairs(agent), agent.agent_id)
    if settings.contacts.encoding_aes_key is not None:
        boxes.setdefault("contacts", Mailbox(settings.corp_id, _pairs(settings.contacts)))
    return boxes


def _pairs(keys: Agent | Contacts) -> list[KeyPair]:
    assert keys.encoding_aes_key is not None
    pairs = [KeyPair(keys.token.get_secret_value(), keys.encoding_aes_key.get_secret_value())]
    if keys.previous is not None:
        old = keys.previous
        pairs.append(KeyPair(old.token.get_secret_value(), old.encoding_aes_key.get_secret_value(), old.until))
    return pairs


def _has_signed(pair: KeyPair, signed: _Signed, now: datetime) -> bool:
    is_valid = pair.until is None or now < pair.until
    return is_valid and pair.has_signed(signed.signature, signed.timestamp, signed.nonce, signed.ciphertext)


def _parameters(args: Args, *more: str) -> dict[str, str]:
    expected = {"msg_signature", "timestamp", "nonce", *more}
    values = {name: value if isinstance(value, str) else "".join(value[:2]) for name, value in args.items()}
    is_single = all(isinstance(value, str) or len(value) == 1 for value in args.values())
    forms = {"msg_signature": SIGNATURE, "timestamp": INSTANT, "nonce": NONCE}
    if values.keys() != expected or not is_single:
        raise BadCallback("parameters")
    if not all(form.fullmatch(values[name]) for name, form in forms.items()):
        raise BadCallback("parameters")
    return values


def _envelope(body: bytes) -> dict[str, str]:
    if len(body) > LARGEST_BODY:
        raise BadCallback("size")
    envelope = _parsed(body, "envelope")
    if not envelope.keys() <= ENVELOPE or not all(isinstance(value, str) for value in envelope.values()):
        raise BadCallback("envelope")
    if not envelope.get("Encrypt"):
        raise BadCallback("envelope")
    return envelope


def _parsed(content: bytes, reason: str) -> tree.Tree:
    try:
        return tree.parse(content)
    except ValueError:
        raise BadCallback(reason) from None


def _named(receive_id: str, data: tree.Tree, pair: int) -> Inbound:
    sender, created, agent = (tree.text(data, name) for name in ("FromUserName", "CreateTime", "AgentID"))
    is_odd = not is_userid(sender) or not NUMBER.fullmatch(created) or (agent and not NUMBER.fullmatch(agent))
    if is_odd or not tree.text(data, "MsgType"):
        raise BadCallback("content")
    agent_id = int(agent) if agent else None
    return Inbound(_kind(data), sender, agent_id, _instant(created), _identity(receive_id, sender, data), data, pair)


def _kind(data: tree.Tree) -> str:
    kind = tree.text(data, "MsgType")
    if kind == "event":
        return _EVENT_KINDS.get(tree.text(data, "Event").lower(), UNKNOWN)
    return kind if kind in MESSAGES else UNKNOWN


def _identity(receive_id: str, sender: str, data: tree.Tree) -> str:
    """Messages are named by their id, events by all they say: two taps can share a second, never a response code."""
    msg_id = tree.text(data, "MsgId")
    content = msg_id or json.dumps(data, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256("\0".join((receive_id, sender, content)).encode()).hexdigest()


def _instant(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (OverflowError, ValueError, OSError):
        raise BadCallback("content") from None


def _check_window(at: datetime, now: datetime, window: timedelta) -> None:
    if abs(at - now) > window:
        raise BadCallback("stale", skew_seconds=int((at - now).total_seconds()))
