"""The callback wire without sockets: the product's WSGI application, called at once."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import Client

from simulator.callbacks import Deliver

Wsgi = Callable[..., Any]


def deliver_into(app: Wsgi) -> Deliver:
    """A `deliver` for the twin that calls the product's WSGI application."""
    client = Client(app, use_cookies=False)

    def deliver(url: str, query: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
        parts = urlsplit(url)
        answer = client.open(
            path=parts.path,
            base_url=f"{parts.scheme}://{parts.netloc}",
            query_string=query,
            method="GET" if body is None else "POST",
            data=body,
            content_type="text/xml; charset=utf-8",
        )
        return answer.status_code, answer.get_data()

    return deliver
