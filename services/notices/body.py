"""The words of a notice: plain text with a little structure, parsed into values that a page prints escaped.

`# ` begins a heading, `- ` an item, `> ` a quotation; `**…**` is strong and a web address becomes a link.
"""

import re
from typing import Literal

from kit.schema import View

Kind = Literal["heading", "item", "quote", "paragraph"]
MARKS: dict[str, Kind] = {"# ": "heading", "- ": "item", "> ": "quote"}
_INLINE = re.compile(r"\*\*(?P<strong>[^*\n]{1,200})\*\*|(?P<link>https?://[^\s<>\"'，。；（）、]{3,500})")


class Span(View):
    """Words in a row; `link` repeats the address when they are one."""

    text: str
    is_strong: bool = False
    link: str = ""


class Block(View):
    """A line of the notice."""

    kind: Kind
    spans: list[Span]


def blocks(body: str) -> list[Block]:
    """The lines that say something, each with its kind."""
    return [_block(line.strip()) for line in body.splitlines() if line.strip()]


def summary(body: str) -> str:
    """The whole text in one line, without its marks: what a card shows the beginning of."""
    lines = ["".join(span.text for span in block.spans) for block in blocks(body)]
    return " ".join(lines)


def _block(line: str) -> Block:
    kind = MARKS.get(line[:2])
    return Block(kind=kind or "paragraph", spans=_spans(line[2:].strip() if kind else line))


def _spans(text: str) -> list[Span]:
    spans, end = [], 0
    for found in _INLINE.finditer(text):
        spans += [Span(text=text[end : found.start()])] * (found.start() > end)
        strong, link = found["strong"], found["link"]
        spans.append(Span(text=strong, is_strong=True) if strong else Span(text=link, link=link))
        end = found.end()
    return spans + [Span(text=text[end:])] * (end < len(text))
