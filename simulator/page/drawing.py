"""Texts of messages as safe HTML: only what the WeCom client draws, everything else is escaped."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup, escape

from kit import clock
from simulator.page.product import Product

Opener = Callable[[str], str]

_ANCHOR = re.compile(r"""<a\s+href=(["'])(https?://[^"'<>\s]+)\1\s*>(.*?)</a>""", re.DOTALL)
_MD_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^\s)]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`([^`]+)`")
_FONT = re.compile(r"&lt;font color=(?:&#34;|&#39;)(info|comment|warning)(?:&#34;|&#39;)&gt;(.*?)&lt;/font&gt;")
_DIV = re.compile(
    r"&lt;div class=(?:&#34;|&#39;)(gray|normal|highlight)(?:&#34;|&#39;)&gt;(.*?)&lt;/div&gt;", re.DOTALL
)
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_BREAK = Markup("<br>")


class Pen:
    """Draws for one reader: links to the product open in the phone frame, logged in as that reader."""

    def __init__(self, product: Product, userid: str) -> None:
        self.product = product
        self.userid = userid

    def link(self, url: str, words: str) -> Markup:
        """An anchor; foreign addresses open in a new tab."""
        return Markup('<a href="{}" target="{}" rel="noreferrer">{}</a>').format(
            self.href(url), self.target(url), words
        )

    def href(self, url: str) -> str:
        """Where a link of a message leads on this page; anything but http and https leads nowhere."""
        if self.product.owns(url):
            return self.product.opened_as(self.userid, url)
        return url if url.startswith(("http://", "https://")) else "#"

    def target(self, url: str) -> str:
        """The frame it opens in."""
        return "phone" if self.product.owns(url) else "_blank"

    def mini(self, pagepath: str) -> str:
        """The H5 twin of a mini-program page."""
        return self.product.opened_as(self.userid, self.product.twin_of(pagepath))

    def jump(self, part: dict[str, Any]) -> tuple[str, str, bool] | None:
        """Address, frame, and whether it is a mini-program page; None when the part leads nowhere."""
        if part.get("type") == 2:
            return self.mini(str(part.get("pagepath", ""))), "phone", True
        if part.get("url") and part.get("type", 1) == 1:
            return self.href(part["url"]), self.target(part["url"]), False
        return None

    def text(self, content: str) -> Markup:
        """A text message: line breaks and links."""
        drawn, at = Markup(), 0
        for match in _ANCHOR.finditer(content):
            drawn += _lines(content[at : match.start()]) + self.link(match[2], match[3])
            at = match.end()
        return drawn + _lines(content[at:])

    def description(self, content: str) -> Markup:
        """A textcard's description: three classes of div, and br."""
        safe = str(escape(content)).replace("&lt;br&gt;", "<br>").replace("&lt;br/&gt;", "<br>")
        return Markup(_DIV.sub(r'<div class="tone-\1">\2</div>', safe).replace("\n", "<br>"))  # noqa: S704 — escaped above

    def markdown(self, content: str) -> Markup:
        """The subset of page 90236: headings, quote, bold, code, links, three colours."""
        return Markup("").join(self._markdown_line(line) for line in content.split("\n"))

    def _markdown_line(self, line: str) -> Markup:
        if heading := _HEADING.fullmatch(line):
            return Markup('<p class="md-h{}">{}</p>').format(len(heading[1]), self._inline(heading[2]))
        if line.startswith(">"):
            return Markup("<blockquote>{}</blockquote>").format(self._inline(line[1:].strip()))
        return Markup("<p>{}</p>").format(self._inline(line)) if line.strip() else _BREAK

    def _inline(self, line: str) -> Markup:
        drawn, at = "", 0
        for match in _MD_LINK.finditer(line):
            drawn += _marks(line[at : match.start()]) + str(self.link(match[2], match[1]))
            at = match.end()
        return Markup(drawn + _marks(line[at:]))  # noqa: S704 — both parts are escaped


def _marks(text: str) -> str:
    safe = _BOLD.sub(r"<b>\1</b>", str(escape(text)))
    return _FONT.sub(r'<span class="tone-\1">\2</span>', _CODE.sub(r"<code>\1</code>", safe))


def _lines(text: str) -> Markup:
    return _BREAK.join(escape(line) for line in text.split("\n"))


def when(epoch: int) -> str:
    """`14:05` today, `11月20日 14:05` before."""
    at = clock.local(datetime.fromtimestamp(epoch, UTC))
    time = f"{at:%H:%M}"
    return time if at.date() == clock.today() else f"{at.month}月{at.day}日 {time}"
