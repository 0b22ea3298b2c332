"""How people come in: opening the phone, scanning at the desk, proving who they are."""

import re
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import Stage

PIN = "258036"


class Reader:
    """Somebody in front of a page."""

    def __init__(self, stage: Stage, page: Page) -> None:
        self.stage, self.page = stage, page

    def phone(self, userid: str, path: str) -> Page:
        """The workbench opens the page; the silent login goes to WeCom and back."""
        target = quote(f"{self.stage.product}{path}", safe="")
        self.page.goto(f"{self.stage.page}/h5/phone?as={userid}&to={target}")
        return self._arrived(path)

    def desk(self, userid: str, path: str) -> Page:
        """The console sends us to WeCom's code; the person scans it."""
        self.page.goto(f"{self.stage.product}{path}")
        self.page.get_by_label("谁").select_option(userid)
        self.page.get_by_role("button", name="登录").click()
        return self._arrived(path)

    def _arrived(self, path: str) -> Page:
        """The mark that WeCom's address ends with stays on ours, as it does in WeCom."""
        expect(self.page).to_have_url(re.compile(re.escape(f"{self.stage.product}{path}") + "(#.*)?$"))
        return self.page


def prove(page: Page) -> None:
    """Enters the PIN and goes on."""
    enter_pin(page)
    expect(page.get_by_role("heading", name="验证身份")).not_to_be_visible()


def enter_pin(page: Page) -> None:
    """Sets the PIN on the page that asks for it, or enters it when there is one."""
    expect(page.get_by_role("heading", name="验证身份")).to_be_visible()
    page.locator("input[type=password]").fill(PIN)
    page.get_by_role("button", name="设置").or_(page.get_by_role("button", name="验证")).click()


def card_about(page: Page, words: str) -> Locator:
    """The newest card with these words in somebody's chat on the twin's page."""
    return page.locator("#chat form.card").filter(has_text=words).last


def pressing(page: Page) -> None:
    """From now on this person answers "really?" with yes."""
    page.on("dialog", lambda dialog: dialog.accept())
