"""The five cards: every documented limit at its edge, and the wire form."""

import copy
from typing import Any

import pytest
from pydantic import ValidationError

from tests.support.sample_cards import CARDS
from wecom import Card, InvalidMessage, cards

ALL = tuple(CARDS)
NOTICES = ("text_notice", "news_notice")
RICH = (*NOTICES, "button_interaction")
MENU_KEY = "action_menu.action_list.0.key"


def card_data(kind: str) -> dict[str, Any]:
    return {"card_type": kind, **copy.deepcopy(CARDS[kind])}


def changed(kind: str, path: str, value: Any) -> dict[str, Any]:
    """The complete card with the value at a path replaced."""
    data = card_data(kind)
    *way, last = path.split(".")
    place: Any = data
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    place[int(last) if last.isdigit() else last] = value
    return data


def without(kind: str, path: str) -> dict[str, Any]:
    """The complete card without the value at a path."""
    data = changed(kind, path, None)
    *way, last = path.split(".")
    place: Any = data
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    del place[last]
    return data


def refused(data: dict[str, Any]) -> str:
    """The field that `parse` names."""
    with pytest.raises(InvalidMessage) as caught:
        cards.parse(data)
    assert caught.value.field in str(caught.value)
    return caught.value.field


TEXT_LIMITS = [
    (ALL, "source.desc", 20),
    (ALL, "main_title.title", 36),
    (ALL, "main_title.desc", 44),
    (("text_notice",), "emphasis_content.title", 14),
    (("text_notice",), "emphasis_content.desc", 22),
    (("text_notice", "button_interaction"), "sub_title_text", 160),
    (RICH, "horizontal_content_list.0.keyname", 5),
    (RICH, "horizontal_content_list.0.value", 30),
    (NOTICES, "jump_list.0.title", 18),
    (("news_notice",), "vertical_content_list.0.title", 38),
    (("news_notice",), "vertical_content_list.0.desc", 160),
    (("button_interaction",), "button_selection.option_list.0.text", 16),
    (("button_interaction",), "button_list.0.text", 10),
    (("vote_interaction",), "checkbox.option_list.0.text", 17),
    (("multiple_interaction",), "select_list.0.option_list.0.text", 16),
    (("vote_interaction", "multiple_interaction"), "submit_button.text", 10),
]
BYTE_LIMITS = [
    (RICH, MENU_KEY, 1024),
    (("button_interaction",), "button_selection.question_key", 1024),
    (("button_interaction",), "button_selection.option_list.0.id", 128),
    (("button_interaction",), "button_list.0.key", 1024),
    (("vote_interaction",), "checkbox.question_key", 1024),
    (("vote_interaction",), "checkbox.option_list.0.id", 128),
    (("multiple_interaction",), "select_list.0.question_key", 1024),
    (("multiple_interaction",), "select_list.0.option_list.0.id", 128),
    (("vote_interaction", "multiple_interaction"), "submit_button.key", 1024),
]
LIST_LIMITS: list[tuple[tuple[str, ...], str, int, int, dict[str, Any]]] = [
    (RICH, "action_menu.action_list", 1, 3, {"text": "t", "key": "#"}),
    (RICH, "horizontal_content_list", 0, 6, {"keyname": "k"}),
    (NOTICES, "jump_list", 0, 3, {"title": "t"}),
    (("news_notice",), "vertical_content_list", 0, 4, {"title": "t"}),
    (("button_interaction",), "button_selection.option_list", 1, 10, {"id": "#", "text": "t"}),
    (("button_interaction",), "button_list", 1, 6, {"text": "t", "key": "#"}),
    (("vote_interaction",), "checkbox.option_list", 1, 20, {"id": "#", "text": "t"}),
    (("multiple_interaction",), "select_list", 1, 3, {"question_key": "#", "option_list": [{"id": "1", "text": "t"}]}),
    (("multiple_interaction",), "select_list.0.option_list", 1, 10, {"id": "#", "text": "t"}),
]
REQUIRED = [
    (NOTICES, "card_action"),
    (NOTICES, "card_action.type"),
    (NOTICES, "card_action.url"),
    (("news_notice", "button_interaction", "vote_interaction", "multiple_interaction"), "main_title"),
    (("news_notice", "button_interaction", "vote_interaction", "multiple_interaction"), "main_title.title"),
    (RICH, "action_menu.action_list"),
    (RICH, "action_menu.action_list.0.text"),
    (RICH, MENU_KEY),
    (RICH, "horizontal_content_list.0.keyname"),
    (RICH, "horizontal_content_list.1.url"),
    (RICH, "quote_area.url"),
    (NOTICES, "jump_list.0.title"),
    (NOTICES, "jump_list.0.url"),
    (("news_notice",), "card_image.url"),
    (("news_notice",), "image_text_area.image_url"),
    (("news_notice",), "vertical_content_list.0.title"),
    (("button_interaction",), "button_list"),
    (("button_interaction",), "button_list.0.text"),
    (("button_interaction",), "button_list.0.key"),
    (("button_interaction",), "button_selection.question_key"),
    (("button_interaction",), "button_selection.option_list"),
    (("vote_interaction",), "checkbox"),
    (("vote_interaction",), "checkbox.question_key"),
    (("multiple_interaction",), "select_list"),
    (("multiple_interaction",), "select_list.0.question_key"),
    (("multiple_interaction",), "submit_button"),
    (("vote_interaction", "multiple_interaction"), "submit_button.key"),
]


def cases(table: list[Any]) -> list[Any]:
    return [pytest.param(kind, *row[1:], id=f"{kind} {row[1]}") for row in table for kind in row[0]]


@pytest.mark.parametrize("kind", ALL)
def test_the_complete_card_is_its_own_wire_form(kind: str) -> None:
    card = cards.parse(card_data(kind))
    assert card.model_dump() == card_data(kind)
    assert cards.parse(card.model_dump()) == card


@pytest.mark.parametrize(("kind", "path", "limit"), cases(TEXT_LIMITS))
def test_texts_are_counted_in_characters(kind: str, path: str, limit: int) -> None:
    cards.parse(changed(kind, path, "字" * limit))
    assert refused(changed(kind, path, "字" * (limit + 1))) == path


@pytest.mark.parametrize(("kind", "path", "limit"), cases(BYTE_LIMITS))
def test_keys_and_ids_are_counted_in_bytes(kind: str, path: str, limit: int) -> None:
    cards.parse(changed(kind, path, "字" * (limit // 3)))
    assert refused(changed(kind, path, "字" * (limit // 3 + 1))) == path
    assert refused(changed(kind, path, "")) == path


@pytest.mark.parametrize(("kind", "path", "least", "most", "item"), cases(LIST_LIMITS))
def test_lists_have_a_length(kind: str, path: str, least: int, most: int, item: dict[str, Any]) -> None:
    def items(count: int) -> list[dict[str, Any]]:
        return [{key: str(n) if value == "#" else value for key, value in item.items()} for n in range(count)]

    for count in (least, most):
        cards.parse(changed(kind, path, items(count)))
    assert refused(changed(kind, path, items(most + 1))) == path
    if least:
        assert refused(changed(kind, path, [])) == path
    if "#" in item.values():
        assert refused(changed(kind, path, [items(1)[0], items(1)[0]])) == path


@pytest.mark.parametrize(("kind", "path"), cases(REQUIRED))
def test_what_must_be_there(kind: str, path: str) -> None:
    assert refused(without(kind, path)) == path


@pytest.mark.parametrize(
    ("kind", "path", "good", "bad"),
    [
        ("text_notice", "card_action.type", (1,), (0, 3, "1", None)),
        ("text_notice", "source.desc_color", (0, 1, 2, 3), (4, -1, "2")),
        ("text_notice", "horizontal_content_list.0.type", (0,), (4, -1)),
        ("news_notice", "card_image.aspect_ratio", (1.3, 2, 2.25), (1.29, 2.26, float("nan"))),
        ("button_interaction", "button_list.0.style", (1, 2, 3, 4), (0, 5)),
        ("button_interaction", "button_list.0.type", (0,), (2,)),
        ("vote_interaction", "checkbox.mode", (0, 1), (2,)),
        ("text_notice", "card_action.url", ("https://a.b/", "http://a.b"), ("a.b", "javascript:alert(1)", "")),
        ("text_notice", "card_action.url", ("https://" + "a" * 2040,), ("https://" + "a" * 2041,)),
        ("button_interaction", "task_id", ("a" * 128, "A-z_0@"), ("a" * 129, "a b", "任务", "", "a\n")),
    ],
)
def test_values_with_a_form(kind: str, path: str, good: tuple[Any, ...], bad: tuple[Any, ...]) -> None:
    for value in good:
        cards.parse(changed(kind, path, value))
    for value in bad:
        assert refused(changed(kind, path, value)) == path


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"type": 1}, "url"),
        ({"type": 2}, "media_id"),
        ({"type": 3}, "userid"),
        ({"type": 3, "userid": "not a userid"}, "userid"),
    ],
)
def test_a_row_has_what_its_type_needs(row: dict[str, Any], field: str) -> None:
    path = "horizontal_content_list.0"
    assert refused(changed("text_notice", path, {"keyname": "k", **row})) == f"{path}.{field}"
    complete = {"url": "https://a.b", "media_id": "m", "userid": "lihua"}
    cards.parse(changed("text_notice", path, {"keyname": "k", **row, field: complete[field]}))


def test_a_button_may_open_a_page_instead_of_calling_back() -> None:
    opening = {"text": "打开", "type": 1, "url": "https://hr.example.com"}
    cards.parse(changed("button_interaction", "button_list", [opening, {**opening, "text": "再打开"}]))
    assert refused(changed("button_interaction", "button_list.0", {"text": "打开", "type": 1})) == "button_list.0.url"


def test_a_link_to_a_mini_program_needs_its_id() -> None:
    assert refused(changed("text_notice", "card_action", {"type": 2, "pagepath": "p"})) == "card_action.appid"
    cards.parse(changed("text_notice", "card_action", {"type": 2, "appid": "wx1"}))


def test_a_text_notice_says_something() -> None:
    data = without("text_notice", "main_title")
    cards.parse(data)
    del data["sub_title_text"]
    assert refused(data) == "main_title"
    assert refused({**data, "main_title": {"desc": "only a subtitle"}}) == "main_title"


def test_a_news_notice_shows_a_picture() -> None:
    data = without("news_notice", "card_image")
    cards.parse(data)
    del data["image_text_area"]
    assert refused(data) == "card_image"


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("vote_interaction", "action_menu"),
        ("vote_interaction", "card_action"),
        ("multiple_interaction", "quote_area"),
        ("news_notice", "sub_title_text"),
        ("news_notice", "emphasis_content"),
        ("button_interaction", "jump_list"),
        ("button_interaction", "vertical_content_list"),
        ("text_notice", "card_image"),
        ("text_notice", "colour"),
    ],
)
def test_a_type_has_only_its_own_parts(kind: str, field: str) -> None:
    assert refused({**card_data(kind), field: {}}) == field


def test_who_calls_back() -> None:
    calling = {kind for kind in ALL if cards.parse(card_data(kind)).calls_back}
    assert calling == set(ALL)
    assert not cards.parse(without("text_notice", "action_menu")).calls_back
    assert not cards.parse(without("news_notice", "action_menu")).calls_back


@pytest.mark.parametrize("data", [{}, {"card_type": "poem"}, {"card_type": ["text_notice"]}, {"card_type": None}])
def test_an_unknown_type_is_named(data: dict[str, Any]) -> None:
    assert refused(data) == "card_type"


def test_a_card_gets_its_task_when_it_is_sent() -> None:
    card = cards.parse(card_data("vote_interaction"))
    assert cards.with_task(card, "step-1:2".replace(":", "-")).task_id == "step-1-2"
    assert card.task_id is None
    with pytest.raises(InvalidMessage, match="task_id"):
        cards.with_task(card, "step 1")


def test_cards_are_frozen_values() -> None:
    card: Card = cards.parse(card_data("button_interaction"))
    assert card == cards.parse(card_data("button_interaction"))
    with pytest.raises(ValidationError):
        card.task_id = "x"  # type: ignore[misc]


def test_pieces_built_by_hand_are_checked_in_the_same_words() -> None:
    with pytest.raises(InvalidMessage) as caught:
        cards.Button(text="字" * 11, key="k")
    assert caught.value.field == "text"
    assert cards.ButtonInteraction(
        main_title=cards.RequiredTitle(title="请假"), button_list=(cards.Button(text="同意", key="agree"),)
    ).model_dump() == {
        "card_type": "button_interaction",
        "main_title": {"title": "请假"},
        "button_list": [{"text": "同意", "key": "agree"}],
    }
