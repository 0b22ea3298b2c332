"""The console's lists: filter, sort, turn the page, take the file."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import enter_pin


@dataclass(frozen=True)
class Listing:
    """A list as one reader uses it: choose `value` in the field `label`, then `found` is there and `gone` is not."""

    userid: str
    path: str
    label: str
    value: str
    found: str
    gone: str
    sort: str
    choice: bool = False
    proves: bool = False


LISTS = (
    Listing("liding", "/console/people", "部门", "研发部", "冯壬", "严坎", "入职日期", choice=True, proves=True),
    Listing("liding", "/console/leave", "员工", "陈癸", "陈癸", "孔震", "提交时间"),
    Listing("liding", "/console/leave/balances", "员工", "严坎", "严坎", "陈癸", ""),
    Listing("liding", "/console/attendance", "部门", "研发部", "陈癸", "周戊", "", choice=True),
    Listing("liding", "/console/approvals", "申请人", "孔震", "孔震申请病假1天", "卫丑", "提交时间"),
    Listing(
        "wangxin",
        "/console/platform/audit",
        "动作",
        "payroll.batch",
        "payroll.batch.release",
        "people.session",
        "时间",
        proves=True,
    ),
    Listing(
        "hanchen", "/console/platform/outbox", "种类", "payroll.publish_chunk", "payroll", "message.send", "产生时间"
    ),
)
LONG = ("/console/people", "/console/leave/balances", "/console/platform/audit")


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.path)
def test_a_list_is_searched_sorted_and_taken_away(one: Listing, desk: Callable[..., Page]) -> None:
    page = desk(one.userid, one.path)
    if one.path in LONG:
        _turn(page)
    if one.sort:
        _sort(page, one.sort)
    _filter(page, one)
    if one.path != "/console/attendance":  # the board is of this minute; results are what is exported
        _export(page, one)
    _clear(page)


def _clear(page: Page) -> None:
    rows = page.locator("tbody tr")
    found = rows.count()
    page.get_by_role("link", name="清除").click()
    expect(rows).not_to_have_count(found)


def _turn(page: Page) -> None:
    first = page.locator("tbody tr").first.inner_text()
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_role("link", name="回到第一页")).to_be_visible()
    expect(page.locator("tbody tr").first).not_to_have_text(first)
    page.get_by_role("link", name="回到第一页").click()


def _sort(page: Page, column: str) -> None:
    head = page.get_by_role("columnheader", name=column)
    before = head.get_attribute("aria-sort")
    head.get_by_role("link").click()
    expect(page.get_by_role("columnheader", name=column)).not_to_have_attribute("aria-sort", str(before))


def _filter(page: Page, one: Listing) -> None:
    field = page.get_by_label(one.label, exact=True)
    if one.choice:
        field.select_option(next(o for o in field.locator("option").all_inner_texts() if one.value in o))
    else:
        field.fill(one.value)
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("tbody")).to_contain_text(one.found)
    expect(page.locator("tbody")).not_to_contain_text(one.gone)


def _export(page: Page, one: Listing) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
        if one.proves:  # what leaves with many people's data, or with everybody's deeds, asks who takes it
            enter_pin(page)
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert one.found in text
    assert one.gone not in text
    expect(page.locator("tbody")).to_contain_text(one.found)  # and the list is still there, for the next step
