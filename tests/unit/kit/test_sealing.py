"""Sealed values open where they belong, with a key we have, unaltered; otherwise they break loudly (R52)."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.sealing import SealBroken, Sealer, parse_key

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
sealer = Sealer({"k1": OLD}, "k1")


@given(st.binary(max_size=300), st.text(max_size=30))
def test_what_is_sealed_opens_under_its_own_context(value: bytes, context: str) -> None:
    sealed = sealer.seal(context, value)
    assert sealer.open(context, sealed) == value
    assert sealer.seal(context, value) != sealed


@given(st.integers(0, 60))
def test_a_flipped_bit_breaks_the_seal(place: int) -> None:
    sealed = bytearray(sealer.seal("payslip:1", b"12345.67 yuan and some more text"))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(SealBroken):
        sealer.open("payslip:1", bytes(sealed))


def test_a_value_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(SealBroken):
        sealer.open("payslip:2", sealer.seal("payslip:1", b"salary"))


@pytest.mark.parametrize("sealed", [b"", b"k1", b"k1\0short", b"k9\0" + b"x" * 40])
def test_a_stranger_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        sealer.open("payslip:1", sealed)


def test_rotation_reads_old_values_and_seals_new_ones_with_the_new_key() -> None:
    rotated = Sealer({"k1": OLD, "k2": NEW}, "k2")
    assert rotated.open("a", sealer.seal("a", b"v")) == b"v"
    assert rotated.seal("a", b"v").startswith(b"k2\0")
    assert rotated.fingerprint("id_number", "x") == sealer.fingerprint("id_number", "x")


def test_fingerprints_differ_by_purpose() -> None:
    assert sealer.fingerprint("phone", "x") != sealer.fingerprint("id_number", "x")


def test_the_current_key_must_be_in_the_ring() -> None:
    with pytest.raises(ValueError):
        Sealer({"k1": OLD}, "k2")


@pytest.mark.parametrize("text", ["", "short", base64.b64encode(b"x" * 31).decode(), "!" * 43])
def test_a_key_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_key(text)


def test_keys_are_read_in_both_alphabets() -> None:
    key = bytes([251, 255]) * 16
    assert parse_key(base64.urlsafe_b64encode(key).decode()) == parse_key(base64.b64encode(key).decode()) == key
