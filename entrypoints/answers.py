"""From a view's result to a response: JSON, a page, a redirect or a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Response, render_template, request
from pydantic import TypeAdapter

from entrypoints.results import Download, Redirect
from services.platform import Answer

if TYPE_CHECKING:
    from entrypoints.http import Declaration

ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def build(declaration: Declaration, result: Any) -> Response:
    """The response for a result; personal data is never stored by a cache on the way."""
    response = _shape(declaration, result)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _shape(declaration: Declaration, result: Any) -> Response:
    if isinstance(result, Response):
        return result
    if isinstance(result, Redirect):
        return redirect(result.location)
    if isinstance(result, Download):
        return _download(result)
    if declaration.page:
        return Response(render_template(declaration.page, view=result), declaration.status, mimetype="text/html")
    if result is None:
        return Response(status=204)
    return Response(ANYTHING.dump_json(result), declaration.status, mimetype="application/json")


def redirect(location: str) -> Response:
    """Moves the browser on; a fragment request moves the whole page."""
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": location})
    return Response(status=303, headers={"Location": location})


def _download(file: Download) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "X-Content-Type-Options": "nosniff",
    }
    content = file.content() if callable(file.content) else file.content
    return Response(content, mimetype=file.media_type, headers=headers)


def remember(response: Response) -> Answer:
    """What a repeat of the same key is to hear."""
    moved = response.headers.get("HX-Redirect") or response.headers.get("Location")
    return Answer(response.status_code, moved or response.get_data(as_text=True))


def repeat(stored: Answer) -> Response:
    """The stored answer again."""
    if stored.status in (204, 303) and stored.body:
        return redirect(stored.body)
    mimetype = "text/html" if stored.body.startswith("<") else "application/json"
    return Response(stored.body, stored.status, mimetype=mimetype, headers={"Cache-Control": "no-store"})
