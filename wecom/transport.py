"""The one seam to the network: a `requests` session, bounded in time and size, that never follows a redirect.

Everything foreign ends here: an exception of `requests`, a page instead of JSON or a broken answer leaves as one of
our errors, with no address and no secret in it.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from kit import clock
from kit.log import HIDDEN
from wecom.answers import Answer, decode
from wecom.codes import error_for
from wecom.errors import InvalidMessage, Later, WecomError
from wecom.throttle import Throttle

log = logging.getLogger(__name__)
T = TypeVar("T")

MEBIBYTE = 1 << 20
CHUNK = 1 << 16
JSON = "application/json; charset=utf-8"
UNHEARD = (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.InvalidURL)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file for `media/upload`."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One call: the interface's path, its query, and a JSON body or a file (then it is a POST).

    `is_read` says that nothing changes at WeCom, so a lost answer is not ambiguous. `largest` bounds the
    answer, in bytes.
    """

    api: str
    params: Mapping[str, str | int] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    file: Upload | None = None
    is_read: bool = True
    largest: int = MEBIBYTE


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back with status 200."""

    content_type: str
    is_attachment: bool
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """A downloaded medium."""

    content_type: str
    content: bytes = field(repr=False)


class Transport:
    """Sends requests to one base address. `secrets` go into the query and never into a log line or an error."""

    def __init__(
        self,
        api_base: str,
        timeouts: tuple[float, float],
        throttle: Throttle,
        session: requests.Session | None = None,
    ) -> None:
        self._base = api_base.rstrip("/") + "/cgi-bin/"
        self._timeouts = timeouts
        self._throttle = throttle
        self._session = session or _session(throttle.gate.in_flight)
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def call(self, scope: str, request: Request, secrets: Mapping[str, str]) -> Answer:
        """The JSON answer with `errcode` 0, or the error that says what to do; `scope` is whose quota is used."""
        return self._ask(scope, request, secrets, lambda reply: _answer(request, reply, secrets))

    def download(self, scope: str, request: Request, secrets: Mapping[str, str]) -> File:
        """The bytes of a medium; WeCom reports errors as JSON that is not an attachment."""
        return self._ask(scope, request, secrets, lambda reply: _file(request, reply, secrets))

    def _ask(self, scope: str, request: Request, secrets: Mapping[str, str], understood: Callable[[Reply], T]) -> T:
        self._throttle.admit(scope, request.api)
        started, outcome = clock.ticks(), None
        with self._throttle.gate.passing(request.api):
            try:
                return understood(self._exchange(request, secrets))
            except WecomError as error:
                outcome = error
                raise
            finally:
                self._note(scope, request.api, clock.ticks() - started, outcome)

    def _note(self, scope: str, api: str, seconds: float, error: WecomError | None) -> None:
        if error is None or error.errcode is not None:
            self._throttle.answered(scope, api, error)
        elif isinstance(error, Later):
            self._throttle.silent()
        facts = {
            "api": api,
            "application": scope,
            "ms": round(seconds * 1000),
            "error_code": error.errcode if error else 0,
            "outcome": type(error).__name__ if error else "ok",
        }
        log.log(logging.WARNING if error else logging.INFO, "wecom.call", extra=facts)

    def _exchange(self, request: Request, secrets: Mapping[str, str]) -> Reply:
        body, headers = _body(request)
        try:
            with self._session.request(
                "GET" if body is None and request.file is None else "POST",
                self._base + request.api,
                params={**request.params, **secrets},
                data=body,
                files={"media": (request.file.name, request.file.content)} if request.file else None,
                headers=headers,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                return self._received(request, response)
        except requests.RequestException as error:
            raise _lost(request, type(error).__name__, is_unheard=_is_unheard(error)) from None

    def _received(self, request: Request, response: requests.Response) -> Reply:
        if response.status_code != requests.codes.ok:
            raise _lost(request, f"HTTP status {response.status_code}")
        content, deadline = bytearray(), clock.ticks() + 2 * self._timeouts[1]
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) > request.largest or clock.ticks() > deadline:
                raise _lost(request, "the answer is too long or too slow")
        is_attachment = "Content-Disposition" in response.headers
        return Reply(response.headers.get("Content-Type", "").lower(), is_attachment, bytes(content))


def _session(in_flight: int) -> requests.Session:
    session = requests.Session()
    session.mount("https://", HTTPAdapter(pool_maxsize=in_flight))
    session.mount("http://", HTTPAdapter(pool_maxsize=in_flight))
    return session


def _body(request: Request) -> tuple[bytes | None, dict[str, str]]:
    # Escaped text is refused by WeCom (40033): the bytes must be UTF-8.
    if request.body is None:
        return None, {}
    try:
        return json.dumps(request.body, ensure_ascii=False).encode(), {"Content-Type": JSON}
    except UnicodeEncodeError:
        raise InvalidMessage("body", "contains half a character") from None


def _answer(request: Request, reply: Reply, secrets: Mapping[str, str]) -> Answer:
    try:
        fields = decode(reply.content)
    except ValueError:
        raise _lost(request, "the answer is not a JSON object") from None
    if fields["errcode"] != 0:
        raise error_for(request.api, fields["errcode"], _hidden(str(fields.get("errmsg", "")), secrets))
    return Answer(request.api, fields)


def _file(request: Request, reply: Reply, secrets: Mapping[str, str]) -> File:
    if reply.is_attachment or "json" not in reply.content_type:
        return File(reply.content_type, reply.content)
    _answer(request, reply, secrets)
    raise _lost(request, "JSON instead of a file")


def _hidden(text: str, secrets: Mapping[str, str]) -> str:
    for secret in secrets.values():
        text = text.replace(secret, HIDDEN)
    return text


def _is_unheard(error: requests.RequestException) -> bool:
    """Whether the request cannot have reached WeCom, so that nothing is ambiguous."""
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(error, UNHEARD) or isinstance(reason, NewConnectionError)


def _lost(request: Request, text: str, *, is_unheard: bool = False) -> Later:
    return Later(text, api=request.api, is_ambiguous=not request.is_read and not is_unheard)
