"""The sender of callbacks: sealed, signed, three attempts, and the platform's bad habits at will.

`deliver(url, query, body) -> (status, answer)` does the wire; a body of None means the verification GET. Whatever it
raises counts as a failed attempt. No lock is held while the product thinks, since it may call back meanwhile.
"""

import itertools
import logging
import random
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from kit import clock
from simulator import xml
from simulator.crypto import BadEnvelope, Seal
from simulator.world import Agent, World

log = logging.getLogger("simulator.callbacks")

ATTEMPTS = 3
VERIFY_SECONDS, POST_SECONDS = 1, 5

Deliver = Callable[[str, dict[str, str], bytes | None], tuple[int, bytes]]


@dataclass
class Habits:
    """`duplicates`: extra deliveries after a success. `misspelt`: `OpitonIds` as old pages write. `disordered`: the
    elements of envelope and body in any order."""

    duplicates: int = 0
    misspelt: bool = False
    disordered: bool = False


@dataclass
class Delivery:
    """One callback and what became of it. `attempts` holds a status or the name of what was raised."""

    agent: str
    url: str
    fields: xml.Fields
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    attempts: list[str] = field(default_factory=list)
    reply: xml.Fields | None = None
    problem: str = ""
    held: bool = False
    number: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the product answered 200 at least once; a duplicate that fails later changes nothing."""
        return "200" in self.attempts


class Postman:
    """Delivers. `sent` keeps the last deliveries for tests and for the page."""

    def __init__(self, world: World, deliver: Deliver | None = None, seed: int = 0) -> None:
        self.world = world
        self.deliver: Deliver = deliver or over_http
        self.habits = Habits()
        self.sent: deque[Delivery] = deque(maxlen=200)
        self._chance = random.Random(seed)
        self._numbers = itertools.count(1)
        self._holding = threading.local()

    def seal(self, agent: Agent) -> Seal:
        """The keys of one callback address; the receiver is the corporation."""
        return Seal(agent.token, agent.aes_key, self.world.corp_id)

    def verify(self, agent: Agent) -> bool:
        """What an administrator's save does: the product must echo the opened text exactly, within a second."""
        seal, echo = self.seal(agent), str(secrets.randbelow(10**18)).zfill(18)
        query = self._signed(seal, seal.encrypt(echo.encode()), "echostr")
        try:
            status, answer = self.deliver(agent.callback_url, query, None)
        except Exception as error:
            log.warning("simulator.verify_failed", extra={"error": type(error).__name__})
            return False
        return status == 200 and answer == echo.encode()

    def send(self, agent: Agent, fields: xml.Fields, on_reply: Callable[[Delivery], None] | None = None) -> Delivery:
        """Delivers one event or message to the application; held back inside `holding()`."""
        delivery = Delivery(agent.name, agent.callback_url, fields, number=next(self._numbers))
        queue = getattr(self._holding, "queue", None)
        if queue is not None:
            delivery.held = True
            queue.append((agent, delivery, on_reply))
        elif agent.callback_url:
            self._carry(agent, delivery, on_reply)
        return delivery

    @contextmanager
    def holding(self, shuffled: bool = False) -> Iterator[None]:
        """Keeps callbacks of this thread back until the end, then delivers them, in any order if asked."""
        queue: list[Any] = []
        self._holding.queue = queue
        try:
            yield
        finally:
            self._holding.queue = None
        if shuffled:
            self._chance.shuffle(queue)
        for agent, delivery, on_reply in queue:
            self._carry(agent, delivery, on_reply)

    @property
    def is_silent(self) -> bool:
        """Whether this thread is inside `silence()`."""
        return isinstance(getattr(self._holding, "queue", None), deque)

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Callbacks of this thread are not sent at all: for building a world before anyone listens."""
        self._holding.queue = deque(maxlen=0)
        try:
            yield
        finally:
            self._holding.queue = None

    def _carry(self, agent: Agent, delivery: Delivery, on_reply: Callable[[Delivery], None] | None) -> None:
        self.sent.append(delivery)
        plain = xml.build(self._arranged(delivery.fields))
        answer = b""
        for _ in range(ATTEMPTS):
            answer = self._attempt(agent, delivery, plain)
            if delivery.accepted:
                break
        if delivery.accepted:
            self._open(agent, delivery, answer)
            for _ in range(self.habits.duplicates):
                self._attempt(agent, delivery, plain)
            if delivery.reply is not None and on_reply:
                on_reply(delivery)

    def _attempt(self, agent: Agent, delivery: Delivery, plain: bytes) -> bytes:
        """One try with a fresh signature around a fresh ciphertext of the same message."""
        seal = self.seal(agent)
        encrypted = seal.encrypt(plain)
        delivery.query = self._signed(seal, encrypted)
        envelope = {"ToUserName": self.world.corp_id, "AgentID": str(agent.agent_id or ""), "Encrypt": encrypted}
        delivery.body = xml.build(self._arranged(envelope))
        try:
            status, answer = self.deliver(agent.callback_url, delivery.query, delivery.body)
        except Exception as error:
            delivery.attempts.append(type(error).__name__)
            return b""
        delivery.attempts.append(str(status))
        return answer

    def _signed(self, seal: Seal, encrypted: str, carried_as: str = "") -> dict[str, str]:
        timestamp, nonce = str(clock.epoch()), str(secrets.randbelow(10**9) + 10**9)
        query = {"msg_signature": seal.sign(timestamp, nonce, encrypted), "timestamp": timestamp, "nonce": nonce}
        return {**query, carried_as: encrypted} if carried_as else query

    def _arranged(self, fields: xml.Fields) -> xml.Fields:
        pairs = list(fields.items())
        if self.habits.disordered:
            self._chance.shuffle(pairs)
        return dict(pairs)

    def _open(self, agent: Agent, delivery: Delivery, answer: bytes) -> None:
        """Reads a passive reply; a bad one is noted and shows nothing, as on the platform."""
        if not answer or answer == b"success":
            return
        try:
            envelope = xml.read(answer)
            seal, encrypted = self.seal(agent), str(envelope["Encrypt"])
            seal.check(str(envelope["MsgSignature"]), str(envelope["TimeStamp"]), str(envelope["Nonce"]), encrypted)
            delivery.reply = xml.read(seal.decrypt(encrypted))
        except (xml.BadXml, BadEnvelope, KeyError) as error:
            delivery.problem = f"缺少 {error.args[0]}" if isinstance(error, KeyError) else str(error)


def over_http(url: str, query: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
    """The default wire: a plain request that follows nothing and trusts no proxy setting."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(
            "GET" if body is None else "POST",
            url,
            params=query,
            data=body,
            headers={"Content-Type": "text/xml; charset=utf-8"},
            timeout=VERIFY_SECONDS if body is None else POST_SECONDS,
            allow_redirects=False,
        )
        return answer.status_code, answer.content
