"""Attacks that leave the company as it was, and what is watched meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import NestedTransaction
from werkzeug.test import TestResponse

from models.base import db
from tests.integration.hostile.routes import Visit
from tests.integration.hostile.strings import COMPUTED
from tests.support.unchanged import fingerprint

GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ALIVE = (b"<script>alert(190713)", b"<img src=x onerror", b"<svg/onload", COMPUTED.encode(), b'href="javascript:')


class Point:
    """A moment to return to, unless `keep` is called before."""

    def __init__(self, point: NestedTransaction) -> None:
        self._point = point

    def keep(self) -> None:
        """Lets what was done stand."""
        db.session.close()
        self._point.commit()

    def back(self) -> None:
        """Takes back what was done since, unless it was kept."""
        db.session.close()
        if self._point.is_active:
            self._point.rollback()
        db.session.expunge_all()


@contextmanager
def undone() -> Iterator[Point]:
    """What is done inside is taken back, so that every attack meets the same company."""
    db.session.commit()
    db.session.close()
    point = Point(db.engines[None].begin_nested())  # type: ignore[attr-defined] — the test's one connection
    try:
        yield point
    finally:
        point.back()


class Watch:
    """Collects what went wrong, so that one run tells everything."""

    def __init__(self) -> None:
        self.seen = 0
        self.wrong: list[str] = []

    def note(self, visit: Visit, what: object, response: TestResponse) -> None:
        """Looks at one answer: no crash, the form of the surface, guarded, and nothing of ours or theirs alive."""
        self.seen += 1
        for fault in faults(response):
            self.wrong.append(
                f"{visit.route} {str(what)[:90]!r}: {fault} {response.status_code} {response.text[:160]!r}"
            )

    def refused(self, visit: Visit, what: object, response: TestResponse) -> None:
        """As `note`, and it must have been refused."""
        self.note(visit, what, response)
        if response.status_code < 400:
            self.wrong.append(f"{visit.route} {str(what)[:90]!r}: accepted with {response.status_code}")

    @contextmanager
    def unchanged(self, what: object) -> Iterator[None]:
        """Nothing inside may change anything that matters."""
        before = fingerprint()
        yield
        if fingerprint() != before:
            self.wrong.append(f"{what}: something changed")

    def check(self) -> None:
        """Fails with all that was found."""
        assert self.seen
        assert not self.wrong, f"{len(self.wrong)} of {self.seen}:\n" + "\n".join(self.wrong[:60])


def faults(response: TestResponse) -> Iterator[str]:
    """What must never be true of an answer."""
    if response.status_code >= 500 and response.status_code not in (502, 503):
        yield "crashed"
    if response.headers.get("Cache-Control") != "no-store":
        yield f"may be cached: {response.headers.get('Cache-Control')}"
    for name, value in GUARDED.items():
        if response.headers.get(name) != value:
            yield f"without {name}"
    if "Content-Security-Policy" not in response.headers:
        yield "without a content policy"
    if response.mimetype == "text/html" and any(mark in response.data for mark in ALIVE):
        yield "alive in the page"
    yield from _redirect_faults(response.headers.get("Location") or response.headers.get("HX-Redirect") or "")
    if 400 <= response.status_code < 500 and response.mimetype not in ("application/problem+json", "text/html"):
        yield f"a refusal as {response.mimetype}"


def _redirect_faults(target: str) -> Iterator[str]:
    ours = not target or (target.startswith("/") and not target.startswith(("//", "/\\")))
    if not ours and not target.startswith("http://wecom.test/"):
        yield f"leads to {target}"
