"""A response code works once within three days; form A greys buttons, form B replaces the card."""

from datetime import UTC, datetime, timedelta

import pytest

from kit import clock
from simulator import CannotTap

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
GREY = {"agentid": 1000002, "button": {"replace_name": "已同意"}}


@pytest.fixture
def code(api, buttons):
    """The response code of a card to two people."""
    return api.send("lihua|hanmei", "template_card", buttons())["response_code"]


def test_only_updatable_cards_give_a_code(api):
    card = {"card_type": "text_notice", "main_title": {"title": "题"}, "card_action": {"type": 1, "url": "https://x"}}
    assert "response_code" not in api.send("lihua", "template_card", card)


def test_greying_reaches_the_named_and_tells_who_never_had_the_card(api, twin, code):
    answer = api.post("message/update_template_card", {**GREY, "response_code": code, "userids": ["LiHua", "wangwu"]})
    assert (answer["errcode"], answer["invaliduser"]) == (0, ["wangwu"])
    assert [twin.card(u).greyed for u in ("lihua", "hanmei")] == ["已同意", ""]
    with pytest.raises(CannotTap):
        twin.tap("lihua", twin.card("lihua"), "同意")


def test_a_code_works_once(api, code):
    update = {**GREY, "response_code": code, "atall": 1}
    assert api.post("message/update_template_card", update)["errcode"] == 0
    assert api.post("message/update_template_card", update)["errcode"] == 60140
    assert api.post("message/update_template_card", {**update, "response_code": "invented"})["errcode"] == 60140


def test_a_refused_update_leaves_the_code_usable(api, code):
    update = {"agentid": 1000002, "response_code": code, "atall": 1}
    assert api.post("message/update_template_card", update)["errcode"] == 40058
    assert api.post("message/update_template_card", {**update, **GREY})["errcode"] == 0


def test_a_code_expires_after_seventy_two_hours(api, twin, buttons):
    with clock.frozen(START):
        code = api.send("lihua", "template_card", buttons())["response_code"]
    with clock.frozen(START + timedelta(hours=72)):
        answer = api.post("message/update_template_card", {**GREY, "response_code": code, "atall": 1})
    assert answer["errcode"] == 60140


def test_every_click_gives_another_code(api, twin, buttons):
    api.send("lihua", "template_card", buttons())
    codes = [twin.tap("lihua", twin.card("lihua"), "同意").fields["ResponseCode"] for _ in range(2)]
    for code in codes:
        update = {**GREY, "response_code": code, "atall": 1}
        assert api.post("message/update_template_card", update)["errcode"] == 0


def test_a_whole_card_can_be_of_another_type_and_carries_its_grey_text(api, twin, code):
    card = {"card_type": "vote_interaction", "main_title": {"title": "换成投票"}, "replace_text": "已结束"}
    card["checkbox"] = {"question_key": "q", "option_list": [{"id": "a", "text": "甲"}]}
    update = {"agentid": 1000002, "response_code": code, "userids": ["lihua"], "template_card": card}
    assert api.post("message/update_template_card", update)["errcode"] == 0
    shown = twin.card("lihua", "换成投票")
    assert (shown.greyed, shown.buttons, shown.task_id) == ("已结束", {}, "task-1")
    assert twin.card("hanmei").title == "请假一天"


def test_a_broken_new_card_is_refused(api, twin, code):
    update = {"agentid": 1000002, "response_code": code, "atall": 1, "template_card": {"card_type": "poster"}}
    assert api.post("message/update_template_card", update)["errcode"] == 42031
    assert twin.card("lihua").title == "请假一天"


def test_a_notice_has_no_buttons_to_grey(api):
    menu = {"action_list": [{"text": "静音", "key": "mute"}]}
    card = {"card_type": "text_notice", "main_title": {"title": "题"}, "task_id": "n", "action_menu": menu}
    card["card_action"] = {"type": 1, "url": "https://x"}
    code = api.send("lihua", "template_card", card)["response_code"]
    assert api.post("message/update_template_card", {**GREY, "response_code": code, "atall": 1})["errcode"] == 40058


def test_departments_and_tags_name_receivers_too(api, twin, code):
    update = {**GREY, "response_code": code, "partyids": [2]}
    assert api.post("message/update_template_card", update)["invaliduser"] == []
    assert [twin.card(u).greyed for u in ("lihua", "hanmei")] == ["已同意", "已同意"]
