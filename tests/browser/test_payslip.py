"""From a workbook at the desk to a page on the phone that only its owner opens."""

import re
from collections.abc import Callable
from io import BytesIO

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from kit import workbook
from tests.browser.people import pressing, prove
from tests.browser.stage import Stage

Open = Callable[..., Page]
HEADER = ["工号", "企业微信账号", "姓名", "应发：项目奖金", "扣款：个人所得税", "实发合计"]
LIHAI = ["D0022", "lvhai", "吕亥", "2000.00", "60.00", "1940.00"]
WRONG = ["D0013", "jiangyin", "蒋寅", "3000.00", "90.00", "2910.01"]
RIGHT = [*WRONG[:-1], "2910.00"]


def _choose(page: Page, *rows: list[str]) -> None:
    content = workbook.write("奖金", HEADER, rows)
    file = {"name": "三月奖金.xlsx", "mimeType": workbook.MEDIA_TYPE, "buffer": content}
    page.get_by_label("工作簿").set_input_files(file)
    expect(page.locator(".file__name")).to_have_text("三月奖金.xlsx")


def test_from_the_workbook_to_the_owner(stage: Stage, desk: Open, phone: Open) -> None:
    _import(desk("zhouwu", "/console/payroll/batches/new"))
    _release(desk("qianyi", "/console/payroll"))
    stage.told("lvhai", "工资条")
    _read(phone("lvhai", "/h5/payslips"))


def _import(page: Page) -> None:
    pressing(page)
    page.get_by_label("工资月份").fill("2026-03")
    page.get_by_label("名称").fill("奖金")
    _choose(page, LIHAI, WRONG)
    page.get_by_role("button", name="导入为草稿").click()
    prove(page)
    page.get_by_label("工资月份").fill("2026-03")
    page.get_by_label("名称").fill("奖金")
    _choose(page, LIHAI, WRONG)
    page.get_by_role("button", name="导入为草稿").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("3 ?行.*实发合计"))
    _choose(page, LIHAI, RIGHT)
    page.get_by_role("button", name="导入为草稿").click()
    expect(page.get_by_role("heading", name="2026-03 奖金")).to_be_visible()
    expect(page.locator("main")).to_contain_text("草稿")


def _release(page: Page) -> None:
    pressing(page)
    page.get_by_role("link", name="奖金").click()
    page.get_by_role("button", name="查看合计与差异").click()
    prove(page)
    expect(page.locator("main")).to_contain_text("4,850.00")
    page.get_by_role("button", name="发布 2 份工资条").click()
    expect(page.locator("main")).to_contain_text(re.compile("已发布 ?2 ?/ ?2"))


def _read(page: Page) -> None:
    page.get_by_role("link", name="2026年3月 奖金").click()
    prove(page)
    expect(page.locator("main")).to_contain_text("1,940.00")
    expect(page.get_by_role("img", name="收入去向")).to_be_visible()
    expect(page.get_by_role("row", name="个人所得税 60.00")).to_be_visible()

    page.get_by_role("button", name="确认收到").click()
    expect(page.locator("main")).to_contain_text("已确认")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").click()
    printed = PdfReader(BytesIO(download.value.path().read_bytes())).pages[0].extract_text().replace("\0", "")
    assert "1,940.00" in printed

    page.get_by_label("项目", exact=True).select_option("应发：项目奖金")
    page.get_by_label("疑问").fill("奖金和通知的不一样")
    page.get_by_role("button", name="提交疑问").click()
    expect(page.locator("main")).to_contain_text("待答复")
    page.goto(page.url.split("/h5/")[0] + "/h5/payslips")
    page.get_by_role("link", name="2026年3月 奖金").click()
    page.get_by_role("link", name="谁看过我的工资条").click()
    expect(page.locator("main")).to_contain_text("本人查看")


def test_who_proves_it_on_the_way_to_the_document_gets_the_document(phone: Open) -> None:
    page = phone("xuyou", "/h5/payslips")
    address = page.get_by_role("link", name="2026年").first.evaluate("link => link.href")
    page.goto(f"{address}/pdf")
    with page.expect_download():
        prove(page)
    expect(page).to_have_url(address)
