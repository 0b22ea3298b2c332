"""Small text values: clipping, byte lengths as WeCom counts them, masking."""

import unicodedata

ELLIPSIS = "…"


def byte_length(text: str) -> int:
    """Length in UTF-8 bytes; several WeCom limits count these."""
    return len(text.encode())


def clip(text: str, length: int) -> str:
    """At most `length` characters, the last one an ellipsis when something was cut."""
    return text if len(text) <= length else text[: length - 1] + ELLIPSIS


def clip_bytes(text: str, length: int) -> str:
    """At most `length` UTF-8 bytes, never cutting a character in two."""
    if byte_length(text) <= length:
        return text
    room = length - byte_length(ELLIPSIS)
    return text.encode()[:room].decode(errors="ignore") + ELLIPSIS


def mask(text: str, head: int = 3, tail: int = 4) -> str:
    """Keeps the first and last characters and stars the rest; short texts are starred whole."""
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + (text[-tail:] if tail else "")


def plain(text: str) -> str:
    """User text in one normal form (NFC), without control characters other than newline and tab."""
    kept = (c for c in unicodedata.normalize("NFC", text) if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return "".join(kept).strip()
