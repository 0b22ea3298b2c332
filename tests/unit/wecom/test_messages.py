"""Messages: their limits, who gets them, what WeCom answers, and our own brake per member."""

from typing import Any

import pytest

import wecom
from tests.support.sample_cards import CARDS
from tests.support.wire import Wire, client
from wecom import InvalidMessage, MemoryMeter, Recipients, TemplateCard, Throttled, cards
from wecom import messages as m

LI = Recipients.of("lihua")
URL = "https://hr.example.com/"
TEXTCARD = {"title": "t", "description": "d", "url": URL}
ARTICLE = {"title": "t", "url": URL}
NOTICE = {"appid": "wx1", "title": "请假通知"}


def sent_body(wire: Wire) -> Any:
    return wire.calls("message/send")[-1].json


def refused(kind: type[wecom.Message], values: dict[str, Any]) -> str:
    with pytest.raises(InvalidMessage) as caught:
        kind(**values)
    return caught.value.field


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (m.Text(content="下周三请假"), {"text": {"content": "下周三请假"}, "safe": 0}),
        (m.Text(content="x", safe=1), {"text": {"content": "x"}, "safe": 1}),
        (m.Markdown(content="**x**"), {"markdown": {"content": "**x**"}}),
        (m.TextCard(**TEXTCARD), {"textcard": TEXTCARD}),
        (m.TextCard(**TEXTCARD, btntxt="去看看"), {"textcard": {**TEXTCARD, "btntxt": "去看看"}}),
        (m.News(articles=(m.Article(**ARTICLE),)), {"news": {"articles": [ARTICLE]}}),
        (m.Image(media_id="M"), {"image": {"media_id": "M"}, "safe": 0}),
        (m.File(media_id="M", safe=1), {"file": {"media_id": "M"}, "safe": 1}),
        (m.MiniProgramNotice(**NOTICE), {"miniprogram_notice": NOTICE}),
    ],
    ids=lambda value: getattr(value, "msgtype", ""),
)
def test_every_kind_goes_out_in_its_wire_form(
    message: wecom.Message, expected: dict[str, Any], wire: Wire, tencent: wecom.Client
) -> None:
    tencent.messages.send(LI, message)
    common = {"touser": "lihua", "agentid": 1000002, "enable_duplicate_check": 1, "duplicate_check_interval": 1800}
    assert sent_body(wire) == {**common, "msgtype": message.msgtype, **expected}


def test_text_travels_as_utf_8_and_the_token_in_the_query(wire: Wire, tencent: wecom.Client) -> None:
    tencent.messages.send(LI, m.Text(content="查年假 🎉"))
    asked = wire.calls("message/send")[0]
    assert "查年假 🎉".encode() in asked.body
    assert asked.params == {"access_token": "T1"}
    assert asked.method == "POST"


@pytest.mark.parametrize(
    ("kind", "base", "field", "most", "unit"),
    [
        (m.Text, {}, "content", 2048, "bytes"),
        (m.Markdown, {}, "content", 2048, "bytes"),
        (m.TextCard, TEXTCARD, "title", 128, "chars"),
        (m.TextCard, TEXTCARD, "description", 512, "chars"),
        (m.TextCard, TEXTCARD, "btntxt", 4, "chars"),
        (m.Article, ARTICLE, "title", 128, "bytes"),
        (m.Article, ARTICLE, "description", 512, "bytes"),
        (m.Article, {"title": "t", "appid": "wx1"}, "pagepath", 128, "bytes"),
        (m.MiniProgramNotice, NOTICE, "page", 1024, "bytes"),
        (m.MiniProgramNotice, NOTICE, "title", 12, "chars"),
        (m.MiniProgramNotice, NOTICE, "description", 12, "chars"),
        (m.NoticeItem, {"key": "k", "value": "v"}, "key", 10, "chars"),
        (m.NoticeItem, {"key": "k", "value": "v"}, "value", 30, "chars"),
    ],
)
def test_limits_at_their_edge(kind: Any, base: dict[str, Any], field: str, most: int, unit: str) -> None:
    fits = "字" * most if unit == "chars" else "字" * (most // 3) + "x" * (most % 3)
    kind(**{**base, field: fits})
    assert refused(kind, {**base, field: fits + "x"}) == field


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (m.Text, {"content": ""}, "content"),
        (m.Text, {"content": "x", "safe": 2}, "safe"),
        (m.Text, {"content": "x", "colour": "red"}, "colour"),
        (m.TextCard, {**TEXTCARD, "url": "hr.example.com"}, "url"),
        (m.TextCard, {**TEXTCARD, "url": "https://" + "a" * 2041}, "url"),
        (m.News, {"articles": []}, "articles"),
        (m.News, {"articles": [ARTICLE] * 9}, "articles"),
        (m.News, {"articles": [{"title": "t"}]}, "articles.0.url"),
        (m.News, {"articles": [{"title": "t", "appid": "wx1"}]}, "articles.0.url"),
        (m.MiniProgramNotice, {**NOTICE, "title": "请假啦"}, "title"),
        (m.MiniProgramNotice, {**NOTICE, "content_item": [{"key": "k", "value": "v"}] * 11}, "content_item"),
        (m.Image, {"media_id": ""}, "media_id"),
        (Recipients, {"users": ["a"] * 1001}, "users"),
        (Recipients, {"users": ["a|b"]}, "users.0"),
        (Recipients, {"departments": [1] * 101}, "departments"),
        (Recipients, {"tags": [1] * 101}, "tags"),
        (m.TemplateCard, {"card": {"card_type": "text_notice"}}, "card.text_notice.card_action"),
    ],
)
def test_what_is_never_sent(kind: Any, values: dict[str, Any], field: str) -> None:
    assert refused(kind, values) == field


def test_receivers_are_joined_by_bars(wire: Wire, tencent: wecom.Client) -> None:
    tencent.messages.send(Recipients(users=("a", "b"), departments=(1, 2), tags=(3,)), m.Text(content="x"))
    body = sent_body(wire)
    assert (body["touser"], body["toparty"], body["totag"]) == ("a|b", "1|2", "3")
    tencent.messages.send(Recipients(is_everyone=True), m.Text(content="x"))
    assert sent_body(wire)["touser"] == "@all"


def test_nobody_and_too_many_are_refused_before_anything_leaves(wire: Wire, tencent: wecom.Client) -> None:
    for to, message in (
        (Recipients(), m.Text(content="x")),
        (Recipients(is_everyone=True), m.MiniProgramNotice(**NOTICE)),
    ):
        with pytest.raises(InvalidMessage, match="touser"):
            tencent.messages.send(to, message)
    for seconds in (0, 14401):
        with pytest.raises(InvalidMessage, match="duplicate_check_interval"):
            tencent.messages.send(LI, m.Text(content="x"), duplicate_seconds=seconds)
    assert wire.asked == []


def test_a_card_that_calls_back_needs_its_task(wire: Wire, tencent: wecom.Client) -> None:
    card = cards.parse({"card_type": "button_interaction", **CARDS["button_interaction"]})
    with pytest.raises(InvalidMessage) as caught:
        tencent.messages.send(LI, TemplateCard(card=card))
    assert caught.value.field == "template_card.task_id"
    tencent.messages.send(LI, TemplateCard(card=cards.with_task(card, "step-1")))
    assert sent_body(wire)["template_card"]["task_id"] == "step-1"


def test_the_answer_tells_who_got_nothing(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers(
        "message/send",
        {
            "errcode": 0, "msgid": "M1", "response_code": "R1", "invaliduser": "nobody|gone", "unlicenseduser": "poor",
            "invalidparty": "7|8", "invalidtag": "",
        },
        {"errcode": 0, "msgid": "M2"},
    )  # fmt: skip
    first = tencent.messages.send(LI, m.Text(content="x"))
    assert first == wecom.Sent("M1", "R1", ("nobody", "gone"), ("poor",), ("7", "8"), ())
    assert tencent.messages.send(LI, m.Text(content="y")) == wecom.Sent("M2")


# Updating and recalling


def test_buttons_are_greyed_out_and_cards_replaced(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("message/update_template_card", {"errcode": 0, "invaliduser": ["gone"]}, {"errcode": 0})
    assert tencent.messages.grey_out("R1", "已同意", LI) == ("gone",)
    assert wire.asked[-1].json == {
        "userids": ["lihua"], "agentid": 1000002, "response_code": "R1", "button": {"replace_name": "已同意"},
    }  # fmt: skip
    card = cards.with_task(cards.parse({"card_type": "vote_interaction", **CARDS["vote_interaction"]}), "step-1")
    everyone = Recipients(is_everyone=True)
    assert tencent.messages.replace_card("R2", card, everyone, "已结束") == ()
    body = wire.asked[-1].json
    assert body["atall"] == 1
    assert body["template_card"]["replace_text"] == "已结束"
    assert "task_id" not in body["template_card"]
    tencent.messages.replace_card("R3", card, LI)
    assert "replace_text" not in wire.asked[-1].json["template_card"]


def test_a_used_response_code_is_spent(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("message/update_template_card", {"errcode": 60140, "errmsg": "invalid response_code"})
    with pytest.raises(wecom.Spent):
        tencent.messages.grey_out("R1", "x", LI)
    for act in (
        lambda: tencent.messages.grey_out("R1", "", LI),
        lambda: tencent.messages.grey_out("R1", "x", Recipients()),
    ):
        with pytest.raises(InvalidMessage):
            act()


def test_recall(wire: Wire, tencent: wecom.Client) -> None:
    wire.answers("message/recall", {"errcode": 0}, {"errcode": 42052, "errmsg": "expired"})
    tencent.messages.recall("M1")
    assert wire.asked[-1].json == {"msgid": "M1"}
    with pytest.raises(wecom.Spent):
        tencent.messages.recall("M1")


# The member's limit


def test_the_26th_message_of_a_minute_waits(wire: Wire, ticks: Any) -> None:
    tencent = client(wire, meter=MemoryMeter(ticks))
    for number in range(25):
        tencent.messages.send(LI, m.Text(content=str(number)))
        ticks.now += 1
    with pytest.raises(Throttled) as caught:
        tencent.messages.send(Recipients.of("LiHua"), m.Text(content="25"))
    assert caught.value.wait_seconds == 35
    assert not caught.value.is_ambiguous
    tencent.messages.send(Recipients.of("hanmei"), m.Text(content="25"))
    ticks.now += 35
    tencent.messages.send(LI, m.Text(content="25"))
    assert len(wire.calls("message/send")) == 27


def test_no_more_than_950_an_hour(wire: Wire, ticks: Any) -> None:
    tencent = client(wire, meter=MemoryMeter(ticks))
    for _ in range(950):
        tencent.messages.send(LI, m.Text(content="x"))
        ticks.now += 3
    with pytest.raises(Throttled) as caught:
        tencent.messages.send(LI, m.Text(content="x"))
    assert caught.value.wait_seconds == 3600 - 950 * 3


def test_a_call_to_many_counts_nobody(wire: Wire) -> None:
    class Counting(MemoryMeter):
        keys: list[str] = []

        def reserve(self, key: str, *limits: tuple[int, int]) -> float:
            self.keys.append(key)
            return super().reserve(key, *limits)

    meter = Counting()
    client(wire, meter=meter).messages.send(Recipients.of(*(f"u{n}" for n in range(11))), m.Text(content="x"))
    assert meter.keys == []


def test_user_text_becomes_inert() -> None:
    hostile = '<a href="https://evil">点我</a> [x](https://evil) `c` # **b**'
    assert not set("<>[]`*#") & set(wecom.inert(hostile))
    assert wecom.inert("李雷 2026-03-02 ok@x.cn") == "李雷 2026-03-02 ok@x.cn"
