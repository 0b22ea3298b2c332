"""A small corporation, a client that speaks its API, and a product that writes down what it hears."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from simulator import Agent, Twin, create_app
from simulator.crypto import Seal
from simulator.xml import build

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
CORP = "ww0123456789abcdef"


@dataclass
class Product:
    """Stands for the product: `answers` are given in turn, then 200 and nothing."""

    answers: list[Any] = field(default_factory=list)
    heard: list[tuple[str, dict[str, str], bytes | None]] = field(default_factory=list)
    seal: Seal = field(default_factory=lambda: Seal("HrToken", KEY, CORP))

    def __call__(self, url: str, query: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
        self.heard.append((url, query, body))
        answer = self.answers.pop(0) if self.answers else (200, b"")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def reply(self, userid: str, **fields: Any) -> tuple[int, bytes]:
        """A sealed passive reply to a member."""
        plain = build({"ToUserName": userid, "FromUserName": CORP, "CreateTime": 1767225600, **fields})
        encrypted = self.seal.encrypt(plain)
        envelope = {
            "Encrypt": encrypted,
            "MsgSignature": self.seal.sign("1767225600", "42", encrypted),
            "TimeStamp": 1767225600,
            "Nonce": "42",
        }
        return 200, build(envelope)


class Api:
    """Calls the API with the application's token, as JSON in UTF-8."""

    def __init__(self, twin: Twin) -> None:
        self.client = Client(create_app(twin))
        self.secret = "app-secret"

    def token(self, secret: str = "") -> str:
        return self.get("gettoken", corpid=CORP, corpsecret=secret or self.secret)["access_token"]

    def get(self, api: str, **query: Any) -> dict[str, Any]:
        return self.raw("GET", api, query).get_json()

    def call(self, api: str, **query: Any) -> dict[str, Any]:
        """A GET with the token."""
        return self.get(api, access_token=self.token(), **query)

    def post(self, api: str, body: dict[str, Any] | None = None, **query: Any) -> dict[str, Any]:
        """A POST with the token."""
        data = json.dumps(body or {}, ensure_ascii=False).encode()
        return self.raw("POST", api, {"access_token": self.token(), **query}, data).get_json()

    def raw(self, method: str, api: str, query: dict[str, Any], data: bytes = b"") -> TestResponse:
        return self.client.open(f"/cgi-bin/{api}", method=method, query_string=query, data=data)

    def send(self, touser: str, kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        return self.post("message/send", {"touser": touser, "msgtype": kind, "agentid": 1000002, kind: body, **more})


@pytest.fixture
def product() -> Product:
    return Product()


@pytest.fixture
def twin(product: Product) -> Twin:
    """Two departments, a store below the second, and five people; nobody was told about them."""
    hr = Agent("hr", 1000002, "app-secret", "HrToken", KEY, "http://product/wecom/hr", miniprogram_id="wx1")
    sync = Agent(
        "contacts", 0, "sync-secret", "SyncToken", KEY, "http://product/wecom/contacts", contact_sync=True, may=[]
    )
    known = Twin.of(CORP, [hr, sync], deliver=product)
    with known.quiet():
        known.add_department("研发部", department_id=2)
        known.add_department("销售部", department_id=3)
        known.add_department("门店", parent=3, department_id=4)
        known.add_member("LiHua", "李华", [2], leads=[2], mobile="19900000001", gender="1")
        known.add_member("hanmei", "韩梅", [2], direct_leaders=["LiHua"])
        known.add_member("wangwu", "王五", [3])
        known.add_member("zhaoliu", "赵六", [4])
        known.add_member("both", "两边", [2, 3])
        known.add_tag(7, "门店和李华", members=["LiHua"], departments=[4])
    return known


@pytest.fixture
def api(twin: Twin) -> Api:
    return Api(twin)


@pytest.fixture
def buttons() -> Callable[..., dict[str, Any]]:
    """A valid approval card with its own task id; keyword arguments replace parts."""

    def card(task_id: str = "task-1", **parts: Any) -> dict[str, Any]:
        return {
            "card_type": "button_interaction",
            "main_title": {"title": "请假一天"},
            "task_id": task_id,
            "button_list": [{"text": "同意", "key": "yes"}, {"text": "驳回", "key": "no", "style": 2}],
            **parts,
        }

    return card
