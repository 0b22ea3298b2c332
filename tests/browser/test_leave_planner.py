"""From a break worth taking to the request for it, on the phone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stage import Stage

Open = Callable[..., Page]


def test_a_break_is_found_and_asked_for(stage: Stage, phone: Open) -> None:
    page = phone("youshen", "/h5/leave")
    page.get_by_role("link", name="怎么休最划算").click()
    expect(page.get_by_role("heading", name="怎么休最划算")).to_be_visible()
    page.get_by_label("最多用几天").fill("3")
    page.get_by_label("最多用几天").press("Tab")
    expect(page.get_by_role("heading", name="请 3 天，连休 13 天")).to_be_visible()
    page.get_by_role("link", name="申请这 3 天").click()
    expect(page.get_by_label("开始日期")).to_have_value("2026-09-28")
    expect(page.locator("#leave-preview")).to_contain_text("3天")
    page.get_by_label("事由").fill("回老家")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="年假3天")).to_be_visible()


def test_a_refusal_opens_to_its_figures_and_a_balance_to_its_parts(stage: Stage, phone: Open) -> None:
    page = phone("lvhai", "/h5/leave/new?kind=annual&first_day=2026-04-01&last_day=2026-05-29")
    expect(page.locator("#leave-preview")).to_contain_text("为什么不能提交")
    expect(page.locator("#leave-preview")).to_contain_text("需要额度，不能透支")
    page.goto(f"{stage.product}/h5/leave/why?kind=annual")
    expect(page.locator("main")).to_contain_text("《职工带薪年休假条例》")
    page.get_by_role("link", name="到某一天还有多少").click()
    page.get_by_label("哪一天").fill("2027-01-01")
    expect(page.locator("main")).to_contain_text("届时发放")
