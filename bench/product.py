"""The product as it is served, plus one header that counts the SQL statements of the request (measuring only)."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

import app as root

_seen = threading.local()


@event.listens_for(Engine, "before_cursor_execute")
def _count(*_arguments: Any) -> None:
    _seen.count = getattr(_seen, "count", 0) + 1


def counted(wsgi: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Adds `X-Statements` to every answer."""

    def run(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        _seen.count = 0

        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, [*headers, ("X-Statements", str(_seen.count))], exc_info)

        return wsgi(environ, begin)

    return run


app = counted(root.app.wsgi_app)
