"""What integration tests share besides the product itself."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, json
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter

import wecom
from entrypoints.shared import SharedMeter, SharedTokens
from simulator import Twin, create_app
from tests.wsgi_adapter import WSGIAdapter


class Bent(BaseAdapter):
    """The twin, except that one interface answers what a test says."""

    def __init__(self, inner: BaseAdapter, api: str, answer: dict[str, Any]) -> None:
        super().__init__()
        self.inner, self.api, self.answer = inner, api, answer

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        response = self.inner.send(request, *args, **options)
        if f"/cgi-bin/{self.api}?" in str(request.url):
            response = Response()
            response.status_code, response.url, response.request = 200, str(request.url), request
            response.raw = io.BytesIO(json.dumps({"errcode": 0, "errmsg": "ok", **self.answer}).encode())
        return response

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def answering(app: Flask, twin: Twin) -> Callable[[str, dict[str, Any]], None]:
    """`answering("user/get", {...})`: from now on WeCom says this there."""

    def bend(api: str, answer: dict[str, Any]) -> None:
        session = Session()
        session.mount("http://wecom.test", Bent(WSGIAdapter(create_app(twin)), api, answer))
        app.extensions["wecom"] = wecom.connect(
            app.config["WECOM"], tokens=SharedTokens(app), meter=SharedMeter(app), session=session
        )

    return bend
