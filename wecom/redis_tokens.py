"""Tokens in Redis, for installations that have one (the extra `redis`)."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from kit import clock
from wecom.tokens import Token

PREFIX = "wecom:"


class RedisTokens:
    """A `TokenStore` over a `redis.Redis` client; Redis itself forgets what has expired."""

    def __init__(self, client: Any) -> None:
        self._redis = client

    @classmethod
    def at(cls, url: str) -> "RedisTokens":
        """A store at a `redis://` address."""
        import redis  # an extra: only who configures it needs it

        return cls(redis.Redis.from_url(url))

    def get(self, key: str) -> Token | None:
        found = self._redis.get(PREFIX + key)
        return None if found is None else _loads(found)

    def put(self, key: str, token: Token) -> None:
        line = json.dumps([token.value, token.expires_at.isoformat()])
        life = max(token.expires_at - clock.now(), timedelta(milliseconds=1))
        self._redis.set(PREFIX + key, line, px=life)

    def forget(self, key: str, value: str) -> None:
        self._delete_if(PREFIX + key, lambda found: _loads(found).value == value)

    @contextmanager
    def refreshing(self, key: str, seconds: float) -> Iterator[bool]:
        lease, mine = f"{PREFIX}{key}:lease", secrets.token_bytes(16)
        is_mine = bool(self._redis.set(lease, mine, nx=True, px=timedelta(seconds=seconds)))
        try:
            yield is_mine
        finally:
            if is_mine:
                self._delete_if(lease, lambda found: found == mine)

    def _delete_if(self, name: str, is_it: Any) -> None:
        def step(pipe: Any) -> None:
            found = pipe.get(name)
            pipe.multi()
            if found is not None and is_it(found):
                pipe.delete(name)

        self._redis.transaction(step, name)


def _loads(line: bytes) -> Token:
    value, expires_at = json.loads(line)
    return Token(value, datetime.fromisoformat(expires_at))
