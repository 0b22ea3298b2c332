"""The big button, the calendar, and a punch that was forgotten."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.people import card_about, pressing
from tests.factories.leave import PNG

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


def test_a_punch_in_the_field_is_doubted_explained_and_settled(phone: Open, desk: Open, tmp_path: Path) -> None:
    photo = tmp_path / "现场.png"
    photo.write_bytes(PNG)
    page = phone("lvhai", "/h5/attendance/field", geolocation=AIRPORT)
    page.get_by_label("所在地点").fill("首都机场 T3")
    page.get_by_label("客户").fill("某某航空")
    page.get_by_label("现场照片").set_input_files(photo)
    page.get_by_role("button", name="外勤上班").click()
    expect(page.get_by_role("status").first).to_have_text("上班打卡成功。")
    expect(page.locator("main")).to_contain_text("首都机场 T3")

    boss = desk("liding", "/console/attendance/field")
    expect(boss.get_by_role("row", name="首都机场 T3")).to_contain_text("公里")
    boss.get_by_label("有疑问时写明原因").fill("行程里没有机场")
    boss.get_by_role("button", name="对选中的提出疑问").click()
    expect(boss.locator("main")).to_contain_text("没有外勤打卡")

    page.goto(page.url.split("/h5/")[0] + "/h5/attendance/cases")
    expect(page.locator("main")).to_contain_text("行程里没有机场")
    page.get_by_label("说明情况").fill("客户临时改了地点")
    page.get_by_role("button", name="提交说明").click()
    expect(page.locator("main")).to_contain_text("您的说明：客户临时改了地点")

    boss.goto(boss.url.split("/console/")[0] + "/console/attendance/cases")
    boss.get_by_label("结论").fill("已向客户核实")
    boss.get_by_role("button", name="没有问题，排除").click()
    expect(boss.locator("main")).to_contain_text("没有需要核实的打卡")
