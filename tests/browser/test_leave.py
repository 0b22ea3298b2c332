"""Asking for leave on the phone, deciding by card or by phone, hearing of it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.people import card_about, pressing
from tests.browser.stage import Stage

Open = Callable[..., Page]


def test_an_employee_asks_and_the_manager_taps_the_card(stage: Stage, phone: Open, client: Open) -> None:
    page = phone("jiangyin", "/h5/leave/new")
    page.get_by_role("link", name="年假").first.click()
    page.get_by_label("开始日期").fill("2026-03-16")
    page.get_by_label("结束日期").fill("2026-05-29")
    preview = page.locator("#leave-preview")
    expect(preview).to_contain_text("不能提交")
    page.get_by_label("事由").fill("陪孩子看病")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("年假")
    expect(page.get_by_label("事由")).to_have_value("陪孩子看病")

    page.get_by_label("结束日期").fill("2026-03-17")
    expect(preview).to_contain_text("2天")
    expect(preview).not_to_contain_text("不能提交")
    expect(page.get_by_role("alert")).to_be_empty()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="年假2天")).to_be_visible()
    expect(page.locator("main")).to_contain_text("审批中")

    boss = client("fengren")
    card = card_about(boss, "蒋寅")
    expect(card).to_contain_text("陪孩子看病")
    card.get_by_role("button", name="同意").click()
    expect(card_about(boss, "蒋寅").get_by_role("button", name="已同意")).to_be_disabled()

    stage.told("jiangyin", "年假")
    page.reload()
    expect(page.locator("main")).to_contain_text("已批准")


def test_a_refusal_on_the_phone_says_why(stage: Stage, phone: Open) -> None:
    page = phone("shenmao", "/h5/leave/new?kind=annual&first_day=2026-03-25")
    page.get_by_label("事由").fill("外出")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("审批中")

    boss = phone("fengren", "/h5/approvals")
    boss.get_by_role("link", name="沈卯申请年假1天").click()
    boss.get_by_text("驳回", exact=True).first.click()
    boss.get_by_label("驳回理由").fill("那天上线，请换一天")
    boss.get_by_role("button", name="驳回").click()
    expect(boss.get_by_role("heading", name="待我审批")).to_be_visible()
    expect(boss.get_by_role("link", name="沈卯申请年假1天")).to_have_count(0)

    stage.told("shenmao", "那天上线，请换一天")
    page.reload()
    expect(page.locator("main")).to_contain_text("已驳回")
    expect(page.locator("main")).to_contain_text("那天上线，请换一天")


def test_a_sentence_in_the_chat_becomes_a_request(stage: Stage, client: Open, phone: Open) -> None:
    chat = client("weichou")
    chat.get_by_label("以卫丑的身份发消息").fill("下周三请一天年假")
    chat.get_by_role("button", name="发送").click()
    card = card_about(chat, "3月18日")
    card.get_by_role("button", name="提交").click()
    expect(card.get_by_role("button", name="不请了")).to_have_count(0)
    page = phone("weichou", "/h5/leave/requests")
    expect(page.get_by_role("link", name="年假 1天")).to_contain_text("3月18日")
    stage.told("fengren", "卫丑")


def test_somebody_stands_in_for_a_manager(phone: Open) -> None:
    page = phone("qinwei", "/h5/approvals/delegations")
    pressing(page)
    page.get_by_label("同事").fill("何戌")
    page.get_by_label("从").fill("2026-04-07")
    page.get_by_label("到").fill("2026-04-08")
    page.get_by_role("button", name="委托").click()
    given = page.locator(".weui-cell", has_text="何戌")
    expect(given).to_contain_text("4月7日 周二 至 4月8日 周三")
    expect(phone("hexu", "/h5/approvals/delegations").locator("main")).to_contain_text("秦未")
    given.get_by_role("button", name="撤销").click()
    expect(page.locator(".weui-cell", has_text="何戌")).to_have_count(0)
