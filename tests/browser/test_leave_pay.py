"""What leave means for pay: read by the employee before asking, by payroll in the month's list, until it is closed."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from kit import clock
from services import approvals, people, platform
from services.approvals import Decide
from tests.browser.stage import Stage

Open = Callable[..., Page]
WORDS = "1天（480 分钟）：不付工资：月工资 ÷ 21.75 × 未付薪工作日"


def approve(stage: Stage, title: str) -> None:
    with clock.frozen(stage.now()), stage.app.app_context(), platform.unit_of_work():
        boss = people.by_userid("fengren")
        (task,) = [one for one in approvals.my_tasks(boss, approvals.MineQuery()).items if title in one.title]
        approvals.decide(boss, task.id, Decide(decision="approve"))


def shoot(page: Page, shots: Path | None, name: str) -> None:
    if shots:
        page.screenshot(path=shots / f"leave-pay-{name}.png", full_page=True)


def test_unpaid_leave_is_announced_listed_and_closed(stage: Stage, phone: Open, desk: Open, shots: Path | None) -> None:
    page = phone("shenmao", "/h5/leave/new?kind=personal&first_day=2026-03-18")
    expect(page.locator("#leave-preview")).to_contain_text(WORDS)
    shoot(page, shots, "preview")
    page.get_by_label("事由").fill("办证")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("审批中")
    approve(stage, "沈卯申请事假")
    page.reload()
    expect(page.locator("main")).to_contain_text("本次请假对工资的影响")
    expect(page.locator("main")).to_contain_text(WORDS)
    shoot(page, shots, "request")

    pay = desk("zhouwu", "/console/leave/pay?month=2026-03")
    row = pay.get_by_role("row").filter(has_text="沈卯").filter(has_text="事假")
    expect(row).to_contain_text("不付工资")
    shoot(pay, shots, "desk")
    pay.set_viewport_size({"width": 390, "height": 844})
    assert pay.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing reaches past the screen"
    shoot(pay, shots, "phone")
    pay.on("dialog", lambda dialog: dialog.accept())
    pay.get_by_role("button", name="结算这个月").click()
    expect(pay.locator("main")).to_contain_text("2026-03 已结算")
    expect(pay.get_by_role("button", name="结算这个月")).to_have_count(0)
