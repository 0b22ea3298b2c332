"""Talking to the assistant: commands, leave in a sentence, and what is asked when the sentence leaves it open."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kit import clock
from models.base import db
from models.enums import Half
from models.leave import LeaveRequest
from simulator import Seen, Twin
from tests.conftest import MONDAY_MORNING
from tests.factories import leave as entitled
from tests.factories import people as staff


@pytest.fixture
def say(app: Flask, twin: Twin, drain: Callable[[], int]) -> Callable[[str], Seen]:
    """李雷, who has a superior and five days of annual leave, says something; the card that answers."""
    with twin.quiet():
        twin.add_member("boss", "韩梅梅")
        twin.add_member("lilei", "李雷")
    lilei = staff.person("lilei", "李雷", superior=staff.person("boss", "韩梅梅"))
    entitled.kinds()
    entitled.lot(lilei)

    def speak(text: str) -> Seen:
        before = len(twin.chat("lilei"))
        twin.say("lilei", text)
        drain()
        answers = [seen for seen in twin.chat("lilei")[before:] if not seen.mine]
        assert len(answers) == 1
        return answers[0]

    return speak


def requests() -> list[LeaveRequest]:
    db.session.expire_all()
    return db.session.query(LeaveRequest).order_by(LeaveRequest.created_at).all()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("我的假期", "您还可以休"),
        ("打卡", "今天还没有打上班卡"),
        ("工资条", "您还没有工资条"),
        ("待办", "没有待办，都处理好了"),
        ("帮助", "可以这样问我"),
        ("今天天气怎么样", "可以这样问我"),
    ],
)
def test_a_word_gets_its_card(say: Callable[[str], Seen], text: str, title: str) -> None:
    assert say(text).title == title


def test_the_same_question_twice_is_answered_twice(say: Callable[[str], Seen]) -> None:
    assert say("我的假期").id != say("我的假期").id


def test_the_menu_says_the_same(say: Callable[[str], Seen], twin: Twin, drain: Callable[[], int]) -> None:
    twin.click_menu("lilei", "leave_balances")
    twin.click_menu("lilei", "an_entry_of_last_year")
    drain()
    assert [seen.title for seen in twin.chat("lilei")] == ["您还可以休", "可以这样问我"]


def test_leave_in_one_sentence_is_submitted_by_a_tap(
    say: Callable[[str], Seen], twin: Twin, drain: Callable[[], int]
) -> None:
    card = say("下周三请一天年假，因为搬家")
    assert card.title == "年假 1天"
    assert {"3月11日（周三）", "搬家", "提交后剩余 4天"} <= set(card.text.split("\n")) | set(_rows(card))
    assert requests() == []
    twin.tap("lilei", card, "提交")
    drain()
    (request,) = requests()
    assert (request.first_day.isoformat(), request.minutes, request.reason) == ("2026-03-11", 480, "搬家")
    assert twin.card("lilei", task_id=card.task_id).greyed == "已提交，等待审批"
    assert twin.card("boss").title == "李雷申请年假1天"


def _rows(card: Seen) -> list[str]:
    return [row["value"] for row in card.body.get("horizontal_content_list", [])]


def test_a_card_submits_once(say: Callable[[str], Seen], twin: Twin, drain: Callable[[], int]) -> None:
    card = say("明天请一天年假")
    for _ in range(2):
        press(twin, card, "confirm_leave")
    drain()
    assert len(requests()) == 1


def press(twin: Twin, card: Seen, verb: str, by: str = "lilei") -> None:
    """Sends the tap of a button that the phone may show no longer, or that was somebody else's."""
    key = next(key for key in card.buttons if key.startswith(verb))
    twin.hands.press(twin.agent, by, card, key, {})


def test_somebody_else_cannot_submit_it(say: Callable[[str], Seen], twin: Twin) -> None:
    card = say("明天请一天年假")
    press(twin, card, "confirm_leave", by="boss")
    assert requests() == []


def test_dropped_it_is_gone(say: Callable[[str], Seen], twin: Twin) -> None:
    card = say("明天请一天年假")
    twin.tap("lilei", card, "不请了")
    assert twin.card("lilei").greyed == "已放弃"
    press(twin, card, "confirm_leave")
    assert requests() == []


def test_a_day_later_the_card_is_too_old(say: Callable[[str], Seen], twin: Twin) -> None:
    card = say("下周五请一天年假")
    with clock.frozen(MONDAY_MORNING + timedelta(hours=25)):
        twin.tap("lilei", card, "提交")
    assert twin.card("lilei").greyed == "这张卡片已失效，请重新说一次"
    assert requests() == []


def test_what_is_open_is_asked_one_by_one(say: Callable[[str], Seen], twin: Twin, drain: Callable[[], int]) -> None:
    card = say("我想请假")
    assert card.title == "哪天请假？可点选，或回复如“3月5日到7日”"
    assert list(card.buttons.values()) == ["今天 3/2", "明天 3/3", "后天 3/4"]
    twin.tap("lilei", card, "明天 3/3")
    drain()
    card = twin.card("lilei", "请哪一种假")
    assert "已理解：3月3日（周二）" in card.text
    twin.tap("lilei", card, "年假")
    drain()
    assert twin.card("lilei").title == "年假 1天"
    assert requests() == []


def test_a_question_is_answered_in_words_as_well(say: Callable[[str], Seen], twin: Twin) -> None:
    assert say("明天请半天年假").title == "上午还是下午？"
    card = say("下午")
    assert card.title == "年假 0.5天"
    twin.tap("lilei", card, "提交")
    assert requests()[0].from_half == Half.PM


def test_hours_are_asked_for_in_words(say: Callable[[str], Seen]) -> None:
    assert say("明天请2小时事假").title == "几点到几点？"
    assert say("下午2点到4点").title == "事假 2小时"


def test_an_old_question_cannot_be_answered_again(
    say: Callable[[str], Seen], twin: Twin, drain: Callable[[], int]
) -> None:
    card = say("我想请年假")
    twin.tap("lilei", card, "明天 3/3")
    drain()
    before = len(twin.chat("lilei"))
    press(twin, card, "choose_leave")
    drain()
    assert len(twin.chat("lilei")) == before


def test_days_are_counted_by_the_persons_calendar(say: Callable[[str], Seen]) -> None:
    card = say("周五请两天年假")
    assert card.title == "年假 2天"
    assert "3月6日（周五） 至 3月9日（周一）" in _rows(card)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("周六请一天年假", "不是您的工作时间"),
        ("下周一请六天年假", "余额不足"),
        ("明天请一天婚假", "请填写结婚登记日期"),
        ("3月3日到5日请病假", "病历"),
    ],
)
def test_what_cannot_be_is_said_at_once(say: Callable[[str], Seen], text: str, why: str) -> None:
    card = say(text)
    assert why in card.text
    assert card.buttons == {}


def test_at_night_the_answer_comes_at_night(say: Callable[[str], Seen]) -> None:
    with clock.frozen(MONDAY_MORNING + timedelta(hours=14)):
        assert say("我的假期").title == "您还可以休"


@pytest.mark.parametrize(
    "text", ["<a href='x'>请假</a>明天年假", "{{ 7*7 }}明天年假", "明天年假" + "。" * 2000, "\U0001f600明天年假"]
)
def test_whatever_is_typed_is_answered(say: Callable[[str], Seen], text: str) -> None:
    assert say(text).title == "年假 1天"


def test_a_stranger_is_told_to_ask_hr(app: Flask, twin: Twin, drain: Callable[[], int]) -> None:
    with twin.quiet():
        twin.add_member("stranger", "陌生人")
    twin.say("stranger", "我的假期")
    drain()
    assert "请联系人事" in twin.chat("stranger")[-1].text
