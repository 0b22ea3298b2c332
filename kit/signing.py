"""Signatures that others can check: Ed25519 over canonical JSON, each kind of statement under its own prefix."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_ID_LENGTH = 16


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one way to write a value down: UTF-8 JSON, names sorted, no spaces. Equal values give equal bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def is_signed(public: str, purpose: str, content: bytes, signature: str) -> bool:
    """Did the holder of this key sign this content for this purpose?"""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
        key.verify(base64.b64decode(signature), purpose.encode() + b"\n" + content)
    except (InvalidSignature, ValueError):
        return False
    return True


class Signer:
    """A key pair made of a secret seed of 32 bytes; the same seed is the same pair."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)

    @cached_property
    def public(self) -> str:
        """The public key, 32 bytes in base 64: what everybody may know."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    @cached_property
    def key_id(self) -> str:
        """A short name of the key: the beginning of its SHA-256, hex."""
        return hashlib.sha256(base64.b64decode(self.public)).hexdigest()[:KEY_ID_LENGTH]

    def sign(self, purpose: str, content: bytes) -> str:
        """The signature in base 64. A statement of one purpose is worth nothing under another."""
        return base64.b64encode(self._private.sign(purpose.encode() + b"\n" + content)).decode()
