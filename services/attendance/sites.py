"""Where people may punch: circles on the map, and screens with a QR code that changes every half minute."""

import base64
import hmac
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from kit import clock
from kit.errors import Conflict, NotFound
from kit.ids import LENGTH, new_id
from models.attendance import Place
from models.base import db
from services import people, platform
from services.attendance import geo
from services.attendance.geo import Circle, Point
from services.attendance.punches import rules
from services.attendance.punches.schemas import CodeOut, PlaceOut, PlaceWish
from services.people import AnyActor, Permission

SLOT_SECONDS = 30
MICRO = 1_000_000
MAC_BYTES = 16


# Built once, for every punch asks it: building the statement takes longer than running it.
_MINE = or_(Place.department_id.is_(None), Place.department_id.in_(people.lineage(bindparam("person_id"))))
_SERVING = (
    select(Place.id, Place.name, Place.latitude_e6, Place.longitude_e6, Place.radius_m, Place.has_code)
    .where(Place.is_active, _MINE)
    .order_by(Place.name)
)


@dataclass(frozen=True, slots=True)
class Site:
    """A place as whoever punches there needs it."""

    id: str
    name: str
    circle: Circle
    has_code: bool


def serving(person_id: str) -> list[Site]:
    """The places where this person may punch: everybody's and those of their department and the ones above."""
    return [_site(*row) for row in platform.rows(_SERVING, {"person_id": person_id})]


def centre(row: Place) -> Point:
    """Where a place is."""
    return Point(row.latitude_e6 / MICRO, row.longitude_e6 / MICRO)


def _site(id: str, name: str, latitude_e6: int, longitude_e6: int, radius_m: int, has_code: bool) -> Site:
    return Site(id, name, Circle(Point(latitude_e6 / MICRO, longitude_e6 / MICRO), radius_m), has_code)


# ── codes: place, half minute, proof ──


def code_now(place: Place) -> str:
    """The code of this half minute."""
    return _code(place.id, clock.epoch() // SLOT_SECONDS)


def _code(place_id: str, slot: int) -> str:
    said = f"{place_id}.{slot}"
    return f"{said}.{_proof('attendance.code', said)}"


def _proof(purpose: str, said: str) -> str:
    mac = platform.vault.sealer().mac(purpose, said.encode())[:MAC_BYTES]
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def is_code_of(place: Site, code: str) -> bool:
    """Is this the place's code of now, or of the half minute before (somebody was still aiming)?"""
    now = clock.epoch() // SLOT_SECONDS
    fresh = (_code(place.id, slot) for slot in (now, now - 1))
    return place.has_code and any(hmac.compare_digest(good.encode(), code.encode()) for good in fresh)


def shown_at(key: str) -> CodeOut:
    """What the screen opened by this secret link shows; `NotFound` when the link was made up or retired."""
    place = db.session.get(Place, key[:LENGTH])
    if place is None or not _is_key_of(place, key):
        raise NotFound("这个打卡屏链接已失效，请联系人事重新获取")
    left = SLOT_SECONDS - clock.epoch() % SLOT_SECONDS
    return CodeOut(place=place.name, code=code_now(place), seconds_left=left)


def _is_key_of(place: Place, key: str) -> bool:
    is_shown = place.is_active and place.has_code
    return is_shown and hmac.compare_digest(_key(place).encode(), key.encode())


def _key(place: Place) -> str:
    return f"{place.id}-{_proof('attendance.kiosk', f'{place.id}.{place.code_version}')}"


def beacon_secret(place_id: str, version: int) -> bytes:
    """What the place's beacon is programmed with; a higher version retires it."""
    return platform.vault.sealer().mac("attendance.beacon", f"{place_id}.{version}".encode())


# ── HR keeps the list ──


def places(actor: AnyActor) -> list[PlaceOut]:
    """All places, those in use first."""
    actor.require(Permission.ATTENDANCE_PLACE_EDIT)
    rows = list(db.session.scalars(select(Place).order_by(Place.is_active.desc(), Place.name)))
    names = people.department_names([row.department_id for row in rows if row.department_id])
    return [_view(row, names.get(row.department_id or "", "全公司")) for row in rows]


def place(actor: AnyActor, place_id: str) -> PlaceOut:
    """One place."""
    actor.require(Permission.ATTENDANCE_PLACE_EDIT)
    row = _row(place_id)
    return _view(row, _department_name(row.department_id))


def _view(row: Place, department: str) -> PlaceOut:
    return PlaceOut(
        id=row.id,
        name=row.name,
        latitude=row.latitude_e6 / MICRO,
        longitude=row.longitude_e6 / MICRO,
        radius=row.radius_m,
        department_id=row.department_id,
        department=department,
        has_code=row.has_code,
        has_beacon=row.beacon_version > 0,
        networks="\n".join(f"{one['bssid']} {one['name']}".strip() for one in row.networks or ()),
        is_active=row.is_active,
        kiosk=_key(row) if row.has_code and row.is_active else None,
        beacon=beacon_secret(row.id, row.beacon_version).hex() if row.beacon_version > 0 and row.is_active else None,
    )


def add_place(actor: AnyActor, wish: PlaceWish) -> PlaceOut:
    """A new work place."""
    actor.require(Permission.ATTENDANCE_PLACE_EDIT)
    blank = Place(id=new_id(), is_active=True, code_version=1, beacon_version=0)
    return _write(actor, blank, wish, "attendance.place.add")


def change_place(actor: AnyActor, place_id: str, wish: PlaceWish) -> PlaceOut:
    """Moves or renames a place; punches already made stay as they are."""
    actor.require(Permission.ATTENDANCE_PLACE_EDIT)
    return _write(actor, _row(place_id), wish, "attendance.place.change")


def _write(actor: AnyActor, row: Place, wish: PlaceWish, action: str) -> PlaceOut:
    department = _department_name(wish.department_id)
    taken = select(Place.id).where(Place.name == wish.name, Place.id != row.id)
    if db.session.scalar(taken):
        raise Conflict(f"已有名为“{wish.name}”的打卡地点，请换一个名称")
    before = _facts(row) if row.name else None
    spot = geo.to_wgs84(Point(wish.latitude, wish.longitude), wish.datum)
    row.name, row.radius_m, row.department_id, row.has_code = wish.name, wish.radius, wish.department_id, wish.has_code
    row.latitude_e6, row.longitude_e6 = round(spot.latitude * MICRO), round(spot.longitude * MICRO)
    row.networks = [{"bssid": one.bssid, "name": one.name} for one in rules.networks(wish.networks)] or None
    # taking a beacon down and putting one up again makes a new secret: the old one may hang elsewhere now
    if wish.has_beacon != (row.beacon_version > 0):
        row.beacon_version = -row.beacon_version + wish.has_beacon
    db.session.add(row)
    platform.audit.record(actor, action, row.id, before=before, after=_facts(row))
    return _view(row, department)


def _facts(row: Place) -> dict[str, object]:
    at = [row.latitude_e6, row.longitude_e6]
    return {"name": row.name, "at": at, "radius": row.radius_m, "department": row.department_id, "code": row.has_code}


def _department_name(department_id: str | None) -> str:
    if department_id is None:
        return "全公司"
    name = people.department_names([department_id]).get(department_id)
    if name is None:
        raise Conflict("没有这个部门，请重新选择")
    return name


def retire_place(actor: AnyActor, place_id: str) -> None:
    """Takes a place out of use; punches made there keep its name."""
    actor.require(Permission.ATTENDANCE_PLACE_EDIT)
    row = _row(place_id)
    row.is_active = False
    platform.audit.record(actor, "attendance.place.retire", row.id)


def renew_kiosk(actor: AnyActor, place_id: str) -> PlaceOut:
    """A new secret link for the place's screen; the old one stops at once."""
    actor.require(Permission.ATTENDANCE_PLACE_EDIT)
    row = _row(place_id)
    row.code_version += 1
    platform.audit.record(actor, "attendance.place.renew_kiosk", row.id)
    return _view(row, _department_name(row.department_id))


def _row(place_id: str) -> Place:
    row = db.session.get(Place, place_id)
    if row is None or not row.is_active:
        raise NotFound("没有这个打卡地点，请刷新后重新选择")
    return row
