"""The login pages: OAuth in the phone frame (answered at once for the person chosen), PC login (asks who scans)."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from simulator.credentials import WEB
from simulator.page.product import OPENER, PERSON, product
from simulator.twin import Twin
from simulator.world import Agent

bp = Blueprint("login", __name__)
STATE = re.compile(r"[A-Za-z0-9]{0,128}")
SCOPES = ("snsapi_base", "snsapi_privateinfo")


def twin() -> Twin:
    """The twin of the current application."""
    found: Twin = current_app.extensions["twin"]
    return found


@bp.get("/connect/oauth2/authorize")
def authorize() -> BaseResponse | str | tuple[str, int]:
    """Silent for `snsapi_base`; a consent page for `snsapi_privateinfo`. Who logs in is the person of the browser."""
    agent, problem = _application(request.args)
    if problem or agent is None:
        return render_template("login_error.html", problem=problem), 400
    person = request.args.get("as") or request.cookies.get(PERSON, "")
    if person.lower() not in twin().world.members:
        return _ask("选择以谁的身份打开", agent)
    private = request.args.get("scope") == SCOPES[1]
    if private and request.args.get("agreed") is None:
        return render_template("consent.html", member=twin().directory.member(person), args=request.args)
    return _back(agent, person, private and request.args.get("agreed") == "1")


@bp.get("/wwlogin/sso/login")
def scan() -> BaseResponse | str | tuple[str, int]:
    """Stands for the QR code: somebody of the company 'scans' it. A member out of range is refused on the page."""
    agent, problem = _application({**request.args, "response_type": "code", "scope": SCOPES[0]})
    if request.args.get("login_type") != "CorpApp":
        problem = "login_type 应为 CorpApp"
    if problem or agent is None:
        return render_template("login_error.html", problem=problem), 400
    person = request.args.get("as", "")
    if not person:
        return _ask("企业微信扫码登录", agent)
    if person.lower() not in twin().directory.visible_members(agent):
        return render_template("login_error.html", problem="该成员不在应用的可见范围内"), 403
    return _back(agent, person, private=False)


@bp.get(OPENER)
def phone() -> BaseResponse:
    """Opens a page of the product freshly logged in as a person.

    Cookies know hosts, not ports, so the product's cookies come along here and can be dropped: whoever held the phone
    before is logged out. The path begins with /h5 so that cookies limited to /h5 come along too.
    """
    person, target = request.args.get("as", ""), request.args.get("to", "")
    if person.lower() not in twin().world.members or not product().owns(target):
        abort(404)
    answer = redirect(target)
    for name in filter(product().logs_out, request.cookies):
        for path in ("/", "/h5", "/h5/"):
            answer.delete_cookie(name, path=path)
    answer.set_cookie(PERSON, twin().directory.member(person).userid, samesite="Lax")
    return answer


def _application(args: Any) -> tuple[Agent | None, str]:
    """The application of an authorize request, and what the platform's error page would say about the request."""
    agents = [a for a in twin().world.agents if not a.contact_sync]
    agent = next((a for a in agents if args.get("agentid", "") in ("", str(a.agent_id))), None)
    uri = urlsplit(args.get("redirect_uri", ""))
    checks = (
        (args.get("appid") == twin().world.corp_id, "appid 与企业不符"),
        (agent is not None, "agentid 不存在"),
        (args.get("response_type") == "code", "response_type 应为 code"),
        (args.get("scope") in SCOPES, "scope 不正确"),
        (args.get("scope") != SCOPES[1] or bool(args.get("agentid")), "snsapi_privateinfo 需要 agentid"),
        (bool(STATE.fullmatch(args.get("state", ""))), "state 只能是至多 128 个字母和数字"),
        (uri.scheme in ("http", "https") and bool(uri.netloc), "redirect_uri 不正确"),
        (agent is None or agent.trusted_domain in ("", uri.netloc), f"50001：{uri.netloc} 不是应用的可信域名"),
    )
    return agent, next((words for good, words in checks if not good), "")


def _ask(title: str, agent: Agent) -> str:
    visible = twin().directory.visible_members(agent)
    people = [m for key, m in twin().world.members.items() if key in visible]
    fields = [(k, v) for k, v in request.args.items() if k != "as"]
    return render_template("who.html", title=title, people=people, fields=fields, action=request.path)


def _back(agent: Agent, person: str, private: bool) -> Response:
    with twin().lock:
        member = twin().directory.member(person)
        code = twin().credentials.code(WEB, agent, member.userid, private)
    target = request.args["redirect_uri"]
    query = urlencode({"code": code, "state": request.args.get("state", "")})
    answer = Response(status=302)
    answer.headers["Location"] = f"{target}{'&' if urlsplit(target).query else '?'}{query}"
    return answer
