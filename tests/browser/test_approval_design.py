"""HR draws an approval chain: with the keyboard alone, with the mouse, as a BPMN drawing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import pressing
from tests.browser.test_pages import SERIOUS

Open = Callable[..., Page]
DESIGN = "/console/approvals/flows/leave/design?version=0"


@pytest.fixture
def canvas(desk: Open) -> Page:
    """The designer of the leave chain, as HR opens it."""
    page = desk("liding", DESIGN)
    expect(page.locator("#chain-state")).to_have_text("检查通过，可以保存")
    return page


def _node(page: Page, name: str) -> Locator:
    return page.locator(".chain__node").filter(has=page.locator("strong", has_text=name))


def _names(page: Page) -> list[str]:
    return page.locator(".chain__node strong").all_inner_texts()


def _chain(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.locator("#f-definition").input_value())
    return found


def _tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    for _ in range(60):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never reached {target}")


def test_a_chain_is_drawn_with_the_keyboard_alone(canvas: Page) -> None:
    pressing(canvas)
    _tab_to(canvas, canvas.get_by_role("tab", name="画布"))
    _tab_to(canvas, canvas.get_by_role("button", name="＋ 抄送"))
    canvas.keyboard.press("Enter")
    expect(_node(canvas, "抄送")).to_be_focused()
    assert _names(canvas)[:2] == ["直接上级", "抄送"]
    canvas.keyboard.press("Alt+ArrowDown")
    assert _names(canvas)[:3] == ["直接上级", "部门负责人", "抄送"]
    expect(canvas.locator("#chain-said")).to_have_text("“抄送”移到第 3 个")
    canvas.keyboard.press("Delete")
    assert "抄送" not in _names(canvas)
    canvas.keyboard.press("Control+z")
    assert "抄送" in _names(canvas)
    canvas.keyboard.press("Home")
    expect(_node(canvas, "直接上级")).to_be_focused()
    canvas.keyboard.press("Enter")
    canvas.keyboard.press("Control+a")
    canvas.keyboard.type("我的上级")
    _tab_to(canvas, canvas.get_by_role("button", name="＋ 添加一组条件"))
    canvas.keyboard.press("Enter")
    expect(canvas.get_by_role("combobox", name="字段")).to_be_focused()
    _choose(canvas, "天数")
    _tab_to(canvas, canvas.get_by_role("combobox", name="比较"))
    _choose(canvas, "大于")
    _tab_to(canvas, canvas.get_by_label("值", exact=True))
    canvas.keyboard.type("2")
    canvas.keyboard.press("Escape")
    expect(_node(canvas, "我的上级")).to_be_focused()
    expect(_node(canvas, "我的上级")).to_contain_text("当 天数大于2")
    expect(canvas.locator("#chain-wrong")).to_contain_text("至少要有一个环节不带条件")
    canvas.keyboard.press("Enter")
    _tab_to(canvas, canvas.get_by_role("button", name="删除这一组"))
    canvas.keyboard.press("Enter")
    expect(canvas.locator("#chain-state")).to_have_text("检查通过，可以保存")
    _tab_to(canvas, canvas.get_by_role("button", name="保存为新版本"))
    canvas.keyboard.press("Enter")
    expect(canvas.get_by_role("heading", name="现行流程")).to_be_visible()
    expect(canvas.locator("tbody").first).to_contain_text("我的上级")


def _choose(page: Page, title: str) -> None:
    """Steps through a list until it says so."""
    focused = page.locator("select:focus")
    for _ in range(focused.locator("option").count()):
        if focused.evaluate("one => one.selectedOptions[0].text") == title:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no {title} in the list")


def test_branches_are_walked_and_changed_with_the_keyboard(canvas: Page) -> None:
    canvas.get_by_role("button", name="＋ 并行分支").press("Enter")
    expect(_node(canvas, "并行分支")).to_be_focused()
    canvas.keyboard.press("ArrowDown")
    expect(_node(canvas, "审批一")).to_be_focused()
    canvas.keyboard.press("ArrowRight")
    expect(_node(canvas, "审批二")).to_be_focused()
    canvas.keyboard.press("Delete")
    expect(canvas.locator("#chain-said")).to_contain_text("分支至少要有一个环节")
    canvas.get_by_role("button", name="＋ 审批").press("Enter")
    canvas.keyboard.press("Alt+ArrowLeft")
    branches = _chain(canvas)["nodes"][1]["branches"]
    assert [[one["name"] for one in branch] for branch in branches] == [["审批一", "审批"], ["审批二"]]


def test_a_chain_is_drawn_with_the_mouse(canvas: Page) -> None:
    _node(canvas, "人事").drag_to(_node(canvas, "直接上级"))
    assert _names(canvas)[:2] == ["人事", "直接上级"]
    canvas.get_by_role("button", name="＋ 自动判断").click()
    node = _node(canvas, "自动判断")
    expect(node).to_contain_text("自动环节要写明判断和理由")
    canvas.get_by_label("满足时通过，否则驳回").fill("dayz <= 30")
    canvas.get_by_label("驳回的理由").fill("超过三十天，请分次申请")
    expect(node).to_contain_text("没有字段 dayz")
    expect(node).to_have_class("chain__node chain__node_auto is-wrong")
    canvas.get_by_label("满足时通过，否则驳回").fill("days <= 30")
    expect(canvas.locator("#chain-state")).to_have_text("检查通过，可以保存")
    _node(canvas, "部门负责人").click()
    canvas.get_by_label("谁").select_option("指定的人")
    canvas.get_by_label("人员", exact=True).fill("冯壬")
    canvas.get_by_role("button", name="查找").click()
    expect(_node(canvas, "部门负责人")).to_contain_text("冯壬")
    canvas.get_by_role("button", name="看看谁会多走或少走").click()
    expect(canvas.locator("#replayed")).to_contain_text("份的环节会变")


def test_json_that_cannot_be_drawn_leaves_the_canvas_and_is_refused(canvas: Page) -> None:
    canvas.get_by_role("tab", name="JSON").click()
    source = canvas.get_by_label("流程定义")
    for text in ("{", '{"nodes": [{"name": "甲", "approvers": 3}]}', '{"nodes": 5}'):
        source.fill(text)
        source.blur()
        expect(canvas.locator("#chain-said")).to_contain_text("画布显示的是改动之前的流程")
    expect(canvas.locator("#chain-state")).to_contain_text("1 处要改")
    assert "直接上级" in canvas.locator(".chain__node strong").all_text_contents()


def test_the_drawing_is_shown_with_its_watermark_and_comes_back(canvas: Page) -> None:
    canvas.get_by_role("button", name="＋ 并行分支").click()
    canvas.get_by_role("tab", name="BPMN 图").click()
    drawing = canvas.locator("#bpmn-canvas")
    expect(drawing.locator("[data-element-id=node_2_fork]")).to_be_visible()
    expect(drawing.locator(".bjs-powered-by")).to_be_visible()
    before = _chain(canvas)
    with canvas.expect_download() as download:
        canvas.get_by_role("button", name="导出 BPMN 文件").click()
    canvas.get_by_role("tab", name="画布").click()
    _node(canvas, "并行分支").click()
    canvas.get_by_role("button", name="删除", exact=True).click()
    canvas.get_by_role("tab", name="BPMN 图").click()
    canvas.locator("[name=bpmn]").set_input_files(download.value.path())
    canvas.get_by_role("button", name="导入到画布").click()
    expect(drawing.locator("[data-element-id=node_2_fork]")).to_be_visible()
    assert _chain(canvas) == before
    strange = {"name": "a.bpmn", "mimeType": "text/xml", "buffer": b"<html/>"}
    canvas.locator("[name=bpmn]").set_input_files(strange)
    canvas.get_by_role("button", name="导入到画布").click()
    expect(canvas.get_by_role("alert")).to_contain_text("不是有效的 BPMN")


def test_every_tab_can_be_read_by_everybody(canvas: Page) -> None:
    canvas.get_by_role("button", name="＋ 并行分支").click()
    for summary in canvas.locator("summary").all():
        summary.click()
    canvas.evaluate(AXE_SCRIPT)
    for tab in ("画布", "BPMN 图", "JSON"):
        canvas.get_by_role("tab", name=tab).click()
        expect(canvas.get_by_role("tabpanel", name=tab)).to_be_visible()
        assert canvas.evaluate(SERIOUS) == []
