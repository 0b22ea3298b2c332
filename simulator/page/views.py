"""The page: people on the left, the chosen person's chat in the middle, their phone and the tools on the right."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from simulator.hands import Seen
from simulator.page.drawing import Pen, when
from simulator.page.login import twin
from simulator.page.product import PERSON, product
from simulator.world import Agent, Member

bp = Blueprint("page", __name__)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SHOWN = 60
UNCHANGED = 204
FAULTS = {
    "-1": "-1 系统繁忙",
    "45009": "45009 超过调用频率",
    "42001": "42001 令牌过期",
    "40014": "40014 令牌无效",
    "6000": "6000 数据冲突",
    "45033": "45033 并发过高",
    "timeout": "超时",
    "cut": "连接中断",
    "slow": "变慢 2 秒",
    "html": "返回 HTML",
    "truncated": "JSON 被截断",
    "502": "502 网关错误",
}
REFUSALS = {
    400: "没有改动：请填写完整",
    403: "只接受本机的访问",
    404: "没有找到，请回到首页",
    405: "这里不接受这样的请求",
    422: "没有改动：请检查填写的内容",
}


@bp.before_app_request
def only_this_machine() -> None:
    """Names other than loopback's are refused (a foreign page could rebind its own), and so are foreign forms."""
    if request.blueprint == "api":
        return
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if host not in LOOPBACK:
        abort(403)
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


@bp.app_errorhandler(HTTPException)
def refused(error: HTTPException) -> BaseResponse | tuple[str, int]:
    """A refusal in words: a notice where a form stands, a page of its own elsewhere; the API speaks for itself."""
    code = error.code or 500
    if request.blueprint == "api":
        return error.get_response()
    words = REFUSALS.get(code, f"请求无法处理（{code}）")
    template = "_notice.html" if request.headers.get("HX-Request") else "refused.html"
    return render_template(template, words=words), code


@bp.after_app_request
def strict(answer: Response) -> Response:
    """Own scripts and styles only; frames and pictures also from the product."""
    if request.blueprint != "api":
        origin = product().origin
        answer.headers["Content-Security-Policy"] = (
            f"default-src 'self'; img-src 'self' data: {origin}; frame-src 'self' {origin}; "
            f"form-action 'self' {origin}; frame-ancestors 'self'; base-uri 'none'; object-src 'none'"
        )
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/")
def home() -> BaseResponse:
    """The whole page for one person: `as` in the address, else the last one, else the first.

    It is served under the product's own host name only, so that both share the browser's cookies.
    """
    if not twin().world.members:
        abort(404)
    if request.host.split(":")[0] != product().host and product().host in LOOPBACK:
        return redirect(request.url.replace(f"//{request.host.split(':')[0]}", f"//{product().host}", 1))
    member = chosen_person()
    page = render_template(
        "page.html",
        product=product(),
        start=product().opened_as(member.userid, product().entry),
        **(drawn_chat(member) | panel() | drawn_people("", member)),
    )
    answer = make_response(page)
    answer.set_cookie(PERSON, member.userid, samesite="Lax")
    return answer


@bp.get("/people")
def people() -> str | tuple[str, int]:
    """The list on the left, searched; 204 while nothing has changed."""
    shown = drawn_people(request.args.get("q", "").strip().lower(), person(request.args.get("as", "")))
    if request.args.get("version") == shown["people_version"]:
        return "", UNCHANGED
    return render_template("_people.html", **shown)


@bp.get("/chat/<userid>")
def chat(userid: str) -> str | tuple[str, int]:
    """The messages of one person; 204 while nothing has changed, so that nothing flickers."""
    shown = drawn_chat(person(userid))
    if request.args.get("version") == shown["version"]:
        return "", UNCHANGED
    return render_template("_chat.html", **shown)


@bp.get("/calls")
def calls() -> str | tuple[str, int]:
    """The request log; 204 while nothing has changed."""
    shown = panel()
    if request.args.get("version") == shown["calls_version"]:
        return "", UNCHANGED
    return render_template("_calls.html", **shown)


@bp.get("/media/<media_id>")
def media(media_id: str) -> Response:
    """An uploaded file: pictures are shown, everything else is downloaded."""
    found = twin().world.media.get(media_id)
    if found is None:
        abort(404)
    answer = Response(
        found.content, content_type=found.content_type if found.kind == "image" else "application/octet-stream"
    )
    answer.headers.set(
        "Content-Disposition", "inline" if found.kind == "image" else "attachment", filename=found.filename
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def person(userid: str) -> Member:
    """The member of that id; 404 otherwise."""
    found = twin().world.members.get(userid.lower())
    if found is None:
        abort(404)
    return found


def chosen_person() -> Member:
    """Who this browser looks at."""
    wanted = request.args.get("as") or request.cookies.get(PERSON, "")
    members = twin().world.members
    return members.get(wanted.lower()) or next(iter(members.values()))


def drawn_people(query: str, member: Member) -> dict[str, Any]:
    """Departments in their order with their members and how many messages each has not looked at."""
    world = twin().world
    rows: dict[int, list[tuple[Member, int]]] = {}
    with twin().lock:
        for key, known in world.members.items():
            if _fits(known, query):
                rows.setdefault(known.home, []).append((known, len(world.chats.get(key, [])) - world.read.get(key, 0)))
        order = sorted(world.departments.values(), key=lambda d: (-d.order, d.id))
        groups = [(d.name, rows[d.id]) for d in order if d.id in rows]
    version = _digest([(name, [(m.userid, m.name, m.position, n) for m, n in listed]) for name, listed in groups])
    return {"groups": groups, "people_version": version, "member": member}


def _fits(member: Member, query: str) -> bool:
    return query in f"{member.name} {member.userid} {member.position}".lower()


def drawn_chat(member: Member) -> dict[str, Any]:
    """What the chat template needs: the newest messages, the menu, and a version that changes with either."""
    app: Agent = twin().agent
    messages = twin().chat(member.userid)
    twin().world.read[member.userid.lower()] = len(messages)
    messages = messages[-SHOWN:]
    menu = twin().world.menus.get(app.agent_id, [])
    return {
        "member": member,
        "app": app,
        "messages": messages,
        "menu": menu,
        "pen": Pen(product(), member.userid),
        "when": when,
        "version": _digest([asdict(m) for m in messages], menu),
        "card_version": _card_version,
        "media": twin().world.media,
    }


def _card_version(shown: Seen) -> str:
    return _digest(asdict(shown))


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]


def panel() -> dict[str, Any]:
    """What the tools need: requests and callbacks newest first, faults in force, departments, complaints."""
    known = twin()
    with known.lock:
        return {
            "calls": list(reversed(known.calls))[:SHOWN],
            "callbacks": list(reversed(known.postman.sent))[:SHOWN],
            "calls_version": f"{known.activity}-{len(known.postman.sent)}",
            "faults": list(known.faults.rules),
            "faults_version": _digest([asdict(rule) for rule in known.faults.rules]),
            "departments": sorted(known.world.departments.values(), key=lambda d: d.id),
            "people": list(known.world.members.values()),
            "vacations": known.world.office.vacations,
            "complaints": known.complaints[-5:],
            "habits": known.habits,
            "fault_words": FAULTS,
            "when": when,
        }
