"""Where the product lives, and how to open one of its pages as a chosen person."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import current_app

PERSON = "twin_person"
OPENER = "/h5/phone"


@dataclass(frozen=True)
class Product:
    """The product's public address. H5 pages are below `/h5`, the entry page is `/h5/`."""

    url: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """The name by which browsers know it; cookies are kept for this name, whatever the port."""
        return urlsplit(self.url).hostname or ""

    @property
    def entry(self) -> str:
        return f"{self.origin}/h5/"

    def logs_out(self, cookie: str) -> bool:
        """Whether a cookie goes when another person takes the phone; the console's stays, HR works there meanwhile."""
        return not cookie.startswith("twin_") and "console" not in cookie

    def owns(self, url: str) -> bool:
        """Whether a link leads to the product itself."""
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}" == self.origin

    def twin_of(self, pagepath: str) -> str:
        """The H5 page that shows the same as a mini-program page: `pages/leave/index?id=3` → `/h5/leave?id=3`."""
        parts = urlsplit(pagepath.strip("/"))
        steps = [s for s in parts.path.removesuffix(".html").split("/") if s not in ("pages", "index", "")]
        query = urlencode(parse_qsl(parts.query))
        return f"{self.origin}/h5/{'/'.join(steps)}" + (f"?{query}" if query else "")

    def opened_as(self, userid: str, url: str) -> str:
        """The address on the twin that logs the frame in as this person and goes on to the page."""
        return f"{OPENER}?as={quote(userid)}&to={quote(url, safe='')}"


def product() -> Product:
    """The product of the current application."""
    found: Product = current_app.extensions["product"]
    return found
