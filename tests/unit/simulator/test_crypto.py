"""The cipher and the signature against published cases and against everything that must be refused."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from simulator.crypto import BadEnvelope, Seal, sign_js
from simulator.xml import read

VECTORS = Path(__file__).resolve().parents[3].parent / "shared/fixtures/wecom/crypto-vectors.json"
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
SEAL = Seal("HrSelfServiceToken01", KEY, "ww0123456789abcdef")
HEAD = b"0123456789abcdef"
ECHO = "4j/AuRx71kQlxVlzbpsMWJYsaFnocQaATfzyRSIGfvHPA8f/N37sI21LPPtZGsy6jszqMgtwpoI9dOQM1kOQJA=="


def vectors() -> list[dict[str, Any]]:
    """The published cases; without the file one case that says so, loudly."""
    return json.loads(VECTORS.read_text(encoding="utf-8")) if VECTORS.exists() else [{"name": "absent"}]


@pytest.mark.parametrize("case", vectors(), ids=lambda case: case["name"])
def test_published_cases_verify_open_and_seal_again(case):
    if case["name"] == "absent":
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(f"{VECTORS} is missing and REQUIRE_ALL=1")
        pytest.skip(f"SKIPPED FOR WANT OF DATA: {VECTORS} is missing")
    seal = Seal(case["token"], case["encoding_aes_key"], case["receive_id"])
    seal.check(case["msg_signature"], case["timestamp"], case["nonce"], case["encrypt"])
    assert seal.decrypt(case["encrypt"]).decode() == case["expected_plaintext"]
    head = base64.b64decode(case["random16_base64"])
    assert seal.encrypt(case["expected_plaintext"].encode(), head) == case["encrypt"]
    if "post_body" in case:
        assert read(case["post_body"].encode())["Encrypt"] == case["encrypt"]


def test_our_own_case_of_a_verification():
    assert SEAL.encrypt(b"4815162342", HEAD) == ECHO
    assert SEAL.sign("1767225600", "884422113", ECHO) == "a46cffd4f514ed45d9b6831866200d1d0cf032c6"


def test_an_aligned_text_gets_a_whole_block_of_padding():
    sealed = SEAL.encrypt(b"x" * 26, HEAD)
    assert len(base64.b64decode(sealed)) == 96
    assert SEAL.decrypt(sealed) == b"x" * 26


def test_the_signature_of_a_page():
    url = "https://hr.example.com/h5/leave?id=42"
    assert sign_js("TICKET-0001", "Wm3WZYTPz0wzccnW", 1767225600, url) == "5274cd5611208b48c365926cfbe94b4eaf199576"


def test_another_signature_receiver_or_key_is_refused():
    with pytest.raises(BadEnvelope, match="signature"):
        SEAL.check("b46cffd4f514ed45d9b6831866200d1d0cf032c6", "1767225600", "884422113", ECHO)
    with pytest.raises(BadEnvelope, match="receiver"):
        Seal(SEAL.token, KEY, "wwother").decrypt(ECHO)
    for key in (KEY[:-1], KEY + "A", "$" + KEY[1:-1]):
        with pytest.raises(BadEnvelope, match="EncodingAESKey"):
            Seal(SEAL.token, key, SEAL.receiver).decrypt(ECHO)


def test_damaged_ciphertext_is_refused():
    data = base64.b64decode(ECHO)
    for damaged in (data[:-16], data[:-1], b"", data[:16]):
        with pytest.raises(BadEnvelope):
            SEAL.decrypt(base64.b64encode(damaged).decode())
    with pytest.raises(BadEnvelope, match="base64"):
        SEAL.decrypt("not base 64!")


@pytest.mark.parametrize("pad", [0, 33])
def test_padding_outside_one_to_thirty_two_is_refused(pad):
    encryptor = SEAL._cipher.encryptor()
    sealed = base64.b64encode(encryptor.update(b"x" * 63 + bytes([pad])) + encryptor.finalize()).decode()
    with pytest.raises(BadEnvelope, match="padding"):
        SEAL.decrypt(sealed)


def test_a_length_beyond_the_end_is_refused():
    plain = HEAD + (1000).to_bytes(4, "big") + b"short"
    pad = 32 - len(plain) % 32
    encryptor = SEAL._cipher.encryptor()
    sealed = base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()
    with pytest.raises(BadEnvelope, match="length"):
        SEAL.decrypt(sealed)
