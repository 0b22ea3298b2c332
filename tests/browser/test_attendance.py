"""The big button, the calendar, and a punch that was forgotten."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.people import card_about, pressing

Open = Callable[..., Page]
AIRPORT = {"latitude": 40.0799, "longitude": 116.6031, "accuracy": 20}


def test_the_big_button_punches_where_one_works(phone: Open) -> None:
    page = phone("hexu", "/h5/attendance")
    page.get_by_role("button", name="上班打卡").click()
    expect(page.get_by_role("status").first).to_have_text("上班打卡成功。")
    page.get_by_label("返回首页").click()
    expect(page.locator(".home__today")).to_contain_text("上班 08:5")
    page.get_by_role("link", name="我的考勤").click()
    page.get_by_role("link", name="3月11日 周三").click()
    expect(page.locator("main")).to_contain_text("08:5")


def test_far_from_work_the_button_explains(phone: Open) -> None:
    page = phone("lvhai", "/h5/attendance", geolocation=AIRPORT)
    page.get_by_role("button", name="上班打卡").click()
    expect(page.get_by_role("alert")).to_contain_text("总部大楼")
    page.reload()
    expect(page.locator("main")).to_contain_text("没有打卡")


def test_without_leave_to_locate_the_page_says_what_to_do(phone: Open) -> None:
    page = phone("lvhai", "/h5/attendance")
    page.context.clear_permissions()
    page.get_by_role("button", name="上班打卡").click()
    expect(page.get_by_role("alert")).to_contain_text("定位没有被允许")


def test_a_forgotten_punch_is_added_with_the_managers_consent(phone: Open, client: Open) -> None:
    page = phone("huali", "/h5/attendance/month")
    pressing(page)
    page.get_by_role("link", name="3月2日 周一 下班缺卡").click()
    page.get_by_role("link", name="申请补下班卡").click()
    page.get_by_label("打卡时间").fill("19:05")
    page.get_by_label("原因").fill("关店时忘了")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("main")).to_contain_text("审批中")

    boss = client("shiqian")
    card_about(boss, "华离").get_by_role("button", name="同意").click()
    expect(card_about(boss, "华离").get_by_role("button", name="已同意")).to_be_disabled()
    page.goto(page.url.split("/h5/")[0] + "/h5/attendance/month")
    expect(page.get_by_role("link", name="3月2日 周一 正常")).to_be_visible()
