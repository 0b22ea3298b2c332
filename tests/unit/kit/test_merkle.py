"""Trees prove membership of every leaf and of nothing else; signatures hold for one key, one purpose, one text."""

import base64

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from kit import merkle
from kit.signing import Signer, canonical

LEAVES = st.lists(st.binary(max_size=8), min_size=1, max_size=40, unique=True).map(
    lambda contents: [merkle.leaf(one) for one in contents]
)


def test_a_tree_of_three_is_what_the_definition_says() -> None:
    one, two, three = (merkle.leaf(text) for text in (b"1", b"2", b"3"))
    assert merkle.root([one]) == one
    assert merkle.root([one, two, three]) == merkle.root([merkle.root([one, two]), three])
    assert [step.side for step in merkle.path([one, two, three], 2)] == ["left"]


@given(LEAVES, st.data())
def test_every_leaf_climbs_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(leaves) - 1))
    assert merkle.climb(leaves[position], merkle.path(leaves, position)) == merkle.root(leaves)


@given(LEAVES, st.data())
def test_no_leaf_climbs_by_the_path_of_another(leaves: list[bytes], data: st.DataObject) -> None:
    position, other = (data.draw(st.integers(0, len(leaves) - 1)) for _ in range(2))
    is_root = merkle.climb(leaves[position], merkle.path(leaves, other)) == merkle.root(leaves)
    assert is_root == (position == other)


def test_an_inner_node_does_not_pass_for_a_leaf() -> None:
    one, two = merkle.leaf(b"1"), merkle.leaf(b"2")
    assert merkle.leaf(one + two) != merkle.root([one, two])


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a leaf"):
        merkle.root([])
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.path([merkle.leaf(b"1")], 1)


def test_equal_values_are_written_alike() -> None:
    written = '{"a":[null,true],"乙":1}'.encode()
    assert canonical({"乙": 1, "a": [None, True]}) == canonical({"a": [None, True], "乙": 1}) == written


def test_a_signature_holds_for_its_key_purpose_and_text() -> None:
    signer, text = Signer(b"s" * 32), b"text"
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(signer.public))
    signature = base64.b64decode(signer.sign("purpose", text))
    public.verify(signature, b"purpose\ntext")
    for other in (b"text", b"other\ntext", b"purpose\ntexts"):
        with pytest.raises(InvalidSignature):
            public.verify(signature, other)
    assert Signer(b"s" * 32).key_id == signer.key_id != Signer(b"t" * 32).key_id
