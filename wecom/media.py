"""Temporary media: upload and download (pages 90253, 90254). A media id lives three days: keep the originals."""

from dataclasses import dataclass
from typing import Literal

from wecom.caller import Caller
from wecom.errors import InvalidMessage
from wecom.transport import File, Upload

MEBIBYTE = 1 << 20
SMALLEST_BYTES = 6
LARGEST_BYTES = {"image": 10 * MEBIBYTE, "voice": 2 * MEBIBYTE, "video": 10 * MEBIBYTE, "file": 20 * MEBIBYTE}
SUFFIXES = {"image": (".jpg", ".jpeg", ".png"), "voice": (".amr",), "video": (".mp4",), "file": ("",)}

Kind = Literal["image", "voice", "video", "file"]


@dataclass(frozen=True, slots=True)
class Stored:
    """`created_at` in Unix seconds."""

    media_id: str
    created_at: int


class Media:
    """Files travelling between us and members."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def upload(self, kind: Kind, name: str, content: bytes) -> Stored:
        """Stores a file for three days; `InvalidMessage` if its size or suffix is one WeCom refuses."""
        if not SMALLEST_BYTES <= len(content) <= LARGEST_BYTES[kind]:
            raise InvalidMessage("media", f"needs {SMALLEST_BYTES} to {LARGEST_BYTES[kind]} bytes")
        if not name.lower().endswith(SUFFIXES[kind]) or not name:
            raise InvalidMessage("filename", f"must end in {' or '.join(SUFFIXES[kind]) or 'something'}")
        answer = self._caller.upload("media/upload", Upload(name, content), type=kind)
        return Stored(answer.text("media_id"), answer.integer("created_at"))

    def download(self, media_id: str, largest: int = LARGEST_BYTES["file"]) -> File:
        """The bytes of a medium, at most `largest`."""
        return self._caller.download("media/get", largest, media_id=media_id)
