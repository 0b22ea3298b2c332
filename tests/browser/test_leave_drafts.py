"""A form of leave kept for later on the phone, by the button beside it, and gone on with."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Open = Callable[..., Page]


def test_a_form_is_kept_and_gone_on_with(phone: Open) -> None:
    page = phone("jiangyin", "/h5/leave/new?kind=annual&first_day=2026-03-30")
    page.get_by_label("事由").fill("还没定几天")
    page.get_by_label("证明材料").set_input_files({"name": "病历.png", "mimeType": "image/png", "buffer": b"0" * 64})
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("heading", name="草稿")).to_be_visible()
    page.locator("a[href*='draft=']").click()
    expect(page.get_by_label("事由")).to_have_value("还没定几天")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("审批中")
    page.goto(page.url.partition("/requests")[0])
    expect(page.get_by_role("heading", name="草稿")).to_have_count(0)
