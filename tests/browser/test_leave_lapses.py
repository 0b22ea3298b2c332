"""Statutory days at their end: given up on the phone and taken back, seen by HR, paid when nobody took them."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from kit import clock
from kit.ids import new_id
from models.enums import EntryKind
from services import leave, people, platform
from services.leave import ledger
from tests.browser.stage import Stage

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def kong(stage: Stage) -> str:
    """Kong has three days of 2024 that end this month, and has just lost two of 2023."""
    with clock.frozen(stage.now()), stage.app.app_context(), platform.unit_of_work():
        person_id = people.by_userid("kongzhen").person_id
        for year, last_day, days in ((2024, date(2026, 3, 31), 3), (2023, date(2026, 3, 10), 2)):
            key, title = f"annual:{year}:{person_id}", f"{year}年年假"
            first = date(2026, 1, 1)
            lot = ledger.Grant(key, person_id, "annual", title, first, last_day, days * 480, title, day_minutes=480)
            ledger.grant([lot], "system:tests", EntryKind.GRANT)
        leave.keep_expiry({"slot": new_id()})
    return person_id


def test_days_are_given_up_by_the_employee_and_read_by_hr(stage: Stage, kong: str, phone: Open, desk: Open) -> None:
    page = phone("kongzhen", "/h5/leave")
    page.get_by_role("link", name="法定年假到期不休的声明").click()
    expect(page.get_by_role("heading", name="声明不休年假")).to_be_visible()
    page.get_by_text("声明不休其中几天").first.click()
    page.get_by_label("不休几天").first.fill("1.5")
    page.get_by_label("个人原因").first.fill("今年不打算出行")
    page.get_by_label("公司已安排我休假").first.check(force=True)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="提交声明").first.click()
    expect(page.locator("main")).to_contain_text("自愿不休其中 1.5 天")
    expect(page.locator("main")).to_contain_text("最多 1.5 天")
    hr = desk("liding", "/console/leave/lapses")
    expect(hr.get_by_role("row").filter(has_text="2026-03-31")).to_contain_text("1.5 天")
    hr.get_by_role("link", name="不休声明").click()
    expect(hr.get_by_role("row").filter(has_text="有效")).to_contain_text("1.5 天")
    page.get_by_role("button", name="撤回").click()
    expect(page.locator("main")).to_contain_text("已撤回")
    hr.reload()
    expect(hr.get_by_role("table")).to_contain_text("已撤回")


def test_what_nobody_took_waits_to_be_paid(stage: Stage, kong: str, desk: Open) -> None:
    hr = desk("liding", "/console/leave/settlements?reason=expired")
    hr.get_by_role("row").filter(has_text="到期未休年假").get_by_role("link").click()
    expect(hr.locator("main")).to_contain_text("未休法定年假 2 天")
    expect(hr.locator("main")).to_contain_text("《职工带薪年休假条例》第五条")
