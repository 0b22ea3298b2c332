"""The callback address: verification, deliveries once each, refusals that say nothing, faults that are tried again."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from prometheus_client import REGISTRY
from sqlalchemy import select

import wecom
from entrypoints.callbacks import routes
from kit import clock
from models.base import db
from models.enums import TaskState
from models.platform import Delivery, Promise
from simulator import Delivery as Sent
from simulator import Twin
from tests.factories.approvals import Company, ask, company, open_tasks
from tests.support import settings
from tests.support.envelopes import OLD_PAIR, content, sealed
from tests.support.unchanged import fingerprint

Drain = Callable[[], int]
ADDRESS = "https://hr.example.com/wecom/hr"


@pytest.fixture
def staff(app: Flask, twin: Twin) -> Company:
    made = company()
    with twin.quiet():
        for one in (made.boss, made.chief, made.lead, made.li, made.hua, made.hong):
            twin.add_member(one.userid.capitalize(), one.name)
    return made


@pytest.fixture
def tapped(staff: Company, twin: Twin, drain: Drain) -> Sent:
    """A card of an approver, tapped: 同意."""
    ask(staff.li)
    drain()
    return twin.tap("Lead", twin.card("Lead", "李雷申请出差"), "同意")


def post(app: Flask, query: dict[str, str], body: bytes, **options: Any) -> Any:
    db.session.commit()
    response = app.test_client().post(ADDRESS, query_string=query, data=body, **options)
    db.session.expire_all()
    return response


def inbox() -> list[Delivery]:
    return list(db.session.scalars(select(Delivery)))


def now_sealed(inner: str = "", **options: Any) -> tuple[dict[str, str], bytes]:
    """A genuine delivery of this moment."""
    at = clock.epoch()
    sender = options.pop("sender", "Li")
    return sealed(content(inner, sender=sender, at=options.pop("at", at)), **{"timestamp": at, **options})


def test_saving_the_address_in_the_admin_console_succeeds(app: Flask, twin: Twin) -> None:
    assert twin.verify_callback()
    assert twin.verify_callback("contacts")


def test_a_tap_decides_and_the_button_says_so(staff: Company, twin: Twin, tapped: Sent) -> None:
    assert (tapped.attempts, tapped.problem) == (["200"], "")
    assert twin.card("Lead", "李雷申请出差").greyed == "已同意"
    assert twin.complaints == []


def test_a_second_tap_is_told_who_decided(staff: Company, twin: Twin, drain: Drain) -> None:
    trip = ask(staff.li)
    drain()
    card = twin.card("Lead", "李雷申请出差")
    with twin.holding():
        first, second = twin.tap("Lead", card, "同意"), twin.tap("Lead", card, "驳回")
    assert (first.reply or {})["Button"] == {"ReplaceName": "已同意"}
    assert (second.reply or {})["Button"] == {"ReplaceName": "您已同意"}
    assert not open_tasks(trip)
    assert sorted(one.result for one in inbox()) == ["done", "refused: 您已同意"]


def test_a_forwarded_card_gives_no_right(staff: Company, twin: Twin, drain: Drain, app: Flask) -> None:
    trip = ask(staff.li)
    drain()
    key = next(iter(twin.card("Lead", "李雷申请出差").buttons))
    before = fingerprint()
    for sender in ("Hua", "Li", "Chief", "nobody", "lead.", "lea", "Lead\u200b", "ｌｅａｄ"):
        event = (
            f"<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>{key}</EventKey>"
            f"<TaskId>t</TaskId><CardType>button_interaction</CardType><ResponseCode>r</ResponseCode>"
        )
        assert post(app, *now_sealed(event, sender=sender)).status_code in (200, 403)
    assert fingerprint() == before
    assert set(open_tasks(trip)) == {"lead"}


@pytest.mark.parametrize(
    "key", ["approve", "approve:", ":x", "", "approve:" + "0" * 22, "delete:1", "APPROVE:1", "approve:%", "x" * 900]
)
def test_made_up_buttons_do_nothing(staff: Company, app: Flask, drain: Drain, key: str) -> None:
    ask(staff.li)
    drain()
    before = fingerprint()
    event = f"<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>{key}</EventKey><TaskId>t</TaskId>"
    assert post(app, *now_sealed(event, sender="Lead")).status_code == 200
    assert fingerprint() == before
    assert inbox()[0].result.startswith("refused")


def test_a_repeated_delivery_is_answered_and_has_one_effect(staff: Company, twin: Twin, drain: Drain) -> None:
    trip = ask(staff.li, "5")
    drain()
    twin.habits.duplicates = 2
    delivery = twin.tap("Lead", twin.card("Lead", "李雷申请出差"), "同意")
    assert delivery.attempts == ["200"] * 3
    assert len(inbox()) == 1
    assert set(open_tasks(trip)) == {"chief"}


def test_shifted_digits_are_no_second_delivery(app: Flask, staff: Company) -> None:
    """Timestamp and nonce are signed without a border between them (R20)."""
    args, body = now_sealed()
    assert post(app, args, body).status_code == 200
    before, both = fingerprint(), args["timestamp"] + args["nonce"]
    for cut in range(1, len(both)):
        shifted = {**args, "timestamp": both[:cut], "nonce": both[cut:]}
        for minutes in (0, 4, 6, 60 * 24):
            with clock.frozen(clock.now() + timedelta(minutes=minutes)):
                assert post(app, shifted, body).status_code in (200, 403)
    assert fingerprint() == before
    assert len(inbox()) == 1


def test_two_different_clicks_of_one_second_are_two(app: Flask, staff: Company) -> None:
    for key in ("todo", "help", "todo"):
        event = f"<MsgType>event</MsgType><Event>click</Event><EventKey>{key}</EventKey>"
        assert post(app, *now_sealed(event)).status_code == 200
    assert len(inbox()) == 2
    answers = db.session.scalars(select(Promise.id).where(Promise.kind == "message.send")).all()
    assert len(answers) == 2


@pytest.mark.parametrize("minutes", [-6, 6, 60])
def test_stale_deliveries_are_refused_and_the_clocks_blamed(
    app: Flask, staff: Company, minutes: int, caplog: pytest.LogCaptureFixture
) -> None:
    at = clock.epoch() + 60 * minutes
    assert post(app, *now_sealed(at=at, timestamp=at)).status_code == 403
    assert inbox() == []
    assert [record.skew_seconds for record in caplog.records if record.message == "callback.stale"] == [60 * minutes]


def test_within_the_windows_it_is_taken(app: Flask, staff: Company) -> None:
    at = clock.epoch()
    assert post(app, *now_sealed(at=at - 9 * 60, timestamp=at - 4 * 60)).status_code == 200
    assert post(app, *now_sealed(at=at - 11 * 60, timestamp=at)).status_code == 403


def test_two_key_pairs_are_valid_while_they_rotate(app: Flask, staff: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    now = wecom.KeyPair(settings.TOKEN, settings.AES_KEY)
    old = wecom.KeyPair(OLD_PAIR.token, OLD_PAIR.aes_key, clock.now() + timedelta(hours=1))
    boxes = {"hr": wecom.Mailbox(settings.CORP, [now, old], 1000002)}
    monkeypatch.setitem(app.extensions, "mailboxes", boxes)
    statuses = []
    for key, pair, hours in (("a", now, 0), ("b", old, 0), ("c", now, 2), ("d", old, 2)):
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            event = f"<MsgType>event</MsgType><Event>view</Event><EventKey>{key}</EventKey>"
            statuses.append(post(app, *now_sealed(event, pair=pair)).status_code)
    assert statuses == [200, 200, 200, 403]


def test_what_goes_wrong_inside_is_undone_and_heard_again(
    staff: Company, twin: Twin, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    trip = ask(staff.li)
    drain()
    real, calls = routes.HANDLERS["template_card_event"], []

    def stumble(inbound: wecom.Inbound) -> Any:
        calls.append(inbound.key)
        reply = real(inbound)
        if len(calls) == 1:
            raise RuntimeError("the disk is full")
        return reply

    monkeypatch.setitem(routes.HANDLERS, "template_card_event", stumble)
    delivery = twin.tap("Lead", twin.card("Lead", "李雷申请出差"), "同意")
    assert delivery.attempts == ["500", "200"]
    assert not open_tasks(trip)
    assert (delivery.reply or {})["Button"] == {"ReplaceName": "已同意"}


def test_unknown_kinds_are_acknowledged_and_counted(app: Flask, staff: Company) -> None:
    before = REGISTRY.get_sample_value("hr_callbacks_total", {"kind": "unknown", "result": "unknown"}) or 0
    event = "<MsgType>event</MsgType><Event>moon_landing</Event>"
    response = post(app, *now_sealed(event))
    assert (response.status_code, response.data) == (200, b"")
    assert REGISTRY.get_sample_value("hr_callbacks_total", {"kind": "unknown", "result": "unknown"}) == before + 1


def test_every_refusal_looks_the_same(app: Flask, staff: Company) -> None:
    args, body = now_sealed()
    client = app.test_client()
    answers = {
        (r.status_code, r.data)
        for r in (
            post(app, {**args, "msg_signature": "0" * 40}, body),
            post(app, {}, body),
            post(app, args, b""),
            post(app, args, b"<xml/>"),
            post(app, args, b"x" * 70_000),
            post(app, {**args, "more": "1"}, body),
            client.post("/wecom/nobody", query_string=args, data=body),
            client.get(ADDRESS, query_string={**args, "echostr": "abc"}),
        )
    }
    assert answers == {(403, b"")}
    assert client.put(ADDRESS, query_string=args, data=body).status_code == 405


def _bent(dice: random.Random, args: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    """One way of damaging a delivery, chosen by the dice; never the identity."""
    at, name = dice.randrange(len(body)), dice.choice(list(args))
    junk = dice.randbytes(dice.randrange(1, 40))
    cipher = body.index(b"<Encrypt>") + 20
    damages: list[Callable[[], tuple[dict[str, str], bytes]]] = [
        lambda: (args, body[:cipher] + bytes([body[cipher] ^ 1]) + body[cipher + 1 :]),
        lambda: (args, body[:at]),
        lambda: (args, body + junk),
        lambda: (args, body.replace(b"<xml>", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xml>", 1)),
        lambda: (args, junk),
        lambda: ({k: v for k, v in args.items() if k != name}, body),
        lambda: ({**args, name: args[name][:-1]}, body),
        lambda: ({**args, name: args[name] + dice.choice("0a%+ ")}, body),
        lambda: ({**args, name: "".join(dice.sample(args[name], len(args[name]))) + "0"}, body),
        lambda: ({**args, junk.hex(): "1"}, body),
        lambda: ({**args, "timestamp": str(clock.epoch() + dice.choice((-900, 900, 10**9)))}, body),
        lambda: ({**args, "msg_signature": dice.randbytes(20).hex()}, body),
    ]
    return dice.choice(damages)()


def _resigned(dice: random.Random, args: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    """Somebody who knows the Token, not the key: any cipher, signed well."""
    start, end = body.index(b"<Encrypt><![CDATA[") + 18, body.index(b"]]></Encrypt>")
    cipher = bytearray(body[start:end])
    for _ in range(dice.randrange(1, 4)):
        cipher[dice.randrange(len(cipher))] = dice.choice(b"ABCxyz019+/=")
    if bytes(cipher) == body[start:end]:
        cipher = cipher[:-24]
    pair = wecom.KeyPair(settings.TOKEN, settings.AES_KEY)
    text = cipher.decode()
    signature = pair.signature(args["timestamp"], args["nonce"], text)
    return {**args, "msg_signature": signature}, body[:start] + text.encode() + body[end:]


def test_of_1000_damaged_deliveries_none_is_accepted(app: Flask, staff: Company, drain: Drain) -> None:
    """R19: 60 % know no secret, 40 % know the Token; nothing changes and nothing breaks."""
    trip = ask(staff.li)
    drain()
    task = open_tasks(trip)["lead"]
    event = (
        "<MsgType>event</MsgType><Event>template_card_event</Event>"
        f"<EventKey>approve:{task.action_id}</EventKey><TaskId>{task.id}</TaskId>"
    )
    before, dice = fingerprint(), random.Random(19)
    for number in range(1000):
        genuine = now_sealed(event, sender="Lead")
        args, body = (_bent if number % 10 < 6 else _resigned)(dice, *genuine)
        response = post(app, args, body, content_type=dice.choice(["text/xml", "application/json", "text/plain", None]))
        assert response.status_code == 403, (number, args, body)
    assert fingerprint() == before
    assert inbox() == []
    assert task.state == TaskState.OPEN


def test_a_tap_takes_few_statements(staff: Company, twin: Twin, drain: Drain, statements: list[str]) -> None:
    ask(staff.li)
    drain()
    card = twin.card("Lead", "李雷申请出差")
    statements.clear()
    twin.tap("Lead", card, "同意")
    assert len(statements) <= 9
