"""A week is planned with the keyboard alone, checked, published, and read on the phone."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

Open = Callable[..., Page]


def test_a_week_is_planned_with_the_keyboard_and_read_on_the_phone(desk: Open, phone: Open, shots: Path | None) -> None:
    page = desk("liding", "/console/rosters")
    page.get_by_label("部门（含下级）").select_option(index=2)
    page.get_by_role("button", name="新建").click()
    expect(page.locator("h1")).to_contain_text("排班")
    first = page.locator("[data-row='0'][data-column='0']")
    first.fill("门")
    first.press("ArrowDown")
    below = page.locator("[data-row='1'][data-column='0']")
    expect(below).to_be_focused()
    page.keyboard.type("休")
    page.keyboard.press("Enter")
    expect(first).to_have_value("门店班")
    expect(page.get_by_role("status")).to_contain_text("已保存")
    expect(page.locator("#check")).to_contain_text("没有排")
    if shots:
        page.screenshot(path=shots / "roster-1440.png", full_page=True)
        page.set_viewport_size({"width": 390, "height": 844})
        page.screenshot(path=shots / "roster-390.png", full_page=True)
        page.set_viewport_size({"width": 1440, "height": 900})
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="发布").click()
    expect(page.locator("main")).to_contain_text("已发布")
    page.reload()
    expect(page.locator(".roster tbody tr").first).to_contain_text("门店班")
    mine = phone("chengui", "/h5/rosters")
    expect(mine.get_by_role("heading", name=re.compile("接下来四周"))).to_be_visible()
    if shots:
        mine.screenshot(path=shots / "mine-390.png", full_page=True)
