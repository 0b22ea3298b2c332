"""The callback's cryptography (pages 96211 and 90968): signature, AES-256-CBC, padding to 32 bytes.

wechatpy supplies the cipher, the padding and the signature's order. Comparing, unpadding and checking the receiver are
ours: there wechatpy compares with `!=`, believes any padding and reads beyond the buffer.
"""

import base64
import binascii
import hmac
import secrets
import struct
from dataclasses import dataclass, field
from datetime import datetime

from wechatpy.crypto.base import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder
from wechatpy.utils import WeChatSigner

KEY_LENGTH, KEY_BYTES = 43, 32
BLOCK = 16
RANDOM_BYTES, LENGTH_BYTES = 16, 4
LARGEST_PAD = 32


class Unreadable(Exception):
    """The ciphertext is not one of ours; one error for every cause, on purpose."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Token and EncodingAESKey of a callback; `until` ends a pair that is only there for a rotation."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    until: datetime | None = None

    def __post_init__(self) -> None:
        if len(self.aes_key) != KEY_LENGTH or not (self.aes_key.isascii() and self.aes_key.isalnum()):
            raise ValueError("an EncodingAESKey has 43 letters and digits")

    @property
    def key(self) -> bytes:
        """The 32 bytes; the last letter may carry unused bits, which a strict decoder would refuse."""
        return base64.b64decode(self.aes_key + "=")

    def signature(self, timestamp: str, nonce: str, ciphertext: str) -> str:
        """40 lower-case hex digits over the four sorted strings."""
        signer = WeChatSigner()
        signer.add_data(self.token, timestamp, nonce, ciphertext)
        return str(signer.signature)

    def has_signed(self, signature: str, timestamp: str, nonce: str, ciphertext: str) -> bool:
        """Compared in constant time, as bytes."""
        ours = self.signature(timestamp, nonce, ciphertext)
        return hmac.compare_digest(ours.encode(), signature.encode(errors="replace"))

    def encrypt(self, message: bytes, receive_id: str, random: bytes | None = None) -> str:
        """Base 64 of the sealed message; `random` is only given to reproduce a published vector."""
        head = random or secrets.token_bytes(RANDOM_BYTES)
        plain = head + struct.pack(">I", len(message)) + message + receive_id.encode()
        return base64.b64encode(WeChatCipher(self.key).encrypt(PKCS7Encoder.encode(plain))).decode()

    def decrypt(self, ciphertext: str) -> tuple[bytes, str]:
        """The message and the receiver it was sealed for, or `Unreadable`."""
        content = _unpadded(self._opened(ciphertext))[RANDOM_BYTES:]
        end = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES])
        if len(content) < LENGTH_BYTES or end > len(content):
            raise Unreadable
        try:
            return content[LENGTH_BYTES:end], content[end:].decode()
        except UnicodeDecodeError:
            raise Unreadable from None

    def _opened(self, ciphertext: str) -> bytes:
        try:
            sealed = base64.b64decode(ciphertext, validate=True)
        except (binascii.Error, ValueError):
            raise Unreadable from None
        # The last letter before "=" has unused bits: with more than one spelling, a changed ciphertext would open too.
        if not sealed or len(sealed) % BLOCK or base64.b64encode(sealed).decode() != ciphertext:
            raise Unreadable
        opened: bytes = WeChatCipher(self.key).decrypt(sealed)
        return opened


def _unpadded(padded: bytes) -> bytes:
    count = padded[-1]
    if not 1 <= count <= min(LARGEST_PAD, len(padded)) or padded[-count:] != bytes([count]) * count:
        raise Unreadable
    return padded[:-count]
