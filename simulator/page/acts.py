"""What a visitor of the page does: tap, choose, write, open, script a fault, edit the directory."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from simulator.callbacks import Delivery
from simulator.errors import Refusal
from simulator.faults import WIRE
from simulator.hands import CannotTap
from simulator.page.login import twin
from simulator.page.views import UNCHANGED, drawn_chat, panel, person
from simulator.vacation import UNITS

bp = Blueprint("acts", __name__)


@bp.post("/act/<userid>/tap")
def tap(userid: str) -> Response:
    """A button of a card, with what was chosen on it: fields named `q:<question key>`."""
    member = person(userid)
    chosen = {name[2:]: request.form.getlist(name) for name in request.form if name.startswith("q:")}
    try:
        delivery = twin().tap(member.userid, request.form["message"], request.form["key"], chosen)
    except (CannotTap, KeyError):
        return _chat(member.userid, "这张卡片已经变了，请看最新的样子")
    return _chat(member.userid, _toast(delivery))


@bp.post("/act/<userid>/say")
def say(userid: str) -> Response:
    """A text message to the application."""
    member, text = person(userid), request.form.get("text", "").strip()
    if not text:
        return _chat(member.userid, "")
    return _chat(member.userid, _toast(twin().say(member.userid, text)))


@bp.post("/act/<userid>/menu")
def menu(userid: str) -> Response:
    """An entry of the application's menu; a scan carries its result."""
    member, kind, key = person(userid), request.form.get("type", "click"), request.form["key"]
    if kind.startswith("scancode"):
        scan = {"ScanType": "qrcode", "ScanResult": request.form.get("result", "")}
        return _chat(member.userid, _toast(twin().event(member.userid, kind, key, ScanCodeInfo=scan)))
    return _chat(member.userid, _toast(twin().event(member.userid, kind, key)))


@bp.post("/act/<userid>/enter")
def enter(userid: str) -> Response:
    """Opens the application, reporting a position when one is given as `latitude,longitude`."""
    member = person(userid)
    try:
        latitude, longitude = (float(part) for part in request.form.get("location", "").split(","))
        location = (latitude, longitude)
    except ValueError:
        return _chat(member.userid, _toast(twin().enter(member.userid)))
    return _chat(member.userid, _toast(twin().enter(member.userid, location)))


@bp.post("/faults")
def add_fault() -> str:
    """Scripts a fault; an unusable form changes nothing."""
    kind: Any = request.form.get("kind", "")
    try:
        number = kind if kind in WIRE else int(kind)
        times = int(request.form.get("times") or 1)
        twin().fault(
            request.form.get("api", "*"), number, times or None, after=request.form.get("after") == "1" or None
        )
    except ValueError:
        abort(422)
    return render_template("_faults.html", **panel())


@bp.get("/faults")
def rules() -> str | tuple[str, int]:
    """The rules in force with their hits; 204 while nothing has changed."""
    shown = panel()
    if request.args.get("version") == shown["faults_version"]:
        return "", UNCHANGED
    return render_template("_rules.html", **shown)


@bp.post("/faults/clear")
def clear_faults() -> str:
    """Good weather."""
    twin().faults.clear()
    return render_template("_faults.html", **panel())


@bp.post("/habits")
def set_habits() -> str:
    """How callbacks misbehave from now on."""
    habits = twin().habits
    habits.duplicates = int("duplicates" in request.form)
    habits.misspelt = "misspelt" in request.form
    habits.disordered = "disordered" in request.form
    return render_template("_faults.html", **panel())


@bp.post("/token/<how>")
def end_token(how: str) -> str:
    """Expires or revokes the product's tokens."""
    for agent in twin().world.agents:
        {"expire": twin().expire_token, "revoke": twin().revoke_token}.get(how, lambda _: abort(404))(agent.name)
    return render_template("_faults.html", **panel())


@bp.post("/directory/join")
def join() -> BaseResponse:
    """Someone joins."""
    form = request.form
    return _edited(lambda: twin().add_member(
        form["userid"].strip(), form["name"].strip(), [_department()], position=form.get("position", "")
    ), form["userid"].strip())  # fmt: skip


@bp.post("/directory/move")
def move() -> BaseResponse:
    """Someone moves to another department, perhaps under another superior."""
    form, changes = request.form, {}
    if form.get("leader"):
        changes["direct_leaders"] = [form["leader"]]
    return _edited(lambda: twin().move_member(form["userid"], [_department()], **changes), form["userid"])


@bp.post("/directory/leave")
def leave() -> BaseResponse:
    """Someone leaves."""
    return _edited(lambda: twin().remove_member(request.form["userid"]), "")


@bp.post("/vacation")
def set_vacation() -> str:
    """What somebody was given and has taken of a vacation, in its own unit, days or hours."""
    form = request.form
    try:
        chosen = next(row for row in twin().world.office.vacations if row["id"] == int(form["vacation"]))
        unit = UNITS[chosen["time_attr"]]
        assigned, used = (round(Decimal(form[name] or 0) * unit) for name in ("assigned", "used"))
        if min(assigned, used) < 0:
            raise ValueError("negative")
        twin().set_vacation(form["userid"], chosen["id"], assigned, used)
    except (StopIteration, KeyError, ValueError, ArithmeticError, Refusal):
        abort(422)
    twin().activity += 1
    return render_template("_notice.html", words="已改，产品不会收到通知")


def _edited(edit: Any, userid: str) -> BaseResponse:
    """Does the edit and shows the page anew; a refusal is shown as a sentence."""
    try:
        edit()
    except (ValueError, KeyError, Refusal) as error:
        return make_response(render_template("_notice.html", words=f"没有改动：{_why(error)}"), 422)
    twin().activity += 1
    answer = make_response("")
    answer.headers["HX-Redirect"] = f"{url_for('page.home')}?{urlencode({'as': userid})}"
    return answer if request.headers.get("HX-Request") else redirect(answer.headers["HX-Redirect"])


def _why(error: Exception) -> str:
    if isinstance(error, Refusal):
        return {60111: "没有这个成员", 60003: "没有这个部门"}.get(error.code, f"错误码 {error.code}")
    return "请填写完整" if isinstance(error, KeyError) else str(error)


def _department() -> int:
    number = request.form["department"]
    if not number.isdecimal():
        raise ValueError("请选择部门")
    return int(number)


def _toast(delivery: Delivery) -> str:
    """What the client would tell the person about an act that failed; nothing when it went well."""
    if not delivery.url:
        return "应用没有设置回调地址，产品收不到这次操作"
    if not delivery.accepted:
        return f"产品没有应答（试了 {len(delivery.attempts)} 次），请稍后再试"
    return f"被动回复无法显示：{delivery.problem}" if delivery.problem else ""


def _chat(userid: str, toast: str) -> Response:
    twin().activity += 1
    return make_response(render_template("_chat.html", toast=toast, **drawn_chat(person(userid))))
