"""One complete card of each type, as plain data."""

from typing import Any

LINK = {"type": 1, "url": "https://hr.example.com/"}
TITLE = {"title": "更新后的卡片标题", "desc": "更新后的卡片副标题"}
SOURCE = {"icon_url": "https://hr.example.com/i.png", "desc": "更新后的卡片", "desc_color": 2}
ROWS = [
    {"keyname": "应用名称", "value": "企业微信"},
    {"keyname": "跳转", "value": "跳转企业微信", "type": 1, "url": "https://hr.example.com/"},
]
MENU = {"desc": "您可以使用以下功能", "action_list": [{"text": "A", "key": "A"}, {"text": "B", "key": "B"}]}
QUOTE = {**LINK, "title": "企业微信", "quote_text": "企业微信真好用呀"}
OPTIONS = [{"id": "option_id1", "text": "选项1"}, {"id": "option_id2", "text": "选项2"}]
CHOOSER = {"question_key": "Q1", "title": "下拉", "selected_id": "option_id2", "disable": False, "option_list": OPTIONS}
NOTICE = {
    "source": SOURCE, "main_title": TITLE, "horizontal_content_list": ROWS, "jump_list": [{**LINK, "title": "跳转"}],
    "card_action": LINK, "action_menu": MENU, "quote_area": QUOTE,
}  # fmt: skip

CARDS: dict[str, dict[str, Any]] = {
    "text_notice": {**NOTICE, "sub_title_text": "二级标题", "emphasis_content": {"title": "100万", "desc": "核心数据"}},
    "news_notice": {
        **NOTICE,
        "card_image": {"url": "https://hr.example.com/p.png", "aspect_ratio": 1.3},
        "vertical_content_list": [{"title": "t", "desc": "d"}],
        "image_text_area": {**LINK, "title": "t", "desc": "d", "image_url": "https://hr.example.com/p.png"},
    },
    "button_interaction": {
        **{name: value for name, value in NOTICE.items() if name != "jump_list"},
        "sub_title_text": "二级标题",
        "button_list": [{"text": "按钮1", "style": 1, "key": "k1"}, {"text": "按钮2", "style": 2, "key": "k2"}],
        "button_selection": CHOOSER,
    },
    "vote_interaction": {
        "source": SOURCE,
        "main_title": TITLE,
        "checkbox": {
            "question_key": "Q1",
            "mode": 1,
            "disable": False,
            "option_list": [{**OPTIONS[0], "is_checked": True}],
        },
        "submit_button": {"text": "提交", "key": "Key"},
    },
    "multiple_interaction": {
        "source": SOURCE,
        "main_title": TITLE,
        "select_list": [CHOOSER],
        "submit_button": {"text": "提交", "key": "Key"},
    },
}
