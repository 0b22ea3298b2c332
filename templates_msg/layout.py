"""The short names templates use for the parts of a card, and their translation into WeCom's (page 90236).

Words that render to nothing take their part with them: an empty row, quote or description is left out.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

LINK = 1
GREY = 0
UNSET = "-"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(Part):
    key: str
    value: str
    link: str = ""
    each: str = ""


class Jump(Part):
    title: str
    link: str


class Quote(Part):
    title: str = ""
    text: str = ""
    link: str = ""


class Emphasis(Part):
    title: str
    desc: str = ""


class Button(Part):
    """`key` is a verb of the callbacks, completed with the action's id; or `link` opens a page."""

    text: str
    key: str = ""
    link: str = ""
    style: int = 1
    each: str = ""


class Choice(Part):
    """A drop-down above the buttons. A tap tells under `key` which option it showed: the words, or `UNSET`."""

    key: str
    title: str
    unset: str
    options: tuple[str, ...]


class Card(Part):
    """`each` of a row or a button names a fact of pairs: the part is repeated for `pair.key` and `pair.value`."""

    title: str
    source: str = "人事"
    desc: str = ""
    text: str = ""
    link: str = ""
    quote: Quote = Quote()
    emphasis: Emphasis | None = None
    rows: tuple[Row, ...] = ()
    jumps: tuple[Jump, ...] = ()
    choice: Choice | None = None
    buttons: tuple[Button, ...] = ()


def card_wire(kind: str, card: Card, actions: Mapping[str, str] | None) -> dict[str, Any]:
    """The card as WeCom wants it; with `actions` every verb becomes `verb:action id`."""
    parts: dict[str, Any] = {
        "source": {"desc": card.source, "desc_color": GREY},
        "main_title": _filled(title=card.title, desc=card.desc),
        "quote_area": _linked(card.quote.link, title=card.quote.title, quote_text=card.quote.text),
        "emphasis_content": _filled(title=card.emphasis.title, desc=card.emphasis.desc) if card.emphasis else {},
        "sub_title_text": card.text,
        "horizontal_content_list": [
            _linked(row.link, keyname=row.key, value=row.value) for row in card.rows if row.value
        ],
        "jump_list": [_linked(jump.link, title=jump.title) for jump in card.jumps],
        "card_action": _linked(card.link),
        "button_selection": _choice(card.choice) if card.choice else {},
        "button_list": [_button(button, actions) for button in card.buttons],
    }
    return {"card_type": kind, **{name: part for name, part in parts.items() if part}}


def _filled(**words: str) -> dict[str, str]:
    return {name: value for name, value in words.items() if value}


def _linked(link: str, **words: str) -> dict[str, Any]:
    return _filled(**words) | ({"type": LINK, "url": link} if link else {})


def _choice(choice: Choice) -> dict[str, Any]:
    options = [{"id": UNSET, "text": choice.unset}, *({"id": words, "text": words} for words in choice.options)]
    return {"question_key": choice.key, "title": choice.title, "selected_id": UNSET, "option_list": options}


def _button(button: Button, actions: Mapping[str, str] | None) -> dict[str, Any]:
    face: dict[str, Any] = {"text": button.text, "style": button.style}
    if button.link:
        return face | {"type": LINK, "url": button.link}
    is_whole = actions is None or ":" in button.key
    return face | {"key": button.key if is_whole or actions is None else f"{button.key}:{actions[button.key]}"}
