"""What the platform refuses in a template card (page 90236), and what it would merely cut in display.

List lengths, keys and ids are enforced with an errcode; text lengths are advice, so longer text is only reported.
"""

import re
from collections.abc import Callable
from typing import Any

from simulator.errors import Refusal

Card = dict[str, Any]

TEXT_NOTICE, NEWS_NOTICE = "text_notice", "news_notice"
BUTTONS, VOTE, MULTIPLE = "button_interaction", "vote_interaction", "multiple_interaction"
TYPES = (TEXT_NOTICE, NEWS_NOTICE, BUTTONS, VOTE, MULTIPLE)
INTERACTIVE = (BUTTONS, VOTE, MULTIPLE)
TASK_ID = re.compile(r"[A-Za-z0-9_\-@]{1,128}")

_ALWAYS = {"card_type", "source", "main_title", "task_id"}
_RICH = {"action_menu", "quote_area", "horizontal_content_list", "card_action"}
_ALLOWED = {
    TEXT_NOTICE: _ALWAYS | _RICH | {"emphasis_content", "sub_title_text", "jump_list"},
    NEWS_NOTICE: _ALWAYS | _RICH | {"image_text_area", "card_image", "vertical_content_list", "jump_list"},
    BUTTONS: _ALWAYS | _RICH | {"sub_title_text", "button_selection", "button_list", "replace_text"},
    VOTE: _ALWAYS | {"checkbox", "submit_button", "replace_text"},
    MULTIPLE: _ALWAYS | {"select_list", "submit_button", "replace_text"},
}
_ADVICE = {
    "source.desc": 20, "main_title.title": 36, "main_title.desc": 44, "emphasis_content.title": 14,
    "emphasis_content.desc": 22, "sub_title_text": 160, "horizontal_content_list.keyname": 5,
    "horizontal_content_list.value": 30, "jump_list.title": 18, "vertical_content_list.title": 38,
    "vertical_content_list.desc": 160, "button_list.text": 10, "submit_button.text": 10,
    "button_selection.option_list.text": 16, "checkbox.option_list.text": 17, "select_list.option_list.text": 16,
}  # fmt: skip


def is_updatable(card: Card) -> bool:
    """Whether this card can call back, so that sending it yields a response code."""
    return card.get("card_type") in INTERACTIVE or bool(card.get("action_menu"))


def check(card: Any, updating: bool = False) -> list[str]:
    """Refuses a bad card; returns what a reader would not see. `updating` cards carry no task id of their own."""
    if not isinstance(card, dict) or card.get("card_type") not in TYPES:
        raise Refusal(42031)
    kind = card["card_type"]
    _check_titles(card, kind)
    _check_menu(card)
    _check_rows(card)
    _check_links(card, kind)
    _BODIES[kind](card)
    if not updating and is_updatable(card) and not TASK_ID.fullmatch(str(card.get("task_id", ""))):
        raise Refusal(42014)
    return _unseen(card, kind)


def _check_titles(card: Card, kind: str) -> None:
    title = _part(card, "main_title").get("title")
    if not title and not (kind == TEXT_NOTICE and card.get("sub_title_text")):
        raise Refusal(42033)


def _check_menu(card: Card) -> None:
    if "action_menu" not in card:
        return
    actions = _list(_part(card, "action_menu"), "action_list")
    if not 1 <= len(actions) <= 3 or not all(a.get("text") and _key(a.get("key")) for a in actions):
        raise Refusal(40058, "action_menu.action_list")
    if _repeats(a["key"] for a in actions):
        raise Refusal(42051)


def _check_rows(card: Card) -> None:
    rows = _list(card, "horizontal_content_list")
    if len(rows) > 6:
        raise Refusal(42035)
    for row in rows:
        if not row.get("keyname"):
            raise Refusal(42027)
        for type_, name, code in ((1, "url", 42028), (2, "media_id", 42029), (3, "userid", 42050)):
            if row.get("type", 0) == type_ and not row.get(name):
                raise Refusal(code)
    if len(_list(card, "vertical_content_list")) > 4:
        raise Refusal(42036)
    if any(not row.get("title") for row in _list(card, "vertical_content_list")):
        raise Refusal(42033, "vertical_content_list")


def _check_links(card: Card, kind: str) -> None:
    jumps = _list(card, "jump_list")
    if len(jumps) > 3:
        raise Refusal(42042)
    for jump in jumps:
        if not jump.get("title"):
            raise Refusal(42033, "jump_list")
    action = _part(card, "card_action")
    if kind in (TEXT_NOTICE, NEWS_NOTICE) and action.get("type") not in (1, 2):
        raise Refusal(42045)
    for link in [*jumps, action, _part(card, "quote_area"), _part(card, "image_text_area")]:
        if link.get("type", 0) == 1 and not link.get("url"):
            raise Refusal(42028)
        if link.get("type", 0) == 2 and not link.get("appid"):
            raise Refusal(42030)


def _check_notice(card: Card) -> None:
    """A text notice asks for nothing beyond the common parts."""


def _check_news(card: Card) -> None:
    if "card_image" in card:
        image = _part(card, "card_image")
        ratio = image.get("aspect_ratio", 1.3)
        if not image.get("url"):
            raise Refusal(42044)
        if not isinstance(ratio, int | float) or not 1.3 <= ratio <= 2.25:
            raise Refusal(40058, "card_image.aspect_ratio")
    elif not _part(card, "image_text_area").get("image_url"):
        raise Refusal(42044, "card_image or image_text_area.image_url")


def _check_buttons(card: Card) -> None:
    buttons = _list(card, "button_list")
    if not 1 <= len(buttons) <= 6:
        raise Refusal(40058, "button_list length")
    for button in buttons:
        if not button.get("text"):
            raise Refusal(42038)
        if button.get("type", 0) == 1 and not button.get("url"):
            raise Refusal(42028)
        if button.get("type", 0) == 0 and not _key(button.get("key")):
            raise Refusal(42039)
    if _repeats(b["key"] for b in buttons if b.get("type", 0) == 0):
        raise Refusal(42039, "repeated")
    if "button_selection" in card:
        _check_question(_part(card, "button_selection"), 10)


def _check_vote(card: Card) -> None:
    checkbox = _part(card, "checkbox")
    if checkbox.get("mode", 0) not in (0, 1):
        raise Refusal(40058, "checkbox.mode")
    _check_question(checkbox, 20)
    if "submit_button" in card:
        _check_submit(card)


def _check_multiple(card: Card) -> None:
    selects = _list(card, "select_list")
    if not 1 <= len(selects) <= 3:
        raise Refusal(42047)
    for select in selects:
        _check_question(select, 10)
    if _repeats(s["question_key"] for s in selects):
        raise Refusal(42043, "repeated")
    _check_submit(card)


def _check_submit(card: Card) -> None:
    submit = _part(card, "submit_button")
    if not isinstance(submit.get("text", "提交"), str) or submit.get("text") == "":
        raise Refusal(42049)
    if not _key(submit.get("key")):
        raise Refusal(42046)


def _check_question(question: Card, most: int) -> None:
    if not _key(question.get("question_key")):
        raise Refusal(42043)
    options = _list(question, "option_list")
    if not 1 <= len(options) <= most:
        raise Refusal(42037)
    for option in options:
        if not isinstance(option.get("id"), str) or not 1 <= len(option["id"].encode()) <= 128:
            raise Refusal(42040)
        if not option.get("text"):
            raise Refusal(42041)
    if _repeats(o["id"] for o in options):
        raise Refusal(42040, "repeated")


_BODIES: dict[str, Callable[[Card], None]] = {
    TEXT_NOTICE: _check_notice,
    NEWS_NOTICE: _check_news,
    BUTTONS: _check_buttons,
    VOTE: _check_vote,
    MULTIPLE: _check_multiple,
}


def _unseen(card: Card, kind: str) -> list[str]:
    """Parts this type does not show, and texts that are longer than their place."""
    found = [f"{kind} 不显示 {name}" for name in card if name not in _ALLOWED[kind]]
    for path, most in _ADVICE.items():
        long = [len(text) for text in _texts(card, path) if len(text) > most]
        found += [f"{path} 有 {length} 个字，最多显示 {most} 个" for length in long]
    if "quote_area" in card and "emphasis_content" in card:
        found.append("quote_area 和 emphasis_content 不应同时出现")
    return found


def _texts(node: Any, path: str) -> list[str]:
    head, _, rest = path.partition(".")
    value = node.get(head) if isinstance(node, dict) else None
    values = value if isinstance(value, list) else [value]
    if rest:
        return [text for v in values for text in _texts(v, rest)]
    return [v for v in values if isinstance(v, str)]


def _part(card: Card, name: str) -> Card:
    value = card.get(name) or {}
    if not isinstance(value, dict):
        raise Refusal(40058, name)
    return value


def _list(card: Card, name: str) -> list[Card]:
    value = card.get(name) or []
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise Refusal(40058, name)
    return value


def _key(value: Any) -> bool:
    return isinstance(value, str) and 1 <= len(value.encode()) <= 1024


def _repeats(values: Any) -> bool:
    listed = list(values)
    return len(set(listed)) != len(listed)
