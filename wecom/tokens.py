"""Access tokens and JS tickets: kept once for all processes, fetched by one of them at a time.

A store is a table `(key, value, expires_at, lease_until)` or anything that behaves like one:

- `refreshing` is one conditional UPDATE (or INSERT) that sets `lease_until` where it is null or past; its row count
  says whether the claim was won. Leaving the context gives the claim back. A process that dies loses it by time.
- `put` and `forget` leave `lease_until` alone; `forget` deletes only where the value still is the one given, so that
  a slow caller cannot throw away the token somebody else has just fetched.
- Each call is a short transaction of its own, on a connection that is not the request's: tokens are fetched outside
  of any unit of work. The value is a secret; a store that outlives the process should seal it.

Keys are made of corp id and application name, never of a secret.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from kit import clock
from wecom.errors import CREDENTIALS_REST_SECONDS, BadCredentials, Later

log = logging.getLogger(__name__)

LEASE_SECONDS = 30
MARGIN_SECONDS = 300
POLL_SECONDS = 0.05
WRONG_SECRETS_BEFORE_REST = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A secret value and the instant (aware UTC) from which a new one should be fetched."""

    value: str = field(repr=False)
    expires_at: datetime

    @classmethod
    def lasting(cls, value: str, seconds: int) -> "Token":
        """Good for `seconds` by WeCom's word; given up five minutes early, or at half time when it is short."""
        return cls(value, clock.now() + timedelta(seconds=max(seconds - MARGIN_SECONDS, seconds // 2)))

    @property
    def is_fresh(self) -> bool:
        return clock.now() < self.expires_at


class TokenStore(Protocol):
    """Where tokens live; see the head of this module for what a table must do."""

    def get(self, key: str) -> Token | None:
        """The token under the key, even an expired one."""

    def put(self, key: str, token: Token) -> None:
        """Stores or replaces it."""

    def forget(self, key: str, value: str) -> None:
        """Deletes it if its value is still this one."""

    def refreshing(self, key: str, seconds: float) -> AbstractContextManager[bool]:
        """Claims the right to fetch for at most `seconds`; the context's value says whether it was won."""


class MemoryTokens:
    """A store for one process: tests and the simulator's own tools."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._claimed: set[str] = set()
        self._lock = threading.Lock()

    def get(self, key: str) -> Token | None:
        return self._tokens.get(key)

    def put(self, key: str, token: Token) -> None:
        self._tokens[key] = token

    def forget(self, key: str, value: str) -> None:
        with self._lock:
            found = self._tokens.get(key)
            if found is not None and found.value == value:
                del self._tokens[key]

    @contextmanager
    def refreshing(self, key: str, seconds: float) -> Iterator[bool]:
        with self._lock:
            is_mine = key not in self._claimed
            self._claimed.add(key)
        try:
            yield is_mine
        finally:
            if is_mine:
                self._claimed.discard(key)


class Keeper:
    """Hands out fresh tokens; whoever finds none fetches it while all others wait for that one answer."""

    def __init__(self, store: TokenStore) -> None:
        self._store = store
        self._seen: dict[str, Token] = {}
        self._locks: dict[str, threading.Lock] = {}

    def current(self, key: str, fetch: Callable[[], Token]) -> str:
        """The value under the key, fetched if need be; raises what `fetch` raises."""
        token = self._seen.get(key)
        if token is not None and token.is_fresh:
            return token.value
        with self._locks.setdefault(key, threading.Lock()):
            token = self._seen[key] = self._shared(key) or self._refreshed(key, fetch)
            return token.value

    def forget(self, key: str, value: str) -> None:
        """Drops a value that WeCom has refused, unless a newer one has taken its place."""
        seen = self._seen.get(key)
        if seen is not None and seen.value == value:
            self._seen.pop(key, None)
        self._store.forget(key, value)

    def _shared(self, key: str) -> Token | None:
        seen = self._seen.get(key)
        if seen is not None and seen.is_fresh:
            return seen
        found = self._store.get(key)
        return found if found is not None and found.is_fresh else None

    def _refreshed(self, key: str, fetch: Callable[[], Token]) -> Token:
        deadline = clock.ticks() + LEASE_SECONDS
        while clock.ticks() < deadline:
            with self._store.refreshing(key, LEASE_SECONDS) as is_mine:
                found = self._shared(key)
                if found is not None:
                    return found
                if is_mine:
                    return self._fetched(key, fetch)
            time.sleep(POLL_SECONDS)
        raise Later("another process has been refreshing the token for too long")

    def _fetched(self, key: str, fetch: Callable[[], Token]) -> Token:
        refusals = self._refusals(key)
        try:
            token = fetch()
        except BadCredentials:
            self._count_refusal(key, refusals + 1)
            raise
        self._store.put(key, token)
        self._store.forget(_refused(key), str(refusals))
        return token

    def _refusals(self, key: str) -> int:
        """How many wrong-secret answers in a row; at the third nobody asks until the count expires (R38).

        Asking on would block our address at WeCom for an hour, for every application behind it.
        """
        token = self._store.get(_refused(key))
        count = int(token.value) if token is not None and token.is_fresh else 0
        if count >= WRONG_SECRETS_BEFORE_REST and token is not None:
            left = (token.expires_at - clock.now()).total_seconds()
            raise BadCredentials("not asked: corp id or secret was refused three times", wait_seconds=left)
        return count

    def _count_refusal(self, key: str, count: int) -> None:
        log.error("wecom.credentials_refused", extra={"application": key, "times": count})
        until = clock.now() + timedelta(seconds=CREDENTIALS_REST_SECONDS)
        self._store.put(_refused(key), Token(str(count), until))


def _refused(key: str) -> str:
    return f"{key}:refused"
