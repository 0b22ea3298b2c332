"""A scripted WeCom for unit tests of the client: what it answers is written down, what it was asked is kept."""

import io
import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

import wecom
from kit import config
from tests.support import settings

BASE = "http://wecom.test"


@dataclass(frozen=True)
class Asked:
    """One request as it went over the wire."""

    method: str
    api: str
    params: dict[str, str]
    body: bytes
    headers: dict[str, str]
    timeout: Any

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Page:
    """An answer that is not plain JSON with status 200."""

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})


Answer = dict[str, Any] | list[Any] | bytes | Page | Exception | Callable[[Asked], Any]


class Wire(HTTPAdapter):
    """`gettoken` answers T1, T2, … by itself; every other interface answers `{}` until told otherwise.

    Answers are used up in order; the last one stays.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self._answers: defaultdict[str, deque[Answer]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._tokens = 0

    def answers(self, api: str, *answers: Answer) -> None:
        self._answers[api].extend(answers)

    def calls(self, api: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.api == api]

    def send(self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, **_: Any) -> Any:  # type: ignore[override]
        url = urlsplit(str(request.url))
        asked = Asked(
            str(request.method), url.path.removeprefix("/cgi-bin/"), dict(parse_qsl(url.query, keep_blank_values=True)),
            _bytes(request.body), dict(request.headers), timeout,
        )  # fmt: skip
        with self._lock:
            self.asked.append(asked)
            answer = self._next(asked)
        answer = answer(asked) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        page = (
            answer if isinstance(answer, Page) else Page(_content(answer), headers={"Content-Type": "application/json"})
        )
        raw = HTTPResponse(io.BytesIO(page.content), page.headers, page.status, preload_content=False)
        return self.build_response(request, raw)

    def _next(self, asked: Asked) -> Answer:
        script = self._answers[asked.api]
        if script:
            return script[0] if len(script) == 1 else script.popleft()
        if asked.api == "gettoken":
            self._tokens += 1
            return {"errcode": 0, "errmsg": "ok", "access_token": f"T{self._tokens}", "expires_in": 7200}
        return {"errcode": 0, "errmsg": "ok"}


def client(
    wire: Wire, tokens: wecom.TokenStore | None = None, meter: wecom.Meter | None = None, **changes: Any
) -> wecom.Client:
    """A client of the wire for the settings of the product under test, with changes in `[wecom]`."""
    values = settings.values("sqlite://")
    parsed = config.parse({**values, "wecom": {**values["wecom"], **changes}}, "tests")
    session = requests.Session()
    session.mount(BASE, wire)
    return wecom.connect(parsed.wecom, tokens or wecom.MemoryTokens(), meter or wecom.MemoryMeter(), session)


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def _content(answer: Any) -> bytes:
    return answer if isinstance(answer, bytes) else json.dumps(answer).encode()
