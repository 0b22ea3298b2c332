"""Sealed values: AES-256-GCM, key id in front, bound to the place they belong to.

`context` names table, row and column; a value moved elsewhere does not open. Opening is always explicit.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES = 32, 12


class SealBroken(Exception):
    """The value was altered, moved, or sealed with a key we do not have; an alarm, never a wrong value."""


def parse_key(text: str) -> bytes:
    """32 bytes written in standard or URL-safe base 64; anything else is a ValueError."""
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("the key is not base 64") from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"the key has {len(key)} bytes, it needs {KEY_BYTES}")
    return key


@dataclass(frozen=True)
class Sealer:
    """Seals with the current key and opens with any key of the ring; look-up and chain keys derive from the first."""

    keys: Mapping[str, bytes]
    current: str
    _ciphers: dict[str, AESGCM] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise ValueError("the current key id is not in the ring")
        self._ciphers.update({key_id: AESGCM(key) for key_id, key in self.keys.items()})

    def seal(self, context: str, value: bytes) -> bytes:
        """Ciphertext of `value` that opens only under the same context."""
        nonce = os.urandom(NONCE_BYTES)
        head = self.current.encode() + b"\0"
        return head + nonce + self._ciphers[self.current].encrypt(nonce, value, head + context.encode())

    def open(self, context: str, sealed: bytes) -> bytes:
        """The value sealed under this context, or `SealBroken`."""
        key_id, _, rest = sealed.partition(b"\0")
        cipher = self._ciphers.get(key_id.decode(errors="replace"))
        if cipher is None:
            raise SealBroken("unknown key")
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], key_id + b"\0" + context.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken("the sealed value does not open here") from error

    def fingerprint(self, purpose: str, value: str) -> str:
        """A keyed hash (hex) to look a secret up by, different for each purpose; stable while the first key stays."""
        return self.mac(purpose, value.encode()).hex()

    def mac(self, purpose: str, value: bytes) -> bytes:
        """HMAC-SHA-256 under a key derived for `purpose`."""
        first = self.keys[min(self.keys)]
        derived = hmac.digest(first, b"derive:" + purpose.encode(), hashlib.sha256)
        return hmac.digest(derived, value, hashlib.sha256)
