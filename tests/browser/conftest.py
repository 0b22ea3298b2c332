"""A real browser before the stage. Any error in a page, refusal of the content policy or answer 5xx fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from entrypoints import limits
from tests.browser.people import Reader
from tests.browser.stage import OFFICE, Stage, set_up

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
HERE = {"latitude": OFFICE[0], "longitude": OFFICE[1], "accuracy": 20}
PATIENCE_MS = 8_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it needs Chromium; pages load slowly where other suites run beside."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, speaking Chinese."""
    if not CHROMIUM:
        missing = "no Chromium on this machine: not one page was looked at"
        (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--lang=zh-CN"],
            env={**os.environ, "LANGUAGE": "zh_CN", "TZ": "Asia/Shanghai"},
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def stage(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The product, the twin and a worker, with the invented company in them."""
    with set_up(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What went wrong in any page of the test; none is allowed. A test that expects one takes it off the list."""
    heard: list[str] = []
    limits.reset()
    yield heard
    assert heard == []


@pytest.fixture
def browsing(chromium: Browser, complaints: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a browser of its own: `browsing(width=…, height=…, **what Playwright takes)`."""
    opened: list[BrowserContext] = []

    def open_one(viewport: Any = PHONE, **options: Any) -> BrowserContext:
        options = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "geolocation": HERE, **options}
        context = chromium.new_context(viewport=viewport, permissions=["geolocation"], **options)
        context.set_default_timeout(PATIENCE_MS)
        _listen(context, complaints)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


def _listen(context: BrowserContext, complaints: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        # Chromium notes every 4xx as an error; refusals are part of the journeys, and `answer` hears the others.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"console: {message.text}")

    def answer(response: Response) -> None:
        if response.status >= 500 or response.status in (404, 405):
            complaints.append(f"{response.status} {response.request.method} {response.url}")

    context.on("console", console)
    context.on("response", answer)
    context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))


@pytest.fixture
def phone(stage: Stage, browsing: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`phone("chengui", "/h5/leave")`: the person's phone, opened from the workbench; WeCom says who it is."""

    def open_page(userid: str, path: str = "/h5/", **options: Any) -> Page:
        options = {"is_mobile": True, "has_touch": True, **options}
        return Reader(stage, browsing(**options).new_page()).phone(userid, path)

    return open_page


@pytest.fixture
def desk(stage: Stage, browsing: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`desk("liding", "/console/people")`: the console, entered by scanning WeCom's code as that person."""

    def open_page(userid: str, path: str = "/console/", **options: Any) -> Page:
        return Reader(stage, browsing(DESK, **options).new_page()).desk(userid, path)

    return open_page


@pytest.fixture
def client(stage: Stage, browsing: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`client("fengren")`: the person's WeCom as the twin's page shows it: chat in the middle, phone at the right."""

    def open_page(userid: str, **options: Any) -> Page:
        page = browsing(DESK, **options).new_page()
        page.goto(f"{stage.page}/?as={userid}")
        return page

    return open_page


@pytest.fixture
def shots() -> Path | None:
    """Where pictures of every page go, when somebody wants to look: `SHOTS=var/shots make browser`."""
    place = os.environ.get("SHOTS")
    if place:
        Path(place).mkdir(parents=True, exist_ok=True)
    return Path(place) if place else None
