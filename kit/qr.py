"""QR codes as pictures. Few processes ever draw one, so the library is loaded with the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segno import QRCode


def _code(text: str) -> QRCode:
    import segno

    return segno.make(text, error="m")


def data_uri(text: str) -> str:
    """The code as the address of a picture."""
    return str(_code(text).svg_data_uri(scale=4))


def inline(text: str) -> str:
    """The code as an SVG element that grows with its place."""
    return str(_code(text).svg_inline(scale=8, border=2, omitsize=True))
