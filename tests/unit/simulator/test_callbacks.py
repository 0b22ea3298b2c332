"""Callbacks: sealed and signed, three attempts, bad habits at will, passive replies shown to the one who tapped."""

import re

import pytest

from simulator import CannotTap
from simulator.xml import read


def opened(twin, heard):
    """The fields inside one delivery."""
    _, query, body = heard
    envelope, seal = read(body), twin.postman.seal(twin.agent)
    seal.check(query["msg_signature"], query["timestamp"], query["nonce"], envelope["Encrypt"])
    return read(seal.decrypt(envelope["Encrypt"]))


@pytest.fixture
def card(api, twin, buttons):
    """A card with a drop-down and a menu in Li Hua's chat."""
    select = {"question_key": "who", "option_list": [{"id": "a", "text": "甲"}, {"id": "b", "text": "乙"}]}
    menu = {"action_list": [{"text": "静音", "key": "mute"}]}
    api.send("lihua", "template_card", buttons(button_selection=select, action_menu=menu))
    return twin.card("lihua", "请假")


def test_pressing_save_sends_an_echo_that_must_come_back_exactly(product, twin):
    product.answers = [(200, b"something else"), TimeoutError()]
    assert not twin.verify_callback()
    assert not twin.verify_callback()

    def echo(url, query, body):
        assert body is None
        seal = twin.postman.seal(twin.agent)
        seal.check(query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"])
        return 200, seal.decrypt(query["echostr"])

    twin.postman.deliver = echo
    assert twin.verify_callback()


def test_a_tap_arrives_with_everything_the_product_needs(product, twin, card):
    delivery = twin.tap("LIHUA", card, "同意", {"who": "b"})
    assert delivery.accepted
    fields = opened(twin, product.heard[-1])
    assert (fields["Event"], fields["EventKey"], fields["TaskId"]) == ("template_card_event", "yes", "task-1")
    assert (fields["FromUserName"], fields["CardType"], fields["AgentID"]) == ("LiHua", "button_interaction", "1000002")
    assert fields["SelectedItems"] == {"SelectedItem": {"QuestionKey": "who", "OptionIds": {"OptionId": "b"}}}
    assert fields["ResponseCode"]


def test_a_drop_down_left_alone_answers_with_its_first_option(product, twin, card):
    twin.tap("lihua", card, "yes")
    assert opened(twin, product.heard[-1])["SelectedItems"]["SelectedItem"]["OptionIds"] == {"OptionId": "a"}


def test_a_menu_entry_has_its_own_event(product, twin, card):
    twin.tap("lihua", card, "静音")
    fields = opened(twin, product.heard[-1])
    assert (fields["Event"], fields["EventKey"]) == ("template_card_menu_event", "mute")
    assert "SelectedItems" not in fields


def test_several_questions_and_options_repeat_their_elements(api, product, twin):
    box = {"question_key": "q", "mode": 1, "option_list": [{"id": i, "text": i} for i in "abc"]}
    card = {"card_type": "vote_interaction", "main_title": {"title": "投票"}, "task_id": "v", "checkbox": box}
    api.send("lihua", "template_card", {**card, "submit_button": {"text": "提交", "key": "s"}})
    twin.submit("lihua", twin.card("lihua"), {"q": ["a", "c"]})
    assert opened(twin, product.heard[-1])["SelectedItems"]["SelectedItem"]["OptionIds"]["OptionId"] == ["a", "c"]


def test_the_old_spelling_can_be_asked_for(product, twin, card):
    twin.habits.misspelt = True
    twin.tap("lihua", card, "同意")
    assert opened(twin, product.heard[-1])["SelectedItems"]["SelectedItem"]["OpitonIds"] == {"OpitonId": "a"}


def test_what_is_not_there_cannot_be_tapped(twin, card):
    with pytest.raises(CannotTap):
        twin.tap("lihua", card, "转交")
    with pytest.raises(KeyError):
        twin.tap("hanmei", card, "同意")
    with pytest.raises(LookupError):
        twin.card("hanmei")


def test_an_unanswered_callback_is_tried_three_times_each_freshly_sealed(product, twin):
    product.answers = [TimeoutError(), (500, b""), (302, b"")]
    delivery = twin.say("lihua", "在吗")
    assert (delivery.attempts, delivery.accepted) == (["TimeoutError", "500", "302"], False)
    assert len({body for _, _, body in product.heard}) == 3
    assert len({opened(twin, heard)["MsgId"] for heard in product.heard}) == 1


def test_a_later_attempt_may_succeed(product, twin):
    product.answers = [(500, b"")]
    assert twin.say("lihua", "在吗").attempts == ["500", "200"]


def test_duplicates_arrive_after_the_success(product, twin):
    twin.habits.duplicates = 2
    assert twin.say("lihua", "在吗").attempts == ["200", "200", "200"]


def test_elements_may_come_in_any_order(product, twin):
    twin.habits.disordered = True
    orders = {tuple(opened(twin, product.heard[-1])) for _ in range(20) if twin.say("lihua", "在吗")}
    assert len(orders) > 1


def test_callbacks_can_be_held_back_and_shuffled(product, twin):
    with twin.holding(shuffled=True):
        deliveries = [twin.say("lihua", str(n)) for n in range(8)]
        assert product.heard == []
        assert all(d.held for d in deliveries)
    said = [opened(twin, heard)["Content"] for heard in product.heard]
    assert sorted(said) == [str(n) for n in range(8)]
    assert said != sorted(said)


def test_the_other_acts_have_their_events(product, twin):
    twin.click_menu("lihua", "leave")
    twin.enter("lihua", location=(31.23, 121.47))
    twin.event("lihua", "scancode_waitmsg", "scan", ScanCodeInfo={"ScanType": "qrcode", "ScanResult": "place-1"})
    heard = [opened(twin, h) for h in product.heard]
    assert [f["Event"] for f in heard] == ["click", "enter_agent", "LOCATION", "scancode_waitmsg"]
    assert (heard[2]["Latitude"], heard[3]["ScanCodeInfo"]["ScanResult"]) == ("31.23", "place-1")


def test_update_button_greys_the_card_of_the_one_who_tapped(api, product, twin, buttons):
    api.send("lihua|hanmei", "template_card", buttons())
    product.answers = [product.reply("LiHua", MsgType="update_button", Button={"ReplaceName": "已同意"})]
    delivery = twin.tap("lihua", twin.card("lihua"), "同意")
    assert (delivery.problem, twin.card("lihua").greyed, twin.card("hanmei").greyed) == ("", "已同意", "")


def test_a_whole_card_is_read_from_repeated_elements(product, twin, card):
    new = {
        "CardType": "button_interaction",
        "MainTitle": {"Title": "已由李华同意"},
        "HorizontalContentList": [{"KeyName": "结果", "Value": "同意"}, {"KeyName": "余额", "Value": "4 天"}],
        "ButtonList": [{"Text": "撤回", "Style": 2, "Key": "undo"}],
        "CheckBox": {"QuestionKey": "q", "OptionList": {"Id": "a", "Text": "甲", "IsChecked": "true"}},
        "ReplaceText": "已同意",
    }
    product.answers = [product.reply("LiHua", MsgType="update_template_card", TemplateCard=new)]
    assert twin.tap("lihua", card, "同意").problem == ""
    shown = twin.card("lihua", "已由李华同意")
    assert [row["keyname"] for row in shown.body["horizontal_content_list"]] == ["结果", "余额"]
    assert shown.body["button_list"] == [{"text": "撤回", "style": 2, "key": "undo"}]
    assert shown.body["checkbox"]["option_list"] == [{"id": "a", "text": "甲", "is_checked": True}]
    assert shown.greyed == "已同意"
    assert twin.complaints == ["button_interaction 不显示 checkbox"]


def test_text_and_news_answer_words_and_menus(product, twin):
    item = {"Title": "手册", "Description": "新版", "PicUrl": "", "Url": "https://hr.example.com"}
    product.answers = [
        product.reply("lihua", MsgType="text", Content="您还有 4 天年假"),
        product.reply("lihua", MsgType="news", ArticleCount=1, Articles={"item": item}),
    ]
    twin.say("lihua", "年假")
    twin.click_menu("lihua", "help")
    assert [(m.kind, m.mine) for m in twin.chat("lihua")] == [("text", True), ("text", False), ("news", False)]
    assert "您还有 4 天年假" in twin.chat("lihua")[1].text


@pytest.mark.parametrize(
    ("to", "fields", "why"),
    [
        ("hanmei", {"MsgType": "update_button", "Button": {"ReplaceName": "好"}}, "没有对调"),
        ("LiHua", {"MsgType": "text", "Content": "好"}, "不能用来回复template_card_event"),
        ("LiHua", {"MsgType": "update_button", "Button": {"ReplaceName": ""}}, "为空"),
        (
            "LiHua",
            {"MsgType": "update_template_card", "TemplateCard": {"CardType": "poster"}},
            "42031 invalid",
        ),
    ],
)
def test_an_unusable_passive_reply_shows_nothing_and_is_noted(product, twin, card, to, fields, why):
    product.answers = [product.reply(to, **fields)]
    delivery = twin.tap("lihua", card, "同意")
    assert delivery.accepted
    assert re.search(why, delivery.problem)
    assert twin.card("lihua").greyed == ""
    assert twin.complaints


def test_a_reply_with_a_wrong_signature_shows_nothing(product, twin):
    status, body = product.reply("LiHua", MsgType="text", Content="好")
    product.answers = [(status, body.replace(b"<Nonce><![CDATA[42]]>", b"<Nonce><![CDATA[43]]>"))]
    delivery = twin.say("lihua", "在吗")
    assert "signature" in delivery.problem
    assert len(twin.chat("lihua")) == 1


def test_replies_without_content_show_nothing(product, twin):
    product.answers = [(200, b""), (200, b"success")]
    assert [twin.say("lihua", "在吗").problem for _ in range(2)] == ["", ""]
    assert len(twin.chat("lihua")) == 2
