"""Signing and sealing of callbacks, written from the protocol's description (page 96211) and from nothing else.

AES-256-CBC with the key's first 16 bytes as vector; plain text is 16 random bytes, a 4-byte big-endian length, the
message, the receiver's id; padding is PKCS#7 on blocks of 32 bytes.
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
HEAD = 16
LENGTH = struct.Struct(">I")


class BadEnvelope(Exception):
    """The envelope cannot be trusted or opened; the text says which step failed."""


def sign(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """The lower-case SHA-1 of the four strings, sorted and joined."""
    return hashlib.sha1("".join(sorted([token, timestamp, nonce, encrypted])).encode()).hexdigest()  # noqa: S324 — WeCom's choice


def sign_js(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """The JS-SDK signature of a page (page 90506), to check what the product computed."""
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 — WeCom's choice


@dataclass(frozen=True)
class Seal:
    """Token, key and receiver of one callback address."""

    token: str
    aes_key: str
    receiver: str

    @property
    def _cipher(self) -> Cipher[modes.CBC]:
        try:
            key = base64.b64decode(self.aes_key + "=")
        except binascii.Error as error:
            raise BadEnvelope(f"EncodingAESKey 无法解码：{error}") from None
        if len(self.aes_key) != 43 or len(key) != BLOCK:
            raise BadEnvelope("EncodingAESKey 应为 43 个字母和数字")
        return Cipher(algorithms.AES(key), modes.CBC(key[:HEAD]))

    def encrypt(self, message: bytes, head: bytes = b"") -> str:
        """Base-64 ciphertext; `head` replaces the 16 random bytes in tests only."""
        plain = (head or os.urandom(HEAD)) + LENGTH.pack(len(message)) + message + self.receiver.encode()
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """The message, when padding, length and receiver are right."""
        message, receiver = _split(_unpad(self._open(encrypted)))
        if receiver.decode(errors="replace") != self.receiver:
            raise BadEnvelope("密文不是给本企业的（receiver）")
        return message

    def _open(self, encrypted: str) -> bytes:
        try:
            data = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError):
            raise BadEnvelope("密文不是 base64") from None
        if not data or len(data) % HEAD:
            raise BadEnvelope("密文长度不是整块")
        decryptor = self._cipher.decryptor()
        return decryptor.update(data) + decryptor.finalize()

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """The signature of one ciphertext with this token."""
        return sign(self.token, timestamp, nonce, encrypted)

    def check(self, signature: str, timestamp: str, nonce: str, encrypted: str) -> None:
        """Raises unless the signature is ours."""
        if not hmac.compare_digest(self.sign(timestamp, nonce, encrypted).encode(), signature.encode()):
            raise BadEnvelope("签名不正确（signature）")


def _unpad(plain: bytes) -> bytes:
    pad = plain[-1]
    if not 1 <= pad <= BLOCK or len(plain) < HEAD + 4 + pad or plain[-pad:] != bytes([pad]) * pad:
        raise BadEnvelope("填充不正确（padding）")
    return plain[:-pad]


def _split(plain: bytes) -> tuple[bytes, bytes]:
    start = HEAD + LENGTH.size
    end = start + LENGTH.unpack_from(plain, HEAD)[0]
    if end > len(plain):
        raise BadEnvelope("长度字段超过消息本身（length）")
    return plain[start:end], plain[end:]
