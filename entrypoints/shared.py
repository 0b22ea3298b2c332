"""The database as the WeCom client's shared memory: its tokens and its meter, for all processes.

Every call is a short transaction in a fresh context, never the request's own: others must see it at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from services import platform
from wecom import Token


class SharedTokens:
    """The client's token store over our table."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def get(self, key: str) -> Token | None:
        with self._app.app_context(), platform.unit_of_work(writes=False):
            found = platform.tokens.read(key)
        return Token(*found) if found else None

    def put(self, key: str, token: Token) -> None:
        with self._app.app_context():
            platform.transact(lambda: platform.tokens.write(key, token.value, token.expires_at))

    def forget(self, key: str, value: str) -> None:
        with self._app.app_context():
            platform.transact(lambda: platform.tokens.forget(key, value))

    @contextmanager
    def refreshing(self, key: str, seconds: float) -> Iterator[bool]:
        with self._app.app_context():
            is_mine = platform.transact(lambda: platform.tokens.claim(key, seconds))
        try:
            yield is_mine
        finally:
            if is_mine:
                with self._app.app_context():
                    platform.transact(lambda: platform.tokens.release(key))


class SharedMeter:
    """The client's meter over our table."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def reserve(self, key: str, *limits: tuple[int, int]) -> float:
        with self._app.app_context():
            return platform.transact(lambda: platform.meter.reserve(key, *limits))
