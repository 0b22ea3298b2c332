"""Overtime on the phone and at the desk: confirmed afterwards, agreed to, counted by the punches, explained."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.people import card_about

Open = Callable[..., Page]


def test_overtime_is_asked_for_agreed_to_and_explained(
    phone: Open, client: Open, desk: Open, shots: Path | None
) -> None:
    page = phone("huali", "/h5/attendance/overtime")
    expect(page.locator("main")).to_contain_text("这个月没有加班")
    page.get_by_role("link", name="申请加班").click()
    page.get_by_label("加班日期").fill("2026-03-10")
    page.get_by_label("日期类型").select_option("工作日")
    page.get_by_label("开始时间").fill("21:00")
    page.get_by_label("时长").fill("2")
    page.get_by_label("补偿方式").select_option("加班费")
    page.get_by_label("事由").fill("盘点")
    page.get_by_label("事由").blur()
    expect(page.locator("main")).to_contain_text("工作日 2 小时，加班费（150%）")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("审批中")

    boss = client("shiqian")
    card_about(boss, "华离").get_by_role("button", name="同意").click()
    expect(card_about(boss, "华离").get_by_role("button", name="已同意")).to_be_disabled()

    page.goto(page.url.split("/h5/")[0] + "/h5/attendance/overtime")
    line = page.locator("details", has_text="3月10日 21:00–23:00")
    expect(line).to_contain_text("已核定")
    line.locator("summary").click()
    expect(line).to_contain_text("查看申请")
    if shots:
        page.screenshot(path=shots / "overtime-phone.png", full_page=True)

    console = desk("liding", "/console/attendance/overtime")
    expect(console.get_by_role("heading", name="加班")).to_be_visible()
    if shots:
        console.screenshot(path=shots / "overtime-desk.png", full_page=True)
    console.goto(console.url.split("/console/")[0] + "/console/attendance/working-time")
    expect(console.get_by_role("heading", name="设置工时制度")).to_be_visible()
    if shots:
        console.screenshot(path=shots / "working-time-desk.png", full_page=True)
