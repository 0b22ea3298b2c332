"""Passive replies: the documents of WeCom's own page, and the sealed answer."""

from typing import Any

import pytest

from kit import clock
from tests.support import published
from tests.support.envelopes import CORP, EPOCH, NOW, PAIR, content, sealed
from tests.support.sample_cards import CARDS
from wecom import Inbound, InvalidMessage, Mailbox, cards, replies, tree
from wecom.messages import Article, News

BOX = Mailbox(CORP, [PAIR])


@pytest.fixture
def inbound() -> Inbound:
    return BOX.open(*sealed(), NOW)


def names(value: Any, path: str = "") -> set[str]:
    """The paths of all elements in a document."""
    if isinstance(value, list):
        return {name for each in value for name in names(each, path)}
    if not isinstance(value, dict):
        return {path}
    return {path} | {name for key, inner in value.items() for name in names(inner, f"{path}/{key}")}


def published_document(name: str) -> tree.Tree:
    published.needed()
    return tree.parse((published.FOLDER / "passive-reply-docs-90241" / f"{name}.xml").read_bytes())


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("text", replies.text("this is a test")),
        ("image", replies.image("media_id")),
        ("update_button", replies.update_button("ReplaceName")),
    ],
)
def test_simple_replies_are_written_as_documented(name: str, reply: replies.Reply, inbound: Inbound) -> None:
    expected = published_document(name)
    ours = tree.parse(replies.document(reply, inbound, CORP).encode())
    assert {**ours, "ToUserName": "ToUserName", "FromUserName": "FromUserName", "CreateTime": "1357290913"} == expected


def test_news_are_written_as_documented(inbound: Inbound) -> None:
    article = Article(title="t", description="d", picurl="https://a.b/p", url="https://a.b/")
    ours = tree.parse(replies.document(replies.news(News(articles=(article,))), inbound, CORP).encode())
    assert names(ours) == names(published_document("news"))
    assert ours["ArticleCount"] == "1"


@pytest.mark.parametrize("kind", sorted(CARDS))
def test_card_updates_use_exactly_the_documented_names(kind: str, inbound: Inbound) -> None:
    card = cards.parse({"card_type": kind, **CARDS[kind]})
    replaced = "已提交" if kind in ("button_interaction", "vote_interaction", "multiple_interaction") else None
    ours = tree.parse(replies.document(replies.update_card(card, replaced), inbound, CORP).encode())
    expected = names(published_document(f"update_template_card_{kind}"))
    # The page also shows a title inside CardAction and a second of our two choices; neither is in its table or needed.
    assert names(ours) == expected - {"/TemplateCard/CardAction/Title"} - _not_on_buttons(kind)


def _not_on_buttons(kind: str) -> set[str]:
    return (
        {"/TemplateCard/JumpList", *(f"/TemplateCard/JumpList/{n}" for n in ("Title", "Type", "Url"))}
        if kind == "button_interaction"
        else set()
    )


def test_a_mini_program_in_the_quote_is_spelt_its_own_way(inbound: Inbound) -> None:
    link = {"type": 2, "appid": "wx1", "pagepath": "p"}
    card = cards.parse(
        {"card_type": "text_notice", "main_title": {"title": "t"}, "card_action": link, "quote_area": link}
    )
    written = replies.update_card(card)["TemplateCard"]
    assert written["QuoteArea"] == {"Type": 2, "Appid": "wx1", "PagePath": "p"}
    assert written["CardAction"] == {"Type": 2, "AppId": "wx1", "PagePath": "p"}


def test_the_task_id_stays_home() -> None:
    card = cards.with_task(cards.parse({"card_type": "button_interaction", **CARDS["button_interaction"]}), "task-1")
    assert "TaskId" not in replies.update_card(card)["TemplateCard"]


def test_v3_is_written_to_the_byte(inbound: Inbound) -> None:
    with clock.frozen(NOW.fromtimestamp(EPOCH + 1, NOW.tzinfo)):
        document = replies.document(replies.update_button("已同意"), inbound, CORP)
    assert document == (
        "<xml><ToUserName><![CDATA[lihua]]></ToUserName><FromUserName><![CDATA[ww0123456789abcdef]]></FromUserName>"
        "<CreateTime>1767225601</CreateTime><MsgType><![CDATA[update_button]]></MsgType>"
        "<Button><ReplaceName><![CDATA[已同意]]></ReplaceName></Button></xml>"
    )


def test_the_answer_is_sealed_for_us_and_signed(inbound: Inbound) -> None:
    with clock.frozen(NOW):
        envelope = tree.parse(replies.answer(BOX, inbound, replies.text("好的")))
    assert envelope["TimeStamp"] == str(EPOCH)
    signed = (envelope["MsgSignature"], envelope["TimeStamp"], envelope["Nonce"], envelope["Encrypt"])
    assert PAIR.has_signed(*signed)
    plain, receiver = PAIR.decrypt(envelope["Encrypt"])
    assert (tree.parse(plain)["Content"], receiver) == ("好的", CORP)


@pytest.mark.parametrize("text", ["]]><Evil>1</Evil><![CDATA[", "a\0b\x1bc\ufffe", "<&>\"'", "\ud800", "张三" * 2000])
def test_text_stays_text(text: str, inbound: Inbound) -> None:
    parsed = tree.parse(replies.document(replies.text(text.encode(errors="ignore").decode()), inbound, CORP).encode())
    assert parsed.keys() == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
    assert len(parsed["Content"].encode()) <= 2048
    assert not {"\0", "\x1b"} & set(parsed["Content"])


def test_a_button_needs_words() -> None:
    with pytest.raises(InvalidMessage, match="button"):
        replies.update_button("")


def test_a_reply_goes_to_whoever_sent(inbound: Inbound) -> None:
    other = BOX.open(*sealed(content(sender="hanmei")), NOW)
    assert tree.parse(replies.document(replies.text("x"), other, CORP).encode())["ToUserName"] == "hanmei"
