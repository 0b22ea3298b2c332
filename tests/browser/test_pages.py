"""Every page of phone and console, looked at by somebody who may see it: readable for everybody, at any size.

The list comes from the routes themselves; pages about one thing are reached by the links that lead there. What one
request offers another may not: its page is opened about others as long as a page below it is still to be found.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.exceptions import HTTPException

from entrypoints.http import OWN, PUBLIC
from models.enums import Role
from services.people.permissions import MANAGER, ROLES, Permission
from tests.browser.people import prove
from tests.browser.stage import Stage
from tests.browser.traces import leave_traces

PHONE, NARROW, DESK = ({"width": w, "height": h} for w, h in ((390, 844), (360, 740), (1440, 900)))
# What axe finds that keeps somebody out; told in few words, because its whole report of a long table is megabytes.
SERIOUS = """() => axe.run({resultTypes: ["violations"], preload: false}).then(({violations}) => violations
  .filter(({impact}) => ["serious", "critical"].includes(impact))
  .flatMap(({id, nodes}) => nodes.map(({target, html}) => `${id} ${target}: ${html.slice(0, 120)}`)))"""
WITH_PURPOSE = re.compile(r"^/console/payroll/(batches|payslips)/[0-9A-Z]{26}$")


@dataclass(frozen=True)
class Visitor:
    """Somebody with what they may see."""

    userid: str
    surface: str
    may: frozenset[Permission]


EMPLOYEE = Visitor("xuyou", "h5", frozenset())
VISITORS = (
    EMPLOYEE,
    Visitor("fengren", "h5", frozenset(MANAGER)),
    Visitor("liding", "console", frozenset(ROLES[Role.HR])),
    Visitor("zhouwu", "console", frozenset(ROLES[Role.PAYROLL])),
    Visitor("qianyi", "console", frozenset(ROLES[Role.PAYROLL_REVIEWER])),
    Visitor("wangxin", "console", frozenset(ROLES[Role.AUDITOR])),
    Visitor("hanchen", "console", frozenset(ROLES[Role.ADMIN])),
)
# What no link of ours leads to: the code on the screen at the door, the cards of approvers, and of a month to confirm.
FROM_OUTSIDE = frozenset({"h5.attendance.scan", "h5.approvals.about", "h5.attendance_months.sheet"})


def pages(app: Flask) -> dict[str, tuple[str, object]]:
    """Endpoint → rule and who may see it, for every whole page of both surfaces."""
    found = {}
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], "declaration", None)
        is_page = declared and declared.page and not Path(declared.page).name.startswith("_")
        if is_page and "GET" in (rule.methods or ()):
            found[rule.endpoint] = (rule.rule, declared.needs)
    return found


def assigned(app: Flask, visitor: Visitor) -> dict[str, str]:
    """The pages this visitor is the first to be allowed to see; managers look at the employees' pages again."""
    mine = {}
    for endpoint, (rule, needs) in pages(app).items():
        first = next((v for v in VISITORS if rule.startswith(f"/{v.surface}/") and _may(v, needs)), None)
        if first == visitor:
            mine[endpoint] = rule
    return mine


def _may(visitor: Visitor, needs: object) -> bool:
    return needs in (OWN, PUBLIC) or needs in visitor.may


@pytest.fixture(scope="module")
def lived_in(stage: Stage) -> Stage:
    """The stage with one of everything on it."""
    leave_traces(stage)
    return stage


def test_every_page_has_a_visitor(stage: Stage) -> None:
    together = {endpoint for visitor in VISITORS for endpoint in assigned(stage.app, visitor)}
    assert together == set(pages(stage.app))


@pytest.mark.parametrize("visitor", VISITORS, ids=lambda visitor: visitor.userid)
def test_pages_can_be_read_by_everybody(
    lived_in: Stage, visitor: Visitor, phone: Callable[..., Page], desk: Callable[..., Page], shots: Path | None
) -> None:
    app = lived_in.app
    page = (phone if visitor.surface == "h5" else desk)(visitor.userid)
    wanted, faults = assigned(app, visitor), []
    begin = [rule for endpoint, rule in wanted.items() if "<" not in rule and endpoint not in FROM_OUTSIDE]
    ahead = [*begin, f"/{visitor.surface}/"]
    seen: set[str] = set()
    been: set[str] = set()
    while ahead and (missing := set(wanted) - seen - FROM_OUTSIDE):
        path = ahead.pop(next((n for n, one in enumerate(ahead) if _endpoint(app, one) in missing), 0))
        endpoint = _endpoint(app, path)
        is_new = endpoint in pages(app) and (endpoint not in seen or _leads_on(wanted, endpoint, missing))
        if path in been or not is_new:
            continue
        been.add(path)
        _open(page, f"{lived_in.product}{path}")
        ahead += _links(page, path)
        if endpoint not in seen:
            faults += [f"{path}: {fault}" for fault in _faults(page, endpoint, visitor, shots)]
        seen.add(endpoint)
    assert faults == []
    assert set(wanted) - seen - FROM_OUTSIDE == set()


def _leads_on(wanted: dict[str, str], endpoint: str, missing: set[str]) -> bool:
    """Does something still to be found lie below this page?"""
    return endpoint in wanted and any(wanted[one].startswith(f"{wanted[endpoint]}/") for one in missing)


def _endpoint(app: Flask, path: str) -> str:
    try:
        return app.url_map.bind("127.0.0.1").match(urlsplit(path).path)[0]
    except HTTPException:
        return ""


def _open(page: Page, address: str) -> None:
    page.goto(address)
    if "/step-up?" in page.url:
        prove(page)
    expect(page.locator(".htmx-request")).to_have_count(0)


def _links(page: Page, path: str) -> list[str]:
    """Where the page leads, without files; where a purpose has to be named first, it is."""
    hrefs = page.eval_on_selector_all("a[href]:not([download])", "links => links.map(a => a.pathname + a.search)")
    beside = [f"{path}/figures?purpose=review"] if WITH_PURPOSE.match(path) else []
    return beside + [href for href in dict.fromkeys(hrefs) if "format=" not in href]


def _faults(page: Page, endpoint: str, visitor: Visitor, shots: Path | None) -> list[str]:
    """What axe finds serious at both sizes, and whether a small phone would have to scroll sideways."""
    faults = []
    page.evaluate(AXE_SCRIPT)
    for name, size in (("phone", PHONE), ("desk", DESK)):
        page.set_viewport_size(size)
        faults += [f"{name}: {fault}" for fault in page.evaluate(SERIOUS)]
        if shots:
            page.screenshot(path=shots / f"{endpoint}-{visitor.userid}-{name}.png", full_page=True)
    page.set_viewport_size(NARROW)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return faults + [f"{wide} px wide on a phone of {NARROW['width']}"] * (wide > NARROW["width"])
