"""Signatures for WeCom's JavaScript (pages 90506, 90514). Check the page's host first: we would sign for anybody."""

import hashlib
import secrets
from dataclasses import dataclass

from kit import clock
from wecom.caller import Caller
from wecom.tokens import Token


@dataclass(frozen=True, slots=True)
class Signature:
    """What `wx.config` or `wx.agentConfig` wants; `agent_id` only matters to the second."""

    corp_id: str
    agent_id: int
    timestamp: int
    nonce: str
    signature: str


class JsApi:
    """Signs page addresses with the corporation's or the application's ticket."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def config(self, url: str) -> Signature:
        """For `wx.config`: the corporation's identity."""
        return self._signed(url, self._caller.kept("jsapi_ticket", lambda: self._ticket("get_jsapi_ticket")))

    def agent_config(self, url: str) -> Signature:
        """For `wx.agentConfig`: the application's identity."""
        ticket = self._caller.kept("agent_ticket", lambda: self._ticket("ticket/get", type="agent_config"))
        return self._signed(url, ticket)

    def _ticket(self, api: str, **params: str) -> Token:
        answer = self._caller.get(api, **params)
        return Token.lasting(answer.text("ticket"), answer.integer("expires_in"))

    def _signed(self, url: str, ticket: str) -> Signature:
        application, nonce, timestamp = self._caller.application, secrets.token_hex(8), clock.epoch()
        digest = sign(ticket, nonce, timestamp, url)
        return Signature(application.corp_id, application.agent_id, timestamp, nonce, digest)


def sign(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """WeCom's signature of a page address without its fragment; names in this order, values raw."""
    page = url.partition("#")[0]
    line = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return hashlib.sha1(line.encode(), usedforsecurity=False).hexdigest()
