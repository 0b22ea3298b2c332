"""Callbacks: what is believed, what is refused, and that every refusal looks alike."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import clock, config
from tests.support import published, settings
from tests.support.envelopes import AES_KEY, CORP, EPOCH, NONCE, NOW, OLD_PAIR, PAIR, TOKEN, content, sealed
from wecom import BadCallback, Inbound, KeyPair, Mailbox, mailboxes
from wecom.callback import LARGEST_BODY

BOX = Mailbox(CORP, [PAIR], agent_id=1000002)


def opened(plain: str | bytes | None = None, **changes: Any) -> Inbound:
    return BOX.open(*sealed(plain, **changes), NOW)


def refusal(act: Callable[[], Any]) -> BadCallback:
    with pytest.raises(BadCallback) as caught:
        act()
    assert str(caught.value) == "callback refused"
    return caught.value


# What is believed


def test_a_genuine_click_tells_who_what_and_when() -> None:
    inbound = opened()
    assert (inbound.kind, inbound.userid, inbound.agent_id, inbound.at) == ("click", "lihua", 1000002, NOW)
    assert inbound.data["EventKey"] == "balance"
    assert len(inbound.key) == 64


def test_saving_the_address_is_answered_with_the_plain_echo() -> None:
    echo = "4j/AuRx71kQlxVlzbpsMWJYsaFnocQaATfzyRSIGfvHPA8f/N37sI21LPPtZGsy6jszqMgtwpoI9dOQM1kOQJA=="
    signature = "a46cffd4f514ed45d9b6831866200d1d0cf032c6"
    args = {"msg_signature": signature, "timestamp": "1767225600", "nonce": NONCE, "echostr": echo}
    assert BOX.verify_url(args, NOW) == b"4815162342"
    refusal(lambda: BOX.verify_url({**args, "echostr": echo.replace("/", " ")}, NOW))
    refusal(lambda: BOX.verify_url({name: args[name] for name in ("msg_signature", "timestamp", "nonce")}, NOW))


@pytest.mark.parametrize("vector", published.vectors())
def test_published_deliveries_open(vector: dict[str, Any]) -> None:
    published.needed()
    box = Mailbox(vector["receive_id"], [(vector["token"], vector["encoding_aes_key"])])
    args = {"msg_signature": vector["msg_signature"], "timestamp": vector["timestamp"], "nonce": vector["nonce"]}
    with clock.frozen(NOW.fromtimestamp(int(vector["timestamp"]), NOW.tzinfo)):
        if vector["kind"] == "verify_url":
            assert box.verify_url({**args, "echostr": vector["encrypt"]}).decode() == vector["expected_plaintext"]
        elif (
            "encrypt_random16_ascii" in vector
        ):  # a reply, not a delivery: it has other elements and no sender to believe
            refusal(lambda: box.open(args, vector["post_body"].encode()))
        else:
            assert box.open(args, vector["post_body"].encode()).kind == "text"


def test_the_framework_may_give_lists_of_values() -> None:
    args, body = sealed()
    assert BOX.open({name: [value] for name, value in args.items()}, body, NOW) == BOX.open(args, body, NOW)


@pytest.mark.parametrize(
    "envelope",
    [
        pytest.param("<xml><Encrypt>{encrypt}</Encrypt></xml>", id="only the content"),
        pytest.param(
            "<xml>\n <Encrypt>{encrypt}</Encrypt>\n <ToUserName>{corp}</ToUserName>\n</xml>", id="other order"
        ),
        pytest.param("<xml><AgentID></AgentID><Encrypt>{encrypt}</Encrypt></xml>", id="empty agent"),
        pytest.param("\ufeff<xml><Encrypt>{encrypt}</Encrypt></xml>", id="byte order mark"),
    ],
)
def test_envelopes_vary_a_little(envelope: str) -> None:
    assert opened(envelope=envelope).kind == "click"


def test_a_directory_event_has_no_agent() -> None:
    inner = (
        "<MsgType>event</MsgType><Event>change_contact</Event><ChangeType>delete_user</ChangeType><UserID>x</UserID>"
    )
    inbound = opened(content(inner, sender="sys", agent=""))
    assert (inbound.kind, inbound.userid, inbound.agent_id) == ("change_contact", "sys", None)


def test_directory_sync_takes_any_number_for_an_agent_but_only_a_number() -> None:
    box = Mailbox(CORP, [PAIR])
    envelope = "<xml><AgentID>{{}}</AgentID><Encrypt>{encrypt}</Encrypt></xml>"
    for written, is_accepted in (("2000002", True), ("2000ooo2", False)):
        delivery = sealed(content(sender="sys", agent=""), envelope=envelope.replace("{{}}", written))
        if is_accepted:
            assert box.open(*delivery, NOW).userid == "sys"
        else:
            assert refusal(lambda delivery=delivery: box.open(*delivery, NOW)).reason == "receiver"


def test_the_approval_application_writes_its_own_number_outside_and_inside() -> None:
    envelope = "<xml><AgentID>3010040</AgentID><Encrypt>{encrypt}</Encrypt></xml>"
    inner = "<MsgType>event</MsgType><Event>sys_approval_change</Event>"
    assert opened(content(inner, agent="3010040"), envelope=envelope).agent_id == 3010040


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        ("<MsgType>event</MsgType><Event>LOCATION</Event>", "LOCATION"),
        ("<MsgType>location</MsgType>", "location"),
        ("<MsgType>event</MsgType><Event>CLICK</Event>", "click"),
        ("<MsgType>event</MsgType><Event>text</Event>", "unknown"),
        ("<MsgType>event</MsgType><Event>meeting_change</Event>", "unknown"),
        ("<MsgType>hologram</MsgType>", "unknown"),
        ("<MsgType>event</MsgType>", "unknown"),
    ],
)
def test_kinds(inner: str, kind: str) -> None:
    assert opened(content(inner)).kind == kind


@pytest.mark.parametrize("document", published.documents("callback-docs-90240"))
def test_every_documented_body_is_opened(document: bytes) -> None:
    published.needed()
    inbound = _opened_when_made(document)
    assert inbound.userid in ("FromUser", "sys")


@pytest.mark.parametrize("document", published.documents("callback-go-wecom"))
def test_every_collected_body_is_opened_or_refused_as_a_providers(document: bytes) -> None:
    published.needed()
    if b"<SuiteId>" in document:
        assert refusal(lambda: _opened_when_made(document)).reason == "content"
    else:
        assert _opened_when_made(document).userid


def _opened_when_made(document: bytes) -> Inbound:
    _, _, rest = document.partition(b"<CreateTime>")
    at = int(rest.partition(b"<")[0] or EPOCH)
    when = NOW.fromtimestamp(at, NOW.tzinfo)
    # The examples of the documentation were made in 1973: their envelope needs a timestamp of ten digits.
    stamp = f"{at:010d}"
    plain = "<xml><Encrypt>{encrypt}</Encrypt></xml>"
    return BOX.open(*sealed(document, timestamp=stamp, envelope=plain), when)


# What is refused


def test_a_signature_is_compared_whole_and_never_raises_anything_else() -> None:
    args, body = sealed()
    wrong = ["0" * 40, args["msg_signature"].upper(), args["msg_signature"][:-1], "", "é" * 40, "\ud800", "查" * 40]
    for signature in wrong:
        refusal(lambda signature=signature: BOX.open({**args, "msg_signature": signature}, body, NOW))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda args: args.pop("nonce"), id="dropped"),
        pytest.param(lambda args: args.update(junk="1"), id="junk"),
        pytest.param(lambda args: args.update(echostr="1"), id="of the other method"),
        pytest.param(lambda args: args.update(timestamp=[args["timestamp"], args["timestamp"]]), id="doubled"),
        pytest.param(lambda args: args.update(timestamp=[]), id="empty list"),
        pytest.param(lambda args: args.update(timestamp=""), id="empty"),
        pytest.param(lambda args: args.update(timestamp="１７６７２２５６００"), id="full-width digits"),
        pytest.param(lambda args: args.update(timestamp="1767225600\n"), id="line end"),
        pytest.param(lambda args: args.update(timestamp="1" * 30), id="thirty digits"),
        pytest.param(lambda args: args.update(timestamp="-1"), id="negative"),
        pytest.param(lambda args: args.update(nonce="a b"), id="blank in the nonce"),
        pytest.param(lambda args: args.update(nonce="9" * 65), id="long nonce"),
    ],
)
def test_parameters_have_exactly_one_form(change: Callable[[dict[str, Any]], Any]) -> None:
    args, body = sealed()
    changed: dict[str, Any] = dict(args)
    change(changed)
    assert refusal(lambda: BOX.open(changed, body, NOW)).reason == "parameters"


def test_digits_moved_between_timestamp_and_nonce_do_not_pass() -> None:
    args, body = sealed()
    joined = args["timestamp"] + args["nonce"]
    for cut in range(1, len(joined)):
        if cut != len(args["timestamp"]):
            shifted = {**args, "timestamp": joined[:cut], "nonce": joined[cut:]}
            refusal(lambda shifted=shifted: BOX.open(shifted, body, NOW))


def test_another_corporations_delivery_is_refused() -> None:
    assert refusal(lambda: opened(receiver="wwother")).reason == "cipher"
    assert refusal(lambda: opened(receiver="")).reason == "cipher"


@pytest.mark.parametrize(
    "envelope",
    [
        "<xml><ToUserName>wwother</ToUserName><Encrypt>{encrypt}</Encrypt></xml>",
        "<xml><AgentID>1000003</AgentID><Encrypt>{encrypt}</Encrypt></xml>",
    ],
)
def test_the_unsigned_address_must_agree_with_the_sealed_content(envelope: str) -> None:
    assert refusal(lambda: opened(envelope=envelope)).reason == "receiver"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b"<xml></xml>",
        b"<xml/>",
        b"<html><Encrypt>x</Encrypt></html>",
        b"<xml><Encrypt></Encrypt></xml>",
        b"<xml><Encrypt>x</Encrypt><Encrypt>x</Encrypt></xml>",
        b"<xml><Encrypt><x>y</x></Encrypt></xml>",
        b"<xml><Encrypt a='1'>x</Encrypt></xml>",
        b"<xml>stray<Encrypt>x</Encrypt></xml>",
        b"<xml><Encrypt>x</Encrypt>stray</xml>",
        b"<xml><Encrypt>x</Encrypt></xml>more",
        b"<xml><Encrypt>x</Encrypt><Junk>1</Junk></xml>",
        b'<?xml version="1.0" encoding="utf-7"?><xml><Encrypt>x</Encrypt>',
        b"<xml>" + b"<a>" * 20000,
        b"<xml>" + b"<a>" * 8000 + b"</a>" * 8000 + b"</xml>",
        b'<!DOCTYPE xml [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]><xml><Encrypt>&e;</Encrypt></xml>',
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd"><xml><Encrypt>x</Encrypt></xml>',
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>',
    ],
)
def test_hostile_envelopes_are_refused_quickly_before_and_behind_the_seal(body: bytes) -> None:
    """By the CPU's own time, of which other work on the machine takes none."""
    args, _ = sealed()
    begun = time.process_time()
    refusal(lambda: BOX.open(args, body, NOW))
    refusal(lambda: opened(body))
    assert time.process_time() - begun < 1


def test_a_body_beyond_the_cap_is_not_even_parsed() -> None:
    args, body = sealed()
    assert refusal(lambda: BOX.open(args, body.ljust(LARGEST_BODY + 1), NOW)).reason == "size"
    assert BOX.open(args, body.ljust(LARGEST_BODY), NOW).kind == "click"


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(content(sender=""), id="nobody"),
        pytest.param(content(sender="li hua"), id="a blank in the userid"),
        pytest.param(content(sender="ｌihua"), id="a full-width letter"),
        pytest.param(content(sender="lihua\u200b"), id="a zero-width blank"),
        pytest.param(content(sender="a" * 65), id="a long userid"),
        pytest.param(content(at=""), id="no time"),
        pytest.param(content(at="soon"), id="a time in words"),
        pytest.param(content(at="9" * 18), id="a time beyond all calendars"),
        pytest.param(content(at="9" * 30), id="thirty digits"),
        pytest.param(content(at="-1"), id="a negative time"),
        pytest.param(content(agent="hr"), id="an agent in words"),
        pytest.param(content("<Event>click</Event>"), id="no message type"),
        pytest.param("<xml>words</xml>", id="no elements"),
        pytest.param("", id="empty"),
        pytest.param(b"\xff", id="not UTF-8"),
    ],
)
def test_sealed_nonsense_is_refused(plain: str | bytes) -> None:
    assert refusal(lambda: opened(plain)).reason == "content"


# Fresh only


@pytest.mark.parametrize("minutes", [-4, 0, 4])
def test_within_five_minutes_is_fresh(minutes: int) -> None:
    assert opened(timestamp=EPOCH + 60 * minutes).kind == "click"


@pytest.mark.parametrize("minutes", [-6, 6, -(60 * 24)])
def test_a_signed_but_untimely_delivery_tells_the_counter_how_far_off_the_clocks_are(minutes: int) -> None:
    error = refusal(lambda: opened(timestamp=EPOCH + 60 * minutes))
    assert (error.reason, error.skew_seconds) == ("stale", 60 * minutes)


def test_a_forged_delivery_never_looks_like_a_wrong_clock() -> None:
    args, body = sealed(timestamp=EPOCH + 3600)
    error = refusal(lambda: BOX.open({**args, "msg_signature": "0" * 40}, body, NOW))
    assert (error.reason, error.skew_seconds) == ("signature", 0)


@pytest.mark.parametrize(("minutes", "is_fresh"), [(-9, True), (9, True), (-11, False), (11, False)])
def test_the_time_inside_is_checked_too(minutes: int, is_fresh: bool) -> None:
    plain = content(at=EPOCH + 60 * minutes)
    if is_fresh:
        assert opened(plain).kind == "click"
    else:
        assert refusal(lambda: opened(plain)).reason == "stale"


# Repeats


def test_a_repeat_under_a_new_signature_has_the_same_key() -> None:
    again = opened(timestamp=EPOCH + 20, nonce="4711")
    assert again.key == opened().key


def test_a_message_is_named_by_its_id_alone() -> None:
    text = "<MsgType>text</MsgType><Content>{}</Content><MsgId>{}</MsgId>"
    first, retold, other = (opened(content(text.format(*parts))).key for parts in (("a", 1), ("b", 1), ("a", 2)))
    assert first == retold != other


@pytest.mark.parametrize(
    "other",
    [
        "<EventKey>refuse</EventKey><TaskId>t1</TaskId><ResponseCode>r1</ResponseCode>",
        "<EventKey>agree</EventKey><TaskId>t2</TaskId><ResponseCode>r1</ResponseCode>",
        "<EventKey>agree</EventKey><TaskId>t1</TaskId><ResponseCode>r2</ResponseCode>",
        "<EventKey>agree</EventKey><TaskId>t1</TaskId><ResponseCode>r1</ResponseCode><UserID>x</UserID>",
    ],
)
def test_two_taps_of_one_second_stay_two(other: str) -> None:
    kind = "<MsgType>event</MsgType><Event>template_card_event</Event>"
    tap = "<EventKey>agree</EventKey><TaskId>t1</TaskId><ResponseCode>r1</ResponseCode>"
    assert opened(content(kind + tap)).key != opened(content(kind + other)).key
    assert opened(content(kind + tap)).key != opened(content(kind + tap, sender="hanmei")).key
    assert opened(content(kind + tap)).key != opened(content(kind + tap, at=EPOCH + 1)).key


# Rotation


def test_two_pairs_are_valid_while_they_rotate_and_each_is_answered_under_its_own() -> None:
    box = Mailbox(CORP, [PAIR, OLD_PAIR])
    for index, pair in enumerate((PAIR, OLD_PAIR)):
        inbound = box.open(*sealed(pair=pair), NOW)
        assert inbound.pair == index
        answer = box.seal("<xml>ok</xml>", inbound, NOW).decode()
        assert pair.decrypt(answer.partition("<Encrypt><![CDATA[")[2].partition("]")[0]) == (b"<xml>ok</xml>", CORP)


def test_the_old_pair_ends_with_its_window() -> None:
    box = Mailbox(CORP, [PAIR, KeyPair(OLD_PAIR.token, OLD_PAIR.aes_key, until=NOW + timedelta(seconds=1))])
    delivery = sealed(pair=OLD_PAIR)
    assert box.open(*delivery, NOW).pair == 1
    assert refusal(lambda: box.open(*delivery, NOW + timedelta(seconds=1))).reason == "signature"


def test_only_the_aes_key_may_rotate_under_one_token() -> None:
    old = KeyPair(TOKEN, OLD_PAIR.aes_key)
    assert Mailbox(CORP, [PAIR, old]).open(*sealed(pair=old), NOW).pair == 1


def test_mailboxes_follow_the_settings() -> None:
    values = settings.values("sqlite://")
    assert mailboxes(config.parse(values, "tests").wecom)["hr"].open(*sealed(), NOW).pair == 0
    until = NOW + timedelta(hours=1)
    previous = {"token": OLD_PAIR.token, "encoding_aes_key": OLD_PAIR.aes_key, "until": until}
    values["wecom"]["agents"][0]["previous"] = previous
    values["wecom"]["agents"].append({"name": "checkin", "agent_id": 5, "secret": "s"})
    values["wecom"]["contacts"] = {"token": "ContactsToken", "encoding_aes_key": AES_KEY}
    boxes = mailboxes(config.parse(values, "tests").wecom)
    assert boxes.keys() == {"hr", "contacts"}
    assert boxes["hr"].receive_id == CORP
    assert boxes["hr"].open(*sealed(pair=OLD_PAIR), NOW).pair == 1
    with pytest.raises(BadCallback):
        boxes["hr"].open(*sealed(pair=OLD_PAIR), until)
    assert boxes["contacts"].open(*sealed(pair=KeyPair("ContactsToken", AES_KEY)), NOW).pair == 0


def test_no_keys_no_mailbox() -> None:
    values = settings.values("sqlite://")
    del values["wecom"]["agents"][0]["encoding_aes_key"]
    values["wecom"]["contacts"] = {}
    assert mailboxes(config.parse(values, "tests").wecom) == {}


# Mutation

GENUINE_ARGS, GENUINE_BODY = sealed()


@given(st.integers(0, len(GENUINE_BODY) - 1), st.integers(1, 255))
def test_no_changed_byte_of_the_body_is_accepted(place: int, flip: int) -> None:
    body = bytearray(GENUINE_BODY)
    body[place] ^= flip
    refusal(lambda: BOX.open(GENUINE_ARGS, bytes(body), NOW))


@given(st.sampled_from(sorted(GENUINE_ARGS)), st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_other_parameter_is_accepted(name: str, value: str) -> None:
    if value != GENUINE_ARGS[name]:
        refusal(lambda: BOX.open({**GENUINE_ARGS, name: value}, GENUINE_BODY, NOW))


@given(st.binary(max_size=400), st.booleans())
def test_no_junk_is_accepted_with_or_without_the_token(junk: bytes, knows_token: bool) -> None:
    body = b"<xml><Encrypt>" + junk + b"</Encrypt></xml>"
    encrypt = junk.decode(errors="replace")
    signature = PAIR.signature(str(EPOCH), NONCE, encrypt) if knows_token else "0" * 40
    args = {"msg_signature": signature, "timestamp": str(EPOCH), "nonce": NONCE}
    refusal(lambda: BOX.open(args, body, NOW))
    refusal(lambda: BOX.verify_url({**args, "echostr": encrypt}, NOW))


@given(st.data())
def test_who_knows_the_token_but_not_the_key_changes_nothing(data: st.DataObject) -> None:
    import base64

    genuine = BOX.open(GENUINE_ARGS, GENUINE_BODY, NOW)
    blocks = bytearray(base64.b64decode(GENUINE_BODY.partition(b"<Encrypt><![CDATA[")[2].partition(b"]")[0]))
    place = data.draw(st.integers(0, len(blocks) - 1))
    blocks[place] ^= data.draw(st.integers(1, 255))
    encrypt = base64.b64encode(blocks).decode()
    args = {"msg_signature": PAIR.signature(str(EPOCH), "1", encrypt), "timestamp": str(EPOCH), "nonce": "1"}
    body = f"<xml><Encrypt>{encrypt}</Encrypt></xml>".encode()
    try:
        inbound = BOX.open(args, body, NOW)
    except BadCallback:
        return
    assert place < 16  # only the random head can be flipped unnoticed, and then it is the same delivery
    assert inbound.key == genuine.key
