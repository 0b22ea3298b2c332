"""The five template cards: what is refused with which code, what is only reported."""

from typing import Any

import pytest

from simulator.cards import check, is_updatable
from simulator.errors import Refusal

ACTION = {"type": 1, "url": "https://hr.example.com"}
OPTIONS = [{"id": "a", "text": "甲"}, {"id": "b", "text": "乙"}]


def text_notice(**parts: Any) -> dict[str, Any]:
    return {"card_type": "text_notice", "main_title": {"title": "题"}, "card_action": ACTION, **parts}


def news_notice(**parts: Any) -> dict[str, Any]:
    return {**text_notice(), "card_type": "news_notice", "card_image": {"url": "https://x/p.png"}, **parts}


def buttons(**parts: Any) -> dict[str, Any]:
    listed = [{"text": "同意", "key": "yes"}]
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "题"},
        "task_id": "t",
        "button_list": listed,
        **parts,
    }


def vote(**parts: Any) -> dict[str, Any]:
    box = {"question_key": "q", "option_list": OPTIONS}
    return {"card_type": "vote_interaction", "main_title": {"title": "题"}, "task_id": "t", "checkbox": box, **parts}


def multiple(**parts: Any) -> dict[str, Any]:
    selects = [{"question_key": "q", "option_list": OPTIONS}]
    submit = {"text": "提交", "key": "s"}
    base = {"card_type": "multiple_interaction", "main_title": {"title": "题"}, "task_id": "t"}
    return {**base, "select_list": selects, "submit_button": submit, **parts}


MENU = {"action_list": [{"text": "静音", "key": "mute"}]}
QUESTION = {"question_key": "q", "option_list": OPTIONS}


@pytest.mark.parametrize(
    "card", [text_notice(), news_notice(), buttons(), vote(), multiple()], ids=lambda c: c["card_type"]
)
def test_the_smallest_card_of_each_type_passes_without_remark(card):
    assert check(card) == []


def test_only_cards_that_can_call_back_are_updatable():
    assert [is_updatable(c) for c in (text_notice(), news_notice(), buttons(), vote(), multiple())] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert is_updatable(text_notice(action_menu=MENU, task_id="t"))


@pytest.mark.parametrize(
    ("code", "card"),
    [
        (42031, {"card_type": "poster"}),
        (42031, "not a card"),
        (42033, text_notice(main_title={})),
        (42033, vote(main_title={"desc": "没有标题"})),
        (42014, buttons(task_id="")),
        (42014, buttons(task_id="有中文")),
        (42014, buttons(task_id="t" * 129)),
        (42014, text_notice(action_menu=MENU)),
        (42045, text_notice(card_action={})),
        (42045, news_notice(card_action={"type": 0})),
        (42028, text_notice(card_action={"type": 1})),
        (42030, text_notice(card_action={"type": 2})),
        (42035, text_notice(horizontal_content_list=[{"keyname": "键"}] * 7)),
        (42027, text_notice(horizontal_content_list=[{"value": "值"}])),
        (42028, text_notice(horizontal_content_list=[{"keyname": "键", "type": 1}])),
        (42029, text_notice(horizontal_content_list=[{"keyname": "键", "type": 2}])),
        (42050, text_notice(horizontal_content_list=[{"keyname": "键", "type": 3}])),
        (42042, text_notice(jump_list=[{"title": "去", **ACTION}] * 4)),
        (42033, text_notice(jump_list=[ACTION])),
        (42028, text_notice(quote_area={"type": 1})),
        (42036, news_notice(vertical_content_list=[{"title": "题"}] * 5)),
        (42044, news_notice(card_image={})),
        (40058, news_notice(card_image={"url": "https://x", "aspect_ratio": 1})),
        (42044, text_notice(card_type="news_notice")),
        (40058, buttons(button_list=[])),
        (40058, buttons(button_list=[{"text": "钮", "key": str(i)} for i in range(7)])),
        (42038, buttons(button_list=[{"key": "k"}])),
        (42039, buttons(button_list=[{"text": "钮"}])),
        (42039, buttons(button_list=[{"text": "钮", "key": "k" * 1025}])),
        (42039, buttons(button_list=[{"text": "一", "key": "k"}, {"text": "二", "key": "k"}])),
        (42028, buttons(button_list=[{"text": "钮", "type": 1}])),
        (42051, buttons(action_menu={"action_list": MENU["action_list"] * 2})),
        (40058, buttons(action_menu={"action_list": []})),
        (42037, buttons(button_selection={"question_key": "q", "option_list": []})),
        (42043, vote(checkbox={"option_list": OPTIONS})),
        (42037, vote(checkbox={"question_key": "q", "option_list": [{"id": str(i), "text": "项"} for i in range(21)]})),
        (42040, vote(checkbox={"question_key": "q", "option_list": [{"text": "项"}]})),
        (42040, vote(checkbox={"question_key": "q", "option_list": OPTIONS * 2})),
        (42041, vote(checkbox={"question_key": "q", "option_list": [{"id": "a"}]})),
        (42047, multiple(select_list=[])),
        (42047, multiple(select_list=[{**QUESTION, "question_key": str(i)} for i in range(4)])),
        (42043, multiple(select_list=[QUESTION, QUESTION])),
        (42037, multiple(select_list=[{"question_key": "q", "option_list": OPTIONS * 6}])),
        (42046, multiple(submit_button={"text": "提交"})),
        (42049, multiple(submit_button={"text": "", "key": "s"})),
    ],
)
def test_a_broken_card_is_refused_with_its_own_code(code, card):
    with pytest.raises(Refusal) as refusal:
        check(card)
    assert refusal.value.code == code


def test_what_a_reader_would_not_see_is_reported_not_refused():
    found = check(vote(sub_title_text="投票卡没有这一栏", main_title={"title": "长" * 37}))
    assert found == [
        "vote_interaction 不显示 sub_title_text",
        "main_title.title 有 37 个字，最多显示 36 个",
    ]


def test_an_update_needs_no_task_id():
    card = buttons(replace_text="已同意")
    del card["task_id"]
    assert check(card, updating=True) == []


def test_a_card_needs_a_callback_address_and_a_task_id_of_its_own(api, twin):
    assert api.send("lihua", "template_card", buttons(task_id="one"))["errcode"] == 0
    assert api.send("lihua", "template_card", buttons(task_id="one"))["errcode"] == 42014
    twin.agent.callback_url = ""
    assert api.send("lihua", "template_card", buttons(task_id="two"))["errcode"] == 43012
