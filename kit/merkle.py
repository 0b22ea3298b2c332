"""Merkle trees over SHA-256: one root stands for many leaves, and a short path shows that a leaf was among them.

Leaves and inner nodes are hashed with different prefixes (RFC 9162, section 2.1), so that neither passes for the other;
a node without a neighbour rises unchanged.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

LEAF, NODE = b"\x00", b"\x01"
Side = Literal["left", "right"]


@dataclass(frozen=True)
class Neighbour:
    """The hash beside ours on the way up, and the side it stands on."""

    side: Side
    digest: bytes


def leaf(content: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(LEAF + content).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root of a tree over the hashes of its leaves, in their order; there must be one at least."""
    if not leaves:
        raise ValueError("a tree needs a leaf")
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(leaves: Sequence[bytes], position: int) -> list[Neighbour]:
    """The neighbours of the leaf at `position` (from 0), from the bottom up."""
    if not 0 <= position < len(leaves):
        raise ValueError("the tree has no such leaf")
    level, found = list(leaves), []
    while len(level) > 1:
        beside = position ^ 1
        if beside < len(level):
            found.append(Neighbour("left" if beside < position else "right", level[beside]))
        level, position = _above(level), position // 2
    return found


def climb(digest: bytes, neighbours: Sequence[Neighbour]) -> bytes:
    """The root that a leaf and its path lead to."""
    for one in neighbours:
        digest = _node(one.digest, digest) if one.side == "left" else _node(digest, one.digest)
    return digest


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
    return pairs + list(level[-1:]) if len(level) % 2 else pairs


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()
