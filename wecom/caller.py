"""One application's authority over the transport: its token, one refresh, a few repeats of reads."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import sleep
from typing import Any, TypeVar

from pydantic import SecretStr

from wecom.answers import Answer
from wecom.codes import BUSY, GETTOKEN
from wecom.errors import Later, StaleToken
from wecom.tokens import Keeper, Token
from wecom.transport import File, Request, Transport, Upload

T = TypeVar("T")

TRIES = 3
FIRST_REST_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Application:
    """Who calls: a WeCom application with its secret. `agent_id` is 0 for the directory-sync application."""

    corp_id: str
    name: str
    secret: SecretStr = field(repr=False)
    agent_id: int = 0

    @property
    def key(self) -> str:
        """What its tokens are kept under: never a part of the secret."""
        return f"{self.corp_id}:{self.name}"


class Caller:
    """Calls interfaces as one application.

    A refused token is refreshed once per operation. Reads that WeCom was too busy for are repeated here, at most twice
    and briefly; writes are not: their queue knows when to try again and whether that is safe.
    """

    def __init__(self, transport: Transport, keeper: Keeper, application: Application) -> None:
        self._transport = transport
        self._keeper = keeper
        self.application = application

    def get(self, api: str, **params: str | int) -> Answer:
        """Reads by GET."""
        return self.ask(Request(api, params))

    def read(self, api: str, body: Mapping[str, Any]) -> Answer:
        """Reads by POST."""
        return self.ask(Request(api, body=body))

    def ask(self, request: Request) -> Answer:
        """Reads, and repeats briefly while WeCom says that it is busy."""
        for attempt in range(TRIES - 1):
            try:
                return self._with_token(lambda token: self._call(request, token))
            except Later as error:
                if error.errcode not in BUSY:
                    raise
            sleep(FIRST_REST_SECONDS * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 — jitter
        return self._with_token(lambda token: self._call(request, token))

    def write(self, api: str, body: Mapping[str, Any] | None = None, **params: str | int) -> Answer:
        """Changes something; a lost answer is an ambiguous `Later`."""
        return self._with_token(lambda token: self._call(Request(api, params, body, is_read=False), token))

    def once(self, api: str, **params: str | int) -> Answer:
        """Redeems a one-time code by GET: never repeated, because the second try could only fail."""
        return self._with_token(lambda token: self._call(Request(api, params), token))

    def upload(self, api: str, file: Upload, **params: str | int) -> Answer:
        """Sends a file."""
        return self._with_token(lambda token: self._call(Request(api, params, file=file, is_read=False), token))

    def download(self, api: str, largest: int, **params: str | int) -> File:
        """Fetches a file of at most `largest` bytes."""
        request = Request(api, params, largest=largest)
        key = self.application.key
        return self._with_token(lambda token: self._transport.download(key, request, {"access_token": token}))

    def kept(self, name: str, fetch: Callable[[], Token]) -> str:
        """A value this application keeps beside its token (a JS ticket), fetched when it has run out."""
        return self._keeper.current(f"{self.application.key}:{name}", fetch)

    def _with_token(self, operation: Callable[[str], T]) -> T:
        key = self.application.key
        token = self._keeper.current(key, self._fetch)
        try:
            return operation(token)
        except StaleToken:
            self._keeper.forget(key, token)
            return operation(self._keeper.current(key, self._fetch))

    def _call(self, request: Request, token: str) -> Answer:
        return self._transport.call(self.application.key, request, {"access_token": token})

    def _fetch(self) -> Token:
        application = self.application
        secrets = {"corpid": application.corp_id, "corpsecret": application.secret.get_secret_value()}
        answer = self._transport.call(application.key, Request(GETTOKEN), secrets)
        return Token.lasting(answer.text("access_token"), answer.integer("expires_in"))
