"""Forms when life is rough: only a keyboard, no JavaScript, two taps, a session that ended, no network."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

Open = Callable[..., Page]
ORDER = ["first_day", "from_half", "last_day", "to_half", "cover", "reason", "proof", "保存草稿", "提交"]
FOCUSED = "() => document.activeElement.name || document.activeElement.innerText.trim()"


def _tab_to(page: Page, name: str) -> list[str]:
    """Presses Tab until the control has the focus; the controls passed on the way, each once."""
    passed: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused not in passed[-1:]:
            passed.append(focused)
        if focused == name:
            return passed
    raise AssertionError(f"Tab never reached {name}, only {passed}")


def test_leave_is_asked_for_with_the_keyboard_alone(phone: Open) -> None:
    page = phone("chuzi", "/h5/leave/new?kind=annual", is_mobile=False, has_touch=False)
    assert _tab_to(page, "提交")[-len(ORDER) :] == ORDER
    page.reload()
    _tab_to(page, "first_day")
    page.keyboard.type("20260324")
    _tab_to(page, "last_day")
    page.keyboard.type("20260324")
    _tab_to(page, "reason")
    page.keyboard.type("看牙")
    _tab_to(page, "提交")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="年假1天")).to_be_visible()
    expect(page.locator("main")).to_contain_text("3月24日")


def test_without_javascript_lists_and_forms_work(phone: Open) -> None:
    page = phone("hanchen", "/h5/leave/requests", java_script_enabled=False)
    page.get_by_role("link", name="申请请假").click()
    page.get_by_role("link", name="年假").first.click()
    expect(page.locator(".file__button")).to_be_hidden()
    page.get_by_label("开始日期").fill("2026-03-26")
    page.get_by_label("结束日期").fill("2026-07-26")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("年假")
    expect(page.get_by_role("heading", name="无法继续")).to_be_visible()
    page.go_back()
    page.get_by_label("开始日期").fill("2026-03-26")
    page.get_by_label("结束日期").fill("2026-03-26")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="年假1天")).to_be_visible()
    page.get_by_label("返回请假记录").click()
    expect(page.get_by_role("link", name="年假 1天")).to_contain_text("3月26日")


def test_two_taps_are_one_request(phone: Open) -> None:
    page = phone("zhuwu", "/h5/leave/new?kind=annual&first_day=2026-03-27")
    page.get_by_label("事由").fill("旅行")
    form = page.eval_on_selector(
        "#leave-form", "form => [...new FormData(form)].filter(([, v]) => typeof v == 'string')"
    )
    answers = [page.request.post(page.url.split("?")[0].replace("new", "requests"), form=dict(form)) for _ in range(2)]
    assert [answer.ok for answer in answers] == [True, True]
    assert answers[0].url == answers[1].url
    page.get_by_label("返回").click()
    page.goto(page.url.split("/h5/")[0] + "/h5/leave/requests")
    expect(page.get_by_role("link", name="年假 1天")).to_have_count(1)


def test_a_session_that_ended_leads_through_the_login_and_back(phone: Open) -> None:
    page = phone("youshen", "/h5/leave/requests?state=pending")
    page.context.clear_cookies(name="hr-h5")
    page.reload()
    expect(page).to_have_url(re.compile(r"/h5/leave/requests\?state=pending"))
    expect(page.get_by_role("link", name="年假 5天")).to_be_visible()

    page.get_by_role("link", name="年假 5天").click()
    page.context.clear_cookies(name="hr-h5")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="撤回申请").click()
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.locator("main")).to_contain_text("审批中")  # nothing was withdrawn without a session
    page.get_by_role("button", name="撤回申请").click()
    expect(page.locator("main")).to_contain_text("已撤回")


def test_without_a_network_the_form_says_so_and_keeps_what_was_written(phone: Open, complaints: list[str]) -> None:
    page = phone("chengui", "/h5/leave/new?kind=annual")
    page.get_by_label("事由").fill("体检")
    expect(page.locator("#leave-preview")).to_contain_text("时长")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("网络没有连上")
    expect(page.get_by_label("事由")).to_have_value("体检")
    complaints.clear()  # the browser notes each request that it could not send
