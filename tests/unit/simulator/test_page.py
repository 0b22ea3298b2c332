"""The page shows what a person received and does what they tap; what people wrote never becomes markup."""

import pytest
from werkzeug.test import Client

from simulator import create_app
from simulator.page.drawing import Pen
from simulator.page.product import Product

PEN = Pen(Product("http://hr.test"), "lihua")


@pytest.fixture
def browser(twin):
    return Client(create_app(twin, "http://hr.test"))


def test_the_page_shows_people_by_department_and_the_chosen_persons_chat(browser, api):
    api.send("hanmei", "text", {"content": "只给韩梅"})
    page = browser.get("/", query_string={"as": "hanmei"}).text
    assert "本页只连接本机" in page
    assert "只给韩梅" in page
    assert page.index("研发部") < page.index("李华")
    assert "只给韩梅" not in browser.get("/chat/lihua").text


def test_people_are_searched_by_name_account_and_position(browser):
    found = browser.get("/people", query_string={"q": "HANM", "as": "lihua"}).text
    assert ("韩梅" in found, "王五" in found) == (True, False)
    assert "没有找到" in browser.get("/people", query_string={"q": "无此人", "as": "lihua"}).text


def test_unread_messages_are_counted_until_they_are_looked_at(browser, api):
    browser.get("/", query_string={"as": "lihua"})
    api.send("hanmei", "text", {"content": "一"})
    api.send("hanmei", "text", {"content": "二"})
    listed = browser.get("/people", query_string={"as": "lihua"}).text
    assert "2 条未读" in listed
    version = listed.split("version=")[1].split('"')[0]
    assert browser.get("/people", query_string={"as": "lihua", "version": version}).status_code == 204
    browser.get("/chat/hanmei")
    assert "未读" not in browser.get("/people", query_string={"as": "lihua", "version": version}).text


def test_an_unchanged_chat_is_not_sent_again(browser, api, twin):
    first = browser.get("/chat/lihua")
    version = first.text.split("version=")[1].split('"')[0]
    assert browser.get("/chat/lihua", query_string={"version": version}).status_code == 204
    api.send("lihua", "text", {"content": "新消息"})
    assert "新消息" in browser.get("/chat/lihua", query_string={"version": version}).text


def test_a_tap_on_the_page_is_a_tap(browser, api, twin, product, buttons):
    api.send("lihua", "template_card", buttons())
    product.answers = [product.reply("LiHua", MsgType="update_button", Button={"ReplaceName": "已同意"})]
    card = twin.card("lihua")
    answer = browser.post("/act/lihua/tap", data={"message": card.id, "key": "yes"})
    assert "已同意" in answer.text
    again = browser.post("/act/lihua/tap", data={"message": card.id, "key": "yes"})
    assert "已经变了" in again.text


def test_words_menus_and_entering_reach_the_product(browser, product, twin):
    browser.post("/act/lihua/say", data={"text": "帮助"})
    browser.post("/act/lihua/say", data={"text": "  "})
    browser.post("/act/lihua/menu", data={"type": "click", "key": "leave"})
    browser.post("/act/lihua/menu", data={"type": "scancode_push", "key": "scan", "result": "place"})
    browser.post("/act/lihua/enter", data={"location": "31.2, 121.4"})
    sent = [d.fields.get("Event") or d.fields["MsgType"] for d in twin.postman.sent]
    assert sent == ["text", "click", "scancode_push", "enter_agent", "LOCATION"]


def test_a_silent_product_is_told_to_the_person(browser, product):
    product.answers = [TimeoutError()] * 3
    assert "产品没有应答" in browser.post("/act/lihua/say", data={"text": "帮助"}).text


def test_the_directory_is_edited_and_nonsense_refused(browser, twin):
    browser.post("/directory/join", data={"userid": "new", "name": "新人", "department": "4"})
    assert twin.directory.member("new").departments == [4]
    browser.post("/directory/move", data={"userid": "new", "department": "3", "leader": "wangwu"})
    assert (twin.directory.member("new").departments, twin.directory.member("new").direct_leaders) == ([3], ["wangwu"])
    browser.post("/directory/leave", data={"userid": "new"})
    assert "new" not in twin.world.members
    again = browser.post("/directory/join", data={"userid": "LIHUA", "name": "重名", "department": "2"})
    assert (again.status_code, "没有改动" in again.text) == (422, True)
    for data in (
        {"userid": "有中文", "name": "甲", "department": "2"},
        {"userid": "x", "name": "甲", "department": "二"},
    ):
        assert browser.post("/directory/join", data=data).status_code == 422
    for act in ("move", "leave"):
        assert browser.post(f"/directory/{act}", data={"userid": "nobody", "department": "2"}).status_code == 422


def test_faults_and_habits_are_set_from_the_page(browser, twin):
    browser.post("/faults", data={"api": "message/send", "kind": "-1", "times": "3"})
    browser.post("/faults", data={"api": "*", "kind": "timeout", "after": "1"})
    assert [(f.api, f.kind, f.times, f.after) for f in twin.faults.rules] == [
        ("message/send", -1, 3, False),
        ("*", "timeout", 1, True),
    ]
    assert browser.post("/faults", data={"api": "*", "kind": "rain"}).status_code == 422
    rules = browser.get("/faults").text
    assert "0 / 3" in rules
    version = rules.split("version=")[1].split('"')[0]
    assert browser.get("/faults", query_string={"version": version}).status_code == 204
    browser.post("/faults/clear")
    browser.post("/habits", data={"misspelt": "on"})
    assert (twin.faults.rules, twin.habits.misspelt, twin.habits.duplicates) == ([], True, 0)


def test_tokens_are_ended_from_the_page(browser, api):
    old = api.token()
    browser.post("/token/revoke")
    assert api.get("department/list", access_token=old)["errcode"] == 40014
    assert browser.post("/token/steal").status_code == 404


def test_the_request_log_is_shown_with_secrets_hidden(browser, api):
    token = api.token()
    api.send("lihua", "text", {"content": "记下来"})
    page = browser.get("/calls").text
    assert "message/send" in page
    assert "记下来" in page
    assert token not in page


def test_the_page_moves_to_the_products_host_name_to_share_its_cookies(twin):
    browser = Client(create_app(twin, "http://127.0.0.1:5000"))
    answer = browser.get("/?as=lihua", headers={"Host": "localhost:5001"})
    assert answer.headers["Location"] == "http://127.0.0.1:5001/?as=lihua"
    assert browser.get("/?as=lihua", headers={"Host": "127.0.0.1:5001"}).status_code == 200


def test_other_hosts_and_foreign_forms_are_refused(browser):
    assert browser.get("/", headers={"Host": "evil.test"}).status_code == 403
    foreign = browser.post("/faults/clear", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


def test_the_policy_allows_no_inline_script_and_frames_of_the_product_only(browser):
    answer = browser.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-src 'self' http://hr.test" in policy
    for forbidden in ("<script>", "onclick=", "style=", "javascript:"):
        assert forbidden not in answer.text


EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize("draw", [PEN.text, PEN.description, PEN.markdown])
def test_markup_in_texts_stays_text(draw):
    assert "<script" not in draw(EVIL)
    assert "<script" not in draw(f'<a href="https://x">{EVIL}</a>')
    assert "javascript:" not in draw('<a href="javascript:alert(1)">x</a> [x](javascript:1)').replace(
        "&lt;a href=&#34;javascript:", ""
    ).replace("[x](javascript:", "")


def test_every_kind_of_message_is_drawn_escaped(browser, api, buttons):
    link = {"type": 1, "url": "http://hr.test/h5/leave"}
    options = [{"id": "a", "text": EVIL}]
    parts = {
        "source": {"desc": EVIL, "desc_color": 2},
        "main_title": {"title": EVIL, "desc": EVIL},
        "quote_area": {"title": EVIL, "quote_text": EVIL, **link},
        "horizontal_content_list": [
            {"keyname": "键", "value": EVIL, **link},
            {"keyname": "人", "type": 3, "userid": "x"},
        ],
        "card_action": link,
        "action_menu": {"desc": EVIL, "action_list": [{"text": EVIL, "key": "m"}]},
    }
    question = {"question_key": "q", "title": EVIL, "option_list": options}
    submit = {"text": "提交", "key": "s"}
    jumps = [
        {"title": EVIL, **link},
        {"title": "小程序", "type": 2, "appid": "wx1", "pagepath": "pages/leave/index?id=3"},
    ]
    image = {"card_image": {"url": "http://hr.test/p.png"}, "vertical_content_list": [{"title": EVIL, "desc": EVIL}]}
    cards = [
        {"card_type": "text_notice", **parts, "emphasis_content": {"title": EVIL}, "jump_list": jumps, "task_id": "1"},
        {"card_type": "news_notice", **parts, **image, "task_id": "2"},
        buttons("3", **parts, button_selection=question),
        {
            "card_type": "vote_interaction",
            "main_title": {"title": EVIL},
            "checkbox": question,
            "task_id": "4",
            "submit_button": submit,
        },
        {
            "card_type": "multiple_interaction",
            "main_title": {"title": EVIL},
            "select_list": [question],
            "task_id": "5",
            "submit_button": submit,
        },
    ]
    for card in cards:
        assert api.send("lihua", "template_card", card)["errcode"] == 0
    api.send("lihua", "textcard", {"title": EVIL, "description": EVIL, "url": "http://hr.test/h5/"})
    api.send("lihua", "news", {"articles": [{"title": EVIL, "url": "https://elsewhere.test"}]})
    api.send("lihua", "miniprogram_notice", {"appid": "wx1", "title": "四个字的", "page": "pages/home/index"})
    page = browser.get("/chat/lihua").text
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 20
    assert 'href="/h5/phone?as=LiHua&amp;to=http%3A%2F%2Fhr.test%2Fh5%2Fleave%3Fid%3D3"' in page
    assert "data-mini" in page


def test_links_to_the_product_open_in_the_frame_and_others_do_not():
    assert 'target="phone"' in PEN.text('看<a href="http://hr.test/h5/leave">这里</a>')
    assert 'href="https://elsewhere.test"' in PEN.markdown("[那里](https://elsewhere.test)")
    assert PEN.href("javascript:alert(1)") == "#"


def test_a_mini_program_page_has_its_h5_twin():
    product = Product("http://hr.test")
    assert product.twin_of("pages/leave/index?id=3") == "http://hr.test/h5/leave?id=3"
    assert product.twin_of("/pages/home/index") == "http://hr.test/h5/home"


def test_a_fault_is_named_in_words(browser, api):
    browser.post("/faults", data={"api": "message/send", "kind": "45033", "after": "1"})
    assert api.send("lihua", "text", {"content": "一"})["errcode"] == 45033
    assert ">45033 并发过高（生效之后）</em>" in browser.get("/calls").text
    browser.post("/faults", data={"api": "*", "kind": "truncated"})
    browser.post("/faults", data={"api": "gettoken", "kind": "-1", "after": "1"})
    rules = browser.get("/faults").text
    assert "<span>JSON 被截断（生效之后）</span>" in rules
    assert "<span>-1 系统繁忙（生效之后）</span>" in rules


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"userid": "LIHUA", "name": "重名", "department": "2"}, "账号 LIHUA 已存在"),
        ({"userid": "有中文", "name": "甲", "department": "2"}, "账号应为"),
        ({"userid": "x", "name": "", "department": "2"}, "姓名应为"),
        ({"userid": "x", "name": "甲", "department": "二"}, "请选择部门"),
        ({"userid": "x", "name": "甲", "department": "99"}, "没有编号为 99 的部门"),
        ({"userid": "x", "department": "2"}, "请填写完整"),
    ],
)
def test_a_refused_edit_says_why_in_chinese(browser, form, words):
    answer = browser.post("/directory/join", data=form)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert "没有这个成员" in browser.post("/directory/leave", data={"userid": "nobody"}).text


@pytest.mark.parametrize(
    ("method", "path", "code", "words"),
    [("GET", "/nowhere", 404, "没有找到"), ("PUT", "/", 405, "不接受"), ("POST", "/token/steal", 404, "没有找到"),
     ("POST", "/vacation", 422, "没有改动")],
)  # fmt: skip
def test_a_refusal_of_the_page_speaks_chinese(browser, method, path, code, words):
    for headers in ({}, {"HX-Request": "true"}):
        answer = browser.open(path, method=method, headers=headers, data={})
        assert (answer.status_code, words in answer.text) == (code, True)
        assert "The " not in answer.text


def test_an_unusable_reply_is_told_in_chinese(browser, product):
    product.answers = [product.reply("hanmei", MsgType="text", Content="好")]
    toast = browser.post("/act/lihua/say", data={"text": "帮助"}).text
    assert "被动回复无法显示：text：ToUserName 和 FromUserName 没有对调" in toast
