"""Reading changes nothing, and no page of strangers can write (reliability R08, R60)."""

import pytest

from models.enums import Surface
from tests.integration.hostile.attack import Watch
from tests.integration.hostile.routes import declared, visits
from tests.integration.hostile.world import World

STRANGERS = (
    "https://evil.test",
    "null",
    "http://hr.example.com",
    "https://hr.example.com.evil.test",
    "https://hr.example.com:444",
)
LEFTOVERS = (
    "/.git/config", "/.env", "/console", "/debug", "/?__debugger__=yes&cmd=resource&f=style.css", "/static/../app.py",
    "/static/%2e%2e/app.py", "/api/v1/docs", "/wp-login.php",
)  # fmt: skip
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")


@pytest.mark.parametrize("who", ["li", "boss", "hr", "payroll", "payroll_reviewer", "auditor", "admin"])
def test_reading_changes_nothing_whoever_reads(world: World, who: str) -> None:
    watch = Watch()
    with watch.unchanged(who):
        for visit in visits(world):
            if visit.method != "GET" or visit.declaration.writes or "/login" in visit.path:
                continue
            if visit.surface is Surface.CONSOLE and who == "li":
                continue
            for method in ("GET", "HEAD") if who == "auditor" else ("GET",):
                watch.note(visit, (who, method), visit.pay(world, userid=who, method=method))
    watch.check()


def test_no_write_without_our_token_or_from_elsewhere(world: World) -> None:
    watch = Watch()
    for visit in visits(world):
        if visit.method == "GET" or visit.surface not in (Surface.H5, Surface.CONSOLE):
            continue
        stranger = world.someone("boss", visit.surface).csrf
        bad = [
            {"X-CSRF-Token": token}
            for token in ("", "x", stranger[::-1], world.someone("hr", Surface.H5).csrf + "0", "é")
        ]
        if visit.who != "boss":
            bad.append({"X-CSRF-Token": stranger})
        bad += [{"Origin": origin} for origin in STRANGERS]
        with watch.unchanged(visit):
            for headers in bad:
                watch.refused(visit, headers, visit.pay(world, headers=headers))
            for kind in FORMS:
                watch.refused(
                    visit, kind, visit.pay(world, data=b"a=1", content_type=kind, headers={"X-CSRF-Token": ""})
                )
    watch.check()


def test_the_api_takes_no_cookie_for_a_session(world: World) -> None:
    """A browser sends cookies by itself; so only what a script of ours adds may open the API."""
    watch = Watch()
    for visit in visits(world):
        if visit.surface is Surface.MINIPROGRAM and visit.who:
            token = world.someone(visit.who, Surface.MINIPROGRAM).token
            for header in (
                "",
                "Bearer",
                "Bearer ",
                f"bearer {token}",
                f"Basic {token}",
                token,
                f"Bearer {token} x",
                "Bearer \xff",
            ):
                response = visit.pay(
                    world, headers={"Authorization": header, "Cookie": f"__Host-hr-miniprogram={token}"}
                )
                watch.refused(visit, header[:12], response)
    watch.check()


@pytest.mark.parametrize("path", LEFTOVERS)
def test_leftovers_are_absent(world: World, path: str) -> None:
    response = world.app.test_client().get(path)
    assert response.status_code in (303, 308, 404)
    assert b"import " not in response.data


def test_other_methods_are_refused_in_kind(world: World) -> None:
    watch = Watch()
    allowed: dict[str, set[str]] = {}
    for rule, _, _ in declared(world.app):
        allowed.setdefault(rule.rule, set()).update(rule.methods or ())
    for visit in visits(world):
        for method in ("TRACE", "PATCH", "PUT", "DELETE", "CONNECT", "PROPFIND"):
            if method not in allowed[visit.route.split()[1]]:
                watch.refused(visit, method, visit.pay(world, method=method))
    watch.check()
