"""From a request to an Actor: a bearer token on the API, a cookie and a CSRF token on pages."""

import hashlib
import hmac
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import Response, current_app, request

from entrypoints import limits
from kit.errors import Forbidden, Unauthenticated
from models.enums import Surface
from services import people
from services.people import Opened

ROOTS = {"api": Surface.MINIPROGRAM, "h5": Surface.H5, "console": Surface.CONSOLE}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STRANGERS_PER_MINUTE = 120


def surface() -> Surface | None:
    """Which surface the request belongs to, by its path: unknown paths below a surface are its own too."""
    return ROOTS.get(request.path.split("/")[1])


def identify() -> people.Actor:
    """The actor behind the request's session; whoever has none is `Unauthenticated`, and counted by address."""
    token, place = _token(), surface()
    try:
        if not token or place is None:
            raise Unauthenticated()
        return people.sessions.actor_for(token, place)
    except Unauthenticated:
        limits.hit_from(request.remote_addr or "", STRANGERS_PER_MINUTE)
        raise


def _token() -> str:
    place = surface()
    if place is Surface.MINIPROGRAM:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token if scheme == "Bearer" else ""
    return request.cookies.get(cookie_name(place), "") if place else ""


def limit(per_minute: int, *, is_public: bool) -> None:
    """Counts the request before any work: by its session, or by its address where anybody may come in.

    A made-up session has a count of its own here; `identify` finds it out and counts the address.
    """
    token = _token()
    if is_public:
        limits.hit_from(request.remote_addr or "", per_minute)
    elif token:
        limits.hit(hashlib.sha256(token.encode()).hexdigest(), per_minute)


def check_origin(actor: people.Actor) -> None:
    """A page's write must come from our own page: its CSRF token, and no foreign origin (reliability R08)."""
    if surface() is Surface.MINIPROGRAM or request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    sent = request.headers.get("X-CSRF-Token") or request.form.get("_csrf", "")
    if not hmac.compare_digest(sent.encode(), actor.csrf.encode()) or (origin and origin != own_origin()):
        raise Forbidden("页面已过期，请刷新后再操作")


def own_origin() -> str:
    """The origin that people reach us by."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    return f"{parts.scheme}://{parts.netloc}"


def cookie_name(place: Surface | str) -> str:
    """`__Host-` binds the cookie to this very host; it needs TLS, which a demo on loopback does not have."""
    return f"__Host-hr-{place}" if is_secure() else f"hr-{place}"


def is_secure() -> bool:
    return bool(current_app.config["PUBLIC_URL"].startswith("https://"))


def set_cookie(response: Response, name: str, value: str, max_age: int) -> None:
    """A cookie that scripts cannot read and other sites cannot send with a write."""
    response.set_cookie(
        cookie_name(name), value, max_age=max_age, secure=is_secure(), httponly=True, samesite="Lax", path="/"
    )


def start(response: Response, opened: Opened, place: Surface) -> Response:
    """Gives the browser its new session."""
    lifetime = int(people.sessions.lifetimes().absolute.total_seconds())
    set_cookie(response, place, opened.token, lifetime)
    return response


def here() -> str:
    """The address to come back to after login, quoted: of the page, for what a page sends or fetches is none itself."""
    is_read = request.method == "GET"
    is_page = is_read and "HX-Request" not in request.headers
    page = urlsplit((not is_page and request.referrer) or (request.full_path if is_read else ""))
    return quote(_on_page(page.path, parse_qsl(page.query)), safe="")


def _on_page(path: str, fields: list[tuple[str, str]]) -> str:
    """A file is fetched on the page it was asked on: there the fragment names the link to press (static/js/app.js)."""
    if path.endswith("/pdf"):
        return path.removesuffix("/pdf") + "#export-pdf"
    query = urlencode([(name, value) for name, value in fields if name != "format"])
    form = dict(fields).get("format")
    return path + (f"?{query}" if query else "") + (f"#export-{form}" if form else "")


def local_path(path: str, default: str) -> str:
    """A path of this surface to go on to; anything that could lead elsewhere becomes the default."""
    root = "/" + default.split("/")[1] + "/"
    leads_away = any(part in path for part in ("\\", "//", "/.."))
    fine = path.startswith(root) and not leads_away and path.isprintable() and len(path) <= 500
    return path if fine else default
