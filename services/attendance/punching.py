"""Punching: the server's clock is the authority; position and code are claims, checked; a retry is the same punch."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from kit import clock
from kit.errors import Conflict, Invalid
from models.attendance import Punch as Row
from models.base import db
from models.enums import Direction, PunchSource, Verdict
from services import platform
from services.attendance import facts, geo, rules, sites, words
from services.attendance.geo import Point
from services.attendance.rules import Case, Result
from services.attendance.schemas import Punch, PunchOut
from services.attendance.sites import Site
from services.people import Actor


class NotHere(Conflict):
    """The position is outside every place of the person; the detail carries the nearest one and its distance."""

    code = "attendance.not_here"


class TooVague(Conflict):
    """The position is too inaccurate to say anything."""

    code = "attendance.too_vague"


class CodeExpired(Conflict):
    """The scanned code is not (or no longer) one of ours."""

    code = "attendance.code_expired"


def punch(actor: Actor, wish: Punch, source: PunchSource) -> PunchOut:
    """Records a punch of now and says what it means for the day.

    Nothing is stored unless the person is at a place of theirs. The same act sent again (its `nonce`, or the same
    direction within a second) changes nothing and hears the same answer.
    """
    here = _place_by_code(actor, wish) if wish.code else _place_by_position(actor, wish)
    row: dict[str, Any] = {
        "person_id": actor.person_id,
        "at": clock.now().replace(microsecond=0),
        "direction": wish.direction,
        "source": PunchSource.QR if wish.code else source,
        "nonce": wish.nonce,
        "created_at": clock.now(),
        **here,
    }
    is_new = platform.first(Row, **row)
    return _answer(actor, row["at"] if is_new else _first_time(row), wish.direction)


def _place_by_code(actor: Actor, wish: Punch) -> dict[str, Any]:
    for place in sites.serving(actor.person_id):
        if sites.is_code_of(place, wish.code or ""):
            return {"place_id": place.id, "distance_m": None, "accuracy_m": None}
    raise CodeExpired("二维码已失效，或不是您可用的打卡点，请对准屏幕上最新的二维码再扫一次")


def _place_by_position(actor: Actor, wish: Punch) -> dict[str, Any]:
    if geo.is_vague(wish.accuracy):
        vague = f"定位误差约 {round(wish.accuracy)} 米，太大了"
        raise TooVague(f"{vague}：请打开 GPS 或 Wi-Fi，到窗边或室外再试，或扫码打卡")
    assert wish.latitude is not None and wish.longitude is not None  # noqa: PT018 — the wish has seen to it
    spot = geo.to_wgs84(Point(wish.latitude, wish.longitude), wish.datum)
    reach = [(geo.distance(place.circle.centre, spot), place) for place in sites.serving(actor.person_id)]
    if not reach:
        raise Conflict("还没有为您设置打卡地点，请联系人事")
    inside = [near for near in reach if geo.is_inside(near[1].circle, spot, wish.accuracy)]
    if not inside:
        raise _not_here(*min(reach, key=lambda near: near[0]))
    metres, place = min(inside, key=lambda near: near[0])
    return {"place_id": place.id, "distance_m": round(metres), "accuracy_m": round(wish.accuracy)}


def _not_here(metres: float, place: Site) -> NotHere:
    far = f"{metres / 1000:.1f} 公里" if metres >= 1000 else f"{round(metres)} 米"
    return NotHere(
        f"不在打卡范围内：距最近的“{place.name}”约 {far}（范围 {place.circle.radius} 米）。请走近后再打卡",
        place=place.name,
        distance=round(metres),
        radius=place.circle.radius,
    )


def _first_time(row: dict[str, Any]) -> datetime:
    """When the punch of which this is a repeat was made: under the same nonce, else within the same second."""
    known = select(Row.at, Row.direction).where(Row.person_id == row["person_id"], Row.nonce == row["nonce"])
    before = db.session.execute(known).first()
    if before is not None and before.direction != row["direction"]:
        raise Invalid("这个操作编号已用于另一次打卡，请刷新后重新打卡")
    at: datetime = before.at if before is not None else row["at"]
    return at


def _answer(actor: Actor, at: datetime, direction: Direction) -> PunchOut:
    case = facts.case_at(actor.person_id, at)
    result = rules.judge(case, clock.now())
    if not _is_fine(case, result):
        case = facts.with_leave(actor.person_id, case)
        result = rules.judge(case, clock.now())
    mark = next(mark for mark in case.marks if mark.at == at and mark.direction is direction)
    return PunchOut(
        day=case.duty.day,
        at=at,
        direction=direction,
        place=mark.where,
        sentence=_meaning(case, result, direction),
        verdicts=list(result.verdicts),
        next=rules.suggest(case.marks),
    )


def _is_fine(case: Case, result: Result) -> bool:
    """Would leave, if there is any, change nothing in what we say? Nobody is late and nobody left before the end."""
    leaves_early = bool(case.duty.spans and result.last_out and result.last_out < case.duty.spans[-1].end)
    return not leaves_early and Verdict.LATE not in result.verdicts


def _meaning(case: Case, result: Result, direction: Direction) -> str:
    if not result.expected:
        return (
            f"已打卡。{words.plan(case)}"
            if not case.duty.spans
            else f"已打卡。您今天{words.title(result.verdicts)}，不需要打卡。"
        )
    return words.arrival(case, result) if direction is Direction.IN else words.departure(case, result)
