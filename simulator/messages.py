"""What the platform refuses in a message that is not a card (page 90236): required parts and limits.

Each check returns the body as it will be shown: over-long text is cut silently, the rest is refused with an errcode.
"""

from collections.abc import Callable, Collection
from typing import Any

from kit.text import byte_length
from simulator.errors import Refusal

Body = dict[str, Any]
URL_BYTES = 2048


def check(kind: str, body: Any, media: Collection[str]) -> Body:
    """The body as shown; `media` are the ids that exist."""
    if kind not in _CHECKS:
        raise Refusal(40008, kind)
    if not isinstance(body, dict):
        raise Refusal(40058, f"{kind} is missing")
    return _CHECKS[kind](body, media)


def _text(body: Body, media: Collection[str]) -> Body:
    content = _required(body, "content", 44004)
    return {**body, "content": cut(content, 2048)}


def _markdown(body: Body, media: Collection[str]) -> Body:
    if byte_length(_required(body, "content", 44004)) > 2048:
        raise Refusal(45002)
    return body


def _file(body: Body, media: Collection[str]) -> Body:
    media_id = _required(body, "media_id", 41006)
    if media_id not in media:
        raise Refusal(40007)
    _bytes(body, "title", 128, 45003)
    _bytes(body, "description", 512, 45004)
    return body


def _textcard(body: Body, media: Collection[str]) -> Body:
    if len(_required(body, "title", 40058)) > 128:
        raise Refusal(45003)
    if len(_required(body, "description", 40058)) > 512:
        raise Refusal(45004)
    _address(_required(body, "url", 40058))
    if len(str(body.get("btntxt", ""))) > 4:
        raise Refusal(40058, "btntxt")
    return body


def _news(body: Body, media: Collection[str]) -> Body:
    for article in _articles(body):
        _required(article, "title", 40058)
        _bytes(article, "title", 128, 45003)
        _bytes(article, "description", 512, 45004)
        if article.get("appid") and article.get("pagepath"):
            _bytes(article, "pagepath", 128, 45005)
        else:
            _address(_required(article, "url", 40058))
        _bytes(article, "picurl", URL_BYTES, 45005)
    return body


def _mpnews(body: Body, media: Collection[str]) -> Body:
    for article in _articles(body):
        _required(article, "title", 40058)
        _required(article, "content", 40058)
        if _required(article, "thumb_media_id", 41006) not in media:
            raise Refusal(40007)
        _bytes(article, "title", 128, 45003)
        _bytes(article, "author", 64, 40058)
        _bytes(article, "digest", 512, 45004)
        _bytes(article, "content", 666 * 1024, 45002)
    return body


def _miniprogram_notice(body: Body, media: Collection[str]) -> Body:
    _required(body, "appid", 90200)
    if not 4 <= len(_required(body, "title", 40058)) <= 12:
        raise Refusal(45003)
    if body.get("description") and not 4 <= len(str(body["description"])) <= 12:
        raise Refusal(45004)
    if byte_length(str(body.get("page", ""))) > 1024:
        raise Refusal(90204)
    items = body.get("content_item") or []
    if len(items) > 10:
        raise Refusal(90201)
    for item in items:
        if not 1 <= len(str(item.get("key", ""))) <= 10:
            raise Refusal(90202)
        if not 1 <= len(str(item.get("value", ""))) <= 30:
            raise Refusal(90203)
    return body


def _articles(body: Body) -> list[Body]:
    articles = body.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise Refusal(45008)
    return articles


def _required(body: Body, name: str, code: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(code, name)
    return value


def _bytes(body: Body, name: str, most: int, code: int) -> None:
    if byte_length(str(body.get(name) or "")) > most:
        raise Refusal(code, name)


def _address(url: str) -> None:
    if byte_length(url) > URL_BYTES:
        raise Refusal(45005)
    if not url.startswith(("http://", "https://")):
        raise Refusal(40058, "url needs http:// or https://")


def cut(text: str, most: int) -> str:
    """The platform's silent cut: the first `most` bytes, whole characters only."""
    return text.encode()[:most].decode(errors="ignore")


_CHECKS: dict[str, Callable[[Body, Collection[str]], Body]] = {
    "text": _text,
    "markdown": _markdown,
    "image": _file,
    "voice": _file,
    "video": _file,
    "file": _file,
    "textcard": _textcard,
    "news": _news,
    "mpnews": _mpnews,
    "miniprogram_notice": _miniprogram_notice,
}
