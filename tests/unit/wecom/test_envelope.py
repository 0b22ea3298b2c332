"""The callback's cryptography against published vectors, our own, and everything that must not open."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import published
from wecom.envelope import KeyPair, Unreadable
from wecom.jsapi import sign

TOKEN, AES_KEY, CORP = "HrSelfServiceToken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "ww0123456789abcdef"
RANDOM = b"0123456789abcdef"
PAIR = KeyPair(TOKEN, AES_KEY)

URL_ECHO = "4j/AuRx71kQlxVlzbpsMWJYsaFnocQaATfzyRSIGfvHPA8f/N37sI21LPPtZGsy6jszqMgtwpoI9dOQM1kOQJA=="
POSTED = (
    "<xml><ToUserName><![CDATA[ww0123456789abcdef]]></ToUserName><FromUserName><![CDATA[lihua]]></FromUserName>"
    "<CreateTime>1767225600</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[查年假]]></Content>"
    "<MsgId>7300000000000000001</MsgId><AgentID>1000002</AgentID></xml>"
)
POSTED_SEALED = (
    "4j/AuRx71kQlxVlzbpsMWL/tqHNm9oMbr6+yHpU3QTV41HQaj23TTaeVHHCeCq+xF5nssoQKq0TURMn/EwgmzYlV4d04XsWKjJUV7N+85HDgdJUn"
    "4DFLCaegt1OOlNB3Ojkr326b4kwV9nNfe0pmhT06H1C59h6Mu2g7i0SzhoPT5t3B6LvEl0ZOw6vSoA2ffkqwIIKUZQ/vbD9AzAtNrPHWuIjFOyyE"
    "QnIvjTnPWLVJDniuNrVgGr48GNO+lb/NrIFuL3sA4HCeC8kAyFWp8wV52NFIbRmYjCV44UHA5YnuM+3hshw0N+AYrWj/cnvNjF+FCUtq9ZwDtKwf"
    "U8sCeDBwHJJYt0x4CmSgPrjLhDEwATMSs/JKIBvHh04Mvbpws5/lYcPRvbX+FjQvuSCPx+I4UHHKjI0PKX+F/59a50tUYa1HvsRdrzK6yl4OK9ZW"
    "zvdqaUlagG/XjIF4doDOig=="
)
REPLIED = (
    "<xml><ToUserName><![CDATA[lihua]]></ToUserName><FromUserName><![CDATA[ww0123456789abcdef]]></FromUserName>"
    "<CreateTime>1767225601</CreateTime><MsgType><![CDATA[update_button]]></MsgType>"
    "<Button><ReplaceName><![CDATA[已同意]]></ReplaceName></Button></xml>"
)
REPLIED_SEALED = (
    "wrNmYnsdngNwZHPRm4NnS+xhtEMDNBpVFELRgdPk+mEpfiCB+gSY8ECPY7gPuFOQWn5VgjGzE/l1ZuksnAYAtrpyP2gu+tjNpdV/mFhGB3Wb6gpI"
    "Z9zOOOOkN/ts/UoqwZtdN+1nVh2jjVNKTBzlpSY5582XByk5DE86IDBJcKmUGxMXJpe6w+UgU5OlLwCDndsmZJRleYfCyTwV0W0hoEuyIpW7kJ4U"
    "AnZ1h92A8+6XXxh7T2/xemP6T5sYkzYQnDbx/Lhzl8Jfj8zqvxZ57q1dZwm8T02DIWMUzqGVOwSYb3iQooUGGhKHWG0l6GPL3Kd2YrqI2CB6Htbo"
    "JEgoHyA3QkKP+Vae17T06iX/sn/ZiZCXbiKJTLRc6u7D+UDjWfQmoZf2hGsRSPcgXAfCjlZHOJGe7PmyzGxoe8Tr5og="
)
PAD_EDGE = (
    "4j/AuRx71kQlxVlzbpsMWLdwa700XSzOWDMkXDdU+WosU+ewEoBShSctEkjIMzDluDA/lOKCdUZUkeU4RUQWvlb25E9mxr2aw2oTfGSPUbVQb5xl"
    "1a82fEMwdygm5OKw"
)
OURS = [
    pytest.param("4815162342", URL_ECHO, RANDOM, id="V1 the echo, pad 16"),
    pytest.param(POSTED, POSTED_SEALED, RANDOM, id="V2 aligned, a full pad block"),
    pytest.param(REPLIED, REPLIED_SEALED, b"fedcba9876543210", id="V3 a passive reply"),
    pytest.param("x" * 26, PAD_EDGE, RANDOM, id="V4 the padding's edge"),
]


@pytest.mark.parametrize(("message", "sealed", "random"), OURS)
def test_a_known_message_seals_to_known_bytes_and_opens_again(message: str, sealed: str, random: bytes) -> None:
    assert PAIR.encrypt(message.encode(), CORP, random) == sealed
    assert PAIR.decrypt(sealed) == (message.encode(), CORP)


@pytest.mark.parametrize(
    ("timestamp", "nonce", "sealed", "signature"),
    [
        ("1767225600", "884422113", URL_ECHO, "a46cffd4f514ed45d9b6831866200d1d0cf032c6"),
        ("1767225600", "884422113", POSTED_SEALED, "40be5c624d081b907cf22f4148ef42d1beb1c279"),
        ("1767225601", "556677", REPLIED_SEALED, "eabc6d845fcfa93b59a5d3f5195afc608020c32f"),
    ],
)
def test_known_signatures(timestamp: str, nonce: str, sealed: str, signature: str) -> None:
    assert PAIR.signature(timestamp, nonce, sealed) == signature
    assert PAIR.has_signed(signature, timestamp, nonce, sealed)
    assert not PAIR.has_signed(
        signature[:-1] + "0123456789abcdef"[int(signature[-1], 16) - 1], timestamp, nonce, sealed
    )


def test_v5_the_signature_of_a_page() -> None:
    page = "https://hr.example.com/h5/leave?id=42"
    expected = "5274cd5611208b48c365926cfbe94b4eaf199576"
    assert sign("TICKET-0001", "Wm3WZYTPz0wzccnW", 1767225600, page) == expected
    assert sign("TICKET-0001", "Wm3WZYTPz0wzccnW", 1767225600, page + "#top") == expected


@pytest.mark.parametrize("vector", published.vectors())
def test_published_vectors(vector: dict[str, Any]) -> None:
    published.needed()
    pair = KeyPair(vector["token"], vector["encoding_aes_key"])
    assert pair.has_signed(vector["msg_signature"], vector["timestamp"], vector["nonce"], vector["encrypt"])
    content, receiver = pair.decrypt(vector["encrypt"])
    assert (content.decode(), receiver) == (vector["expected_plaintext"], vector["expected_receive_id"])
    random = base64.b64decode(vector["random16_base64"])
    assert pair.encrypt(content, receiver, random) == vector["encrypt"]


@pytest.mark.parametrize(
    "aes_key", [AES_KEY[:-1], AES_KEY + "A", AES_KEY[:-1] + "$", "", "年" * 43, "\u0661" * 43], ids=lambda key: key[:3]
)
def test_a_key_of_another_form_is_refused_at_once(aes_key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        KeyPair(TOKEN, aes_key)


def _sealed_raw(plain: bytes) -> str:
    """A ciphertext of exactly these bytes, padding included."""
    from wechatpy.crypto.base import WeChatCipher

    return base64.b64encode(WeChatCipher(PAIR.key).encrypt(plain)).decode()


def _respelt(ciphertext: str) -> str:
    """The same bytes, with a bit set that base 64 leaves unused in the last letter."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    text = ciphertext.rstrip("=")
    changed = text[:-1] + letters[letters.index(text[-1]) + 1] + "=" * (len(ciphertext) - len(text))
    assert changed.endswith("=")
    assert base64.b64decode(changed) == base64.b64decode(ciphertext)
    return changed


HEAD = RANDOM + (2).to_bytes(4) + b"ok" + b"wwcorp"  # 28 bytes


@pytest.mark.parametrize(
    "ciphertext",
    [
        pytest.param("", id="nothing"),
        pytest.param("!!!!", id="not base 64"),
        pytest.param("4j/AuRx71kQlxVlzbpsMWJYsaFnocQaATfzyRSIGfvE=\n", id="a line end"),
        pytest.param("查年假", id="not ASCII"),
        pytest.param(_respelt(PAIR.encrypt(b"ok", "wwcorp")), id="unused bits set"),
        pytest.param(base64.b64encode(b"fifteen bytes !").decode(), id="not whole blocks"),
        pytest.param(base64.b64encode(base64.b64decode(URL_ECHO)[:-16]).decode(), id="cut by a block"),
        pytest.param(_sealed_raw(HEAD + bytes([0] * 4)), id="pad 0"),
        pytest.param(_sealed_raw(HEAD + bytes(3) + bytes([33])), id="pad 33"),
        pytest.param(_sealed_raw(bytes([32] * 16)), id="pad longer than all"),
        pytest.param(_sealed_raw(HEAD + bytes([4, 4, 5, 4])), id="uneven pad"),
        pytest.param(_sealed_raw(RANDOM + bytes([16] * 16)), id="no length at all"),
        pytest.param(_sealed_raw(RANDOM + b"\0\0" + bytes([14] * 14)), id="half a length"),
        pytest.param(_sealed_raw(RANDOM + (9).to_bytes(4) + b"okwwcorp" + bytes([4] * 4)), id="length beyond the end"),
        pytest.param(
            _sealed_raw(RANDOM + (2).to_bytes(4) + b"ok\xff\xfecorp" + bytes([4] * 4)), id="receiver not UTF-8"
        ),
    ],
)
def test_what_does_not_open(ciphertext: str) -> None:
    with pytest.raises(Unreadable):
        PAIR.decrypt(ciphertext)


def test_the_padding_examples_are_only_wrong_where_they_say_so() -> None:
    assert PAIR.decrypt(_sealed_raw(HEAD + bytes([4] * 4))) == (b"ok", "wwcorp")


@given(st.binary(max_size=300), st.text(st.characters(codec="utf-8"), max_size=30))
def test_whatever_is_sealed_opens_to_itself(message: bytes, receiver: str) -> None:
    assert PAIR.decrypt(PAIR.encrypt(message, receiver)) == (message, receiver)


def test_two_sealings_of_one_message_differ() -> None:
    assert PAIR.encrypt(b"ok", CORP) != PAIR.encrypt(b"ok", CORP)


def test_keys_are_not_in_the_repr() -> None:
    assert TOKEN not in repr(PAIR)
    assert AES_KEY not in repr(PAIR)
