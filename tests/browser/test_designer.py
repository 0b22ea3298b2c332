"""A form designed with mouse and keyboard, tried, published, and filled in on the phone."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.people import pressing

Open = Callable[..., Page]


def test_a_form_is_designed_tried_published_and_filled_in(desk: Open, phone: Open) -> None:
    page = desk("liding", "/console/forms")
    page.get_by_label("名称").fill("车辆使用")
    page.get_by_label("代码").fill("car_use")
    page.get_by_role("button", name="新增").click()
    expect(page.get_by_role("heading", name="车辆使用表单")).to_be_visible()

    page.get_by_label("新字段的类型").select_option("number")
    page.get_by_role("button", name="添加字段").click()
    card = page.locator("#fields > li").nth(1)
    expect(card.get_by_role("button", name="上移")).to_be_focused()
    card.get_by_text("设置").click()
    card.get_by_label("名称").fill("人数")
    card.get_by_label("字段名").fill("people")
    card.get_by_label("校验条件").fill("people <= 5")
    card.get_by_label("不满足时提示").fill("一辆车最多坐 5 人")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("status")).to_have_text("人数移到第 1 个")
    page.get_by_label("启用").check()
    definition = json.loads(page.locator("#f-definition").input_value())
    assert [field["title"] for field in definition["fields"]] == ["人数", "事由"]

    page.locator("#fields > li").nth(0).get_by_text("设置").click()
    grip = page.locator("#fields > li").nth(0).locator(".designer__grip")
    grip.drag_to(page.locator("#fields > li").nth(1))
    expect(page.get_by_role("status")).to_have_text("人数移到第 2 个")

    with page.context.expect_page() as opened:
        page.get_by_role("button", name="试填一遍").click()
    trial = opened.value
    trial.get_by_label("人数").fill("7")
    trial.get_by_label("事由").fill("接客户")
    trial.get_by_label("事由").blur()
    expect(trial.get_by_text("一辆车最多坐 5 人", exact=True)).to_be_visible()

    pressing(page)
    page.get_by_role("button", name="发布为新版本").click()
    expect(page.get_by_text("现行第 2 版，启用中")).to_be_visible()

    mine = phone("xuyou", "/h5/catalogue")
    mine.get_by_role("link", name="车辆使用").click()
    mine.get_by_label("人数").fill("3")
    mine.get_by_label("事由").fill("接客户")
    mine.get_by_label("事由").blur()
    expect(mine.get_by_text("直接上级")).to_be_visible()
    mine.get_by_role("button", name="提交").click()
    expect(mine.get_by_text("许酉的车辆使用")).to_be_visible()


def test_a_row_that_is_begun_is_followed_by_an_empty_one(phone: Open) -> None:
    page = phone("xuyou", "/h5/forms/supplies")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(1)
    page.get_by_label("名称").fill("杯子")
    expect(rows).to_have_count(2)
    rows.nth(0).get_by_label("数量").fill("2")
    rows.nth(1).get_by_label("名称").fill("纸")
    rows.nth(1).get_by_label("数量").fill("1")
    page.get_by_label("用途").fill("新同事入职")
    page.get_by_label("用途").blur()
    expect(page.get_by_text("2 行，数量合计 3")).to_be_visible()


def test_fields_come_and_go_with_the_answers(phone: Open) -> None:
    page = phone("xuyou", "/h5/forms/certificate")
    expect(page.get_by_label("邮寄地址")).to_be_hidden()
    page.get_by_label("领取方式").select_option("邮寄")
    expect(page.get_by_label("邮寄地址")).to_be_visible()
    page.get_by_label("领取方式").select_option("自取")
    expect(page.get_by_label("邮寄地址")).to_be_hidden()
