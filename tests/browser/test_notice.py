"""HR writes, looks, sends and watches; people confirm by a tap."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.people import card_about, pressing
from tests.browser.stage import Stage

Open = Callable[..., Page]


def test_a_notice_is_sent_and_confirmed(stage: Stage, desk: Open, client: Open) -> None:
    page = desk("wuji", "/console/notices/new")
    pressing(page)
    page.get_by_label("标题").fill("消防演练")
    page.get_by_label("正文").fill("周五下午三点，请走楼梯到一楼集合。")
    page.get_by_label("发布方").fill("行政部")
    page.get_by_label("指定人员").fill("zhuwu shenmao")
    page.get_by_label("需要本人确认").check()
    sketch = page.get_by_label("预览")
    expect(sketch).to_contain_text("消防演练")
    expect(sketch).to_contain_text("现在会发给 2 人")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("button", name="发送预览").click()
    stage.told("wuji", "消防演练")
    page.get_by_role("button", name="立即发给 2 人").click()
    expect(page.locator("main")).to_contain_text("已发送")

    chat = client("zhuwu")
    card_about(chat, "消防演练").get_by_role("button").click()
    expect(card_about(chat, "消防演练").get_by_role("button")).to_be_disabled()

    page.reload()
    expect(page.get_by_role("row", name="朱午")).to_contain_text("已确认")
    expect(page.get_by_role("row", name="沈卯")).not_to_contain_text("已确认")
    page.get_by_label("进度").select_option("unconfirmed")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("row", name="朱午")).to_have_count(0)
    expect(page.get_by_role("row", name="沈卯")).to_be_visible()
