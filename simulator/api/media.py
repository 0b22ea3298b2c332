"""Temporary files (pages 90253, 90254): kept three days, read by id."""

import io
import secrets
from typing import Any

from flask import Response, request, send_file

from kit import clock
from simulator.api.desk import Asked, Routes
from simulator.errors import Refusal
from simulator.mailroom import MEDIA_SECONDS
from simulator.world import Media

routes = Routes()
MIB = 1024 * 1024
MOST = {"image": 10 * MIB, "voice": 2 * MIB, "video": 10 * MIB, "file": 20 * MIB}
LEAST = 5
ENDINGS = {"image": (".jpg", ".jpeg", ".png"), "voice": (".amr",), "video": (".mp4",), "file": ("",)}


@routes.post("media/upload")
def upload(asked: Asked) -> dict[str, Any]:
    kind = asked.query.get("type", "")
    if kind not in MOST:
        raise Refusal(40004)
    media = _received(kind)
    media_id = "3" + secrets.token_urlsafe(32)
    asked.twin.world.media[media_id] = media
    return {"type": kind, "media_id": media_id, "created_at": str(media.made_at)}


def _received(kind: str) -> Media:
    """The part named `media`; its header must carry a plain `filename="…"`, since `filename*=` alone is not read."""
    part = request.files.get("media")
    if part is None or 'filename="' not in part.headers.get("Content-Disposition", "") or not part.filename:
        raise Refusal(41005)
    content = part.read()
    if len(content) <= LEAST:
        raise Refusal(44001 if not content else 40006)
    if len(content) > MOST[kind]:
        raise Refusal(45001)
    if not part.filename.lower().endswith(ENDINGS[kind]):
        raise Refusal(40004, part.filename)
    return Media(kind, part.filename, part.mimetype or "application/octet-stream", content, clock.epoch())


@routes.get("media/get")
def get(asked: Asked) -> Response:
    media = asked.twin.world.media.get(asked.query.get("media_id", ""))
    if media is None or media.made_at + MEDIA_SECONDS <= clock.epoch():
        raise Refusal(40007)
    return send_file(
        io.BytesIO(media.content),
        mimetype=media.content_type,
        as_attachment=True,
        download_name=media.filename,
        conditional=True,
    )
