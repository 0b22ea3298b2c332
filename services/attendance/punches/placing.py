"""Where a punch is made: by code, beacon, position or Wi-Fi at a place of the person, in the field, or anywhere on a
day agreed to be remote. All but the codes are claims of the phone."""

from dataclasses import dataclass, replace

from kit import clock
from kit.errors import Conflict
from models.enums import PunchSource
from services.attendance import facts, geo, sites
from services.attendance.geo import Point
from services.attendance.punches import fields, remote, witnesses
from services.attendance.punches.schemas import Punch, Way
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


class NotRemote(Conflict):
    """No remote day was agreed for today."""

    code = "attendance.not_remote"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where somebody stands, as the punch keeps it."""

    source: PunchSource
    place_id: str | None = None
    distance_m: int | None = None
    accuracy_m: int | None = None
    spot: str | None = None
    beacon_step: int | None = None


def stand(actor: Actor, wish: Punch, source: PunchSource) -> Stand:
    """Where this punch is made; `source` is the surface by which a position comes. `Conflict` says what to do."""
    if wish.way is Way.FIELD:
        fields.check_allowed(wish)
        return replace(_measured(actor, wish), source=PunchSource.FIELD, spot=wish.spot)
    if wish.way is Way.REMOTE:
        return _remote(actor, wish, NotRemote("今天没有批准的远程办公，请先申请，或到打卡地点再打卡"))
    try:
        return _at_a_place(actor, wish, source)
    except CodeExpired:
        raise
    except Conflict as refusal:
        return _remote(actor, wish, refusal)


def _at_a_place(actor: Actor, wish: Punch, source: PunchSource) -> Stand:
    if wish.code:
        return Stand(PunchSource.QR, place_id=_coded(actor, wish.code))
    if wish.beacon:
        return _by_beacon(actor, wish.beacon)
    try:
        return _inside(actor, wish, source)
    except (NotHere, TooVague):
        if known := _by_wifi(actor, wish):
            return known
        raise


def _coded(actor: Actor, code: str) -> str:
    for place in sites.serving(actor.person_id):
        if sites.is_code_of(place, code):
            return place.id
    raise CodeExpired("二维码已失效，或不是您可用的打卡点，请对准屏幕上最新的二维码再扫一次")


def _by_beacon(actor: Actor, code: str) -> Stand:
    witness = witnesses.by_beacon(actor.person_id, code)
    if witness is None:
        raise CodeExpired("没有收到打卡点的蓝牙信号，请靠近打卡点再试，或扫码打卡")
    return Stand(PunchSource.BEACON, place_id=witness.place_id, beacon_step=witness.step)


def _by_wifi(actor: Actor, wish: Punch) -> Stand | None:
    """By the Wi-Fi of a place; a position that came with it is measured from there, for whoever looks at it later."""
    witness = witnesses.by_wifi(actor.person_id, wish.wifi)
    if witness is None:
        return None
    known = Stand(PunchSource.WIFI, place_id=witness.place_id)
    if not wish.has_position:
        return known
    metres = geo.distance(witness.centre, _spot(wish))
    return replace(known, distance_m=round(metres), accuracy_m=round(wish.accuracy))


def _inside(actor: Actor, wish: Punch, source: PunchSource) -> Stand:
    if not wish.has_position:
        raise NotHere("这个 Wi-Fi 不是打卡地点的，请允许定位后再打卡，或扫描打卡点的二维码")
    if geo.is_vague(wish.accuracy):
        vague = f"定位误差约 {round(wish.accuracy)} 米，太大了"
        raise TooVague(f"{vague}：请打开 GPS 或 Wi-Fi，到窗边或室外再试，或扫码打卡")
    spot, reach = _spot(wish), _reach(actor, wish)
    if not reach:
        raise Conflict("还没有为您设置打卡地点，请联系人事")
    inside = [near for near in reach if geo.is_inside(near[1].circle, spot, wish.accuracy)]
    if not inside:
        raise _not_here(*min(reach, key=lambda near: near[0]))
    metres, place = min(inside, key=lambda near: near[0])
    return Stand(source, place_id=place.id, distance_m=round(metres), accuracy_m=round(wish.accuracy))


def _reach(actor: Actor, wish: Punch) -> list[tuple[float, Site]]:
    spot = _spot(wish)
    return [(geo.distance(place.circle.centre, spot), place) for place in sites.serving(actor.person_id)]


def _spot(wish: Punch) -> Point:
    assert wish.latitude is not None and wish.longitude is not None  # noqa: PT018 — asked for by whoever calls
    return geo.to_wgs84(Point(wish.latitude, wish.longitude), wish.datum)


def _measured(actor: Actor, wish: Punch) -> Stand:
    """How far from the nearest place of the person; nothing when the phone did not say where it is."""
    reach = _reach(actor, wish) if wish.has_position else []
    if not reach:
        return Stand(PunchSource.FIELD)
    metres, place = min(reach, key=lambda near: near[0])
    return Stand(PunchSource.FIELD, place.id, round(metres), round(wish.accuracy))


def _remote(actor: Actor, wish: Punch, refusal: Conflict) -> Stand:
    """On a day agreed to be remote the place is not asked for; on others the refusal stands."""
    day = facts.case_at(actor.person_id, clock.now()).duty.day
    if not remote.agreed(actor.person_id, [day]):
        raise refusal
    return replace(_measured(actor, wish), source=PunchSource.REMOTE, spot="远程")


def _not_here(metres: float, place: Site) -> NotHere:
    far = f"{metres / 1000:.1f} 公里" if metres >= 1000 else f"{round(metres)} 米"
    return NotHere(
        f"不在打卡范围内：距最近的“{place.name}”约 {far}（范围 {place.circle.radius} 米）。请走近后再打卡",
        place=place.name,
        distance=round(metres),
        radius=place.circle.radius,
    )
