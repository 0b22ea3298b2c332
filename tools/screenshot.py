"""`python -m tools.screenshot`: the README's picture, taken anew: people, chat, card and phone on the twin's page."""

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from kit import clock
from services import leave, people, platform
from tests.browser.people import card_about
from tests.browser.stage import Stage, set_up

PICTURE = Path(__file__).parents[1] / "docs/screenshot.png"
SIZE = {"width": 1320, "height": 820}
ASKED = (
    ("jiangyin", leave.Apply(kind="annual", first_day=date(2026, 3, 26), last_day=date(2026, 3, 27), reason="搬家")),
    ("chuzi", leave.Apply(kind="annual", first_day=date(2026, 3, 13), last_day=date(2026, 3, 13), reason="陪孩子看牙")),
)


def main() -> None:
    """Sets the stage, lets the head of research decide one request, and photographs what there is to see."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("a picture needs Chromium")
    with tempfile.TemporaryDirectory() as place, set_up(Path(place)) as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--lang=zh-CN"])
        page = browser.new_page(viewport=SIZE, locale="zh-CN")
        _pose(stage, page)
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1024} KB")


def _pose(stage: Stage, page: Page) -> None:
    for userid, wish in ASKED:
        with clock.frozen(stage.now()), stage.app.app_context(), platform.unit_of_work():
            leave.apply(people.by_userid(userid), wish)
        stage.told("fengren", wish.reason)
    page.goto(f"{stage.page}/?as=fengren")
    card_about(page, "搬家").get_by_role("button", name="同意").click()
    page.get_by_role("button", name="已同意").wait_for()
    phone = page.frame_locator("#phone")
    phone.get_by_role("link", name="等您审批").click()
    phone.get_by_role("link", name="褚子").click()
    phone.get_by_role("heading", name="审批详情").wait_for()
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
