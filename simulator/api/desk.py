"""The gate of the API: token, address, right, rate, body; then the handler; then the envelope and the request log."""

import itertools
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request

from kit import clock
from kit.log import redact
from simulator.errors import Refusal
from simulator.gate import STRUCK, as_json, scripted
from simulator.twin import Call, Twin
from simulator.world import Agent

APP, CONTACTS, ANY, PUBLIC = "app", "contacts", "any", "public"
PER_MINUTE = 10_000
LOGGED = 4000
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[0-7])[0-9a-fA-F]{4}")
_SECRET_FIELDS = re.compile(r'("(?:access_token|ticket|user_ticket|session_key|response_code)": ?")[^"]+')


@dataclass(frozen=True)
class Asked:
    """One call as a handler sees it."""

    twin: Twin
    agent: Agent
    query: dict[str, str]
    body: dict[str, Any]

    def number(self, name: str, default: int = 0) -> int:
        """A whole number of the query; 40035 for anything else."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not text.isdigit():
            raise Refusal(40035, name)
        return int(text)


Handler = Callable[[Asked], "dict[str, Any] | Response | None"]


@dataclass(frozen=True)
class Route:
    """One call. `who` may call: an application, contact sync, any, anybody without a token.

    `may` is a built-in app that must have let the application in; `denial` is the number it answers otherwise.
    """

    method: str
    api: str
    handler: Handler
    who: str = APP
    may: str = ""
    denial: int = 48002
    per_minute: int = PER_MINUTE


@dataclass
class Routes:
    """The calls of one part."""

    all: list[Route] = field(default_factory=list)

    def get(self, api: str, **more: Any) -> Callable[[Handler], Handler]:
        """Registers a GET call."""
        return self._add("GET", api, more)

    def post(self, api: str, **more: Any) -> Callable[[Handler], Handler]:
        """Registers a POST call."""
        return self._add("POST", api, more)

    def _add(self, method: str, api: str, more: dict[str, Any]) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.all.append(Route(method, api, handler, **more))
            return handler

        return register


class Desk:
    """Serves the calls of one twin."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self._minute = 0
        self._numbers = itertools.count(1)
        self._counts: Counter[str] = Counter()
        self._nobody = Agent("", 0, "")

    def view(self, route: Route) -> Callable[[], Response]:
        """The Flask view of a call."""

        def serve() -> Response:
            agent = self._nobody
            try:
                with self.twin.lock:
                    agent = self._admit(route)
                    answer = route.handler(Asked(self.twin, agent, request.args.to_dict(), self._body()))
            except Refusal as refusal:
                answer = refusal.reply()
            return self._answer(route, agent, answer)

        return serve

    def _admit(self, route: Route) -> Agent:
        if refusal := scripted(request.environ):
            self._end_token(refusal.code)
            raise refusal
        if route.who == PUBLIC:
            return self._nobody
        agent = self.twin.credentials.agent_of(request.args.get("access_token", ""))
        if agent.trusted_ips is not None and (request.remote_addr or "") not in agent.trusted_ips:
            raise Refusal(60020, f"from ip: {request.remote_addr}")
        if route.who != ANY and agent.contact_sync != (route.who == CONTACTS):
            raise Refusal(48002)
        if route.may and route.may not in agent.may:
            raise Refusal(route.denial)
        self._spend(route)
        return agent

    def _end_token(self, code: int) -> None:
        token = self.twin.world.tokens.get(request.args.get("access_token", ""))
        if token and code == 42001:
            token.expires_at = clock.epoch()
        if token and code == 40014:
            token.revoked = True

    def _spend(self, route: Route) -> None:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        self._counts[route.api] += 1
        if self.twin.enforces_rates and self._counts[route.api] > route.per_minute:
            raise Refusal(45009)

    def _body(self) -> dict[str, Any]:
        if request.method != "POST" or request.mimetype == "multipart/form-data":
            return {}
        data = request.get_data()
        if _ESCAPED.search(data):
            raise Refusal(40033)
        try:
            body = json.loads(data or b"{}")
        except ValueError:
            raise Refusal(47001) from None
        if not isinstance(body, dict):
            raise Refusal(47001)
        return body

    def _answer(self, route: Route, agent: Agent, answer: "dict[str, Any] | Response | None") -> Response:
        if isinstance(answer, Response):
            self._log(route, agent, 0, f"{answer.content_type}")
            return answer
        reply = {"errcode": 0, "errmsg": "ok", **(answer or {})}
        text = as_json(reply)
        self._log(route, agent, reply["errcode"], text.decode())
        return Response(text, content_type="application/json; charset=UTF-8")

    def _log(self, route: Route, agent: Agent, errcode: int, answer: str) -> None:
        is_form = request.mimetype == "multipart/form-data"
        body = "(multipart)" if is_form else request.get_data()[:LOGGED].decode(errors="replace")
        self.twin.record(
            Call(
                at=clock.epoch(),
                method=route.method,
                api=route.api,
                agent=agent.name,
                query=redact(request.query_string.decode(errors="replace")),
                body=_hide(body),
                errcode=errcode,
                answer=_hide(answer[:LOGGED]),
                fault=request.environ.get(STRUCK, ""),
                number=next(self._numbers),
            )
        )


def _hide(text: str) -> str:
    return _SECRET_FIELDS.sub(r"\1[hidden]", text)
